"""What `dev.py fuzz` runs: broken files, formulas in texts, and work that is ended at random moments.

dev.py fuzz                                  all three
dev.py fuzz files [how many] [seed] [kind …] files with something broken in them, read in processes of their own
dev.py fuzz texts [how many a field]         texts that a spreadsheet might run, through every field and format
dev.py fuzz kills [how many] [seed]          edits, imports, exports and backups, ended at random moments
"""

import sys

from tests.proofs import injected, kill, mutated

JOBS = {"files": mutated.main, "texts": injected.main, "kills": kill.main}


def main() -> int:
    """Run what was asked for, or all; 0 when nothing failed."""
    name, *arguments = sys.argv[1:] or [""]
    if name and name not in JOBS:
        sys.stdout.write(__doc__ or "")
        return 2
    return max(job(arguments) for job in ([JOBS[name]] if name else JOBS.values()))


if __name__ == "__main__":
    sys.exit(main())
