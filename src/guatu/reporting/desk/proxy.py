"""Entering for a unit: its missing projects as rows, what is known of each, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import QueryDict

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.core.yuan import wan_text
from guatu.ledger.models import Project
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation
from guatu.planning.models import AnnualPlan, DateFact
from guatu.planning.types import DateKind, Milestone, PlanKind
from guatu.reporting import queries as reporting
from guatu.reporting.access import projects_of
from guatu.reporting.desk.queries import Unit, expected
from guatu.reporting.forms import MOST_ENTRIES, EntryForm, SaidForm, now_text, prefix_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.intake.rows import LONGEST_TEXT
from guatu.reporting.models import Figure, IntakeQuestion, Report, Round
from guatu.reporting.services.proxy import Entered, EnterFor
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    FigureSource,
    QuestionState,
    ReportSource,
    ReportState,
    RoundState,
)

_FIELDS = {"year": INVESTMENT, "month": INVESTMENT_MONTH, "life": INVESTMENT_TOTAL}
NOT_LISTED = Fault("unknown-project", "这份清单里没有这个项目", "请从收表台进入")
_DATES = {Milestone.START.value: "started_on", Milestone.COMPLETION.value: "completed_on"}


@dataclass(slots=True)
class Known:
    """What is known of a project when somebody enters for it. Money in yuan."""

    plan: int | None = None
    before: tuple[date, int] | None = None
    now: dict[str, Figure] = field(default_factory=dict)
    report: Report | None = None
    words_before: str = ""
    dates: dict[str, date] = field(default_factory=dict)
    dates_told: int = 0
    row_words: dict[str, str] = field(default_factory=dict)
    """What the unit's own row says that waits for an answer, by the head of the column."""

    @property
    def version(self) -> str:
        """The state that the form shows."""
        figures = [figure.pk for figure in self.now.values()]
        return reporting.version_text(
            self.report.version if self.report else 0, figures, self.dates_told
        )

    def initial(self) -> dict[str, Any]:
        """What a row begins with: what was told for this very round (in a row that waits too), and
        never the last one's figures or words: what nobody said now is not said."""
        values: dict[str, Any] = {"seen": self.version, **self.dates}
        for name, code in _FIELDS.items():
            figure = self.now.get(code)
            if figure is not None and figure.value is not None:
                values[name] = wan_text(figure.value)
        told = self.report
        for name, head, said in (
            ("progress", "形象进度", told.progress_text if told else ""),
            ("problem", "存在问题", told.problem_text if told else ""),
        ):
            values[name] = self.row_words.get(head, "")[:LONGEST_TEXT] or said
        return values


@dataclass(slots=True)
class Row:
    """One project on the page: what is known, its fields, and what came of checking it."""

    project: Project
    known: Known
    form: EntryForm
    faults: Sequence[str] = ()
    questions: Sequence[str] = ()
    stored: list[tuple[str, str, str]] = field(default_factory=list)
    seen: str = ""
    is_checked: bool = False

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it was entered for the unit before, and the unit has not confirmed it."""
        report = self.known.report
        return report is not None and report.state == ReportState.PROXY_UNCONFIRMED

    @property
    def is_refused(self) -> bool:
        """Whether it keeps the page from being saved."""
        return bool(self.faults or self.questions or self.stored or self.form.errors)

    @property
    def is_sound(self) -> bool:
        """Whether it was checked and nothing is wrong with it."""
        return self.is_checked and not self.is_refused

    @property
    def has_more(self) -> bool:
        """Whether one of the fields that are folded away holds something."""
        names = ("month", "life", "problem", "started_on", "completed_on")
        return any(self.form[name].value() or self.form[name].errors for name in names)


@dataclass(slots=True)
class Entering:
    """The page as it is being filled in: rows of a round, one alone without a prefix."""

    viewer: Viewer
    round: Round
    rows: list[Row]
    unit: Unit | None = None
    said: SaidForm = field(default_factory=lambda: SaidForm(initial=_said()))

    @property
    def filled(self) -> list[Row]:
        """The rows in which something was said."""
        return [row for row in self.rows if row.form.is_filled]

    def commands(self) -> list[EnterFor] | None:
        """What is to be entered; None where a field cannot be read."""
        filled = self.filled
        for row in filled:
            row.is_checked = True
        are_sound = [self.said.is_valid(), *(row.form.is_valid() for row in filled)]
        return [row.form.command(row.project) for row in filled] if all(are_sound) else None

    def tell(self, entered: Entered) -> None:
        """Put what keeps the rows out beside each of them."""
        for row in self.filled:
            pk = row.project.pk
            row.faults = [f"{one.what}，{one.remedy}" for one in entered.faults.get(pk, ())]
            row.questions = [one.what for one in entered.questions.get(pk, ())]
            if pk in entered.changed:
                row.stored, row.seen = _stored(row.known), row.known.version


def entering(
    viewer: Viewer,
    the_round: Round,
    projects: Sequence[Project],
    posted: QueryDict | None = None,
    unit: Unit | None = None,
) -> Entering:
    """The page over some projects, bound to what was posted."""
    known = _known(the_round, projects)
    if unit is None:  # of a unit's page no row waits
        _note_rows(the_round, known)
    rows = [
        Row(
            one,
            known[one.pk],
            EntryForm(
                posted,
                prefix=prefix_of(one.pk) if unit else None,
                initial=known[one.pk].initial(),
            ),
        )
        for one in projects
    ]
    said = SaidForm(posted, initial=_said())
    return Entering(viewer, the_round, rows, unit, said)


def _said() -> dict[str, str]:
    return {"source": ReportSource.PHONE.value, "said_at": now_text()}


def units_missing(viewer: Viewer, the_round: Round) -> list[Unit]:
    """The units of which a project is missing, in ledger order."""
    return [unit for unit in _units(viewer, the_round) if unit.missing]


def _units(viewer: Viewer, the_round: Round) -> list[Unit]:
    names = organisation.organisation_names().official
    asked = reporting.open_questions([the_round])
    return expected(viewer, the_round, asked, names, with_contacts=False).units


def unit_of(viewer: Viewer, the_round: Round, key: int) -> Unit:
    """One unit that has something to report in the round, or NotFound; zero: of no lead unit."""
    found = next((one for one in _units(viewer, the_round) if one.key == key), None)
    if found is None:
        raise NotFound(Fault("unknown-unit", "这份清单里没有这个单位", "请从收表台进入"))
    return found


def projects_in(viewer: Viewer, the_round: Round, ids: Sequence[int]) -> list[Project]:
    """Some projects of the round that he sees, each with its plan of the year (`plan_yuan`), in
    the order given, without those that have left the list; NotFound where one never was there for
    him."""
    plans = AnnualPlan.objects.filter(
        entry__list_id=the_round.list_id,
        entry__project_id=OuterRef("pk"),
        kind=PlanKind.ASSIGNED,
    ).order_by("-plan_version")
    seen = projects_of(viewer, the_round).annotate(
        plan_yuan=Subquery(plans.values("amount_yuan")[:1])
    )
    found = {one.pk: one for one in seen.filter(pk__in=ids)} if all(map(is_id, ids)) else {}
    gone = set(ids) - found.keys()
    were = viewer.projects.filter(pk__in=gone, entries__list=the_round.list_id)
    if gone and not (all(map(is_id, gone)) and were.count() == len(gone)):
        raise NotFound(NOT_LISTED)
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def next_unit(units: Sequence[Unit], key: int) -> Unit | None:
    """The unit to go on with after one: the next in the list that misses something, from the
    start again at the end, the one itself last; None where nothing is missing."""
    keys = [unit.key for unit in units]
    at = keys.index(key) + 1 if key in keys else 0
    around = [*units[at:], *units[:at]]
    return next((unit for unit in around if unit.missing), None)


def saved_words(entered: Entering) -> str:
    """What to tell when a page is saved."""
    names = [row.project.name for row in entered.filled]
    named = "、".join(f"“{name}”" for name in names[:3])
    return f"已代报{named}{f'等{len(names)}个项目' if len(names) > 3 else ''}，待单位确认"


def after(entered: Entering, unit: Unit) -> tuple[str, Unit | None]:
    """What to tell when a unit's page is saved, and the unit to go on with."""
    told = saved_words(entered)
    units = _units(entered.viewer, entered.round)
    saved = {row.project.pk for row in entered.filled}
    here = next((one for one in units if one.key == unit.key), None)
    if here and here.missing and len(saved) == len(entered.rows):
        following: Unit | None = here  # it had more than one page
    else:
        following = next_unit(units, unit.key)
    left = sum(len(one.missing) for one in units)
    if following is None:
        return f"{told}；没有未报的项目了", None
    return f"{told}；还有{left}个项目未报，接着填{following.name}", following


def page(entered: Entering) -> dict[str, Any]:
    """The context of the page."""
    unit = entered.unit
    shown = {row.project.pk for row in entered.rows}
    more = sum(one.project_id not in shown for one in unit.missing) if unit else 0
    return {
        "round": entered.round,
        "is_open": entered.round.state == RoundState.OPEN,
        "rows": entered.rows,
        "said": entered.said,
        "unit": unit,
        "more": more,
        "title": unit.name if unit else entered.rows[0].project.name,
        "is_refused": any(row.is_refused for row in entered.rows),
    }


def missing_ids(unit: Unit) -> list[int]:
    """The projects of a unit's page."""
    return [one.project_id for one in unit.missing][:MOST_ENTRIES]


def _known(the_round: Round, projects: Sequence[Project]) -> dict[int, Known]:
    """What is known of each project, in a constant number of queries."""
    found = {one.pk: Known(plan=getattr(one, "plan_yuan", None)) for one in projects}
    if not found:
        return found
    day, year = the_round.period.last_on, the_round.period.parsed.year
    this_year = date(year, 1, 1), day
    figures = Figure.objects.filter(
        project__in=found, is_current=True, source=FigureSource.UNIT, as_of__range=this_year
    ).select_related("indicator")
    for figure in figures.order_by("as_of"):
        known, code = found[figure.project_id], figure.indicator.code
        if figure.as_of == day:
            known.now[code] = figure
        elif code == INVESTMENT and figure.value is not None:
            known.before = (figure.as_of, figure.value)
    reports = Report.objects.filter(project__in=found, period__last_on__range=this_year)
    for report in reports.order_by("period__last_on"):
        if report.period_id == the_round.period_id:
            found[report.project_id].report = report
        else:
            found[report.project_id].words_before = report.progress_text
    facts = DateFact.objects.filter(project__in=found, kind=DateKind.ACTUAL).order_by("seq")
    for fact in facts:
        known = found[fact.project_id]
        known.dates_told += 1
        name = _DATES.get(fact.milestone)
        if name and known.report and fact.on is not None and fact.precision == "day":
            known.dates[name] = fact.on
    return found


def _note_rows(the_round: Round, known: Mapping[int, Known]) -> None:
    """What the projects' own rows say that wait for an answer."""
    waiting = IntakeQuestion.objects.filter(
        project__in=known, period=the_round.period_id, state=QuestionState.OPEN, is_waiting=True
    )
    for project_id, text in waiting.order_by("pk").values_list("project_id", "facts"):
        if project_id is not None:
            known[project_id].row_words |= dict(Facts.from_json(text).texts)


def _stored(known: Known) -> list[tuple[str, str, str]]:
    """What somebody else stored meanwhile: name, value, by whom."""
    stored = []
    for name, label in (("year", "本年累计"), ("month", "本月完成"), ("life", "自开工累计")):
        figure = known.now.get(_FIELDS[name])
        if figure is not None and figure.value is not None:
            stored.append((label, f"{wan_text(figure.value)}万元", figure.by))
    if known.report:
        by = known.report.by
        stored.append(("形象进度", known.report.progress_text or "空", by))
        if known.report.problem_text:
            stored.append(("存在问题", known.report.problem_text, by))
    return stored or [("实际开工、竣工时间", "有变化", "")]
