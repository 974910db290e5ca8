"""A quick model that imitates an accurate one on a corpus of one's own (knowledge distillation, Hinton et al. 2015)."""

from __future__ import annotations

import hashlib
import heapq
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stancekit.artifact import check_model_folder, save_model
from stancekit.batch.columns import DEFAULT_TEXT_COLUMN
from stancekit.batch.formats import reader_for
from stancekit.batch.output import AnyPath
from stancekit.batch.run import BLOCK_ROWS, load
from stancekit.batch.source import open_source
from stancekit.calibration import fit_temperature
from stancekit.cascade import CascadeModel, agreeing_threshold
from stancekit.errors import InputError
from stancekit.scoring import Model, StanceModel, is_blank

if TYPE_CHECKING:
    from stancekit.classifier import StanceClassifier

DEFAULT_SAMPLE = 20_000
DEFAULT_SEED = 0
DEFAULT_AGREEMENT = 0.97
FEWEST_TEXTS = 100

HELD_OUT = 0.1
"""Share of the sample that agreement is measured on; as much again sets temperature and threshold."""
STUDENT_C = 1.0
"""Inverse strength of the student's penalty: that of the ``ngram`` model that ships."""

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int | None], None]
"""Called with the stage (``reading``, ``labelling``, ``fitting``), how much of it is done, and of how much."""


@dataclass(frozen=True)
class Agreement:
    """How often a model gives the teacher's label, on texts that nothing about it was fitted on.

    Attributes
    ----------
    accuracy, macro_f1 : float
        With the teacher's most probable labels as the truth.
    kappa : float or None
        Cohen's kappa; None where all labels of both are the same.
    """

    accuracy: float
    macro_f1: float
    kappa: float | None

    def __str__(self) -> str:
        kappa = "undefined" if self.kappa is None else f"{self.kappa:.3f}"
        return f"accuracy {self.accuracy:.3f}, macro-F1 {self.macro_f1:.3f}, Cohen's kappa {kappa}"


@dataclass(frozen=True)
class Distillation:
    """The account of one distillation.

    Attributes
    ----------
    rows : int
        Rows of the corpus.
    sample : int
        Different texts that the teacher labelled.
    held_out : int
        Those of them that agreement was measured on.
    seed : int
        What drew the sample.
    teacher : dict of str to str
        Name, version and sha256.
    student : Agreement
        Of the student alone.
    cascade : Agreement or None
        Of student and teacher together.
    threshold : float or None
        The confidence from which on the cascade takes the student's answer.
    decided_by_student : float or None
        Share of the held-out texts on which it does.
    """

    rows: int
    sample: int
    held_out: int
    seed: int
    teacher: dict[str, str]
    student: Agreement
    cascade: Agreement | None = None
    threshold: float | None = None
    decided_by_student: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, ready for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """A few lines for a reader."""
        lines = [
            f"{self.rows:,} rows read, {self.sample:,} different texts of them labelled by {self.teacher['name']}",
            f"agreement with it on {self.held_out:,} texts held out:",
            f"  student  {self.student}",
        ]
        if self.cascade is not None:
            lines.append(f"  cascade  {self.cascade}")
            lines.append(
                f"the cascade takes the student's answer from confidence {self.threshold:.4f} on: "
                f"{self.decided_by_student:.1%} of the texts"
            )
        return "\n".join(lines)


def distil(
    corpus: AnyPath,
    folder: AnyPath,
    *,
    teacher: Model | StanceClassifier | AnyPath | None = None,
    text_column: str = DEFAULT_TEXT_COLUMN,
    sample: int = DEFAULT_SAMPLE,
    seed: int = DEFAULT_SEED,
    cascade: AnyPath | None = None,
    min_agreement: float = DEFAULT_AGREEMENT,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Distillation:
    """Train an ``ngram`` model on what another model says of a sample of a corpus.

    The corpus is read once, whatever its length; memory holds the sample only. Eight tenths of the sample are
    fitted, one sets the temperature and the cascade's threshold, and one measures the agreement.

    Parameters
    ----------
    corpus : path
        A file as :func:`stancekit.predict_file` reads it.
    folder : path
        Where to save the student.
    teacher : str, path, Model or StanceClassifier, optional
        The model to imitate. The default model if left out.
    text_column : str, default="text"
    sample : int, default=20_000
        How many different texts the teacher labels; all of them if the corpus has fewer.
    seed : int, default=0
        Draws the sample, which depends neither on the order of the rows nor on how often a text stands there.
    cascade : path, optional
        Where to save a cascade of student and teacher.
    min_agreement : float, default=0.97
        Share of the texts on which the cascade is to give the teacher's label; kept with a certainty of 95 %.
        The more, the slower.
    overwrite : bool, default=False
        Replace model folders that exist.
    progress : callable, optional
        Called with the stage, how much of it is done, and of how much (None if not known).

    Returns
    -------
    Distillation

    Raises
    ------
    InputError
        If the corpus is missing or malformed, lacks the column, or has too few different texts.
    OutputError
        If a folder exists and ``overwrite`` is False.
    ModelError
        If there is no such teacher, or it is damaged.
    """
    told: Progress = progress or (lambda stage, done, total: None)
    _check_options(folder, cascade, sample, min_agreement, overwrite)
    master = load(teacher)
    if cascade is not None and not isinstance(master, StanceModel):
        raise InputError(f"the teacher {master.name!r} joins two models already; leave out the cascade")

    texts, rows = sample_texts(_read(corpus, text_column, told), sample, seed)
    if len(texts) < FEWEST_TEXTS:
        raise InputError(f"{os.fspath(corpus)}: has {len(texts)} different texts, {FEWEST_TEXTS} are needed at least")
    parts = []
    for start in range(0, len(texts), BLOCK_ROWS):
        parts.append(master.predict_proba(texts[start : start + BLOCK_ROWS]))
        told("labelling", min(start + BLOCK_ROWS, len(texts)), len(texts))
    shares = np.concatenate(parts)
    # the sample is in random order
    n_held_out = int(len(texts) * HELD_OUT)
    fitted, tuned, unseen = (slice(-2 * n_held_out), slice(-2 * n_held_out, -n_held_out), slice(-n_held_out, None))

    told("fitting", 0, None)
    student = fit_student(texts[fitted], shares[fitted], master.classes)
    temperature = fit_temperature(student.decision_function(texts[tuned]), shares[tuned])
    student = replace(student, head=replace(student.head, temperature=temperature))
    guesses = student.predict_proba(texts[unseen])
    account = Distillation(
        rows=rows,
        sample=len(texts),
        held_out=n_held_out,
        seed=seed,
        teacher={"name": master.name, "version": master.version, "sha256": master.sha256},
        student=_agreement(shares[unseen], guesses),
    )
    student = _save(student, folder, account, account.student, overwrite)
    if cascade is None:
        return account

    both = _cascade(student, master, texts[tuned], shares[tuned], min_agreement)
    sure = guesses.max(axis=1) >= both.threshold
    together = _agreement(shares[unseen], np.where(sure[:, None], guesses, shares[unseen]))
    account = replace(account, cascade=together, threshold=both.threshold, decided_by_student=float(sure.mean()))
    _save(both, cascade, account, together, overwrite)
    return account


def _cascade(student: Any, teacher: Any, texts: list[str], shares: Floats, min_agreement: float) -> CascadeModel:
    guesses = student.predict_proba(texts)
    agrees = guesses.argmax(axis=1) == shares.argmax(axis=1)
    threshold = agreeing_threshold(guesses.max(axis=1), agrees, min_agreement)
    return CascadeModel("custom", "0", student, teacher, threshold)


def _save(model: Any, folder: AnyPath, account: Distillation, agreement: Agreement, overwrite: bool) -> Any:
    """Save the model under its folder's name, with where it comes from."""
    manifest = {
        "distilled_from": account.teacher,
        "trained_on": {"sample": account.sample, "held_out": account.held_out, "seed": account.seed},
        "metrics": {"agreement_with_teacher": asdict(agreement)},
    }
    named = replace(model, name=Path(folder).resolve().name, manifest=manifest)
    return save_model(named, folder, overwrite=overwrite)


def sample_texts(texts: Iterable[str], size: int, seed: int) -> tuple[list[str], int]:
    """A random sample of the different texts that are not blank, in one pass and in random order.

    The ``size`` smallest of the texts' hashes under a key (a bottom-k sample, Cohen and Kaplan 2007): equal
    texts count once, and the order of the texts does not matter.

    Parameters
    ----------
    texts : iterable of str
    size : int
        The most texts that are kept in memory.
    seed : int
        The key.

    Returns
    -------
    list of str, int
        The sample, and how many texts there were, repeated and blank ones included.
    """
    key = str(seed).encode()
    # the largest hash on top, as heapq has only the smallest
    heap: list[tuple[int, str]] = []
    kept: set[int] = set()
    rows = 0
    for text in texts:
        rows += 1
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key).digest()
        place = -int.from_bytes(digest, "big")
        if (len(heap) == size and place < heap[0][0]) or place in kept or is_blank(text):
            continue
        kept.add(place)
        if len(heap) < size:
            heapq.heappush(heap, (place, text))
        else:
            kept.remove(heapq.heapreplace(heap, (place, text))[0])
    return [text for _, text in sorted(heap, reverse=True)], rows


def fit_student(texts: list[str], shares: Floats, classes: tuple[Any, ...]) -> StanceModel:
    """An ``ngram`` model fitted on soft labels: each text counts once for each class, weighted by its share.

    Parameters
    ----------
    texts : list of str, length n
    shares : ndarray of shape (n, n_classes)
    classes : tuple
        The labels, in the order of the columns of ``shares``.

    Raises
    ------
    InputError
        If a class has no text.
    """
    from stancekit.classifier import fit_regression, stored_model
    from stancekit.features.blocks import blocks_for

    rows, codes = np.nonzero(shares)
    missing = [str(name) for code, name in enumerate(classes) if code not in codes]
    if missing:
        raise InputError(f"the teacher never answers {', '.join(missing)} in the sample; draw a larger one")
    blocks = blocks_for("ngram")
    # n-grams are counted on each text once: repeated, each would pass min_df
    features = blocks.fit_transform(texts)
    coef, intercept = fit_regression(features[rows], codes, shares[rows, codes], C=STUDENT_C, class_weight=None)
    return stored_model(blocks, classes, coef, intercept, shares.mean(axis=0))


def _check_options(
    folder: AnyPath, cascade: AnyPath | None, sample: int, min_agreement: float, overwrite: bool
) -> None:
    if cascade is not None and Path(cascade).resolve() == Path(folder).resolve():
        raise InputError("student and cascade need a folder each")
    if sample < FEWEST_TEXTS:
        raise InputError(f"the sample must be of {FEWEST_TEXTS} texts at least, got {sample}")
    if not 0 <= min_agreement <= 1:
        raise InputError(f"min_agreement must be between 0 and 1, got {min_agreement!r}")
    for each in (folder, cascade):
        if each is not None:
            check_model_folder(each, overwrite=overwrite)


def _read(corpus: AnyPath, text_column: str, told: Progress) -> Iterator[str]:
    make_reader = reader_for(corpus)
    rows = 0
    with open_source(corpus) as source:
        for block in make_reader(source, [text_column]).blocks(BLOCK_ROWS):
            yield from block.values[0]
            rows += block.n_rows
            told("reading", rows, None)


def _agreement(shares: Floats, guesses: Floats) -> Agreement:
    from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

    theirs, ours = shares.argmax(axis=1), guesses.argmax(axis=1)
    varied = len(np.union1d(theirs, ours)) > 1
    return Agreement(
        float(accuracy_score(theirs, ours)),
        float(f1_score(theirs, ours, average="macro")),
        float(cohen_kappa_score(theirs, ours)) if varied else None,
    )
