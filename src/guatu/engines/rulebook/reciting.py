"""A book read aloud: every rule as one Chinese sentence, to hold against its clause (M-D3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.reciting_points import each_words, operator_words, points_words
from guatu.engines.rulebook.reciting_procedures import Reciter
from guatu.engines.rulebook.types import (
    ActRule,
    All,
    AnyOf,
    Book,
    Condition,
    Exemption,
    Flag,
    GradeCase,
    Interpretation,
    Light,
    ListRule,
    Money,
    Not,
    Part,
    PointsCase,
    PointsCases,
    Score,
)
from guatu.engines.rulebook.wording import (
    lamp_of,
    leaf_limit,
    leaf_measure,
    limit_text,
    limit_words,
    money_text,
    number_text,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule in words: its id, its clause, who decided where the text is open."""

    rule: str
    clause: str
    subject: str
    text: str
    interpretation: Interpretation | None = None


def condition_words(condition: Condition, catalogue: Catalogue) -> str:
    """A condition in Chinese: `落后时间进度超过30个百分点且未竣工`."""
    match condition:
        case Not(Flag(name)):
            return catalogue[name].phrases.get("no", f"不是“{name}”")
        case Not(part):
            return f"并非（{condition_words(part, catalogue)}）"
        case All(parts):
            return "，且".join(_inner(part, catalogue) for part in parts) or "任何情形"
        case AnyOf(parts):
            return "，或者".join(_inner(part, catalogue) for part in parts)
        case Flag(name):
            return catalogue[name].phrases.get("yes", name)
    measure = catalogue[leaf_measure(condition)]
    return limit_words(leaf_limit(condition, catalogue), measure)


def _inner(part: Condition, catalogue: Catalogue) -> str:
    words = condition_words(part, catalogue)
    return f"（{words}）" if isinstance(part, All | AnyOf) else words


def recite(book: Book) -> tuple[Sentence, ...]:
    """Every rule of the book: what judges, in the order in which it judges; then procedures."""
    return (
        *(
            sentence
            for subject in book.judged
            for sentence in _of_subject(book, subject, catalogue_of(book, subject))
        ),
        *_of_procedures(book),
    )


def _of_procedures(book: Book) -> Iterable[Sentence]:
    """Ladders, calendars, clocks and the like; sentences of one name are numbered: `月报.1`."""
    if not book.procedures:
        return
    reciter = Reciter(condition_words, lambda subject: catalogue_of(book, subject or book.subject))
    said: Counter[str] = Counter()
    for head, number, (clause, text) in reciter.sentences(book.procedures):
        said[head.name] += 1
        yield Sentence(
            f"{head.name}.{said[head.name]}",
            clause or head.clause,
            head.subject or book.subject,
            text,
            head.interpretation if number == 1 else None,
        )


def _of_subject(book: Book, subject: str, catalogue: Catalogue) -> Iterable[Sentence]:
    for gate in book.gates:
        if gate.subject == subject:
            words = condition_words(gate.when, catalogue)
            missing = gate.missing.label if gate.missing else "按符合对待"
            text = f"{words}的才评，否则记为“{gate.refused.label}”；判不出时：{missing}"
            yield Sentence(gate.id, gate.clause, subject, text, gate.interpretation)
    for light in book.lights:
        if light.subject == subject:
            yield from _light(light, catalogue)
    for part in book.parts:
        if part.subject == subject:
            yield from _part(part, catalogue)
    for score in book.scores:
        if score.subject == subject:
            yield from _score(score, catalogue)
    yield from _outputs(book, subject, catalogue)


def _light(light: Light, catalogue: Catalogue) -> Iterable[Sentence]:
    for case in light.cases:
        acts = "；".join(map(str, case.acts))
        words = condition_words(case.when, catalogue)
        text = f"{light.dimension}：{words}，亮{lamp_of(case.give)}"
        text += f"，{acts}" if acts else ""
        yield Sentence(case.id, case.clause, light.subject, text, case.interpretation)
    left = "没有写到的情形待定" if light.left_open else ""
    text = f"{light.dimension}：缺数据时为“{light.missing.label}”" + (f"；{left}" if left else "")
    yield Sentence(f"{light.id}.缺数据", light.clause, light.subject, text, light.left_open)


def _part(part: Part, catalogue: Catalogue) -> Iterable[Sentence]:
    full = f"满分{points_words(part.full)}" if part.full[0] else "加减分项"
    told = [full]
    words = operator_words(part.operator, part.full, catalogue, condition_words)
    told += [words] if words else []
    told += [each_words(one, catalogue, condition_words) for one in part.each]
    if part.override:
        told.append(f"有“{part.override}”的以它为准")
    if part.zero_when:
        told.append(f"{condition_words(part.zero_when.when, catalogue)}的得0分")
    if part.floor is not None:
        told.append(f"最低{points_words(part.floor)}")
    if part.cap is not None:
        told.append(f"最高{points_words(part.cap)}")
    text = f"{part.name}：{'；'.join(told)}"
    yield Sentence(part.id, part.clause, part.subject, text, part.interpretation)
    for number, case in enumerate(_cases_of(part), 1):
        if case.interpretation is not None:
            told_of = f"{part.name}第{number}档：{condition_words(case.when, catalogue)}"
            yield Sentence(case.id, case.clause, part.subject, told_of, case.interpretation)


def _cases_of(part: Part) -> tuple[PointsCase, ...]:
    return part.operator.cases if isinstance(part.operator, PointsCases) else ()


def _score(score: Score, catalogue: Catalogue) -> Iterable[Sentence]:
    if score.weights:
        terms = [
            f"{name}×{number_text(100 * Fraction(*weight))}%"
            for name, weight in zip(score.parts, score.weights, strict=True)
        ]
    else:
        terms = list(score.parts)
    text = f"{score.name}＝{'＋'.join(terms)}"
    text += f"，最低{points_words(score.floor)}" if score.floor is not None else ""
    text += f"，最高{points_words(score.cap)}" if score.cap is not None else ""
    if score.rescaled and score.full is not None:
        text += f"，有不计入的项时折算成{points_words(score.full)}"
    yield Sentence(score.id, score.clause, score.subject, text, score.interpretation)
    for veto in score.vetoes:
        then = "被否决" if veto.points is None else f"记{points_words(veto.points)}"
        words = condition_words(veto.stated.when, catalogue)
        yield Sentence(veto.id, veto.clause, score.subject, f"{words}，{score.name}{then}")


def _outputs(book: Book, subject: str, catalogue: Catalogue) -> Iterable[Sentence]:
    for grade in book.grades:
        if grade.subject == subject:
            yield from (_graded(grade.name, subject, case, catalogue) for case in grade.cases)
    yield from (_listed(one, catalogue) for one in book.lists if one.subject == subject)
    yield from (_acting(one, catalogue) for one in book.acts if one.subject == subject)
    yield from (_exempt(one, catalogue) for one in book.exemptions if one.subject == subject)
    for amount in book.money:
        if amount.subject == subject:
            when = condition_words(amount.stated.when, catalogue)
            text = f"{when}：{amount_words(amount, catalogue)}"
            yield Sentence(amount.id, amount.clause, subject, text, amount.interpretation)
    for counted in book.partitions:
        if counted.subject == subject:
            text = f"按“{counted.of}”分：{'、'.join(counted.values)}，合计等于总数"
            yield Sentence(counted.id, counted.clause, subject, text)


def _graded(name: str, subject: str, case: GradeCase, catalogue: Catalogue) -> Sentence:
    acts = "；".join(map(str, case.acts))
    text = f"{name}：{condition_words(case.when, catalogue)}，为“{case.label}”"
    text += f"，{acts}" if acts else ""
    return Sentence(case.id, case.clause, subject, text, case.interpretation)


def _listed(rule: ListRule, catalogue: Catalogue) -> Sentence:
    text = f"{condition_words(rule.stated.when, catalogue)}，列入“{rule.name}”"
    if rule.may_skip:
        text += f"；{condition_words(rule.may_skip.when, catalogue)}的可不列入"
    text += "".join(f"；{act}" for act in rule.acts)
    return Sentence(rule.id, rule.clause, rule.subject, text, rule.interpretation)


def _acting(rule: ActRule, catalogue: Catalogue) -> Sentence:
    acts = "；".join(map(str, rule.acts))
    text = f"{condition_words(rule.stated.when, catalogue)}：{acts}"
    if rule.unless is not None:
        text += f"；除外：{condition_words(rule.unless.when, catalogue)}"
    text += "；由人选一种" if rule.choose_one else ""
    return Sentence(rule.id, rule.clause, rule.subject, text, rule.interpretation)


def _exempt(rule: Exemption, catalogue: Catalogue) -> Sentence:
    acts = "".join(f"；{act}" for act in rule.acts)
    waived = f"，不适用{'、'.join(rule.waives)}" if rule.waives else ""
    text = f"{condition_words(rule.stated.when, catalogue)}{waived}{acts}"
    return Sentence(rule.id, rule.clause, rule.subject, text, rule.interpretation)


def amount_words(rule: Money, catalogue: Catalogue) -> str:
    """How an amount of money is found: `奖励30万元`, `预付措施费总额的50%`."""
    if rule.amount is not None:
        text = f"{rule.way}{money_text(rule.amount)}"
    elif rule.share is not None:
        text = f"{rule.way}“{rule.of}”的{number_text(100 * Fraction(*rule.share))}%"
    elif rule.line is not None:
        line, measure = rule.line, catalogue[rule.line.of]
        text = (
            f"{rule.way}：{line.of}{limit_text(line.low, measure)}为{money_text(line.low_yuan)}，"
            f"{limit_text(line.high, measure)}为{money_text(line.high_yuan)}，之间按直线"
        )
    else:
        rows = "、".join(f"{key}为{money_text(yuan)}" for key, yuan in rule.rows)
        text = f"{rule.way}：按“{rule.of}”，{rows}"
    text += f"，乘以“{rule.per}”" if rule.per else ""
    if rule.late is not None:
        measure = catalogue[rule.late.of]
        text += (
            f"；{rule.late.of}每1{measure.unit}少{number_text(100 * Fraction(*rule.late.share))}%"
        )
    if rule.most is not None:
        text += f"；最多{money_text(rule.most)}"
    if rule.most_named:
        text += f"；不超过“{rule.most_named}”"
    return text
