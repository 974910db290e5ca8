"""Why a text got its label: the words and features that moved it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stancekit.cascade import CascadeModel
from stancekit.errors import InputError
from stancekit.features._ngram_index import NgramIndex, Vocabulary, char_ngrams, prepare, word_ngrams
from stancekit.scoring import Model, StanceModel
from stancekit.text import as_texts

_CHUNK = re.compile(r"\S+")
_BAR = 24
_FAINTEST = 0.05
"""Share of the strongest contribution below which a word stays plain."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Word:
    """A word of the text and what its n-grams add to the label's score.

    Attributes
    ----------
    text : str
    start, end : int
        Offsets into the text.
    contribution : float
        Above 0 it speaks for the label, below 0 against it (in logits).
    """

    text: str
    start: int
    end: int
    contribution: float


@dataclass(frozen=True)
class FeatureContribution:
    """A named feature, its value in this text and what it adds to the label's score."""

    name: str
    value: float
    contribution: float


@dataclass(frozen=True)
class Explanation:
    """The label of one text with its reasons.

    A contribution is the feature's value times its coefficient for the label, less the mean of its
    coefficients over all labels. For a linear model the contributions of all features and ``intercept`` add
    up to the label's score exactly, and those of the words to the share that n-grams have in it.

    Attributes
    ----------
    text : str
    label : str
    probabilities : dict of str to float
    words : tuple of Word
        In the order of the text.
    features : tuple of FeatureContribution
        Strongest first; n-grams, and the named cues.
    intercept : float
    """

    text: str
    label: Any
    probabilities: dict[Any, float]
    words: tuple[Word, ...]
    features: tuple[FeatureContribution, ...]
    intercept: float

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def to_html(self) -> str:
        """The text with its words shaded, as a fragment of HTML that needs no style sheet and no script.

        Words that speak for the label are underlined, those against it dotted, so that the reading survives print
        in grey; the contribution of a word is its tooltip.
        """
        strongest = max((abs(word.contribution) for word in self.words), default=0.0) or 1.0
        parts, end = [], 0
        for word in self.words:
            parts += [escape(self.text[end : word.start]), _shaded(word, strongest)]
            end = word.end
        shares = ", ".join(f"{escape(str(name))} {share:.2f}" for name, share in self.probabilities.items())
        return (
            f'<figure class="stancekit-explanation">\n<figcaption><strong>{escape(str(self.label))}</strong> ({shares})'
            f'</figcaption>\n<p style="line-height: 1.8">{"".join(parts)}{escape(self.text[end:])}</p>\n</figure>\n'
        )

    def __str__(self) -> str:
        shares = "  ".join(f"{name} {share:.2f}" for name, share in self.probabilities.items())
        lines = [f"{self.label}  ({shares})", ""]
        strongest = max((abs(word.contribution) for word in self.words), default=0.0) or 1.0
        width = max((len(word.text) for word in self.words), default=0)
        for word in self.words:
            bar = ("+" if word.contribution > 0 else "-") * round(_BAR * abs(word.contribution) / strongest)
            lines.append(f"{word.text:<{width}}  {word.contribution:+.2f}  {bar}")
        cues = [feature for feature in self.features if feature.name.startswith("cue:")][:6]
        if cues:
            lines.append("")
            lines.extend(f"{cue.name}  {cue.contribution:+.2f}" for cue in cues)
        return "\n".join(lines)


def _shaded(word: Word, strongest: float) -> str:
    strength = abs(word.contribution) / strongest
    if strength < _FAINTEST:
        return escape(word.text)
    # blue and orange, which the colour-blind tell apart
    colour, line = ("0, 114, 178", "solid") if word.contribution > 0 else ("230, 159, 0", "dotted")
    style = f"background: rgba({colour}, {0.45 * strength:.2f}); border-bottom: 2px {line} rgb({colour})"
    return f'<span style="{style}" title="{word.contribution:+.2f}">{escape(word.text)}</span>'


def explain(model: Model, text: str) -> Explanation:
    """Explain the label that ``model`` gives to one text; of a cascade, the tier that decided.

    For n-grams and cues the words' contributions are exact. With an encoder, a word's contribution is what the
    label's score loses when the word is left out (occlusion, Li et al. 2016).

    Raises
    ------
    InputError
        If ``text`` is not a str.
    """
    as_texts([text])
    if isinstance(model, CascadeModel):
        decided_by = model.answer([text]).decided_by
        return explain(model.first if decided_by == [model.first.name] else model.second, text)
    if not isinstance(model, StanceModel):
        raise InputError(f"the model {model.name!r} cannot be explained")
    probabilities = model.predict_proba([text])[0]
    column = int(probabilities.argmax())
    weights = model.head.coef[:, column] - model.head.coef.mean(axis=1)
    words = _occlusion(model, text, column) if model.encoder else _exact(model, text, weights)
    spans = [
        Word(match.group(), match.start(), match.end(), float(value))
        for match, value in zip(_CHUNK.finditer(text), words, strict=True)
    ]
    return Explanation(
        text,
        model.classes[column],
        dict(zip(model.classes, probabilities.tolist(), strict=True)),
        tuple(spans),
        tuple(_feature_contributions(model, text, weights)),
        float(model.head.intercept[column] - model.head.intercept.mean()),
    )


def _feature_contributions(model: StanceModel, text: str, weights: Floats) -> list[FeatureContribution]:
    found: list[FeatureContribution] = []
    start = 0
    for block in model.blocks:
        columns, values = block.rows(text)
        worth = values * weights[start + columns]
        names = block.feature_names
        found += [
            FeatureContribution(names[c], float(v), float(w)) for c, v, w in zip(columns, values, worth, strict=True)
        ]
        start += block.n_features
    return sorted(found, key=lambda feature: -abs(feature.contribution))


def _occlusion(model: StanceModel, text: str, column: int) -> Floats:
    """What the label's score, less the mean of all labels' scores, loses without each word."""
    places = list(_CHUNK.finditer(text))
    if not places:
        return np.zeros(0)
    without = [text[: place.start()] + text[place.end() :] for place in places]
    logits = model.decision_function([text, *without])
    scores = logits[:, column] - logits.mean(axis=1)
    return np.asarray(scores[0] - scores[1:])


def _exact(model: StanceModel, text: str, weights: Floats) -> Floats:
    words = np.zeros(len(_CHUNK.findall(text)))
    start = 0
    for block in model.blocks:
        if isinstance(block, NgramIndex):
            words += _word_contributions(block, text, weights[start : start + block.n_features])
        start += block.n_features
    return words


def _word_contributions(index: NgramIndex, text: str, weights: Floats) -> Floats:
    """Each n-gram's contribution, shared evenly over its occurrences and the words that each spans."""
    chunks = _CHUNK.findall(text)
    total = np.zeros(len(chunks))
    prepared = prepare(text)
    start = 0
    for vocabulary in index.vocabularies:
        columns, values = vocabulary.row(prepared)
        worth = dict(zip(columns.tolist(), (values * weights[start + columns]).tolist(), strict=True))
        places: dict[int, list[list[int]]] = {}
        for gram, spanned in _placed_ngrams(vocabulary, chunks):
            column = vocabulary.columns.get(gram)
            if column is not None and column in worth:
                places.setdefault(column, []).append(spanned)
        for column, found in places.items():
            for spanned in found:
                for position in spanned:
                    total[position] += worth[column] / len(found) / len(spanned)
        start += len(vocabulary.terms)
    return total


def _placed_ngrams(vocabulary: Vocabulary, chunks: list[str]) -> Iterator[tuple[str, list[int]]]:
    """Every n-gram of the text with the positions of the words that it spans."""
    if vocabulary.analyser == "word":
        words = [(word, i) for i, chunk in enumerate(chunks) for word in word_ngrams(prepare(chunk), (1, 1))]
        for size in range(vocabulary.sizes[0], vocabulary.sizes[1] + 1):
            for first in range(len(words) - size + 1):
                run = words[first : first + size]
                yield " ".join(word for word, _ in run), [position for _, position in run]
    else:
        for position, chunk in enumerate(chunks):
            for gram in char_ngrams(prepare(chunk), vocabulary.sizes):
                yield gram, [position]
