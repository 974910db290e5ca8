"""Every exception that a user of stancekit can meet."""

from __future__ import annotations


class StancekitError(Exception):
    """Base of all errors raised on purpose by stancekit.

    The message says what is wrong, where (file, row, column), and what to do next.
    """


class InputError(StancekitError, ValueError):
    """The input cannot be used: a wrong type, a missing column, a malformed row."""


class OutputError(StancekitError, OSError):
    """The output cannot be written: it exists, or its folder does not."""


class ModelError(StancekitError):
    """A model folder is missing, incomplete, altered, or of a version not understood."""


class MissingExtraError(StancekitError, ImportError):
    """A feature needs a package that is not installed; the message says what to type."""


class TargetsNotSupported(StancekitError, ValueError):
    """Targets were given to a model that reads statements only."""
