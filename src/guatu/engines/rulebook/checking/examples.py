"""Do the worked examples of a book come out?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from guatu.core.errors import Fault
from guatu.engines.rulebook.checking.procedures import differences_of_procedures
from guatu.engines.rulebook.examples import Example, Expectation
from guatu.engines.rulebook.partitions import partitions_of
from guatu.engines.rulebook.procedures.acts import plain_number
from guatu.engines.rulebook.results import (
    act_json,
    exact_points,
    listing_text,
    main_score,
    score_text,
)
from guatu.engines.rulebook.run import Called, Outcome, Run, run_book
from guatu.engines.rulebook.types import Book, FactValue, Pair, Settings, Severity
from guatu.engines.rulebook.wording import value_text


def faults_of_examples(
    book: Book, examples: Iterable[Example], *, settings: Settings | None = None, source: str = ""
) -> tuple[Fault, ...]:
    """Examples whose numbers do not come out, and kinds of subject without an example."""
    faults: list[Fault] = []
    untried = set(book.judged) if _judges(book) else set()
    for example in examples:
        subjects = [one.subject for one in example.subjects]
        untried -= {one.kind for one in subjects}
        run = run_book(book, subjects, as_of=example.as_of, settings=settings)
        for one, outcome in zip(example.subjects, run.outcomes, strict=True):
            who = f"的“{one.subject.id}”" if len(subjects) > 1 else ""
            faults += [
                Fault(
                    code="example-differs", what=f"算例“{example.name}”{who}：{line}", file=source
                )
                for line in differences(one.expect, run, outcome)
            ]
    for subject in sorted(untried):
        what = f"没有{subject}的算例"
        remedy = "每种对象至少写一个算例，最好每条界线两侧各一个"
        faults.append(Fault(code="no-example", what=what, remedy=remedy, file=source))
    return tuple(faults)


def _judges(book: Book) -> bool:
    return bool(
        book.procedures
        or book.partitions
        or book.lights
        or book.scores
        or book.grades
        or book.lists
        or book.money
        or book.acts
    )


def differences(expect: Expectation, run: Run, outcome: Outcome) -> list[str]:
    """Chinese lines for what an example expects and the run does not give."""
    return [
        *_lights(expect, run, outcome),
        *_points(expect, run, outcome),
        *_named(expect.grades, {one.name: one.label or "未规定" for one in outcome.grades}),
        *_named(expect.lists, {one.name: listing_text(one) for one in outcome.lists}),
        *_acts(expect, outcome),
        *_money(expect, outcome),
        *_figures(expect, run, outcome),
        *differences_of_procedures(expect, outcome.proceedings),
        *_partitions(expect, run),
    ]


def _partitions(expect: Expectation, run: Run) -> Iterable[str]:
    """Counts of a partition over all subjects of the example."""
    if not expect.partitions:
        return
    found = {one.name: one for one in partitions_of(run)}
    for name, counts in expect.partitions.items():
        got = {**found[name].counts, "合计": found[name].total, "没有登记": found[name].unknown}
        for state, number in counts.items():
            if got.get(state) != number:
                yield f"“{name}”的“{state}”应为{number}，算得{got.get(state, '没有这一项')}"


def _lights(expect: Expectation, run: Run, outcome: Outcome) -> Iterable[str]:
    verdict = outcome.verdict
    if verdict is None:
        if expect.overall is not None or expect.label:
            yield f"办法没有写{outcome.subject.kind}亮什么灯"
        return
    if expect.overall is not None and verdict.overall is not expect.overall:
        evaluator = run.evaluators[outcome.subject.kind]
        reasons = evaluator.explain_frame(outcome.subject.facts, outcome.frame)
        why = "；".join(reason.text for reason in reasons)
        got_light = _light_told(verdict.label, verdict.overall)
        yield f"应为{_light_of(run.book, expect.overall)}，算得{got_light}（{why}）"
    if expect.label and verdict.label != expect.label:
        yield f"应显示“{expect.label}”，算得“{verdict.label}”"
    lights = {light.dimension: light for light in verdict.lights}
    for dimension, severity in expect.lights.items():
        light = lights.get(dimension)
        if light is None or light.severity is not severity:
            told = _light_told(light.label, light.severity) if light else "没有这一维度"
            yield f"维度“{dimension}”应为{_light_of(run.book, severity)}，算得{told}"


def _light_of(book: Book, severity: Severity) -> str:
    return _light_told(book.labels[severity].label, severity)


def _light_told(label: str, severity: Severity) -> str:
    """`红（serious）`: what officials call it, and what the text of the example calls it."""
    return f"{label}（{severity}）"


def _points(expect: Expectation, run: Run, outcome: Outcome) -> Iterable[str]:
    if expect.score:
        main = main_score(run, outcome)
        got = None if main is None else score_text(run, main, outcome.subject.kind)
        parts = "、".join(
            f"{one.name}{exact_points(one.points) or '无数据'}" for one in outcome.parts
        )
        if _shown(got) != expect.score:
            yield f"应得{expect.score}分，算得{_shown(got)}（{parts}）"
    scores = {one.name: score_text(run, one, outcome.subject.kind) for one in outcome.scores}
    for name, text in expect.scores.items():
        if _shown(scores[name]) != text:
            yield f"“{name}”应为{text}，算得{_shown(scores[name])}"
    parts_by_name: dict[str, Pair | None] = {one.name: one.points for one in outcome.parts}
    for name, points in expect.parts.items():
        got_points = parts_by_name[name]
        if not _same(points, got_points):
            yield (
                f"得分项“{name}”应为{exact_points(points) or '无数据'}，"
                f"算得{exact_points(got_points) or '无数据'}"
            )


def _shown(text: str | None) -> str:
    return "无数据" if text is None else text


def _same(left: Pair | None, right: Pair | None) -> bool:
    if left is None or right is None:
        return left is right
    return left[0] * right[1] == right[0] * left[1]


def _named(expected: Mapping[str, str], got: Mapping[str, str]) -> Iterable[str]:
    for name, text in expected.items():
        if got[name] != text:
            yield f"“{name}”应为“{text}”，算得“{got[name]}”"


def _acts(expect: Expectation, outcome: Outcome) -> Iterable[str]:
    if expect.acts is None:
        return
    got = sorted(one.act.act for one in outcome.acts)
    wanted = sorted(str(one["act"]) for one in expect.acts)
    if got != wanted:
        yield f"措施应为{'、'.join(wanted) or '没有'}，算得{'、'.join(got) or '没有'}"
        return
    left = [_act_keys(one) for one in outcome.acts]
    for one in expect.acts:
        found = next((row for row in left if all(_is(row[k], v) for k, v in one.items())), None)
        if found is None:
            seen = next(row for row in left if row["act"] == one["act"])
            told = "、".join(f"{key}={seen[key]}" for key in one if key != "act")
            yield f"措施“{one['act']}”的内容不符，算得{told}"
        else:
            left.remove(found)


def _act_keys(done: Called) -> dict[str, object]:
    """What of an act an example may compare, under the keys a book writes it with."""
    act = done.act
    share = None if act.share is None else f"{plain_number(act.share * 100)}%"
    more = {"what": "、".join(act.what) or None, "at_most": share, "base": act.base or None}
    lasts = None if act.lasts is None else str(act.lasts)
    return {**act_json(act), **more, "for": lasts, "on": done.due_on}


def _is(got: object, wanted: object) -> bool:
    if isinstance(wanted, list):
        wanted = "、".join(map(str, wanted))
    return got == wanted if isinstance(wanted, date) else str(got) == str(wanted)


def _money(expect: Expectation, outcome: Outcome) -> Iterable[str]:
    got = {one.name: one.yuan for one in outcome.money}
    for name, yuan in expect.money.items():
        if name not in got and yuan not in (0, None):
            yield f"“{name}”应为{_money_told(yuan)}，算得不适用"
        elif name in got and got[name] != yuan:
            yield f"“{name}”应为{_money_told(yuan)}，算得{_money_told(got[name])}"


def _money_told(yuan: object) -> str:
    return "无数据" if yuan is None else f"{yuan}元"


def _figures(expect: Expectation, run: Run, outcome: Outcome) -> Iterable[str]:
    evaluator = run.evaluators[outcome.subject.kind]
    for name, value in expect.figures.items():
        slot = evaluator.plan.exact.get(name)
        if slot is None:
            yield f"没有规则用到“{name}”"
            continue
        got: FactValue = outcome.frame[slot]
        if not _equal(value, got):
            measure = evaluator.catalogue[name]
            yield f"“{name}”应为{value_text(value, measure)}，算得{value_text(got, measure)}"


def _equal(left: FactValue, right: FactValue) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right) == 2:
        a, b = left, right
        if all(isinstance(one, int) for one in (*a, *b)):
            return bool(a[0] * b[1] == b[0] * a[1])  # type: ignore[operator]
    return left == right
