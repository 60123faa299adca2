from hypothesis import given
from hypothesis import strategies as st

from grants_app.reports.document import Withheld
from grants_app.reports.pieces import HIDDEN, hides, hiding_note, publishable_count, publishable_counts, words

UNDER = Withheld("under 10", "<10")


def test_small_counts_are_hidden_and_none_and_not_recorded_are_not():
    assert publishable_counts([40, 0, None, 3, 9, 10], 10) == ([40, 0, None, UNDER, UNDER, 10], 62)


def test_one_small_count_takes_the_next_smallest_with_it_so_that_the_total_does_not_tell():
    assert publishable_counts([40, 3, 25, 30], 10) == ([40, UNDER, HIDDEN, 30], 98)


def test_small_counts_that_sum_to_few_take_another_with_them():
    assert publishable_counts([40, 1, 1, 25], 10) == ([40, UNDER, UNDER, HIDDEN], 67)


def test_a_small_count_that_stands_alone_hides_the_total():
    assert publishable_counts([0, 3, None], 10) == ([0, UNDER, None], HIDDEN)


def test_nothing_recorded_has_no_total():
    assert publishable_counts([None, None], 10) == ([None, None], None)


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(2, 15))
def test_no_small_count_can_be_worked_out_from_the_total(counts, threshold):
    cells, total = publishable_counts(counts, threshold)

    shown = sum(cell for cell in cells if isinstance(cell, int))
    assert all(not isinstance(cell, int) or cell == 0 or cell >= threshold for cell in cells)
    if hides(cells) and isinstance(total, int):
        hidden = [count for count, cell in zip(counts, cells, strict=True) if isinstance(cell, Withheld)]
        assert len(hidden) > 1
        assert total - shown >= threshold


def test_a_count_that_no_total_stands_by_is_hidden_by_itself():
    assert [
        publishable_count(3, 10),
        publishable_count(10, 10),
        publishable_count(0, 10),
        publishable_count(None, 10),
    ] == [UNDER, 10, 0, None]


def test_what_is_hidden_is_said():
    assert [words(UNDER), words(1234), words(None)] == ["under 10", "1,234", "not recorded"]
    assert hiding_note(10).startswith("Counts under 10 are hidden")
