"""Heads for targets over a frozen encoder's states that were tried beside the shipped one (decision 20)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from stancekit.details import Token
from stancekit.labels import LABELS
from stancetrain.spans import OVERLAP

LONGEST = 14
"""In words: no longer span is a candidate."""
WIDTH, NARROW, HIDDEN, BATCH = 768, 96, 64, 32
_WORD = re.compile(r"\w+(?:[-.&]\w+)*")
_BREAK = re.compile(r'[;:"“”()—]')
Bounds = tuple[int, int]


class Target(NamedTuple):
    start: int
    end: int
    label: str = ""


@dataclass
class Sentence:
    """A sentence as the encoder reads it, what was coded, and its candidates: bounds, first and last token, width."""

    text: str
    group: str
    coded: list[Target]
    statement: bool
    label: str | None
    vector: np.ndarray
    states: np.ndarray
    tokens: list[Token]
    shares: np.ndarray
    found_statement: bool

    def __post_init__(self) -> None:
        self.words = [list(places) for _, places in groupby(range(len(self.tokens)), lambda i: self.tokens[i].word)]
        self.bounds = [(self.tokens[places[0]].start, self.tokens[places[-1]].end) for places in self.words]
        self.first = [places[0] for places in self.words]
        self.candidates, self.places = self._candidates()
        self.overlap, self.toward = closest(self.candidates, self.coded)
        self.tags = np.array([self._tag(*bounds) for bounds in self.bounds], dtype=int)

    @property
    def targets(self) -> list[Target]:
        """Those that count: of a sentence with a position."""
        return self.coded if self.statement else []

    def _candidates(self) -> tuple[np.ndarray, np.ndarray]:
        words = [i for i, (start, end) in enumerate(self.bounds) if _WORD.match(self.text, start, end)]
        spans = [(i, j) for n, i in enumerate(words) for j in words[n : n + LONGEST]]
        kept = [s for s in spans if not _BREAK.search(self.text[self.bounds[s[0]][0] : self.bounds[s[1]][1]])]
        bounds = [(self.bounds[i][0], self.bounds[j][1]) for i, j in kept]
        places = [(self.words[i][0], self.words[j][-1], min(j - i, LONGEST - 1)) for i, j in kept]
        return np.array(bounds, dtype=int).reshape(-1, 2), np.array(places, dtype=int).reshape(-1, 3)

    def _tag(self, start: int, end: int) -> int:
        """0 outside a coded target, 1 its first word, 2 inside."""
        around = [t for t in self.coded if t.start < end and start < t.end]
        return 0 if not around else 1 if any(start <= t.start for t in around) else 2


def closest(candidates: np.ndarray, coded: Sequence[Target]) -> tuple[np.ndarray, np.ndarray]:
    """The closest coded target of each candidate: how much they share, and the class of its stance, from 1."""
    best, stance = np.zeros(len(candidates)), np.zeros(len(candidates), dtype=int)
    starts, ends = candidates.T
    for target in coded:
        inside = np.clip(np.minimum(ends, target.end) - np.maximum(starts, target.start), 0, None)
        share = inside / (np.maximum(ends, target.end) - np.minimum(starts, target.start))
        stance[share > best] = LABELS.index(target.label) + 1
        best = np.maximum(best, share)
    return best, stance


class Tagger(nn.Module):
    """Tags of words with learnt scores of transitions, a conditional random field (Lafferty et al. 2001).

    Linear over a word's state, or with one hidden layer over its own, its neighbours' and the text's vector.
    """

    def __init__(self, *, hidden: bool) -> None:
        super().__init__()
        self.own = nn.Linear(WIDTH, HIDDEN if hidden else 3)
        self.around = nn.ModuleList(nn.Linear(WIDTH, HIDDEN, bias=False) for _ in range(3)) if hidden else None
        self.out = nn.Linear(HIDDEN, 3) if hidden else nn.Identity()
        self.steps, self.start = nn.Parameter(torch.zeros(3, 3)), nn.Parameter(torch.zeros(3))
        self.drop, self.drop_states = nn.Dropout(0.3), nn.Dropout(0.2)

    def scores(self, states: Tensor, vector: Tensor) -> Tensor:
        """Of n words with states of shape (n, WIDTH), shape (n, 3)."""
        states = self.drop_states(states)
        total = self.own(states)
        if self.around is not None:
            before, after, whole = self.around
            rest = nn.functional.pad(states, (0, 0, 1, 1))
            total = torch.relu(total + before(rest[:-2]) + after(rest[2:]) + whole(self.drop_states(vector)))
        scores: Tensor = self.out(self.drop(total) if self.around is not None else total)
        return scores

    def transitions(self) -> tuple[Tensor, Tensor]:
        """Nothing is inside that has no first word."""
        barred = torch.zeros(3, 3)
        barred[0, 2] = -1e4
        return self.steps + barred, self.start + barred[0]

    def loss(self, rows: Sequence[Sentence]) -> Tensor:
        return torch.stack([self._loss(row) for row in rows if row.first]).mean()

    def _loss(self, row: Sentence) -> Tensor:
        scores = self.scores(torch.from_numpy(row.states[row.first]).float(), torch.from_numpy(row.vector))
        steps, start = self.transitions()
        tags = torch.from_numpy(row.tags)
        reached = scores[0] + start
        for row_scores in scores[1:]:
            reached = torch.logsumexp(reached[:, None] + steps, 0) + row_scores
        told = start[tags[0]] + scores.gather(1, tags[:, None]).sum() + steps[tags[:-1], tags[1:]].sum()
        return torch.logsumexp(reached, 0) - told

    @torch.no_grad()
    def find(self, row: Sentence, price: float) -> list[Bounds]:
        """The best path's targets, with this much more for each word outside."""
        if not row.first:
            return []
        scores = self.scores(torch.from_numpy(row.states[row.first]).float(), torch.from_numpy(row.vector)).numpy()
        scores[:, 0] += price
        steps, start = (each.numpy() for each in self.transitions())
        best, back = scores[0] + start, []
        for row_scores in scores[1:]:
            reached = best[:, None] + steps
            back.append(reached.argmax(0))
            best = reached.max(0) + row_scores
        path = [int(best.argmax())]
        for came_from in reversed(back):
            path.append(int(came_from[path[-1]]))
        spans: list[Bounds] = []
        for bounds, tag in zip(row.bounds, reversed(path), strict=True):
            if tag == 1:
                spans.append(bounds)
            elif tag == 2:
                spans[-1] = (spans[-1][0], bounds[1])
        return spans


class SpanScorer(nn.Module):
    """Whole spans as no target or one of a stance: from their ends, their neighbours, mean and width, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = nn.Linear(WIDTH, NARROW)
        self.parts = nn.ModuleList(nn.Linear(NARROW, HIDDEN, bias=False) for _ in range(5))
        self.vector, self.shares = nn.Linear(WIDTH, HIDDEN), nn.Linear(3, HIDDEN, bias=False)
        self.width, self.out = nn.Embedding(LONGEST, HIDDEN), nn.Linear(HIDDEN, 1 + len(LABELS))
        self.drop, self.drop_states = nn.Dropout(0.3), nn.Dropout(0.2)

    def scores(self, row: Sentence) -> Tensor:
        """Logits of n candidates, shape (n, 4)."""
        states = torch.relu(self.narrow(self.drop_states(torch.from_numpy(row.states).float())))
        before, first, last, after, mean = (nn.functional.pad(part(states), (0, 0, 1, 1)) for part in self.parts)
        start, end, width = (torch.from_numpy(column) for column in row.places.T)
        sums = mean.cumsum(0)
        hidden = before[start] + first[start + 1] + last[end + 1] + after[end + 2] + self.width(width)
        hidden = hidden + (sums[end + 1] - sums[start]) / (end - start + 1)[:, None]
        text = self.vector(self.drop_states(torch.from_numpy(row.vector)))
        shares = self.shares(torch.from_numpy(np.log(row.shares + 1e-4)).float())
        scores: Tensor = self.out(self.drop(torch.relu(hidden + text + shares)))
        return scores

    def loss(self, rows: Sequence[Sentence]) -> Tensor:
        return torch.stack([self._loss(row) for row in rows if len(row.candidates)]).mean()

    def _loss(self, row: Sentence) -> Tensor:
        truth = torch.from_numpy(np.where(row.overlap >= OVERLAP, row.toward, 0))
        return nn.functional.cross_entropy(self.scores(row), truth, reduction="sum")

    @torch.no_grad()
    def probabilities(self, row: Sentence) -> np.ndarray:
        return torch.softmax(self.scores(row), 1).numpy()

    def find(self, row: Sentence, floor: float) -> list[Bounds]:
        """The spans that exceed the floor by most in all, none in another (weighted interval scheduling)."""
        if not len(row.candidates):
            return []
        gains = 1 - self.probabilities(row)[:, 0] - floor
        chosen = sorted(
            (end, start, gains[i]) for i, (start, end) in enumerate(row.candidates.tolist()) if gains[i] > 0
        )
        ends = [end for end, _, _ in chosen]
        best: list[tuple[float, tuple[Bounds, ...]]] = [(0.0, ())]
        for n, (end, start, gain) in enumerate(chosen):
            total, spans = best[bisect_right(ends, start, 0, n)]
            best.append(max(best[-1], (total + gain, (*spans, (start, end)))))
        return list(best[-1][1])


Head = TypeVar("Head", Tagger, SpanScorer)


def fitted(head: Head, rows: Sequence[Sentence], epochs: int) -> Head:
    """The head, fitted in place; the same numbers from the same rows and start."""
    rng = np.random.default_rng(1)
    steps = epochs * len(range(0, len(rows), BATCH))
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=steps, pct_start=0.1)
    head.train()
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for i in range(0, len(rows), BATCH):
            optimiser.zero_grad()
            head.loss([rows[k] for k in order[i : i + BATCH]]).backward()
            nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            optimiser.step()
            schedule.step()
    head.eval()
    return head
