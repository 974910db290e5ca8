"""``stancekit info``: what is installed."""

from __future__ import annotations

import argparse
import platform

from stancekit.cli.options import Commands, command


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    command(commands, "info", "print the versions of the package and its models, with hashes", "stancekit info", run)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    import numpy as np

    import stancekit
    from stancekit.artifact import DEFAULT_MODEL, load_model, model_folder, shipped_models

    print(f"stancekit {stancekit.__version__} (Python {platform.python_version()}, NumPy {np.__version__})")
    for name in shipped_models():
        model = load_model(name)
        print(f"\nmodel {name} {model.version}{' (default)' if name == DEFAULT_MODEL else ''}")
        print(f"  labels  {', '.join(map(str, model.classes))}")
        print(f"  sha256  {model.sha256}")
        print(f"  folder  {model_folder(name)}")
