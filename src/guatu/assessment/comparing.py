"""Two contents of one round, before and after: which projects differ, in what. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from guatu.assessment.types import Content, Subject
from guatu.core.yuan import wan_text
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.types import ReportState

_STATES = dict(ReportState.choices)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a project differs: what, and its old and new value as printed."""

    project_id: int
    name: str
    what: str
    old: str
    new: str


type DayWords = Callable[[int, Milestone, DateKind, date | None], str]


def exact(_: int, __: Milestone, ___: DateKind, on: date | None) -> str:
    """A date by its day."""
    return _shown(on)


def differences(before: Content, after: Content, day: DayWords = exact) -> list[Difference]:
    """Everything in which the projects of two contents differ, in the order of the newer one.

    `day` says a date of a project as exactly as it was given: a content holds its last day only.
    """
    old = {subject.id: subject for subject in before.subjects}
    found = []
    for subject in after.subjects:
        known = old.pop(subject.id, None)
        if known is None:
            found.append(Difference(subject.id, subject.name, "清单", "不在清单", "在清单"))
        elif known != subject:
            found += _of_subject(known, subject, after.as_of, day)
    gone = sorted(old.values(), key=lambda one: one.serial)
    found += [Difference(one.id, one.name, "清单", "在清单", "不在清单") for one in gone]
    return found


def moved_days(before: Content, after: Content) -> set[int]:
    """The projects of which a date differs."""
    old = {subject.id: subject for subject in before.subjects}
    return {
        one.id
        for one in after.subjects
        if one.id in old
        and any(getattr(one, name) != getattr(old[one.id], name) for name, _, _ in _DAYS)
    }


def _of_subject(
    before: Subject, after: Subject, as_of: date, day: DayWords
) -> Iterator[Difference]:
    def one(what: str, old: str, new: str) -> Difference:
        return Difference(after.id, after.name, what, old, new)

    old, new = before.figure_at(as_of), after.figure_at(as_of)
    if old != new:
        was = f"{_shown(old.value, money=True)}{_mark(old.mark)}" if old else "无数据"
        now = f"{_shown(new.value, money=True)}{_mark(new.mark)}" if new else "无数据"
        yield one("累计完成投资", was, now)
    earlier = [[f for f in s.investment if f.as_of != as_of] for s in (before, after)]
    if earlier[0] != earlier[1]:
        yield one("以前各期的累计数", f"{len(earlier[0])}期", f"{len(earlier[1])}期（有改动）")
    if before.investment_total != after.investment_total:
        totals = [s.investment_total[-1].value if s.investment_total else None
                  for s in (before, after)]  # fmt: skip
        yield one("自开工累计投资", *(_shown(value, money=True) for value in totals))
    for label, told in _FIELDS:
        if told(before) != told(after):
            yield one(label, told(before), told(after))
    yield from _of_recorded(before, after)
    for name, kind, milestone in _DAYS:
        was_on, now_on = getattr(before, name), getattr(after, name)
        if was_on != now_on:
            words = (day(after.id, milestone, kind, on) if on else "无" for on in (was_on, now_on))
            yield one(f"{kind.label}{milestone.label}时间", *words)


def _of_recorded(before: Subject, after: Subject) -> Iterator[Difference]:
    """Measures of which something else was recorded."""
    old, new = ({(r.measure, r.form): r.entries for r in s.recorded} for s in (before, after))
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key, ()), new.get(key, ())
        if was != now:
            words = (f"{len(one)}次" if one else "无" for one in (was, now))
            changed = "（有改动）" if was and now else ""
            told, shown = words
            yield Difference(after.id, after.name, f"登记的{key[0]}", told, shown + changed)


def _mark(mark: str) -> str:
    return f"（{mark}）" if mark else ""


def _shown(value: object, *, money: bool = False) -> str:
    if value is None or value == "" or value == {}:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if money and isinstance(value, int):
        return f"{wan_text(value)}万元"
    if isinstance(value, dict):
        return "、".join(f"{name}：{'是' if said else '否'}" for name, said in value.items())
    return str(value)


_FIELDS: tuple[tuple[str, Callable[[Subject], str]], ...] = (
    ("序号", lambda s: _shown(s.serial)),
    ("项目代码", lambda s: _shown(s.code)),
    ("项目名称", lambda s: _shown(s.name)),
    ("所属地区", lambda s: _shown(s.region)),
    ("责任单位", lambda s: _shown(s.unit)),
    ("行业领域", lambda s: _shown(s.sector)),
    ("建设性质", lambda s: _shown({"new": "新建", "continuing": "续建"}.get(s.nature, s.nature))),
    ("是否列入评定", lambda s: _shown(s.is_appraised)),
    ("子项目数", lambda s: _shown(s.parts)),
    ("总投资", lambda s: _shown(s.total_yuan, money=True)),
    ("年度计划投资", lambda s: _shown(s.plan_yuan, money=True)),
    ("分期计划", lambda s: _shown(s.slice_yuan, money=True)),
    ("纳统", lambda s: _shown(s.is_registered)),
    ("认定", lambda s: _shown(s.judgements)),
    ("月报状态", lambda s: _shown(_STATES.get(s.report_state, s.report_state))),
    ("形象进度", lambda s: _shown(s.progress)),
    ("存在问题", lambda s: _shown(s.problem)),
)
_DAYS = (
    ("planned_start", DateKind.PLANNED, Milestone.START),
    ("actual_start", DateKind.ACTUAL, Milestone.START),
    ("planned_completion", DateKind.PLANNED, Milestone.COMPLETION),
    ("actual_completion", DateKind.ACTUAL, Milestone.COMPLETION),
)
