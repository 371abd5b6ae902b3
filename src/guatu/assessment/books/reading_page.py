"""One book read like the 办法: each clause in our words, its rules as sentences beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString

from guatu.assessment.books import history_page
from guatu.assessment.books.effect import judges_rounds
from guatu.assessment.books.limits import held_limits
from guatu.assessment.books.markdown import rendered
from guatu.assessment.books.queries import Version
from guatu.engines.rulebook import Book, RulebookError
from guatu.engines.rulebook.checking import BookText, read_text_of
from guatu.engines.rulebook.checking.examples import differences
from guatu.engines.rulebook.checking.text import clauses_named
from guatu.engines.rulebook.evaluate import catalogue_of, compile_whole
from guatu.engines.rulebook.examples import parse_examples
from guatu.engines.rulebook.facts import AS_OF
from guatu.engines.rulebook.reciting import recite
from guatu.engines.rulebook.results import outcome_json
from guatu.engines.rulebook.run import Outcome, Run, run_book
from guatu.engines.rulebook.types import Interpretation, Measure
from guatu.engines.rulebook.why import why
from guatu.engines.rulebook.wording import value_text


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as a sentence; `subject` is named where it is not the book's main one. One line of
    a rule is its anchor, where reasons point to."""

    rule: str
    text: str
    subject: str
    explained: str
    is_anchor: bool = False


@dataclass(slots=True)
class Clause:
    """A clause with the rules that name it, and what of it is no rule and why."""

    name: str
    body: SafeString
    lines: list[Line] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    questions: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tried:
    """One subject of a worked example: what is given, what comes out and why, whether it should."""

    name: str
    facts: list[str]
    results: list[str]
    reasons: list[str]
    wrong: list[str]


def explained(interpretation: Interpretation | None) -> str:
    """`原文未明，市重点办2025年3月1日解释：…`."""
    if interpretation is None:
        return ""
    on = interpretation.on
    day = f"{on.year}年{on.month}月{on.day}日"
    return f"原文未明，{interpretation.by}{day}解释：{interpretation.why}"


def clauses_of(book: Book, text: BookText) -> tuple[list[Clause], list[Line]]:
    """The clauses in order, each with its rules; and the rules whose clause the text lacks."""
    found = {one.name: Clause(one.name, rendered(one.body)) for one in text.clauses}
    rest: list[Line] = []
    for clause, line in _lines(book):
        places = [found[name] for name in clauses_named(clause, found) if name in found]
        for number, place in enumerate(places):
            place.lines.append(line if not number else replace(line, is_anchor=False))
        if not places:
            rest.append(line)
    for noted in book.noted:
        for name in clauses_named(noted.clause, found):
            if name in found:
                found[name].noted.append(noted.says)
    for number, one in enumerate(book.opens, 1):
        line = Line(f"疑问.{number}", one.question, "", explained(one.interpretation))
        for name in clauses_named(one.clause, found):
            if name in found:
                found[name].questions.append(line)
    return list(found.values()), rest


def _lines(book: Book) -> Iterable[tuple[str, Line]]:
    """Every rule's sentence with its clause, what is taken for granted first."""
    for number, one in enumerate(book.assumptions, 1):
        measure = catalogue_of(book, one.subject)[one.measure]
        text = f"没有记录的，“{one.measure}”视为{value_text(one.value, measure)}"
        yield one.clause, Line(f"假定.{number}", text, "", explained(one.interpretation))
    seen: set[str] = set()
    for told in recite(book):
        subject = "" if told.subject == book.subject else told.subject
        said = explained(told.interpretation)
        yield told.clause, Line(told.rule, told.text, subject, said, told.rule not in seen)
        seen.add(told.rule)


def measures_of(book: Book) -> list[tuple[str, Measure]]:
    """What the book's rules read and somebody must give, with the kind of subject."""
    return [
        (subject, evaluator.catalogue[name])
        for subject in book.judged
        for evaluator in (compile_whole(book, subject=subject),)
        for name in evaluator.measures
        if name != AS_OF
    ]


def examples_of(version: Version) -> list[Tried]:
    """The worked examples, run now. Empty where they cannot be read."""
    try:
        examples = parse_examples(version.examples, version.book, source="examples.toml")
    except RulebookError:
        return []
    found = []
    for example in examples:
        run = run_book(version.book, [one.subject for one in example.subjects], as_of=example.as_of)
        for one, outcome in zip(example.subjects, run.outcomes, strict=True):
            many = len(example.subjects) > 1
            name = f"{example.name}（{one.subject.id}）" if many else example.name
            found.append(
                Tried(
                    name,
                    _facts(version.book, outcome),
                    _results(run, outcome),
                    [reason.text for reason in why(run, outcome)],
                    list(differences(one.expect, run, outcome)),
                )
            )
    return found


def _facts(book: Book, outcome: Outcome) -> list[str]:
    catalogue = catalogue_of(book, outcome.subject.kind)
    return [
        f"{name}：{value_text(value, catalogue[name])}"  # type: ignore[arg-type]
        for name, value in outcome.subject.facts.items()
        if name != AS_OF and value is not None and catalogue.find(name) is not None
    ]


def _results(run: Run, outcome: Outcome) -> list[str]:
    """What comes out, one line each."""
    told = outcome_json(run, outcome)
    lines = [f"灯：{told['light']['label']}"] if told["light"] else []
    lines += [f"{one['name']}：{one['points'] or '无数据'}分" for one in told["scores"]]
    if not told["scores"]:
        lines += [f"{one['name']}：{one['points'] or '无数据'}分" for one in told["parts"]]
    lines += [f"{one['name']}：{one['label'] or '未规定'}" for one in told["grades"]]
    lines += [f"{one['name']}：{one['status']}" for one in told["lists"]]
    lines += [f"{one['name']}：{one['yuan']}元" for one in told["money"] if one["yuan"] is not None]
    lines += [f"措施：{one['text']}" for one in told["acts"]]
    lines += [f"{one['name']}：{one['state']}" for one in told.get("ladders", ())]
    lines += [f"{one['name']}：{one['status']}" for one in told.get("clocks", ())]
    lines += [f"{one['name']}：{one['outcome']}" for one in told.get("checklists", ())]
    lines += [f"{one['act']}：{one['on']}" for one in told["due"]]
    lines += [f"{one['name']}：{one['step'] or '办结'}" for one in told.get("works", ())]
    if "path" in told:
        lines.append(f"合计{told['path']['takes']}个工作日")
    return lines


def whole(version: Version, *, with_draft: bool) -> dict[str, Any]:
    """The page of a published book: what it says, beside its versions and its draft."""
    return {
        **page(version),
        **history_page.beside(version, with_draft=with_draft),
        "is_usable": judges_rounds(version.book),
        "limits": held_limits(version.book),
    }


def page(version: Version) -> dict[str, Any]:
    """What the book says, for the page that is read and printed."""
    text = read_text_of(version.text)
    clauses, rest = clauses_of(version.book, text)
    return {
        "version": version,
        "book": version.book,
        "title": version.book.title,
        "introduction": rendered(text.introduction),
        "clauses": clauses,
        "rest": rest,
        "left_open": rendered(text.left_open),
        "measures": measures_of(version.book),
        "examples": examples_of(version),
    }
