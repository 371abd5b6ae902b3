"""Values that somebody recorded: frozen at closing, judged by, explained, never carried back."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.assessment.books.effect import conventions_now, effect, read_frozen
from guatu.assessment.books.queries import book_now
from guatu.assessment.content import digest_of, freeze, thaw
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import Assessed, assess
from guatu.assessment.models import Snapshot
from guatu.assessment.queries import past_lights, snapshot_content
from guatu.assessment.recordable import recordable, recordables
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.tests.own_measures import (
    CAUSE,
    MISSED,
    RATE,
    TASK,
    TEXT,
    adopt,
    measure,
)
from guatu.assessment.tests.rounds import LIST, PARK, ROAD, Office
from guatu.assessment.tests.subjects import a_content, a_subject
from guatu.assessment.types import FrozenEntry, Recorded, Spoken
from guatu.core.errors import BadInput
from guatu.engines.rulebook import Record, find_book, parse_book
from guatu.ledger.models import Project, RecordedValue
from guatu.ledger.services import Told, record_value, withdraw_value
from guatu.ledger.types import SubjectKind
from tests.factories import Cast
from tests.tables import report_line

SEPTEMBER = date(2026, 9, 30)


@pytest.fixture
def judged_by_records(office: Office, people: Cast) -> Office:
    """A list of three projects with a September report, under the book of recorded measures."""
    adopt(people)
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    return office


def record(
    office: Office, name: str, text: str, on: date = SEPTEMBER, *, of: str = PARK, **told: Any
) -> RecordedValue:
    subject = (SubjectKind.PROJECT, Project.objects.get(name=of).pk)
    return record_value(office.console, subject, measure(name), text, Told(on, **told))


def lights(assessed: Assessed, name: str = PARK) -> dict[str, str]:
    one = next(one for one in assessed.measured if one.subject.name == name)
    return {light.dimension: light.severity.value for light in one.verdict.lights}


def closed(office: Office) -> Assessed:
    return assess_for_record(office.console, office.close())


def test_given_figures_judgements_and_records_decide_the_light_and_are_told(
    judged_by_records: Office,
) -> None:
    office = judged_by_records
    record(office, RATE, "77.5%")
    for month, points in ((6, "80"), (7, "59.5"), (8, "40"), (9, "12分")):
        record(office, MISSED, points, date(2026, month, 28), who="督查室")
    assessed = closed(office)
    assert lights(assessed) == {"任务": "warning", "连续": "serious"}
    assert set(lights(assessed, ROAD).values()) == {"no_data"}
    park = next(one for one in assessed.measured if one.subject.name == PARK)
    told = " ".join(reason.text for reason in assessed.reasons(park))
    assert "77.5" in told
    assert "3次" in told


def test_a_judgement_recorded_with_its_basis_lifts_the_light(judged_by_records: Office) -> None:
    office = judged_by_records
    record(office, RATE, "77.5%")
    record(office, CAUSE, "是", basis="认定书〔2026〕1号")
    assert lights(closed(office))["任务"] == "ok"


def test_a_withdrawn_value_is_missing_and_a_corrected_one_counts_anew(
    judged_by_records: Office,
) -> None:
    office = judged_by_records
    record(office, RATE, "100%")
    first = record(office, RATE, "50%", date(2026, 9, 29))
    again = record(office, RATE, "100%", date(2026, 9, 29), basis="更正")
    assert again.replaces_id == first.pk
    value = RecordedValue.objects.get(value="[1,1]", on=SEPTEMBER)
    withdraw_value(office.console, value, measure(RATE), basis="误记")
    withdraw_value(office.console, again, measure(RATE), basis="误记")
    assert lights(closed(office))["任务"] == "no_data"
    assert RecordedValue.objects.count() == 5


def test_what_speaks_of_a_later_day_or_no_longer_holds_does_not_count(
    judged_by_records: Office,
) -> None:
    office = judged_by_records
    record(office, RATE, "100%", date(2026, 10, 1))
    record(office, RATE, "100%", date(2026, 7, 1), valid_to=date(2026, 9, 29))
    record(office, MISSED, "10", date(2026, 8, 30))
    record(office, MISSED, "10", date(2026, 10, 2))
    assert lights(closed(office)) == {"任务": "no_data", "连续": "ok"}


def test_recording_after_closing_changes_the_locked_round_in_nothing(
    judged_by_records: Office,
) -> None:
    office = judged_by_records
    record(office, RATE, "100%")
    snapshot = office.close()
    before = snapshot_content(snapshot)
    record(office, RATE, "10%", date(2026, 9, 30), basis="事后")
    assert snapshot_content(Snapshot.objects.get(pk=snapshot.pk)) == before
    assert lights(assess_for_record(office.console, snapshot))["任务"] == "ok"


def test_a_correction_keeps_what_was_frozen(judged_by_records: Office) -> None:
    office = judged_by_records
    record(office, RATE, "100%")
    office.close()
    record(office, RATE, "10%", date(2026, 9, 30), basis="事后")
    corrected = office.correct(report_line(PARK, 7_500))
    assert corrected.snapshot is not None
    assert lights(assess_for_record(office.console, corrected.snapshot))["任务"] == "ok"


def test_a_region_is_judged_by_what_was_recorded_of_it(
    judged_by_records: Office, people: Cast
) -> None:
    office = judged_by_records
    subject = (SubjectKind.REGION, people.regions["江北区"])
    record_value(office.console, subject, measure(TASK, "region"), "否", Told(SEPTEMBER))
    groups = {one.key: one.verdict for one in closed(office).groups["region"]}
    assert groups["江北区"] is not None
    assert groups["江北区"].overall == "warning"
    assert groups["临江区"] is not None
    assert groups["临江区"].overall == "no_data"


def test_an_effect_on_a_locked_round_reads_the_same_values(judged_by_records: Office) -> None:
    office = judged_by_records
    record(office, RATE, "77.5%")
    snapshot = office.close()
    conventions = conventions_now()
    strict = parse_book(TEXT, source="own")
    mild = parse_book(TEXT.replace("100*百分比", "70*百分比"), source="own")
    found = effect(strict, mild, read_frozen(snapshot, conventions), conventions)
    assert [(one.subject.name, one.old[0], one.new[0]) for one in found.changes] == [
        (PARK, "warning", "ok")
    ]


# --- frozen contents ---------------------------------------------------------------------------


def recorded(name: str, form: str, *entries: tuple[date, str]) -> Recorded:
    return Recorded(name, form, tuple(FrozenEntry(on, None, value) for on, value in entries))


def test_a_content_without_recorded_values_keeps_the_digest_it_had() -> None:
    content = a_content(a_subject(1, ago=5), a_subject(2, judgements={"有正当理由": True}))
    digest, stored = freeze(content)
    assert digest == "sm3:c72a22a2438392bba5175ce162e44512df18fe6c8722c99227690f0f45ad40d7"
    assert b"recorded" not in zlib.decompress(stored)


def test_recorded_values_come_back_the_same_and_count_in_the_digest() -> None:
    subject = a_subject(1, recorded=(recorded(RATE, "ratio", (SEPTEMBER, "[31,40]")),))
    content = a_content(subject)
    content.others = [
        Spoken("地区", 2, "江北区", (recorded(TASK, "bool", (SEPTEMBER, "true")),)),
    ]
    digest, stored = freeze(content)
    assert thaw(stored, digest) == content
    assert digest_of(content) != digest_of(replace(content, others=[]))
    assert digest_of(content) != digest_of(replace(content, subjects=[a_subject(1)]))


def test_a_value_recorded_in_another_form_is_missing_not_mistaken() -> None:
    book = parse_book(TEXT, source="own")
    values = (
        recorded(RATE, "count", (SEPTEMBER, "3")),
        recorded(MISSED, "records", (SEPTEMBER, '{"on":"2026-09-30"}')),
    )
    found = assess(
        a_content(a_subject(1, recorded=values)), book, Conventions(), by=(), is_ranked=False
    )
    assert found.measured[0].verdict.overall == "no_data"


def test_what_the_tables_carry_is_not_overridden() -> None:
    values = (recorded("已入库", "bool", (SEPTEMBER, "false")),)
    subject = a_subject(1, recorded=values, is_registered=True, judgements={"已入库": True})
    book = find_book("RB01-yinchuan-lights")
    plain = replace(subject, recorded=())
    options: dict[str, Any] = {"by": (), "is_ranked": False}
    one = assess(a_content(subject), book, Conventions(), **options)
    other = assess(a_content(plain), book, Conventions(), **options)
    assert one.measured[0].verdict == other.measured[0].verdict


# --- which measures ----------------------------------------------------------------------------


def test_the_default_book_wants_nothing_and_every_installed_book_can_be_asked() -> None:
    assert recordables(find_book("default")) == ()
    keys = [one.key for one in recordables(find_book("RB02-sanya-cards"))]
    assert "project:投资类别" in keys
    assert not any("往期总灯" in key for key in keys)


def test_an_unknown_measure_is_refused_with_the_nearest_name(people: Cast) -> None:
    adopt(people)
    with pytest.raises(BadInput) as error:
        recordable(book_now(), "project", "月任务完成")
    assert RATE in error.value.faults[0].remedy


# --- lights of earlier rounds ------------------------------------------------------------------

LOOKS_BACK = (
    TEXT.replace("recorded-2026", "looks-back")
    .replace(f'consecutive = {{of = "{MISSED}"', 'consecutive = {of = "往期总灯"')
    .replace("值 < 60*分", "值 == '黄'")
    .replace("< 2*次", "< 1*次")
    .replace(">= 2*次", ">= 1*次")
)


def test_a_book_may_look_back_at_the_lights_of_the_earlier_rounds(
    office: Office, people: Cast
) -> None:
    adopt(people, LOOKS_BACK)
    office.list_in(*LIST)
    office.report(report_line(PARK, 6_000), period="2026-08")
    record(office, RATE, "90%", date(2026, 8, 31))
    first = assess_for_record(office.console, office.close("2026-08"))
    assert lights(first)["连续"] == "no_data"
    office.report(report_line(PARK, 7_000))
    snapshot = office.close()
    second = assess_for_record(office.console, snapshot)
    assert lights(second) == {"任务": "warning", "连续": "serious"}
    park = next(one for one in second.measured if one.subject.name == PARK)
    assert any("1次" in reason.text for reason in second.reasons(park))
    past = past_lights(snapshot.round.list_id, second.content.period_key)
    assert past[park.subject.id] == (Record(date(2026, 8, 31), "黄"),)
