"""Texts that are no foreign-policy statements in English: recipes, sport, code, other languages, …"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stancekit.errors import InputError
from stancetrain.schema import Text

OUTSIDERS = "out_of_domain.jsonl"
FIT_SHARE = 2 / 3


class Outsider(BaseModel):
    """A written text on which a model should abstain."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    suite: Literal["out_of_domain"]
    kind: str
    language: str
    text: Text

    @property
    def part(self) -> Literal["fit", "test"]:
        """Two thirds are for fitting, by a hash of the id: a text never moves when others join."""
        position = int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big") / 2**64
        return "fit" if position < FIT_SHARE else "test"


def read_outsiders(folder: Path) -> list[Outsider]:
    """The out-of-domain suite of a folder of suites.

    Raises
    ------
    InputError
        If the file is missing, or at the first text that does not fit; names file, line and field.
    """
    path = folder / OUTSIDERS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give the fixtures folder of the repository") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(Outsider.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "row"
            raise InputError(f"{path}, line {number}, field {field!r}: {first['msg']}") from error
    return found
