"""Places, identifiers and names of 360Giving files as this app keeps them."""

import pytest

from grants_app.exchange.giving import threesixtygiving
from grants_app.records.organisation import OrganisationKind as Of


@pytest.mark.parametrize(
    ("cells", "places"),
    [
        (("London Borough of Brent",), ("Brent",)),
        (("Royal Borough of Kensington & Chelsea",), ("Kensington and Chelsea",)),
        (("E09000001", "City of London"), ("City of London",)),
        (("Westminster City Council; Camden",), ("Camden", "Westminster")),
        (("Greater London",), ("London-wide",)),
        (("E12000007",), ("London-wide",)),
        (("E08000009", "Trafford"), ("Outside London",)),
        (("MW", "Malawi"), ("Outside London",)),
        (("England; Scotland; Wales", "K02000001", "GB"), ()),
    ],
)
def test_places_become_boroughs_where_they_tell_one(cells, places):
    assert threesixtygiving.boroughs(cells) == places


@pytest.mark.parametrize(
    ("identifier", "name", "kind"),
    [
        ("GB-CHC-1126147", "A", Of.CHARITY),
        ("GB-SC-SC042386", "A", Of.CHARITY),
        ("GB-COH-01234567", "A Ltd", Of.LIMITED),
        ("GB-COH-01234567", "A Community Interest Company", Of.CIC),
        ("GB-LAE-BEN", "Brent", Of.BOROUGH),
        ("GB-LAE-TRF", "Trafford", Of.PUBLIC_BODY),
        ("GB-EDU-125554", "A School", Of.SCHOOL),
        ("360G-GLA-ORG-1", "A", Of.OTHER),
        (None, "A", Of.OTHER),
    ],
)
def test_the_list_of_an_identifier_says_what_sort_of_body_it_is(identifier, name, kind):
    assert threesixtygiving.organisation_kind(identifier, name) is kind


@pytest.mark.parametrize(
    ("name", "code", "short"),
    [
        ("Voluntary Sector Grants", "VSG", "VSG"),
        ("Grants for the arts", "", "GA"),
        ("Education", "E", "EDUCA"),
        ("2016-17 City Scheme", "SCH-000003403", "CS"),
        ("Ymddiriedolaeth", "", "YMDDI"),
        ("日本", "", "IMP"),
        ("Taken", "TAKEN", "TAKE2"),
    ],
)
def test_a_programme_gets_a_short_name_that_nothing_else_has(name, code, short):
    assert threesixtygiving.short_name(name, code, {"TAKEN"}) == short
