"""The columns by which a labelled row finds its way back to the file that it was drawn from."""

from __future__ import annotations

ROW_COLUMN = "sampled_row"
"""Number of the row in the file with predictions, from 1."""

PROBABILITY_COLUMN = "sampling_probability"
"""With which probability the row was drawn."""

LABEL_COLUMN = "label"
"""What the coder fills in."""

CODER_COLUMN = "coder"
"""Who."""
