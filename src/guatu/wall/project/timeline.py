"""Everything that happened to a project, newest first: dates, figures, lights, reports, duties,
names, lists, and the acts of the journal that touched its own rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.urls import reverse

from guatu.core import clock
from guatu.journal.models import Change
from guatu.journal.words import act_label
from guatu.ledger.models import (
    Judgement,
    ListEntry,
    Project,
    ProjectAlias,
    RecordedValue,
    Responsibility,
)
from guatu.ledger.queries import values_of
from guatu.ledger.types import ResponsibilityRole, SubjectKind
from guatu.ledger.values import read_aloud
from guatu.planning.days import shown_day
from guatu.planning.types import DateKind, milestone_words
from guatu.reporting.basis.models import IndicatorBasis
from guatu.reporting.models import Figure, Report
from guatu.reporting.types import IndicatorUnit, ReportSource, ReportState
from guatu.ui.tables import Page
from guatu.ui.templatetags.guatu import money
from guatu.wall.project import queries
from guatu.wall.project.people import name_behind, shown_name

_SIZE = 40
_FOLDED_FROM = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, what, who, and where to read more.

    `at` is the instant of the act that told it, `told_on` its day where that is another than the
    event's own. An act with many changes has them as its `parts`.
    """

    on: date
    kind: str
    what: str
    by: str = ""
    note: str = ""
    href: str = ""
    severity: str = ""
    label: str = ""
    at: datetime | None = None
    act: str = ""
    told_on: date | None = None
    parts: tuple[Event, ...] = ()


def _day(at: datetime) -> date:
    return at.astimezone(clock.CHINA).date()


def _dates(project: Project) -> Iterator[Event]:
    for (milestone, kind), facts in queries.dates(project.pk).items():
        words = f"{DateKind(kind).label}{milestone_words(milestone)}"
        for place, fact in enumerate(facts):
            shown = shown_day(fact) or "撤回"
            before = f"（原{shown_day(facts[place - 1]) or '空'}）" if place else ""
            if before == f"（原{shown}）":
                before = "（再次填报，未变）"
            first = "首次承诺：" if not place and kind == DateKind.PLANNED else ""
            note = fact.reason or (f"原文“{fact.raw_text}”" if fact.raw_text else "")
            what = f"{first}{words}{shown}{before}"
            yield Event(_day(fact.at), "dates", what, queries.by_of(fact), note, at=fact.at)


def _figures(project: Project) -> Iterator[Event]:
    if project.__dict__.get("has_new_basis", True):
        yield from _bases(project)
    for figure in queries.figures(project.pk):
        is_money = figure.indicator.unit == IndicatorUnit.YUAN
        value = "未报"
        if figure.value is not None:
            value = f"{money(figure.value, '万元')}万元" if is_money else str(figure.value)
        parts = [
            f"{figure.imported.name} {figure.cell}".strip() if figure.imported else "",
            figure.reason,
            "" if figure.is_current else "已被更正",
        ]
        yield Event(
            figure.as_of,
            "figures",
            f"{figure.indicator.name}{value}",
            queries.by_of(figure),
            "；".join(one for one in parts if one),
            told_on=_day(figure.at),
        )


def _bases(project: Project) -> Iterator[Event]:
    """Changes of basis of what the project reports: figures before and after are not the same."""
    told = Figure.objects.filter(project=project).values("indicator_id")
    rows = IndicatorBasis.objects.filter(indicator__in=told, valid_from__lte=clock.today())
    for row in rows.select_related("indicator").order_by("valid_from", "pk"):
        what = f"{row.indicator.name}改口径（{row.get_source_display()}数），与以前的数口径不同"
        yield Event(row.valid_from, "figures", what, row.by, row.reason, told_on=_day(row.at))


def _lights(project: Project) -> Iterator[Event]:
    for result in queries.results(project.pk):
        the_round = result.run.snapshot.round
        revision = result.run.snapshot.revision
        yield Event(
            the_round.period.last_on,
            "lights",
            f"{the_round}" + (f"（第{revision}版）" if revision > 1 else ""),
            href=reverse("why", args=[the_round.pk, project.pk]),
            severity=result.verdict,
            label=result.label,
        )


def _reports(project: Project) -> Iterator[Event]:
    rows = Report.objects.filter(project=project).select_related("period")
    rows = rows.annotate(by_name=name_behind("by"))
    for report in rows:
        said = [report.progress_text, f"问题：{report.problem_text}" if report.problem_text else ""]
        state, source = ReportState(report.state).label, ReportSource(report.source).label
        yield Event(
            report.period.last_on,
            "reports",
            f"{report.period.label}月报（{source}，{state}）",
            queries.by_of(report),
            "；".join(one for one in said if one),
            told_on=_day(report.at),
        )


def _duties(project: Project) -> Iterator[Event]:
    for duty in queries.duties(project.pk):
        role, name = ResponsibilityRole(duty.role).label, queries.bearer(duty)
        yield Event(duty.valid_from, "duties", f"{role}：{name}", note=duty.basis)
        if duty.valid_to:
            yield Event(duty.valid_to, "duties", f"{role}{name}任期止", note=duty.basis)


def _names(project: Project) -> Iterator[Event]:
    for alias in ProjectAlias.objects.filter(project=project, withdrawal__isnull=True):
        yield Event(alias.valid_from, "names", f"又名“{alias.name}”")


def _lists(project: Project) -> Iterator[Event]:
    for one in queries.entries(project.pk):
        entry = one.entry
        what = f"列入{entry.list}第{entry.serial_no}号"
        yield Event(entry.joined_on, "lists", what, note=entry.joined_by)
        if entry.left_on:
            yield Event(entry.left_on, "lists", f"调出{entry.list}", note=entry.reason)
        for plan in one.plans:
            amount = f"{money(plan.amount_yuan, '万元')}万元"
            what = f"{entry.list.year}年度计划第{plan.version}版：{amount}"
            yield Event(_day(plan.at), "lists", what, plan.by, at=plan.at)


def _records(project: Project) -> Iterator[Event]:
    rows = values_of(SubjectKind.PROJECT, [project.pk]).annotate(by_name=name_behind("by"))
    for row in rows:
        by = shown_name(row.by, row.__dict__["by_name"])
        yield _recorded(model_to_dict(row) | {"on": row.on}, by, row.at)


def _recorded(row: dict[str, Any], by: str, at: datetime, act: str = "") -> Event:
    """A recorded value, from its row or from its image in the journal."""
    on = row["on"] if isinstance(row["on"], date) else date.fromisoformat(row["on"])
    done = "更正" if row.get("replaces_id") or row.get("replaces") else "登记"
    what = f"{done}{row['measure']}：{read_aloud(row['value'], row['form'])}"
    if row["is_withdrawal"]:
        what = f"撤回{row['measure']}{on}的登记"
    return Event(on, "records", what, by, row["basis"], at=at, act=act, told_on=_day(at))


_LABELS = {
    "name": "名称",
    "national_code": "项目代码",
    "site": "建设地点",
    "content": "建设内容",
    "total_yuan": "总投资",
    "stage": "阶段",
    "declared_parts": "子项目数",
    "region_id": "地区",
    "sector_id": "行业",
    "package_id": "所属打包项目",
    "phase_of_id": "分期",
    "is_package": "是否打包",
    "removed_on": "移出日期",
    "kind": "类别",
    "serial_no": "序号",
    "nature": "建设性质",
    "tier": "层级",
    "project_class": "类别",
    "is_appraised": "参加考核",
    "left_on": "调出日期",
    "reason": "理由",
    "valid_to": "任期止",
}
_PLAIN = {"name", "national_code", "site", "stage", "declared_parts", "serial_no", "tier"}
_OWN: tuple[tuple[type[Any], str], ...] = (
    (ListEntry, "清单项"),
    (Responsibility, "责任"),
    (ProjectAlias, "别名"),
    (Judgement, "认定"),
    (RecordedValue, "登记"),
)


def _acts(project: Project) -> Iterator[Event]:
    """Acts that wrote the project's own row or what hangs on it, with what they changed; of
    recorded values what was recorded."""
    tables = {Project._meta.db_table: "项目", **{m._meta.db_table: w for m, w in _OWN}}
    mine = Q(table=Project._meta.db_table, row_id=project.pk)
    for model, _ in _OWN:
        ids = model.objects.filter(project=project).values("pk")
        mine |= Q(table=model._meta.db_table, row_id__in=ids)
    changes = Change.objects.filter(mine).select_related("entry").defer("entry__body")
    changes = changes.annotate(by_name=name_behind("entry__actor_text"))
    last: dict[tuple[str, int], dict[str, Any]] = {}
    for change in changes.order_by("entry_id", "n"):
        after = json.loads(change.after)
        before = last.get((change.table, change.row_id))
        last[change.table, change.row_id] = after
        entry = change.entry
        by = shown_name(entry.actor_text, change.__dict__["by_name"])
        if change.table == RecordedValue._meta.db_table:
            yield _recorded(after, by, entry.at, act_label(entry.act))
            continue
        yield Event(
            _day(entry.at),
            "acts",
            f"{act_label(entry.act)}：{tables[change.table]}",
            by,
            _difference(before, after),
            at=entry.at,
            act=act_label(entry.act),
        )


def _difference(before: dict[str, Any] | None, after: dict[str, Any]) -> str:
    """What an act changed in a row; long texts and references by their word alone."""
    if before is None:
        return "新增"
    told = []
    for name, words in _LABELS.items():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name == "total_yuan":
            told.append(f"{words}{_yi(old)}→{_yi(new)}")
        elif name in _PLAIN:
            told.append(f"{words}“{old or ''}”→“{new or ''}”")
        else:
            told.append(words)
    return "改" + "、".join(told) if told else ""


def _yi(yuan: int | None) -> str:
    return "空" if yuan is None else f"{money(yuan)}亿元"


KINDS: dict[str, tuple[str, Callable[[Project], Iterable[Event]]]] = {
    "lights": ("亮灯", _lights),
    "figures": ("数", _figures),
    "reports": ("月报", _reports),
    "dates": ("时间", _dates),
    "lists": ("清单和计划", _lists),
    "duties": ("责任", _duties),
    "names": ("别名", _names),
    "records": ("登记", _records),
    "acts": ("办理记录", _acts),
}
"""What a timeline can be narrowed to: its word, and who tells it."""


def folded(events: Sequence[Event]) -> list[Event]:
    """The changes of one act as one line that opens: what was read from one workbook would else
    bury everything that happened since. Acts of few changes stay as they are."""
    acts = {event.at: event for event in events if event.act}
    parts: dict[datetime, list[Event]] = defaultdict(list)
    for event in events:
        if event.at is not None and event.at in acts:
            parts[event.at].append(event)
    shown = []
    for event in events:
        own = parts.get(event.at, []) if event.at else []
        if len(own) < _FOLDED_FROM:
            shown.append(event)
        elif event is own[0]:
            act = acts[event.at]
            what = f"{act.act}：{len(own)}项改动"
            shown.append(Event(act.on, "acts", what, act.by, parts=tuple(own)))
    return shown


def _told(event: Event) -> dict[str, Any]:
    return {
        "kind": KINDS[event.kind][0],
        "event": event,
        "parts": [_told(part) for part in event.parts],
    }


def timeline(project: Project, query: QueryDict) -> dict[str, Any]:
    """One page of the timeline of a project that the user sees, newest first."""
    asked = query.get("kind", "")
    # The acts tell the recorded values too, without a query of their own.
    kinds = [asked] if asked in KINDS else [kind for kind in KINDS if kind != "records"]
    events = [event for kind in kinds for event in KINDS[kind][1](project)]
    if asked == "acts":
        events = [event for event in events if event.kind == asked]
    events.sort(key=lambda event: event.on, reverse=True)
    if asked in ("", "acts") or asked not in KINDS:
        events = folded(events)
    place = Page.of(query, len(events), _SIZE)
    shown = events[place.start : place.start + place.size]
    return {
        "project": project,
        "kind": asked if asked in KINDS else "",
        "kinds": [(key, words) for key, (words, _) in KINDS.items()],
        "events": [_told(event) for event in shown],
        "page": place,
    }
