"""How every training script ends: an error is one line and exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from stancekit.errors import StancekitError


def run(main: Callable[[], int]) -> int:
    try:
        return main()
    except StancekitError as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{Path(sys.argv[0]).name}: interrupted", file=sys.stderr)
        return 130
