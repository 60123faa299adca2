from array import array

from grants_app.ui.rows import Selection

IDS = array("q", (1, 2, 3, 4))


def chosen(selection):
    return list(selection.pick(IDS)), selection.count(len(IDS))


def test_nothing_is_chosen_at_first():
    assert chosen(Selection()) == ([], 0)


def test_choosing_some_lets_go_of_the_others():
    selection = Selection()
    selection.only([1, 2])
    selection.only([3])

    assert chosen(selection) == ([3], 1)


def test_toggling_adds_and_lets_go():
    selection = Selection()
    selection.toggle(2)
    selection.toggle(4)
    selection.toggle(2)

    assert chosen(selection) == ([4], 1)


def test_all_but_one_of_a_million_costs_one():
    selection = Selection()
    selection.all()
    selection.toggle(7)

    assert selection.count(1_000_000) == 999_999
    assert (6 in selection, 7 in selection) == (True, False)


def test_rows_that_left_the_list_are_no_longer_chosen():
    selection = Selection()
    selection.only([1, 9])
    selection.forget(selection.beyond(array("q", [1, 2, 3, 4])))

    assert chosen(selection) == ([1], 1)


def test_a_copy_stays_as_it_was():
    selection = Selection()
    selection.only([1, 2])
    copy = selection.copy()
    selection.toggle(1)

    assert (chosen(selection), chosen(copy)) == (([2], 1), ([1, 2], 2))


def test_of_many_chosen_rows_those_that_stay_in_the_list_stay_chosen():
    selection = Selection()
    selection.only([1, 2, 3, 9])
    selection.forget(selection.beyond(array("q", [2, 3, 4])))

    assert chosen(selection) == ([2, 3], 2)
