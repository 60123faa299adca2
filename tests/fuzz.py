"""Edits, imports, exports and backups, ended at random moments: what `dev.py fuzz` runs."""

import sys

from tests.proofs.kill import main

if __name__ == "__main__":
    sys.exit(main())
