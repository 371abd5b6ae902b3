from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.assessment.freezing import content_of
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.journal.models import Change, Entry
from guatu.ledger.models import Project, Term
from guatu.ledger.types import Vocabulary
from guatu.reporting.basis.models import IndicatorBasis
from guatu.reporting.basis.queries import across_years, basis_of
from guatu.reporting.basis.services import ChangeBasis, change_basis
from guatu.reporting.models import Figure, Indicator, Report
from guatu.reporting.statistics import queries
from guatu.reporting.statistics.models import Registration, Statistician
from guatu.reporting.statistics.pasting import Index, told_of
from guatu.reporting.statistics.services import (
    KeepMaterial,
    NameStatistician,
    Register,
    Told,
    keep_material,
    name_statistician,
    record_statistics,
    register,
)
from guatu.reporting.statistics.types import MaterialState
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, project
from guatu.reporting.types import INVESTMENT, FigureSource, ReportState
from tests.factories import UNIT
from tests.tables import report_line

AS_OF = date(2026, 9, 30)


def current(name: str) -> list[int | None]:
    rows = Figure.objects.filter(
        project__name=name, source=FigureSource.STATISTICS, is_current=True
    )
    return [one.value for one in rows]


def test_a_correction_keeps_the_old_figure_and_needs_a_reason(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    assert record_statistics(desk.office, AS_OF, [Told(pk, 5 * WAN)]).new == 1
    assert record_statistics(desk.office, AS_OF, [Told(pk, 5 * WAN)]).same == 1
    with pytest.raises(BadInput) as refused:
        record_statistics(desk.office, AS_OF, [Told(pk, 6 * WAN)])
    assert refused.value.faults[0].code == "no-reason"
    done = record_statistics(desk.office, AS_OF, [Told(pk, 6 * WAN)], reason="统计核增")
    assert done.corrected == 1
    assert current(PARK) == [6 * WAN]
    old = Figure.objects.get(source=FigureSource.STATISTICS, is_current=False)
    new = Figure.objects.get(source=FigureSource.STATISTICS, is_current=True)
    assert new.supersedes_id == old.pk
    assert new.reason == "统计核增"
    assert old.value == 5 * WAN


def test_a_confirmation_of_what_somebody_changed_meanwhile_is_refused(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    seen = queries.state_key([pk], AS_OF)
    record_statistics(desk.office, AS_OF, [Told(pk, WAN)])
    before = Entry.objects.count()
    with pytest.raises(Conflict):
        record_statistics(desk.office, AS_OF, [Told(pk, 2 * WAN)], reason="核", seen=seen)
    assert current(PARK) == [WAN]
    assert Entry.objects.count() == before


def test_bad_figures_are_refused(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    for told, day in (
        ([Told(pk, -1)], AS_OF),
        ([Told(pk, 10**18)], AS_OF),
        ([Told(pk, 1)], date(2026, 10, 31)),
        ([Told(pk, None, True, date(2027, 1, 1))], AS_OF),
        ([], AS_OF),
    ):
        with pytest.raises(BadInput):
            record_statistics(desk.office, day, told)
    with pytest.raises(NotFound):
        record_statistics(desk.office, AS_OF, [Told(10**6, 1)])
    for name in ("reporter", "viewer", "outsider", "reviewer"):
        with pytest.raises(NotAllowed):
            record_statistics(desk.people.act_as(name), AS_OF, [Told(pk, 1)])
    assert not Registration.objects.exists()
    assert not current(PARK)


def test_a_registration_is_swapped_and_reaches_the_snapshot(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    with pytest.raises(BadInput):
        register(desk.office, pk, Register(True, None))
    row = register(desk.office, pk, Register(True, date(2026, 9, 1), "T-1"))
    with pytest.raises(Conflict):
        register(desk.office, pk, Register(False, None))
    register(desk.office, project(ROAD).pk, Register(True, date(2026, 10, 1)))
    frozen = {one.name: one.is_registered for one in content_of(desk.round, 1).subjects}
    assert (frozen[PARK], frozen[ROAD], frozen["科创中心"]) == (True, False, None)
    register(desk.office, pk, Register(False, None, note="退库", version=row.version))
    assert queries.registered_on(AS_OF)[pk] is False


def test_materials_come_from_the_vocabulary(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    lines = queries.materials_of(pk)
    assert [one.held for one in lines] == [None] * len(lines)
    assert len(lines) > 4
    kept = keep_material(
        desk.office,
        pk,
        KeepMaterial(lines[0].kind_id, MaterialState.HELD, AS_OF, "江发改〔2026〕1号"),
    )
    with pytest.raises(Conflict):
        keep_material(desk.office, pk, KeepMaterial(lines[0].kind_id, MaterialState.MISSING))
    other = Term.objects.filter(vocabulary=Vocabulary.REASON).first()
    assert other is not None
    with pytest.raises(BadInput):
        keep_material(desk.office, pk, KeepMaterial(other.pk, MaterialState.HELD))
    assert queries.materials_of(pk)[0].held == kept


def test_a_new_statistician_ends_the_one_before(desk: IntakeDesk) -> None:
    unit = desk.people.organisations[UNIT]
    first = name_statistician(desk.office, NameStatistician(unit, "甲", "1", date(2026, 1, 1)))
    with pytest.raises(BadInput):
        name_statistician(desk.office, NameStatistician(unit, "乙", "", date(2026, 1, 1)))
    second = name_statistician(desk.office, NameStatistician(unit, "乙", "", date(2026, 7, 1)))
    first = Statistician.objects.get(pk=first.pk)
    assert first.valid_to == second.valid_from - timedelta(days=1)
    assert queries.statisticians_on(date(2026, 6, 30))[unit] == first
    assert queries.statisticians_on(AS_OF)[unit] == second
    images = Change.objects.filter(table="reporting_statistician").values_list("after", flat=True)
    assert not any("甲" in one or "乙" in one for one in images)


def test_a_paste_names_projects_by_code_or_name(desk: IntakeDesk) -> None:
    index = Index.of(Project.objects.all())
    text = (
        "项目\t统计数\t纳统日期\nP-1\t1,200\t2025-05-01\n"
        f"{ROAD}\t１５\t未纳统\n科创中心\t\t2026年3月\n"
    )
    told = told_of(text, index, 2026, "万元")
    assert [(one.value_yuan, one.is_counted) for one in told] == [
        (1_200 * WAN, True),
        (15 * WAN, False),
        (None, True),
    ]
    assert told[0].counted_since == date(2025, 5, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("没有的项目\t1", "unknown-project"),
        ("污水厂\t1", "ambiguous-project"),
        ("P-1\t很多", "bad-amount"),
        ("P-1\tNaN", "bad-amount"),
        ("P-1\t=1+1", "bad-amount"),
        ("P-1\t1\t不知道", "bad-day"),
        ("P-1\t1\nP-1\t2", "row-twice"),
        ("", "no-rows"),
        ("表头\t数", "no-rows"),
        ("P-1\t1\n" * 4000, "paste-too-long"),
    ],
)
def test_a_paste_that_cannot_be_read_is_told_line_by_line(
    desk: IntakeDesk, text: str, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        told_of(text, Index.of(Project.objects.all()), 2026, "万元")
    assert refused.value.faults[0].code == code


def test_a_change_of_basis_is_dated_and_labels_the_year_on_year(desk: IntakeDesk) -> None:
    record_statistics(desk.office, AS_OF, [Told(project(PARK).pk, 0)])
    indicator = Indicator.objects.get(code=INVESTMENT)
    period = desk.round.period.parsed
    assert across_years(period).words == ""
    now = basis_of(INVESTMENT).on(AS_OF)
    change = ChangeBasis("unit", "", "不含土地费用", now.method, date(2026, 7, 1), "办法第三条")
    change_basis(desk.office, indicator.pk, change)
    assert "统计范围有变（2026-07-01起）" in across_years(period).words
    assert not across_years(period).is_refused
    with pytest.raises(BadInput):
        change_basis(desk.office, indicator.pk, change)
    with pytest.raises(NotAllowed):
        change_basis(desk.people.act_as("reviewer"), indicator.pk, change)
    for coverage, day in (("county", date(2025, 1, 1)), ("society", date(2026, 8, 1))):
        scope = ChangeBasis("unit", coverage, "不含土地费用", "新法", day, "通知")
        change_basis(desk.office, indicator.pk, scope)
    assert across_years(period).is_refused
    assert basis_of(INVESTMENT).on(date(2026, 6, 30)).coverage == "county"
    assert IndicatorBasis.objects.count() == 3


def test_what_was_returned_stands_beside_no_statistics_figure(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900")))
    park = project(PARK)
    assert queries.ours_on(park.pk, [AS_OF]) == {AS_OF: 900 * WAN}
    Report.objects.filter(project=park).update(state=ReportState.RETURNED)
    assert queries.ours_on(park.pk, [AS_OF]) == {}
    [row] = [one for one in queries.compared(desk.round, None) if one.project == park]
    assert row.pair.ours is None


def test_a_first_note_is_refused_where_somebody_was_first(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    first = register(desk.office, pk, Register(is_counted=False, counted_since=None))
    with pytest.raises(Conflict):
        register(desk.office, pk, Register(is_counted=True, counted_since=AS_OF))
    assert Registration.objects.get().version == first.version == 1
