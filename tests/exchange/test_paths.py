"""The JSON of a grant: whatever is said under whatever name comes out as it is."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from grants_app.exchange.giving import paths

PATHS = (
    "id", "title", "amountAwarded", "relatedActivity", "plannedDates/0/startDate", "plannedDates/0/endDate",
    "recipientOrganization/0/name", "recipientOrganization/0/location/1/name", "beneficiaryLocation/0/name",
    "beneficiaryLocation/2/geoCode", "toIndividualsDetails/grantPurpose", "deiDetails/mission/askedStatus",
    "recipientOrganization/0/our own", "Notes {0}", "{", "}}", "additional/region", "additional", "a//b", "x/0",
)  # fmt: skip
VALUES = some.one_of(
    some.text(), some.integers(), some.floats(allow_nan=False, allow_infinity=False), some.dates(),
    some.lists(some.text(), max_size=3),
)  # fmt: skip


def told(value: Any) -> Any:
    """The same, as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


@given(some.dictionaries(some.one_of(some.sampled_from(PATHS), some.text(max_size=8)), VALUES, min_size=1))
def test_any_value_under_any_name_is_the_json_of_the_nested_object(values):
    written = json.loads(f"{{{paths.members(values)}}}")

    assert written == paths.nested({path: told(value) for path, value in values.items()})
