"""``stancekit info``: what is installed."""

from __future__ import annotations

import argparse
import platform

from stancekit.cli.options import Commands, add_model, command


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands, "info", "print the versions of the package and its models, with hashes", "stancekit info --cite", run
    )
    parser.add_argument("--cite", action="store_true", help="print how to cite a model: BibTeX and a methods paragraph")
    add_model(parser)


def run(args: argparse.Namespace) -> None:
    """Run the command."""
    if args.cite:
        _cite(args.model)
    else:
        _list()


def _cite(name: str | None) -> None:
    import stancekit
    from stancekit.artifact import DEFAULT_MODEL, load_model
    from stancekit.citation import bibtex, methods_paragraph

    print(bibtex(stancekit.__version__))
    print()
    print(methods_paragraph(load_model(name or DEFAULT_MODEL), stancekit.__version__))


def _list() -> None:
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
