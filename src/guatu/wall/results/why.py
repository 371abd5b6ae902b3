"""Why a project has its light: rule, clause, figures, limits, and what it was judged by (M-D3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.models import Result
from guatu.assessment.presenters import gap_note
from guatu.assessment.sifting import rate_of
from guatu.assessment.types import Subject
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.core.yuan import wan_text
from guatu.ledger.types import Nature
from guatu.planning.days import GivenDays
from guatu.planning.types import DateKind, Milestone
from guatu.ui.templatetags.guatu import percent, points
from guatu.wall.project.figures import address
from guatu.wall.results.presenters import Results
from guatu.wall.results.toward import toward
from guatu.wall.standing import books, runs
from guatu.wall.standing.runs import Standing


def why(results: Results, project_id: int) -> dict[str, Any]:
    """The context of the page and of the fragment; NotFound where the user sees no such row."""
    standing = results.standing
    found = runs.project_results(standing.run, results.viewer.seen_locked)
    result = found.filter(project_id=project_id).first() if is_id(project_id) else None
    if result is None:
        raise NotFound(Fault("no-result", "这个项目在本期没有测算结果", "请从项目库或进展页面进入"))
    told = explained(result, standing)
    return {
        "standing": standing,
        **told,
        "frozen": frozen_figures(result, told["subject"], standing),
    }


def explained(result: Result, standing: Standing) -> dict[str, Any]:
    """The light of one result with its reasons, what it still lacks, and the book that says so."""
    subject, reasons = books.reasons_of(result, standing)
    book = books.book_of(standing)
    return {
        "result": result,
        "subject": subject,
        "reasons": reasons,
        "book": book,
        "book_address": books.reading_address(standing),
        "toward": toward(result, standing),
    }


def frozen_figures(
    result: Result, subject: Subject, standing: Standing
) -> list[tuple[str, object]]:
    """What the round froze of the project, as it was judged by: words and printed values."""
    period, conventions = standing.period, standing.conventions
    measured = runs.measured_of([result], standing)
    told = runs.totals_text(measured, standing)
    figure = subject.figure_at(period.as_of)
    ago = measured[0].last_year_yuan
    rate = conventions.percent("completion_rate", rate_of(result.numerator, result.denominator))
    mark = f"（{figure.mark}）" if figure and figure.mark else ""
    plans = f"{reverse('project-timeline', args=[subject.id])}?kind=lists"
    lines: list[tuple[str, object]] = [
        ("年度计划", _from(plans, _wan(subject.plan_yuan))),
        (
            "本年完成",
            _from(address(subject.id, period.as_of), f"{_wan(result.numerator)}{mark}"),
        ),
        ("完成率", percent(rate)),
        ("时间进度", percent(told["time_progress"])),
        ("比时间进度", _gap(told)),
        ("上年同期", _from(address(subject.id, period.year_before.as_of), _wan(ago))),
        ("分期计划到本期", _from(plans, _wan(subject.slice_yuan))),
        ("总投资", _wan(subject.total_yuan)),
        ("建设性质", Nature(subject.nature).label),
        *_days(subject),
        *((code, "是" if value else "否") for code, value in subject.judgements.items()),
    ]
    if not subject.is_appraised:
        lines.append(("参加考核", "否"))
    return lines


def _days(subject: Subject) -> list[tuple[str, str]]:
    given = GivenDays().read([subject.id])
    frozen = (
        (DateKind.PLANNED, Milestone.START, subject.planned_start),
        (DateKind.ACTUAL, Milestone.START, subject.actual_start),
        (DateKind.PLANNED, Milestone.COMPLETION, subject.planned_completion),
        (DateKind.ACTUAL, Milestone.COMPLETION, subject.actual_completion),
    )
    return [
        (f"{kind.label}{milestone.label}", given.text(subject.id, milestone, kind, on))
        for kind, milestone, on in frozen
    ]


def _from(source: str, words: str) -> SafeString | str:
    """A figure as a link to where it comes from; a dash has no source."""
    return words if words == "—" else format_html('<a href="{}">{}</a>', source, words)


def _gap(told: dict[str, Any]) -> SafeString | str:
    gap = told["gap_to_time_progress"]
    if gap is None:
        return "—"
    note = gap_note(told)
    return format_html("{}个百分点{}", points(gap), f"（{note}）" if note else "")


def _wan(yuan: int | None) -> str:
    return "—" if yuan is None else f"{Decimal(wan_text(yuan)):,}万元"
