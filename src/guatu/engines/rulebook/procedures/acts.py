"""Effects: a closed list of verbs, each with who, to whom, within what time (rules.md).

A rule book names them; acting rooms perform them. Nothing here is done to a person beyond a
duty: no discipline, no control measures. What belongs to another authority is handed to it
(移送、建议问责).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures.durations import Span, add_span
from guatu.engines.rulebook.procedures.reading import (
    ReadCondition,
    When,
    read_span,
    read_texts,
    read_when,
)
from guatu.engines.rulebook.procedures.verbs import REFUSED, VERBS, Effect
from guatu.engines.rulebook.sections import Section


@dataclass(frozen=True, slots=True)
class Act:
    """One effect. `points` is negative for a deduction; `share` is at most, of `base`.

    `within` runs from the day of the act's cause, `lasts` from `since` (an event) or that day.
    """

    act: str
    effect: Effect
    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    within: Span | None = None
    lasts: Span | None = None
    since: str = ""
    until: str = ""
    account: tuple[str, ...] = ()
    points: Fraction | None = None
    share: Fraction | None = None
    base: str = ""
    may: bool = False
    when: When | None = None
    note: str = ""

    def __str__(self) -> str:
        """The act as one phrase: `分管副市长约谈主要负责人`."""
        told = f"{'可' if self.may else ''}{self.act}"
        phrase = f"{'、'.join(self.by)}{told}{'、'.join(self.of)}"
        tail = [f"向{'、'.join(self.to)}"] if self.to else []
        tail += [f"在{'、'.join(self.where)}"] if self.where else []
        tail += ["、".join(self.what)] if self.what else []
        tail += [f"会同{'、'.join(self.join)}"] if self.join else []
        if self.points is not None:
            tail.append(f"{'、'.join(self.account)}{plain_number(abs(self.points))}分")
        if self.share is not None:
            tail.append(f"不超过{self.base}的{plain_number(self.share * 100)}%")
        tail += [f"为期{self.lasts}"] if self.lasts else []
        tail += [f"{self.within}内" if self.within.count else "当日"] if self.within else []
        return phrase if not tail else f"{phrase}（{'，'.join(tail)}）"


@dataclass(frozen=True, slots=True)
class ActDue:
    """An act with the day it is to be done by; `doubt` says why there is none."""

    act: Act
    due_on: date | None
    doubt: str = ""


def plain_number(value: Fraction) -> str:
    """A fraction as a decimal without trailing zeros; fractions that never end keep the bar."""
    scaled = value * 10**6
    if scaled.denominator != 1:
        return str(value)
    return f"{float(value):f}".rstrip("0").rstrip(".") if value.denominator > 1 else str(value)


def due_acts(acts: tuple[Act, ...], cause_on: date, days: WorkCalendar) -> tuple[ActDue, ...]:
    """The acts with their due days, counted from the day of their cause."""
    return tuple(_due(act, cause_on, days) for act in acts)


def _due(act: Act, cause_on: date, days: WorkCalendar) -> ActDue:
    if act.within is None:
        return ActDue(act, None)
    try:
        return ActDue(act, add_span(cause_on, act.within, days))
    except CalendarUnknown as error:
        return ActDue(act, None, error.faults[0].what)


def read_acts(section: Section, key: str, read: ReadCondition) -> tuple[Act, ...]:
    """A list of acts; each may be a bare verb or a table `{act = …}`."""
    acts = []
    for number, table in enumerate(section.tables(key), 1):
        place = f"{section.place}的{key}第{number}项"
        if isinstance(table, str):
            table = {"act": table}
        act = read_act(Section(table, place, section.faults), read)
        if act is not None:
            acts.append(act)
    return tuple(acts)


def read_act(section: Section, read: ReadCondition) -> Act | None:
    """One act; None, with a fault, when its verb is not in the list."""
    word = section.text("act")
    points, share = _number(section, "points"), _share(section)
    verb = VERBS.get(word)
    if word and verb is None:
        _refuse(section, word)
    elif verb is not None:
        for key in verb.needs:
            if key not in section:
                section.fault(f"“{word}”缺少“{key}”", f"请补写{key}")
    if points is not None and verb is not None and verb.effect is Effect.DEDUCT:
        points = -abs(points)
    act = Act(
        act=word,
        effect=verb.effect if verb else Effect.NOTE,
        by=read_texts(section, "by"),
        to=read_texts(section, "to"),
        of=read_texts(section, "of"),
        join=read_texts(section, "with"),
        where=read_texts(section, "where"),
        what=read_texts(section, "what"),
        fields=read_texts(section, "fields"),
        within=read_span(section, "within"),
        lasts=read_span(section, "for"),
        since=section.text("since", required=False),
        until=section.text("until", required=False),
        account=read_texts(section, "account"),
        points=points,
        share=share,
        base=section.text("base", required=share is not None),
        may=section.flag("may"),
        when=read_when(section, "when", read),
        note=section.text("note", required=False),
    )
    section.finish()
    return act if verb else None


def _refuse(section: Section, word: str) -> None:
    if word in REFUSED:
        section.fault(
            f"不能写“{word}”：办法只产生对项目和职责的处理，不产生对个人的处分和管控",
            "需要追究的写“建议问责”或“移送”，由有权机关依规处理",
            code="refused-act",
        )
        return
    near = get_close_matches(word, VERBS, n=1, cutoff=0.4)
    inside = [verb for verb in VERBS if verb in word]
    if near or inside:
        remedy = f"是不是“{(inside or near)[0]}”"
    else:
        remedy = "动作只能用清单里的，见docs/rulebooks/procedures.md"
    section.fault(f"不认识的动作“{word}”", remedy, code="unknown-act")


def _number(section: Section, key: str) -> Fraction | None:
    value = section.peek(key)
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, float):
        # The shortest decimal that reads back is what was written: 0.3 is three tenths.
        return Fraction(repr(value))
    section.fault(f"“{key}”应是数", f"写成{key} = -0.3，不加引号")
    return None


def _share(section: Section) -> Fraction | None:
    text = section.text("at_most", required=False)
    if not text:
        return None
    digits = text.removesuffix("%")
    if text != digits and digits.replace(".", "", 1).isdigit():
        return Fraction(digits) / 100
    section.fault("“at_most”应是百分比", 'at_most = "20%"')
    return None
