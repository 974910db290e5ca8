"""The folder of the model ``encoder-large``, found by stancekit through an entry point."""

from pathlib import Path

FOLDER = Path(__file__).parent / "encoder-large"
