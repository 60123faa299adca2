"""A process that is killed: nothing acknowledged is lost, nothing is half there: see tests/proofs/kill.py."""

from pathlib import Path

import pytest

from tests.proofs.kill import Tally, prove


@pytest.mark.slow
def test_a_file_outlives_five_kills_during_edits_imports_and_copies(tmp_path: Path):
    tally = Tally()

    lines = list(prove(tmp_path, 5, 20261123, tally))

    assert len(lines) == 5
    assert dict(tally.kills) == {"edits": 2, "imports": 2, "copies": 1}
    assert tally.acknowledged > 0
