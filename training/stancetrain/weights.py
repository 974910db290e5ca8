"""How much each row counts in training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stancetrain.fixtures import Fixture


def row_weights(
    fixtures: Sequence[Fixture], statement_weight: float, confidence_weights: Sequence[float]
) -> NDArray[np.float64]:
    """Weights of shape (n,): less for written statements, and by the confidence of the row's coding.

    Parameters
    ----------
    fixtures : sequence of Fixture
    statement_weight : float
        Weight of a statement beside a document's sentence.
    confidence_weights : sequence of three floats
        Weights of rows coded with confidence 1, 2 and 3; rows without a confidence count as 3.
    """
    weights = []
    for fixture in fixtures:
        kind = statement_weight if fixture.kind == "statements" else 1.0
        weights.append(kind * confidence_weights[(fixture.row.confidence or 3) - 1])
    return np.array(weights)
