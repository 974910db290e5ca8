"""The packages of the extra ``report``: told in one line if they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stancekit.errors import MissingExtraError


@contextmanager
def needed_for_reports() -> Iterator[None]:
    """Around imports of the extra's packages.

    Raises
    ------
    MissingExtraError
        If an import fails.
    """
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(
            f"reports need {error.name or 'a package'}, which is not installed; type: pip install 'stancekit[report]'"
        ) from error
