"""A content in numbers as the page shows them: totals, lights, what does not count. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from guatu.assessment.judging import Assessed
from guatu.assessment.presenters import figures, gap_note
from guatu.assessment.sifting import WORST_FIRST
from guatu.assessment.types import MARK_PROXY, MARK_QUESTIONED, MARK_UNREVIEWED, Content
from guatu.engines.rulebook import Severity


@dataclass(frozen=True, slots=True)
class Light:
    """One kind of light: its severity, the rule book's word, how many."""

    severity: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """What a round says in total. `total` are the figures as papers print them."""

    total: dict[str, Any]
    lights: tuple[Light, ...]
    questioned: int = 0
    unconfirmed: int = 0
    unreviewed: int = 0
    notices: tuple[str, ...] = field(default=())

    @property
    def gap_note(self) -> str:
        """Why the printed gap is not the difference of the two printed rates; empty where it is."""
        return gap_note(self.total)


def narrowed(content: Content, project_ids: frozenset[int] | None) -> Content:
    """The content with only the projects that somebody sees; None: all of them."""
    if project_ids is None:
        return content
    return content.narrowed(project_ids)


def figures_of(assessed: Assessed) -> RoundFigures:
    """The numbers of a judged content."""
    marks = [one.mark for one in assessed.measured]
    return RoundFigures(
        figures(assessed.total, assessed.conventions),
        lights_of(assessed.total.lights, assessed),
        questioned=marks.count(MARK_QUESTIONED),
        unconfirmed=marks.count(MARK_PROXY),
        unreviewed=marks.count(MARK_UNREVIEWED),
        notices=assessed.notices,
    )


def lights_of(counts: dict[str, int], assessed: Assessed) -> tuple[Light, ...]:
    """The lights that there are, the gravest first."""
    labels = assessed.book.labels
    return tuple(
        Light(one.value, labels[one].label if one in labels else "", counts[one])
        for one in WORST_FIRST
        if counts.get(one)
    )


@dataclass(frozen=True, slots=True)
class LightChange:
    """A project whose light is another in the newer of two contents."""

    name: str
    old: str
    old_label: str
    new: str
    new_label: str


def light_changes(before: Assessed, after: Assessed) -> list[LightChange]:
    """Projects in both contents whose light differs."""
    old = {one.subject.id: one.verdict for one in before.measured}
    return [
        LightChange(
            one.subject.name,
            old[one.subject.id].overall.value,
            old[one.subject.id].label,
            one.verdict.overall.value,
            one.verdict.label,
        )
        for one in after.measured
        if one.subject.id in old and old[one.subject.id].overall != one.verdict.overall
    ]


_COMPARED = (
    ("projects", "项目数", "个"),
    ("annual_plan_yuan", "年度计划投资", "yuan"),
    ("completed_yuan", "累计完成投资", "yuan"),
    ("completion_rate", "年度计划完成率", "%"),
    ("gap_to_time_progress", "与时间进度之差", "个百分点"),
    ("without_data", "无数据", "个"),
    ("started", "已开工", "个"),
)


@dataclass(frozen=True, slots=True)
class TotalChange:
    """One total in two contents."""

    label: str
    unit: str
    old: Any
    new: Any

    @property
    def is_changed(self) -> bool:
        """Whether it differs."""
        return bool(self.old != self.new)

    @property
    def is_money(self) -> bool:
        """Whether the values are yuan."""
        return self.unit == "yuan"


def total_changes(before: RoundFigures, after: RoundFigures) -> list[TotalChange]:
    """The totals of two contents side by side, lights after them."""
    rows = [
        TotalChange(label, unit, before.total[key], after.total[key])
        for key, label, unit in _COMPARED
    ]
    old = {one.severity: one.count for one in before.lights}
    new = {one.severity: one.count for one in after.lights}
    words = {one.severity: one.label for one in (*before.lights, *after.lights)}
    rows += [
        TotalChange(words[name] or _WORDS.get(name, name), "个", old.get(name, 0), new.get(name, 0))
        for name in (one.value for one in WORST_FIRST)
        if name in words and name != Severity.NO_DATA.value
    ]
    return rows


_WORDS = {"not_due": "未到期", "not_in_scope": "不在范围", "undecided": "未判定"}
