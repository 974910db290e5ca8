"""The one schema of the fixtures: a row of a document or a statement."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from datasets import Features, Value
from datasets import List as ListOf
from pydantic import BaseModel, ConfigDict, Field, model_validator

Label = Literal["endorsement", "concern", "neutrality"]
NeutralType = Literal["none", "withheld", "balanced", "nonaligned"]
ActorType = Literal["official", "international organisation", "party or group", "expert or media", "private"]
Genre = Literal[
    "un_speech",
    "unsc",
    "mfa_briefing",
    "joint_statement",
    "resolution",
    "parliament",
    "news",
    "tweet",
    "oped",
    "thinktank",
    "debate",
    "press",
    "headline",
    "explanation_of_vote",
    "treaty_body",
]
SettledBy = Literal["agreement", "third", "set aside", "writer"]
Text = Annotated[str, Field(min_length=1, pattern=r"^\S(.|\n)*\S$|^\S$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Coding(_Row):
    """One coder's reading of the row, made without sight of any other coder's."""

    coder: str
    codebook: Literal[1, 2]
    label: Label
    confidence: Literal[1, 2, 3] | None
    """3 clear, 2 a numbered rule decided, 1 another coder might differ."""
    neutral_type: NeutralType | None = None
    rule: int | None = Field(default=None, ge=1, le=14)


class Target(_Row):
    """What the position is about, and the stance toward it."""

    text: Text
    start: int | None = Field(ge=0)
    end: int | None = Field(ge=1)
    label: Label

    @model_validator(mode="after")
    def _span_is_whole(self) -> Target:
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end are given together or not at all")
        return self


class FixtureRow(_Row):
    """One sentence of a document, or one statement; see ``fixtures/README.md``."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:.-]+$")]
    doc: str | None
    n: int | None = Field(ge=1)
    text: Text
    label: Label | None
    neutral_type: NeutralType | None
    actor: str | None
    actor_type: ActorType | None
    targets: list[Target]
    genre: Genre
    speaker: str | None
    country_focus: str | None
    year: int | None = Field(ge=1900, le=2100)
    topic: str | None
    phenomenon: str | None
    rule: int | None = Field(ge=1, le=14)
    pair: str | None
    writer: str
    codings: list[Coding] = Field(min_length=1)
    settled_by: SettledBy | None

    @model_validator(mode="after")
    def _fields_agree(self) -> FixtureRow:
        if (self.doc is None) != (self.n is None):
            raise ValueError("doc and n are given together or not at all")
        if self.neutral_type is not None and self.label != "neutrality":
            raise ValueError("neutral_type is given for label 'neutrality' only")
        if (self.label is None) != (self.settled_by in (None, "set aside")):
            raise ValueError("a label needs settled_by, and a row without a label has none ('set aside' or null)")
        for target in self.targets:
            if target.start is not None and self.text[target.start : target.end] != target.text:
                raise ValueError(
                    f"target {target.text!r} is not what stands at [{target.start}:{target.end}] of the text"
                )
        return self

    @property
    def group(self) -> str:
        """What must stay together in one split: the document, the pair, or the row itself."""
        return self.doc or self.pair or self.id

    @property
    def confidence(self) -> int | None:
        """The lowest confidence of the codings that chose the settled label."""
        given = [c.confidence for c in self.codings if c.label == self.label and c.confidence is not None]
        return min(given, default=None)

    def as_record(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


_text, _int = Value("string"), Value("int32")
DATASET_FEATURES = Features(
    {
        "id": _text,
        "doc": _text,
        "n": _int,
        "text": _text,
        "label": _text,
        "neutral_type": _text,
        "actor": _text,
        "actor_type": _text,
        "targets": ListOf({"text": _text, "start": _int, "end": _int, "label": _text}),
        "genre": _text,
        "speaker": _text,
        "country_focus": _text,
        "year": _int,
        "topic": _text,
        "phenomenon": _text,
        "rule": _int,
        "pair": _text,
        "writer": _text,
        "codings": ListOf(
            {
                "coder": _text,
                "codebook": _int,
                "label": _text,
                "confidence": _int,
                "neutral_type": _text,
                "rule": _int,
            }
        ),
        "settled_by": _text,
        "kind": _text,
        "split": _text,
    }
)
