"""The circular of a locked round (通报, M-I2): from the run that feeds papers to a docx."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guatu.assessment import queries as assessment
from guatu.assessment.conventions import Conventions
from guatu.assessment.grouping import Group
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.models import Snapshot
from guatu.assessment.services.assess import Terms, assessment_for_papers, live_judge
from guatu.assessment.types import MARK_PROXY, MARK_QUESTIONED, MARK_UNREVIEWED
from guatu.core import clock
from guatu.core.clock import CHINA
from guatu.core.periods import PeriodKey, months_progress, parse_period, title_of
from guatu.engines.gongwen.layout import count_pages
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.types import Document, Number
from guatu.engines.rulebook import Reason, Severity, without_interpretation
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.organisation.models import Switch
from guatu.organisation.types import MEASURES, RegionKind
from guatu.publishing.circular.compose import compose
from guatu.publishing.circular.types import (
    LIGHTS,
    CircularFigures,
    CircularStyle,
    GroupFigures,
    IssuedFigures,
    LaggingProject,
    Rankings,
    RegionFigures,
    StartRate,
    Starts,
)
from guatu.publishing.comparing import Before, overdue_names, previous_lights, shortfall
from guatu.publishing.wording.figures import live_figures
from guatu.reporting import queries as reporting
from guatu.reporting.basis.queries import AcrossYears, across_years
from guatu.reporting.models import Round
from guatu.reporting.types import RoundState


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular as made: the docx, its pages, the revision it was made from, and what the run
    wants to be read."""

    content: bytes
    pages: int
    snapshot: Snapshot
    notices: tuple[str, ...] = ()


def write_circular(actor: Actor, listing: ProjectList, period: PeriodKey) -> Circular:
    """Make the circular of a locked round from its newest revision (NotFound while open)."""
    the_round = reporting.find_round(listing, period)
    snapshot = assessment.newest_snapshot(the_round)

    def assess(one: Snapshot) -> Assessed:
        return assessment_for_papers(actor, one)

    assessed = assess(snapshot)
    before = _before(the_round, assess)
    document = compose(circular_figures(assessed, snapshot, before, Terms.in_force()))
    return Circular(render(document), count_pages(document), snapshot, assessed.notices)


@dataclass(frozen=True, slots=True)
class LiveCircular:
    """The circular as it stands now: composed, its figures by name, and where they come from."""

    document: Document
    figures: CircularFigures
    live: Mapping[str, str]
    snapshot: Snapshot
    notices: tuple[str, ...]
    book: str = ""
    """The rule book that judged, as pages name it."""


def live_circular(the_round: Round) -> LiveCircular:
    """The circular of a locked round from its newest revision; nothing is kept.

    Raises NotFound while the round is open. Whoever calls has asked for the right.
    """
    snapshot = assessment.newest_snapshot(the_round)
    terms = Terms.in_force()
    judge = live_judge(the_round.list_id, terms)

    def looked_at(one: Snapshot) -> Assessed:
        return judge(assessment.snapshot_content(one))

    assessed = looked_at(snapshot)
    figures = circular_figures(assessed, snapshot, _before(the_round, looked_at), terms)
    return LiveCircular(
        compose(figures), figures, live_figures(figures), snapshot, assessed.notices,
        book=f"《{assessed.book.title}》第{assessed.book.version}版",
    )  # fmt: skip


def circular_figures(
    assessed: Assessed, snapshot: Snapshot, before: Before | None, terms: Terms
) -> CircularFigures:
    """The run's figures, and what the round `before` says, as the circular is composed from."""
    content, conventions = assessed.content, assessed.conventions
    settings = terms.settings
    # Where the plans themselves set the pace and nobody gave slices, the months do.
    period = parse_period(content.period)
    progress = assessed.total.time_progress(conventions) or months_progress(period)
    is_told = snapshot.__dict__.get("basis_changed", True)
    across = across_years(period) if is_told else AcrossYears()
    return CircularFigures(
        period=period,
        cut_off_on=content.cut_off_on,
        time_progress=progress,
        total=_figures(
            assessed.total,
            assessed.measured,
            conventions,
            assessed.issued.total if assessed.issued else None,
        ),
        style=_style(assessed, terms),
        regions=tuple(_region(group, assessed) for group in assessed.groups.get("region", [])),
        units=tuple(_region(group, assessed) for group in assessed.groups.get("unit", [])),
        lagging=tuple(_lagging(assessed)),
        overdue=overdue_names(assessed),
        previous=previous_lights(assessed, before) if before else None,
        shortfall=shortfall(assessed, before) if before else None,
        locked_on=snapshot.at.astimezone(CHINA).date(),
        revision=snapshot.revision,
        dated_on=clock.today(),
        number=_number(settings),
        copied_to=settings["copied-to"],
        other_basis=across.reason,
        is_compared=not across.is_refused,
    )


def _number(settings: Mapping[str, str]) -> Number | None:
    """The number's gap: the office system gives the number, somebody types it in."""
    if settings["head"] == NO_HEAD:
        return None
    return Number(settings["number-word"], clock.today().year)


def _style(assessed: Assessed, terms: Terms) -> CircularStyle:
    settings = terms.settings
    conventions, labels = assessed.conventions, assessed.book.labels
    issuer = issuer_of(settings)
    return CircularStyle(
        city=settings["city"],
        issuer=issuer,
        addressee=settings["addressee"],
        logo=None if settings["head"] == NO_HEAD else settings["head"] or f"{issuer}文件",
        number_word=settings["number-word"],
        scope_word=_scope_word(settings["city"]),
        subject=assessed.content.list_name,
        serious_word=_light_word(labels[Severity.SERIOUS].label),
        warning_word=_light_word(labels[Severity.WARNING].label),
        rate_digits=conventions.digits_for("completion_rate"),
        rounding=conventions.rounding_for("completion_rate"),
        digits_by={measure: conventions.digits_for(measure) for measure in MEASURES},
        rounding_by={measure: conventions.rounding_for(measure) for measure in MEASURES},
        gap_from_rounded=conventions.gap == "rounded",
        progress_word=_progress_word(assessed),
        start_rate=StartRate(conventions.start_rate),
        money_unit=settings["money-unit"],
        rankings=_rankings(assessed, terms.rankings),
    )


def _progress_word(assessed: Assessed) -> str:
    """What the pace is called: by the calendar, by the projects' own plans, by a decreed curve."""
    if assessed.conventions.curve:
        return "规定进度"
    is_planned = assessed.conventions.is_paced_by_plans and assessed.total.sliced
    return "计划进度" if is_planned else "时间进度"


def _rankings(assessed: Assessed, switch: Switch | None) -> Rankings | None:
    """The switch's terms where it gave the run ranks."""
    if switch is None or not any(g.rank for groups in assessed.groups.values() for g in groups):
        return None
    return Rankings(switch.basis, switch.scope, switch.until)


NO_HEAD = "无"


def issuer_of(settings: Mapping[str, str]) -> str:
    """Who signs the office's papers: the name it set, else the usual one of its city."""
    return settings["office"] or f"{settings['city']}重点项目工作领导小组办公室"


def _scope_word(city: str) -> str:
    """全市, 全县, 全区: the whole of what the name says; 本级 for a company or another body."""
    return f"全{city[-1]}" if city[-1:] in tuple("省市州盟县区旗镇乡") else "本级"


def _light_word(label: str) -> str:
    return f"{label}灯" if len(label) == 1 else label


def _issued(totals: Totals | None, conventions: Conventions) -> IssuedFigures | None:
    if totals is None:
        return None
    return IssuedFigures(
        totals.annual_plan_yuan,
        totals.completed_yuan,
        totals.completion_rate,
        totals.start_rate(conventions),
    )


def _figures(
    totals: Totals, members: list[Measured], conventions: Conventions, issued: Totals | None
) -> GroupFigures:
    return GroupFigures(
        projects=totals.projects,
        annual_plan_yuan=totals.annual_plan_yuan,
        completed_yuan=totals.completed_yuan,
        rate=totals.completion_rate,
        projects_unpacked=totals.projects_unpacked,
        without_plan=sum(not one.subject.plan_yuan for one in members),
        outside_scope=sum(bool(one.subject.plan_yuan) and not one.is_in_scope for one in members),
        no_data=totals.without_data,
        questioned=sum(one.mark == MARK_QUESTIONED and one.is_in_scope for one in members),
        unconfirmed=sum(one.mark == MARK_PROXY and one.is_in_scope for one in members),
        unreviewed=sum(one.mark == MARK_UNREVIEWED and one.is_in_scope for one in members),
        year_on_year=totals.year_on_year,
        compared=totals.compared,
        starts=Starts(
            planned=totals.planned_starts,
            due=totals.due_starts,
            started=totals.started,
            early=totals.early_starts,
            overdue=totals.overdue_starts,
            rate=totals.start_rate(conventions),
            unknown_nature=totals.starts_of_unknown_nature,
        ),
        serious=totals.lights[Severity.SERIOUS],
        warning=totals.lights[Severity.WARNING],
        time_progress=totals.time_progress(conventions),
        issued=_issued(issued, conventions),
    )


_KINDS = {kind.value: str(kind.label) for kind in RegionKind}


def _region(group: Group, assessed: Assessed) -> RegionFigures:
    kinds = {region.name: region.kind for region in assessed.content.regions}
    return RegionFigures(
        name=group.key,
        figures=_figures(group.totals, group.members, assessed.conventions, group.issued),
        rank=group.rank,
        ranked_by=group.ranked_by or "completion_rate",
        rank_class=_KINDS.get(kinds.get(group.key, ""), ""),
    )


def _lagging(assessed: Assessed) -> list[LaggingProject]:
    return [
        _lagging_project(assessed, one, light)
        for light in LIGHTS
        for one in assessed.measured
        if one.verdict.overall is light
    ]


def _lagging_project(assessed: Assessed, one: Measured, severity: Severity) -> LaggingProject:
    subject = one.subject
    reasons = assessed.reasons(one)
    totals = total_of([one], assessed.content.period_key, assessed.conventions)
    return LaggingProject(
        name=subject.name,
        region=subject.region,
        unit=subject.unit,
        severity=severity,
        annual_plan_yuan=subject.plan_yuan,
        completed_yuan=one.completed_yuan,
        rate=totals.completion_rate,
        reason=_beyond_the_gap(reasons),
        problem=subject.problem,
        time_progress=totals.time_progress(assessed.conventions),
    )


_TOLD_BY_FIGURES = ("落后时间进度", "与时间进度差")


def _beyond_the_gap(reasons: tuple[Reason, ...]) -> str:
    """The rule's words where plan, done and gap, which are printed anyway, do not say it all."""
    if not reasons or reasons[0].measure in _TOLD_BY_FIGURES:
        return ""
    return without_interpretation(reasons[0].text)


def _before(the_round: Round, assess: Callable[[Snapshot], Assessed]) -> Before | None:
    """The locked round before of the same list, year and grain, assessed as papers are."""
    before = (
        Round.objects.select_related("list", "period")
        .filter(
            list=the_round.list,
            period__grain=the_round.period.grain,
            period__last_on__lt=the_round.period.last_on,
            state=RoundState.CLOSED,
            is_limited=False,
        )
        .order_by("-period__last_on")
        .first()
    )
    if before is None:
        return None
    assessed = assess(assessment.newest_snapshot(before))
    return Before(title_of(before.period.parsed), assessed)
