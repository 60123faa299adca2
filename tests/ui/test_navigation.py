from grants_app.ui.navigation import Place, Visited


def test_back_and_forward_lead_through_the_places_visited():
    path = Visited(Place("week"))
    path.go(Place("grant"))
    path.go(Place("grant", 3, whole=True))

    assert [path.back(), path.back(), path.back(), path.forward()] == [
        Place("grant"),
        Place("week"),
        Place("week"),
        Place("grant"),
    ]


def test_going_somewhere_new_forgets_what_was_ahead():
    path = Visited(Place("week"))
    path.go(Place("grant"))
    path.back()
    path.go(Place("payment"))

    assert (path.here, path.can_go_forward, path.back()) == (Place("payment"), False, Place("week"))


def test_moving_in_a_list_is_no_step_of_its_own():
    path = Visited(Place("grant"))
    path.settle(Place("grant", 5))
    path.go(Place("week"))

    assert path.back() == Place("grant", 5)


def test_going_where_one_is_changes_nothing():
    path = Visited(Place("week"))
    path.go(Place("week"))

    assert not path.can_go_back
