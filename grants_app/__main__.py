"""`python -m grants_app` and the `grants-app` command."""

import sys

from grants_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
