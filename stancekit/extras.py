"""Packages that only some commands need: told in one line if they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stancekit.errors import MissingExtraError


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Around the imports of an extra's packages.

    Raises
    ------
    MissingExtraError
        If an import fails; says what to type.
    """
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(
            f"this needs {error.name or 'a package'}, which is not installed; type: pip install 'stancekit[{extra}]'"
        ) from error
