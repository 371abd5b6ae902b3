"""Checking a book before it is used: does it read, and do its worked examples come out?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from guatu.core.errors import Fault
from guatu.engines.rulebook.books import EXAMPLES, TEXT, load_book, place_of
from guatu.engines.rulebook.evaluate import Evaluator, compile_book
from guatu.engines.rulebook.examples import Example, load_examples
from guatu.engines.rulebook.types import Book, RulebookError, Settings, Verdict


def check_folder(folder: Path) -> tuple[Fault, ...]:
    """Everything wrong with the book in a folder; empty when it can be used.

    Faults of form (unknown measures, silence about missing data, incomplete interpretations)
    first; the examples are run only on a book without them.
    """
    faults: list[Fault] = []
    if not (folder / TEXT).is_file():
        what = "缺少text.md，应以自己的话写明各条内容和出处"
        faults.append(Fault(code="no-text", what=what, file=place_of(folder / TEXT)))
    book: Book | None = None
    examples: tuple[Example, ...] = ()
    try:
        book = load_book(folder)
    except RulebookError as error:
        faults += error.faults
    try:
        examples = load_examples(folder)
    except RulebookError as error:
        faults += error.faults
    if book is not None and not faults:
        faults += check_book(book, examples, source=place_of(folder / EXAMPLES))
    return tuple(faults)


def check_book(
    book: Book, examples: Iterable[Example], *, settings: Settings | None = None, source: str = ""
) -> tuple[Fault, ...]:
    """The examples whose verdicts do not come out, and kinds of subject without an example."""
    faults: list[Fault] = []
    evaluators = {subject: compile_book(book, settings, subject=subject) for subject in lit(book)}
    untried = set(evaluators)
    for example in examples:
        subject = example.subject or book.subject
        untried.discard(subject)
        evaluator = evaluators.get(subject)
        if evaluator is None:
            wrong = [f"办法没有写{subject}亮什么灯"]
        else:
            wrong = differences(example, evaluator.verdict(example.facts), evaluator)
        faults += [
            Fault(code="example-differs", what=f"算例“{example.name}”：{line}", file=source)
            for line in wrong
        ]
    for subject in sorted(untried):
        what = f"没有{subject}的算例"
        remedy = "每种对象至少写一个算例，最好每条界线两侧各一个"
        faults.append(Fault(code="no-example", what=what, remedy=remedy, file=source))
    return tuple(faults)


def lit(book: Book) -> tuple[str, ...]:
    """The kinds of subject that have lights in the book."""
    return tuple(dict.fromkeys(light.subject for light in book.lights))


def differences(example: Example, verdict: Verdict, evaluator: Evaluator) -> list[str]:
    """Chinese lines for what an example expects and the verdict does not give."""
    found = []
    if verdict.overall is not example.overall:
        why = "；".join(reason.text for reason in evaluator.explain(example.facts))
        found.append(f"应为{example.overall}，算得{verdict.overall}（{why}）")
    if example.label and verdict.label != example.label:
        found.append(f"应显示“{example.label}”，算得“{verdict.label}”")
    lights = {light.dimension: light.severity for light in verdict.lights}
    for dimension, severity in example.lights.items():
        got = lights.get(dimension)
        if got is not severity:
            found.append(f"维度“{dimension}”应为{severity}，算得{got or '没有这一维度'}")
    return found
