"""Procedures in words: ladders, calendars, clocks, checklists, items, workflows, duties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.procedures import (
    Act,
    Calendar,
    Checklist,
    Clock,
    Duty,
    Item,
    Ladder,
    Precedence,
    Shift,
    Span,
    TotalLimit,
    Waiver,
    When,
    Workflow,
)
from guatu.engines.rulebook.procedures.calendars import Deadline
from guatu.engines.rulebook.procedures.checklists import Agreement, Doc, Rule
from guatu.engines.rulebook.procedures.clocks import Part
from guatu.engines.rulebook.procedures.items import Release
from guatu.engines.rulebook.procedures.ladders import OVERDUE, WHOLE, Step
from guatu.engines.rulebook.procedures.reading import Head, SpanCase
from guatu.engines.rulebook.procedures.tables import Procedures
from guatu.engines.rulebook.procedures.terms import Every
from guatu.engines.rulebook.procedures.workflows import WorkStep
from guatu.engines.rulebook.types import Condition

type Say = Callable[[Condition, Catalogue], str]
type CatalogueFor = Callable[[str], Catalogue]
type Told = tuple[str, str]
"""A clause of its own (empty: the rule's) and the sentence."""

_SHIFTS = {
    Shift.LATER: "，遇放假顺延",
    Shift.EARLIER: "，遇放假提前",
    Shift.STAYS: "",
    Shift.DROPPED: "，遇放假取消",
}


class Reciter:
    """Says procedures in Chinese; `say` puts a condition into words."""

    def __init__(self, say: Say, catalogue_for: CatalogueFor) -> None:
        self._say = say
        self._catalogue_for = catalogue_for
        self._catalogue = catalogue_for("")

    def sentences(self, procedures: Procedures) -> Iterable[tuple[Head, int, Told]]:
        """Every procedure's head, the number of the sentence within it, and the sentence."""
        told: dict[type, Callable[..., Iterable[Told]]] = {
            Calendar: self._calendar,
            Clock: self._clock,
            Ladder: self._ladder,
            Checklist: self._checklist,
            Item: self._item,
            TotalLimit: self._total,
            Waiver: self._waiver,
            Precedence: self._precedence,
            Workflow: self._workflow,
            Duty: self._duty,
        }
        for table in fields(procedures):
            for rule in getattr(procedures, table.name):
                speak = told.get(type(rule))
                if speak is None:
                    continue
                self._catalogue = self._catalogue_for(rule.head.subject)
                for number, sentence in enumerate(speak(rule), 1):
                    yield rule.head, number, sentence

    def _if(self, when: When | None, after: str = "的") -> str:
        return "" if when is None else f"{self._say(when.condition, self._catalogue)}{after}，"

    def _unless(self, when: When | None) -> str:
        return "" if when is None else f"；{self._say(when.condition, self._catalogue)}的除外"

    def _spans(self, cases: Sequence[SpanCase]) -> str:
        return "；".join(
            f"{self._if(one.when)}{f'“{one.of}”' if one.of else one.span}" for one in cases
        )

    def _calendar(self, rule: Calendar) -> Iterable[Told]:
        days = "；".join(self._deadline(one) for one in rule.deadlines)
        text = f"{self._if(rule.when)}{_who(rule.by)}{_often(rule.rhythm.every)}“{rule.act}”"
        text += _to(rule.to)
        text += f"：{days}"
        if rule.rhythm.merge_first_two:
            text += "；1月和2月合为一期"
        for one in rule.sequels:
            text += f"；接着{_who(one.by)}“{one.act}”{_to(one.to)}：{self._deadline(one.deadline)}"
        if rule.denser is not None:
            more = "；".join(self._deadline(one) for one in rule.denser.deadlines)
            text += f"；{self._if(rule.denser.when)}改为{_often(rule.denser.rhythm.every)}：{more}"
        if rule.may_merge:
            text += f"；可与{'、'.join(rule.may_merge)}合并"
        if rule.from_on:
            text += f"；自{rule.from_on}起"
        if rule.until_on:
            text += f"；到{rule.until_on}止"
        yield "", text + _fields(rule.fields)

    def _deadline(self, one: Deadline) -> str:
        text = f"{self._if(one.when)}{one.text}{one.moment}"
        text += "，报上一期" if one.about_previous else ""
        text += f"，为期{one.lasts}" if one.lasts else ""
        return text + _SHIFTS[one.shift]

    def _clock(self, rule: Clock) -> Iterable[Told]:
        starts = "；".join(f"{self._if(one.when)}{one.event}" for one in rule.starts)
        text = f"{self._if(rule.when)}{rule.head.name}：自“{starts}”起"
        text += f"至“{'、'.join(rule.ends)}”止" if rule.ends else ""
        if rule.limits:
            text += f"，限{self._spans(rule.limits)}"
        if rule.promised:
            text += f"，承诺{rule.promised}"
        if rule.at_least:
            text += f"，至少{self._spans(rule.at_least)}"
        text += _SHIFTS[rule.shift]
        yield "", text
        for pause in rule.pauses:
            most = f"，最多扣除{pause.most}" if pause.most else ""
            last = "（当天起恢复计算）" if pause.counts_last else ""
            told = f"“{pause.begins}”至“{pause.ends}”{last}的时间不计{most}"
            yield "", f"{rule.head.name}：{told}"
        if rule.restarts:
            yield "", f"{rule.head.name}：“{'、'.join(rule.restarts)}”后重新起算"
        if rule.extension:
            more = rule.extension
            text = f"{rule.head.name}：{_who(more.by)}“{more.event}”的延长{more.span}"
            yield "", f"{text}，最多{more.times}次"
        if rule.parts:
            yield "", f"{rule.head.name}：分段为{'，'.join(map(_part, rule.parts))}"
        if rule.over:
            yield "", f"{rule.head.name}：逾期的，{_acts(rule.over)}"

    def _ladder(self, rule: Ladder) -> Iterable[Told]:
        window = f"{rule.months}个月" if rule.months else rule.window
        counted = "一直累计" if window == WHOLE else f"按{window}计次"
        yield (
            "",
            f"{rule.head.name}：按{rule.per}{counted}，从“{rule.start}”开始{self._unless(rule.unless)}",
        )
        for rung in rule.rungs:
            if rung.by or rung.how or rung.limit:
                limit = f"，限{rung.limit}" if rung.limit else ""
                yield "", f"“{rung.name}”由{rung.by or '有关单位'}办理{rung.how}{limit}"
        for step in rule.steps:
            yield step.clause, self._step(step)
        for close in rule.closes:
            origins = f"“{'、'.join(close.origins)}”" if close.origins else ""
            kept = "，级别保留" if close.keeps else f"，回到“{close.to}”"
            yield "", f"{origins}{'、'.join(close.on)}即了结{kept}"

    def _step(self, step: Step) -> str:
        on = "到期没有了结" if step.on == OVERDUE else step.on
        text = f"{self._if(step.when)}从“{'、'.join(step.origins)}”，{on}的，进入“{step.to}”"
        text += f"，{_acts(step.do)}" if step.do else ""
        text += f"，限{step.limit}" if step.limit else ""
        order = f"在“{step.order}”" if step.order else ""
        text += f"，期限按单登记{order}" if step.by_order else ""
        return text + self._unless(step.unless)

    def _checklist(self, rule: Checklist) -> Iterable[Told]:
        docs = "、".join(self._doc(one) for one in rule.all_of)
        text = f"{self._if(rule.when)}{rule.head.name}：" + (f"应有{docs}" if docs else "")
        for group in rule.any_of:
            text += f"{'；' if docs else ''}{'、'.join(map(self._doc, group))}至少一项"
            docs = docs or "…"
        yield "", text
        for one in rule.substitutes:
            reason = "，须写明理由" if one.needs_reason else ""
            yield (
                "",
                f"{rule.head.name}：{self._if(one.when)}可用{one.instead}代替{one.doc}{reason}",
            )
        for agreement in rule.agreements:
            yield "", f"{rule.head.name}：{_agreement(agreement)}"
        what = "、".join(rule.lenient) or "缺项"
        limit = f"，{_within(rule.limit)}补齐" if rule.limit else ""
        promise = "，可书面承诺后补" if rule.promise else ""
        yield "", f"{rule.head.name}：{what}不全的，{rule.on_missing.value}{limit}{promise}"

    def _doc(self, doc: Doc) -> str:
        told = [self._if(doc.when).rstrip("，")] if doc.when else []
        told += [f"{doc.copies}份"] if doc.copies > 1 else []
        told += [f"写明{'、'.join(doc.fields)}"] if doc.fields else []
        told += [f"{key}限{'、'.join(words)}" for key, words in doc.accepts.items()]
        told += [f"{key}不得为{'、'.join(words)}" for key, words in doc.refuses.items()]
        return f"{doc.name}（{'；'.join(told)}）" if told else doc.name

    def _item(self, rule: Item) -> Iterable[Told]:
        told = [
            f"{self._if(rule.when)}“{rule.head.name}”"
            + (f"由{_names(rule.by)}办理" if rule.by else "")
        ]
        told += [f"限{self._spans(rule.limits)}"] if rule.limits else []
        told += [f"在{'、'.join(rule.after)}之后"] if rule.after else []
        told += [f"在{'、'.join(group)}之一办结后" for group in rule.after_any]
        told += [f"与“{rule.group}”组并联"] if rule.group else []
        told += [self._release(rule.skip, "跳过")] if rule.skip else []
        told += [self._release(rule.waive, "免办")] if rule.waive else []
        told += ["可以提前预审"] if rule.pre_review else []
        if rule.merge:
            limit = f"，限{rule.merge.limit}" if rule.merge.limit else ""
            items = "、".join(rule.merge.items)
            told.append(f"{self._if(rule.merge.when)}与{items}合并办理{limit}")
        yield "", "，".join(told)

    def _release(self, release: Release, word: str) -> str:
        return f"{self._if(release.when)}{'可' if release.may else ''}{word}"

    def _total(self, rule: TotalLimit) -> Iterable[Told]:
        of = "、".join(rule.of) or "全部事项"
        yield "", f"{self._if(rule.when)}{rule.head.name}：{of}合计限{rule.limit}"

    def _waiver(self, rule: Waiver) -> Iterable[Told]:
        yield "", f"{self._if(rule.when)}{rule.head.name}：{'、'.join(rule.items)}免予单独办理"

    def _precedence(self, rule: Precedence) -> Iterable[Told]:
        told = [f"先后为{'、'.join(rule.order)}"] if rule.order else []
        told += [f"办{item}须先有{'、'.join(needed)}" for item, needed in rule.needs.items()]
        yield "", f"{self._if(rule.when)}{rule.head.name}：{'；'.join(told)}"

    def _workflow(self, rule: Workflow) -> Iterable[Told]:
        start = f"，自“{rule.start}”开始" if rule.start else ""
        names = "、".join(one.name for one in rule.steps)
        yield "", f"{self._if(rule.when)}{rule.head.name}：依次为{names}{start}"
        for step in rule.steps:
            yield "", self._work_step(step)
        for back in rule.returns:
            yield "", f"{'、'.join(back.origins)}时“{back.on}”的，退回“{back.to}”"
        if rule.stops:
            yield "", f"{'、'.join(rule.stops)}的，办理终止"

    def _work_step(self, step: WorkStep) -> str:
        text = f"{self._if(step.when)}“{step.name}”" + (
            f"由{_names(step.by)}办理" if step.by else ""
        )
        text += f"，“{step.on}”即完成" if step.on != step.name else ""
        text += f"，限{step.within}" if step.within else ""
        text += f"，办过{'、'.join(step.recuse)}的人回避" if step.recuse else ""
        return text + (f"，{_acts(step.do)}" if step.do else "")

    def _duty(self, rule: Duty) -> Iterable[Told]:
        often = f"{_often(rule.every)}至少{rule.at_least}次" if rule.every else ""
        per = f"对每个{rule.per}" if rule.per else ""
        text = f"{self._if(rule.when)}{_names(rule.who)}{per}{often}{'、'.join(rule.what)}"
        text += "，须有记录" if rule.record else ""
        text += f"；没做到的，{_acts(rule.missed)}" if rule.missed else ""
        yield "", text


def _names(by: tuple[str, ...]) -> str:
    return "、".join(by)


def _who(by: tuple[str, ...]) -> str:
    return f"{_names(by)}" if by else ""


def _to(to: tuple[str, ...]) -> str:
    return f"，交{_names(to)}" if to else ""


def _fields(names: tuple[str, ...]) -> str:
    return f"；要有{'、'.join(names)}" if names else ""


def _often(every: Every) -> str:
    return "" if every is Every.ONCE else every.value if every is Every.EACH else f"每{every.value}"


def _acts(acts: tuple[Act, ...]) -> str:
    return "；".join(map(str, acts))


def _part(part: Part) -> str:
    side = "并联" if len(part.names) > 1 else ""
    return f"{'、'.join(part.names)}{side}{part.span}"


def _within(span: Span) -> str:
    return f"{span}内" if span.count else "当日"


def _agreement(rule: Agreement) -> str:
    values = "、".join(rule.values)
    match rule.rule:
        case Rule.SUM:
            text = f"{values}之和应等于{rule.total}"
        case Rule.ORDER:
            text = f"{values}应依次不早于前者"
        case _:
            text = f"{values}应一致"
    return f"{text}（{rule.why}）" if rule.why else text
