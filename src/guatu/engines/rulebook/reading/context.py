"""What every reader of a part of a book shares: names, labels, ids, faults, literals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from guatu.engines.rulebook.catalogue import Catalogue, standard_catalogue
from guatu.engines.rulebook.expression import ConditionError, parse_condition
from guatu.engines.rulebook.facts import fact_of, percent_of, points_of
from guatu.engines.rulebook.reading.labels import STANDARD_LABELS
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import (
    PAIRED,
    All,
    Condition,
    Give,
    Kind,
    Measure,
    Pair,
    Severity,
    Stated,
    Value,
)

_NAMES = re.compile(r"\w+")

SUBJECTS = (
    "项目", "地区", "单位", "企业", "任务", "事项", "问题", "标段", "合同", "地块", "资金", "会议",
)  # fmt: skip
"""Kinds of subject every book knows; others are declared in `book.kinds`."""

UNREAD: Condition = All(())
"""What stands for a condition that could not be read: the check passes it over by identity."""

NOBODY = "值"
"""The name a condition on records gives to the record's own value."""


class Reading:
    """One pass over a parsed TOML; every part notes its own faults and goes on."""

    def __init__(self, table: dict[str, object], source: str) -> None:
        self.faults = Faults(source)
        self.root = Section(table, "", self.faults)
        self.labels: dict[Severity, Give] = dict(STANDARD_LABELS)
        self.subject = SUBJECTS[0]
        self.subjects: tuple[str, ...] = SUBJECTS
        self.ids: set[str] = set()
        self.unsound: set[str] = set()
        self._views: dict[str, Catalogue] = {}

    def know(self, measures: Iterable[Measure]) -> None:
        """From now on conditions may use the book's own names too."""
        own = tuple(measures)
        self._views = {
            subject: standard_catalogue().with_own(own, subject) for subject in self.subjects
        }

    def names(self, subject: str) -> Catalogue:
        """The measures that rules about this kind of subject may use."""
        found = self._views.get(subject)
        return found if found is not None else standard_catalogue().with_own((), subject)

    def subject_of(self, section: Section) -> str:
        """The kind of subject a rule is about; the book's main one unless it says."""
        return section.choice("subject", self.subjects, default=self.subject)

    def new_id(self, section: Section, derived: str, subject: str = "") -> str:
        """The rule's own id, or the one that follows from its name; never used twice.

        Rules of two kinds of subject may have one name: then the later id names its subject.
        """
        if derived in self.ids and subject and f"{subject}{derived}" not in self.ids:
            derived = f"{subject}{derived}"
        name = section.text("id", required=False, default=derived)
        if name in self.ids:
            section.fault(f"编号“{name}”重复", "每条规则的id不能相同")
        self.ids.add(name)
        return name

    def condition(self, section: Section, subject: str, key: str = "when") -> tuple[Condition, str]:
        """A required condition and its text."""
        text = section.text(key)
        return self.condition_of(text, section, subject), text

    def condition_of(self, text: str, section: Section, subject: str) -> Condition:
        """A condition from its text; a faulty one is noted, as far as it is its own fault."""
        unsound = self.unsound.intersection(_NAMES.findall(text))
        if text:
            try:
                found = parse_condition(text, self.names(subject), subject)
            except ConditionError as error:
                if not unsound or error.is_of_words:
                    section.fault(error.what, error.remedy, code="bad-condition")
            else:
                return UNREAD if unsound else found
        return UNREAD

    def stated(self, section: Section, subject: str, key: str = "when") -> Stated | None:
        """An optional condition."""
        if key not in section:
            return None
        when, text = self.condition(section, subject, key)
        return Stated(when, text)

    def measure(
        self, section: Section, key: str, subject: str, kinds: Iterable[Kind] = ()
    ) -> Measure | None:
        """The measure a key names; a fault with a suggestion when there is none."""
        return self.measure_of(section.text(key), section, subject, kinds)

    def measure_of(
        self, word: str, section: Section, subject: str, kinds: Iterable[Kind] = ()
    ) -> Measure | None:
        """The measure of that name, of one of these kinds."""
        names = self.names(subject)
        measure, wanted = names.find(word), tuple(kinds)
        if measure is None or subject not in measure.subjects:
            if measure is not None:
                whose = "、".join(measure.subjects)
                section.fault(f"“{measure.name}”是{whose}的量，不能用于{subject}")
            elif word:
                section.fault(f"不认识的量“{word}”", names.suggestion(word), code="unknown-measure")
            return None
        if measure.name in self.unsound:
            return None
        if wanted and measure.kind not in wanted:
            words = "、".join(KIND_WORDS_OF[kind] for kind in wanted)
            section.fault(f"“{measure.name}”是{KIND_WORDS_OF[measure.kind]}，这里要{words}")
            return None
        return measure

    def literal(self, section: Section, key: str, measure: Measure | None) -> Value:
        """A required value in the terms of a measure: 100 of a ratio is 100 %."""
        raw = section.peek(key)
        if raw is None:
            section.fault(f"缺少“{key}”")
            return 0
        return self.literal_of(raw, section, key, measure)

    def literal_of(self, raw: object, section: Section, key: str, measure: Measure | None) -> Value:
        """A value in the terms of a measure; bare numbers of a ratio are per cent."""
        if measure is None:
            return 0
        try:
            if measure.kind is Kind.RATIO and (pair := percent_of(raw)) is not None:
                return pair
            value = fact_of(raw, measure)
        except ValueError as error:
            section.fault(f"“{key}”：{error}")
            return (0, 1) if measure.kind in PAIRED else 0
        if value is None or (isinstance(value, tuple) and not value):
            section.fault(f"“{key}”要写一个值")
            return 0
        return value  # type: ignore[return-value]

    def points(self, section: Section, key: str, *, default: Pair | None = None) -> Pair:
        """Required points (unless there is a default): 3, -0.5, "2分"."""
        found = self.points_or_none(section, key)
        if found is not None:
            return found
        if default is None and key not in section:
            section.fault(f"缺少“{key}”", f"写成{key} = 5")
        return default or (0, 1)

    def points_or_none(self, section: Section, key: str) -> Pair | None:
        """Optional points."""
        raw = section.peek(key)
        if raw is None:
            return None
        pair = points_of(raw)
        if pair is None:
            section.fault(f"“{key}”应是分数", f"写成{key} = 5或{key} = 0.5")
        return pair

    def share(self, section: Section, key: str, *, default: Pair | None = None) -> Pair:
        """A share: 60 and "60%" are 60 %."""
        raw = section.peek(key)
        pair = None if raw is None else percent_of(raw)
        if pair is not None:
            return pair
        if default is None or raw is not None:
            section.fault(f"“{key}”应是百分数", f'写成{key} = "60%"')
        return default or (0, 1)


KIND_WORDS: Mapping[str, Kind] = {
    "金额": Kind.YUAN,
    "比率": Kind.RATIO,
    "分数": Kind.POINTS,
    "数量": Kind.QUANTITY,
    "个数": Kind.COUNT,
    "月数": Kind.MONTHS,
    "天数": Kind.DAYS,
    "日期": Kind.DAY,
    "是否": Kind.BOOL,
    "文字": Kind.TEXT,
    "记录": Kind.RECORDS,
}
KIND_WORDS_OF = {kind: word for word, kind in KIND_WORDS.items()} | {Kind.PAPERS: "材料"}
