"""A process that is killed: nothing acknowledged is lost, nothing is half there: see tests/proofs/kill.py."""

from pathlib import Path

from tests.proofs.kill import Tally, prove


def test_a_file_outlives_a_kill_during_edits_an_import_and_a_copy(tmp_path: Path):
    tally = Tally()

    lines = list(prove(tmp_path, 3, 20261123, tally))

    assert len(lines) == 3
    assert dict(tally.kills) == {"edits": 1, "imports": 1, "copies": 1}
    assert tally.acknowledged > 0
