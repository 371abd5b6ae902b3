"""Why a subject has everything a book says of it: rule, figures, limits, one sentence each (M-D3).

A scalar run that tells what it touched; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from guatu.engines.rulebook.dependencies import of_money, of_operator, of_stated
from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.explain import Explanation
from guatu.engines.rulebook.procedures.clock_state import LABELS as CLOCK_WORDS
from guatu.engines.rulebook.procedures.clock_state import ClockStatus
from guatu.engines.rulebook.reciting import amount_words
from guatu.engines.rulebook.results import exact_points, listing_text, points_text
from guatu.engines.rulebook.results_of_procedures import checklist_word
from guatu.engines.rulebook.run import Outcome, Run
from guatu.engines.rulebook.scoring import compile_each
from guatu.engines.rulebook.types import (
    Condition,
    Interpretation,
    Part,
    PointsCases,
    Reason,
)
from guatu.engines.rulebook.wording import interpretation_text, money_text


def why(run: Run, outcome: Outcome) -> tuple[Reason, ...]:
    """All reasons behind an outcome: lights, points, grades, lists, acts, money, ranks."""
    evaluator = run.evaluators[outcome.subject.kind]
    teller = evaluator.explanation(outcome.subject.facts, outcome.frame)
    lights: tuple[Reason, ...] = ()
    if outcome.verdict is not None:
        lights = evaluator.explain_frame(outcome.subject.facts, outcome.frame)
    if not outcome.is_judged:
        return (*lights, *_lists(evaluator, teller, outcome))
    return (
        *lights,
        *_parts(evaluator, teller, outcome),
        *_scores(evaluator, teller, outcome),
        *_grades(evaluator, teller, outcome),
        *_lists(evaluator, teller, outcome),
        *_acts(evaluator, teller, outcome),
        *_money(evaluator, teller, outcome),
        *_ranks(evaluator, teller, outcome),
        *_procedures(outcome),
    )


def _told(teller: Explanation, condition: Condition) -> str:
    grounds = teller.grounds(condition)
    return "，".join(dict.fromkeys(one.words for one in grounds)) or "没有条件"


def _parts(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    for part in evaluator.book.parts:
        if part.subject != outcome.subject.kind:
            continue
        points = outcome.frame[evaluator.plan.exact[part.name]]
        got = exact_points(points)
        told = [*_operator(teller, part), *_events(evaluator, part, outcome)]
        if part.override and outcome.frame[evaluator.plan.exact[part.override]] is not None:
            told.append(f"以核定为准：{teller.shown(part.override)}")
        if part.zero_when is not None and teller.truth(part.zero_when.when):
            told.append(f"{_told(teller, part.zero_when.when)}，记0分")
        ending = f"得{got}分" if got is not None else "无数据"
        text = (
            f"{part.name}：{'；'.join((*told, ending))}{interpretation_text(part.interpretation)}"
        )
        full = exact_points(part.full)
        yield Reason(part.id, part.clause, part.name, ending, f"满分{full}分", text)


def _operator(teller: Explanation, part: Part) -> list[str]:
    operator = part.operator
    if isinstance(operator, PointsCases):
        for case in operator.cases:
            holds = teller.truth(case.when)
            if holds is not False:
                return [_told(teller, case.when) + interpretation_text(case.interpretation)]
        return ["不在各档之内"]
    return [teller.shown(name) for name in dict.fromkeys(of_operator(operator))]


def _events(evaluator: Evaluator, part: Part, outcome: Outcome) -> Iterable[str]:
    for each in part.each:
        if evaluator.is_waived(each.id, outcome.frame):
            yield f"{each.event or '该项'}免予计算"
            continue
        points, count = compile_each(each, evaluator)(outcome.subject.facts, outcome.frame)
        if not points:
            continue
        name = each.event or (each.stated.text if each.stated else "")
        yield f"{name}{count}次，{_signed(points)}分"


def _signed(points: Fraction) -> str:
    shown = exact_points(points.as_integer_ratio()) or "0"
    return shown if points < 0 else f"+{shown}"


def _scores(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    rules = {one.name: one for one in evaluator.book.scores if one.subject == evaluator.subject}
    for score in outcome.scores:
        rule = rules[score.name]
        terms = [
            f"{name}{exact_points(outcome.frame[evaluator.plan.exact[name]]) or '无数据'}"
            for name in rule.parts
        ]
        vetoes = [veto for veto in rule.vetoes if teller.truth(veto.stated.when)]
        got = points_text(score.points, rule.digits, rule.rounding)
        ending = "无数据" if got is None else f"{got}分"
        text = f"{score.name}＝{'＋'.join(terms)}＝{ending}"
        for veto in vetoes:
            text = f"{score.name}被否决：{_told(teller, veto.stated.when)}，{ending}"
        text += interpretation_text(rule.interpretation)
        clause = vetoes[0].clause if vetoes else rule.clause
        yield Reason(vetoes[0].id if vetoes else rule.id, clause, score.name, ending, "", text)


def _grades(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    rules = {one.name: one for one in evaluator.book.grades if one.subject == evaluator.subject}
    for grade in outcome.grades:
        cases = {case.id: case for case in rules[grade.name].cases}
        label = grade.label or "未规定"
        case = cases.get(grade.rule)
        if case is not None:
            told = _told(teller, case.when) + interpretation_text(case.interpretation)
        else:
            first = next(
                (one for one in rules[grade.name].cases if teller.truth(one.when) is None), None
            )
            told = _told(teller, first.when) if first else "原文没有规定这种情形"
        text = f"{grade.name}为“{label}”：{told}"
        yield Reason(grade.rule, grade.clause, grade.name, label, "", text)


def _lists(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    rules = {one.id: one for one in evaluator.book.lists}
    for listing in outcome.lists:
        rule = rules[listing.rule]
        status = listing_text(listing)
        told = _told(teller, rule.stated.when)
        if listing.may_skip and rule.may_skip is not None:
            told += f"；{_told(teller, rule.may_skip.when)}"
        if evaluator.is_waived(rule.id, outcome.frame):
            told = "已豁免"
        text = f"“{listing.name}”{status}：{told}{interpretation_text(rule.interpretation)}"
        yield Reason(rule.id, rule.clause, listing.name, status, "", text)


def _acts(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    stated: dict[str, tuple[Condition, Interpretation | None]] = {
        one.id: (one.stated.when, one.interpretation) for one in evaluator.book.acts
    }
    stated |= {one.id: (one.stated.when, one.interpretation) for one in evaluator.book.exemptions}
    for called in outcome.acts:
        if called.rule not in stated:
            continue
        when, interpretation = stated[called.rule]
        text = f"{called.act}：{_told(teller, when)}{interpretation_text(interpretation)}"
        yield Reason(called.rule, called.clause, "措施", called.act.act, "", text)


def _money(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    rules = {one.id: one for one in evaluator.book.money}
    for amount in outcome.money:
        rule = rules[amount.rule]
        got = "无数据" if amount.yuan is None else money_text(amount.yuan)
        names = [one for one in of_money(rule) if one not in of_stated(rule.stated)]
        figures = "，".join(teller.shown(name) for name in names)
        told = _told(teller, rule.stated.when)
        text = f"{amount.name}{got}：{told}；{amount_words(rule, evaluator.catalogue)}"
        text += f"；{figures}" if figures else ""
        text += interpretation_text(rule.interpretation)
        yield Reason(rule.id, rule.clause, amount.name, got, "", text)


def _ranks(evaluator: Evaluator, teller: Explanation, outcome: Outcome) -> Iterable[Reason]:
    for measure in evaluator.book.measures:
        if measure.operator != "rank" or outcome.subject.kind not in measure.subjects:
            continue
        rank = outcome.ranks[measure.name]
        value = "不排名" if rank is None else f"第{rank}"
        text = f"{measure.name}：{teller.shown(measure.of[0])}，{value}"
        yield Reason(measure.name, "", measure.name, value, "", text)


def _procedures(outcome: Outcome) -> Iterable[Reason]:
    """Ladders, clocks, checklists and duties in a sentence each; what could not be told."""
    told = outcome.proceedings
    for name, state in told.ladders.items():
        moves = "，".join(f"{one.on}因“{one.event}”到“{one.to}”" for one in state.moves[-3:])
        text = f"{name}在“{state.state}”" + (f"：{moves}" if moves else "")
        text += "".join(f"；{one}" for one in state.outlook)
        clause = state.moves[-1].clause if state.moves else ""
        yield Reason(name, clause, name, state.state, "", text)
    for name, clock in told.clocks.items():
        if clock.status is not ClockStatus.NOT_APPLICABLE:
            status = CLOCK_WORDS[clock.status]
            yield Reason(name, "", name, status, "", f"{name}{status}：{clock.why}")
    for name, verdict in told.checklists.items():
        word = checklist_word(verdict)
        yield Reason(name, "", name, word, "", f"{name}{word}：{'；'.join(verdict.sentences)}")
    for name, verdicts in told.duties.items():
        for duty in verdicts:
            yield Reason(name, "", duty.who, str(duty.done), str(duty.needed), duty.why)
    for one in (*told.violations, *told.doubts):
        yield Reason("", "", "", "", "", one)
