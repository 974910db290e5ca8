"""How to cite the package and describe the model in a paper."""

from __future__ import annotations

import json
from typing import Any

from stancekit.artifact import MODELS
from stancekit.labels import CODEBOOK_VERSION
from stancekit.scoring import Model

ACCURACY = MODELS / "accuracy.json"
"""What ``training/model_card.py`` measured of the shipped models."""


def bibtex(version: str) -> str:
    """A BibTeX entry for this version of the package; the same facts as in CITATION.cff."""
    fields = {
        "title": "stancekit: labelling foreign-policy statements as endorsement, concern or neutrality",
        "author": "{The stancekit developers}",
        "year": "2026",
        "version": version,
        "note": "Python package, Apache-2.0",
    }
    lines = [f"  {name:<8}= {{{value}}}," for name, value in fields.items()]
    return "\n".join(["@software{stancekit,", *lines, "}"])


def methods_paragraph(model: Model, version: str) -> str:
    """What a paper should say of the labels, with the accuracy that was measured of this very model.

    Parameters
    ----------
    model : Model
    version : str
        Of the package.

    Returns
    -------
    str
        What only the author knows stands in square brackets.
    """
    known = _measured(model)
    accuracy = (
        f"Its macro-F1 is {known['real']['macro_f1']:.2f} on {known['real']['n']} real statements and "
        f"{known['written']['macro_f1']:.2f} on {known['written']['n']} sentences of written documents, none of them "
        "in training (stancekit, model card). "
        if known
        else ""
    )
    return (
        f"Statements were labelled as endorsement, concern or neutrality (codebook version {CODEBOOK_VERSION}) with "
        f"stancekit {version}, model {model.name} {model.version} (SHA-256 {model.sha256[:12]}). {accuracy}"
        "On a random sample of [number] statements of our corpus, labelled by hand by [number] coders "
        "(Krippendorff's alpha [value]), its macro-F1 is [value]; shares are corrected with that sample "
        "[by design-based supervised learning]. The training data were written and coded by language models."
    )


def _measured(model: Model) -> dict[str, Any] | None:
    """The record of exactly this model, or None."""
    records: dict[str, dict[str, Any]] = json.loads(ACCURACY.read_text(encoding="utf-8"))
    record = records.get(model.name)
    return record if record is not None and record["sha256"] == model.sha256 else None
