"""A person's name is known in a text however it is written, and the words of a text are taken for no name."""

import pytest

from grants_app.exchange.giving.private import names_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Jane Smith", "Bursary for Jane Elizabeth Smith"), ("Dr Jane Smith PhD", "For Jane Smith"),
        ("Jane Smith (artist)", "For Jane Smith"), ("Tom (Thomas) Brown", "For Thomas Brown"),
        ("Jane Smith t/a Studio", "For Jane Smith"), ("Anne-Marie O'Neil", "Anne Marie ONeil’s room"),
        ("Smith, Jane", "For J. Smith"), ("Will Young", "Will Young sings"), ("Jack Ma", "For Jack Ma"),
    ],
)  # fmt: skip
def test_a_name_is_known_in_a_text(name, text):
    names = names_of(name)
    assert names is not None
    assert names.stand_in(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Will Young", "The young will benefit"), ("Jane Smith", "Jane and John came, and so did Mary Smith"),
        ("Grace", "A grace period"), ("Jack Ma", "Jack came"),
    ],
)  # fmt: skip
def test_other_words_are_no_name(name, text):
    names = names_of(name)
    assert names is not None
    assert not names.stand_in(text)
