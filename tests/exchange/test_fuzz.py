"""In a small form, what `dev.py fuzz` does in the large."""

from collections import Counter

from tests.proofs import injected, mutated


def test_broken_files_end_in_a_preview_or_a_sentence(tmp_path):
    seen = list(mutated.prove(tmp_path, 160, 20261123, children=1, office=False))

    assert [one for one in seen if one.is_bad] == []
    assert min(Counter(one.kind for one in seen).values()) >= 17
    assert {one.outcome for one in seen} == {"preview", "refused"}


def test_texts_that_a_spreadsheet_might_run_stay_texts_in_every_format(tmp_path):
    seen = injected.prove(tmp_path, injected.strings(), 5)

    assert len(set(injected.strings())) == 500
    assert (seen["xlsx"], seen["csv"]) == (seen["values"], seen["values"])
    assert (seen["clipboard"], seen["json"]) == (2000, 1000)
