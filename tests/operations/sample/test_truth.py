"""What is true in the sample, and that nothing adverse is told of those who exist."""

from datetime import date

from grants_app import clock
from grants_app.operations.sample.evidence import NAMED_ADVISERS
from grants_app.records import (
    RECORDS,
    Adviser,
    AdviserReview,
    Contact,
    Document,
    Event,
    Finding,
    Grant,
    Indicator,
    Measurement,
    Organisation,
    PlanLine,
    Programme,
    Recommendation,
)  # fmt: skip
from grants_app.records.evidence import Direction
from grants_app.records.grant import LIVE
from grants_app.records.organisation import OrganisationKind
from grants_app.records.people import Advice, ReviewStatus
from tests.operations.sample.reading import HOLDERS, blemishes, every, of_holder


def test_launch_research_and_report_keep_their_true_dates(sample):
    (programme,) = every(sample, Programme)

    assert (programme.starts, programme.code) == (date(2017, 12, 1), "CVE")
    assert programme.ends > clock.today()
    assert "April 2018" in every(sample, Indicator)[0].baseline_source
    assert "Programme report, June 2019" in {document.title for document in every(sample, Document)}


def test_the_published_figures_are_context_and_were_not_measured_again(sample):
    context = [one for one in every(sample, Indicator) if one.direction is Direction.CONTEXT]
    measured = {one.indicator_id for one in every(sample, Measurement)}
    planned = {line.indicator_id for line in every(sample, PlanLine)}

    assert [one.baseline for one in context] == [61.0, 25.0, 17.0, 65.0, 64.0, 24.0]
    assert {one.target for one in context} == {None}
    assert {one.id for one in context} & (measured | planned) == set()


def test_participants_answers_are_believable_and_apart_from_the_research(sample):
    own = {one.id: one for one in every(sample, Indicator) if one.direction is not Direction.CONTEXT}
    measured = [one for one in every(sample, Measurement) if own[one.indicator_id].unit.value == "%"]

    assert len(measured) >= 12
    for one in measured:
        before = own[one.indicator_id].baseline
        assert one.value == round(one.numerator / one.denominator * 100, 1)
        assert before < one.value < before + 30


def test_the_three_holders_that_exist_each_have_one_grant_and_no_blemish(sample):
    assert HOLDERS == ("Anti-Tribalism Movement", "VotesforSchools", "Met-Track")
    assert [len(of_holder(sample, name)[1]) for name in HOLDERS] == [1, 1, 1]
    assert blemishes(sample) == []


def test_no_number_and_no_person_is_invented_for_those_who_exist(sample):
    bodies = {one.id: one for one in every(sample, Organisation)}
    real = {id_ for id_, one in bodies.items() if one.name in HOLDERS}

    assert {(bodies[id_].charity_number, bodies[id_].company_number, bodies[id_].kind) for id_ in real} == {
        (None, None, OrganisationKind.OTHER)
    }
    assert [one.name for one in every(sample, Contact) if one.organisation_id in real] == []
    assert {grant.agreement_signed_by for name in HOLDERS for grant in of_holder(sample, name)[1]} == {
        "Authorised signatory"
    }


def test_invented_organisations_have_impossible_numbers_and_believable_names(sample):
    invented = [one for one in every(sample, Organisation) if one.name not in HOLDERS]

    assert {one.charity_number for one in invented if one.charity_number and one.charity_number < "9000001"} == set()
    assert {one.company_number[:2] for one in invented if one.company_number} == {"ZZ"}
    assert [one.name for one in invented if "ample" in one.name] == []


def test_the_advisers_are_six_and_of_the_three_with_a_name_nothing_but_good_order_is_told(sample):
    advisers = {one.id: one.name for one in every(sample, Adviser)}
    real = {id_ for id_, name in advisers.items() if not name.startswith("Adviser")}
    reviews = [one for one in every(sample, AdviserReview) if one.adviser_id in real]

    assert sorted(advisers.values()) == [
        "Adviser 4", "Adviser 5", "Adviser 6", "Councillor Clare Coghill", "Nigel Bromage", "Sasha Havlicek",
    ]  # fmt: skip
    assert (len(real), len(NAMED_ADVISERS)) == (3, 3)
    assert {one.comments for one in reviews} == {None}
    assert {one.advice for one in reviews} <= {None, Advice.ENDORSE, Advice.COMMENT}
    assert [one for one in reviews if one.submitted and one.submitted > one.due] == []
    assert [one for one in reviews if one.status is ReviewStatus.NOT_STARTED and one.due < clock.today()] == []


def test_findings_have_evidence_and_every_reference_in_them_stands(sample):
    findings, recommendations = every(sample, Finding), every(sample, Recommendation)
    known = {one.reference for kind in RECORDS for one in every(sample, kind)}
    named = {ref for one in findings for ref in (*one.evidence_for, *one.evidence_against)}

    assert all(one.evidence_for for one in findings)
    assert sum(bool(one.evidence_against) for one in findings) == 3
    assert named | {ref for one in recommendations for ref in one.findings} <= known
    assert recommendations[0].text == "Review Prevent independently"


def test_guests_of_the_update_event_are_counted_and_never_named(sample):
    (event,) = every(sample, Event)

    assert "Victims and survivors of terrorism 6" in event.guests
    assert len(event.organisations) == 6


def test_every_grant_that_is_live_has_a_plan_once_it_is_signed(sample):
    planned = {line.grant_id for line in every(sample, PlanLine)}
    live = [grant for grant in every(sample, Grant) if grant.status in LIVE and grant.agreement_signed_on]

    assert [grant.reference for grant in live if grant.id not in planned] == []
