"""``python -m stancekit``, the same as the console script."""

import sys

from stancekit.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
