"""From the text of `rulebook.toml` to a `Book`, or to every fault at once (M-D3)."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from guatu.core.errors import Fault
from guatu.engines.rulebook.dependencies import graph_of, kinds_taken
from guatu.engines.rulebook.reading.context import SUBJECTS, Reading
from guatu.engines.rulebook.reading.cycles import circle_in
from guatu.engines.rulebook.reading.labels import read_labels
from guatu.engines.rulebook.reading.lights import read_assumptions, read_gates, read_lights
from guatu.engines.rulebook.reading.measures import declare_measures, read_measures
from guatu.engines.rulebook.reading.money import read_money
from guatu.engines.rulebook.reading.names import declare_outputs
from guatu.engines.rulebook.reading.outputs import (
    read_act_rules,
    read_exemptions,
    read_grades,
    read_lists,
    read_noted,
    read_opens,
    read_partitions,
)
from guatu.engines.rulebook.reading.procedures import declare_recorded, read_procedures_of
from guatu.engines.rulebook.reading.scores import read_parts, read_scores
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.tables import TooMuch, tables_of
from guatu.engines.rulebook.types import (
    ActRule,
    Book,
    Light,
    ListRule,
    Measure,
    Money,
    RulebookError,
)

FORMAT = 2
"""The newest form of books this program reads; the first form is a part of it."""

_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def parse_book(text: str, *, source: str) -> Book:
    """Read a book. `source` names the file in faults. Raises RulebookError with all faults."""
    return read_table(read_toml(text, source), source=source)


def read_table(table: dict[str, object], *, source: str) -> Book:
    """Read a book from its parsed tables. Raises RulebookError with all faults."""
    book, faults = read_as_far(table, source=source)
    if faults:
        raise RulebookError(*faults)
    return book


def read_as_far(table: dict[str, object], *, source: str) -> tuple[Book, tuple[Fault, ...]]:
    """What could be read of a book and every fault: for a check that goes on, never to judge by.

    Raises RulebookError for a newer form, of which nothing can be read.
    """
    reading = Reading(table, source)
    _refuse_newer(reading)
    book = _read(reading, digest_of(table))
    if not reading.faults.found:
        _refuse_circles(reading, book)
    return book, tuple(reading.faults.found)


def digest_of(table: object) -> str:
    """`sm3:<hex>` of the canonical content: comments, order of keys and spacing do not matter."""
    canonical = json.dumps(
        table, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return "sm3:" + hashlib.new("sm3", canonical.encode()).hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def read_toml(text: str, source: str) -> dict[str, object]:
    """The tables of a book or of its examples; fractions stay exact decimals.

    Raises RulebookError when the text is out of bounds or no TOML.
    """
    try:
        return tables_of(text, parse_float=_decimal)
    except TooMuch as error:
        fault = Fault(code=error.code, what=error.what, remedy=error.remedy, file=source)
        raise RulebookError(fault) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError) as error:
        match = _TOML_PLACE.search(str(error))
        place = f"第{match[1]}行第{match[2]}列" if match else "文件末尾"
        remedy = "多为缺少引号、括号或逗号，中文键要加引号"
        raise RulebookError(
            Fault(code="bad-toml", what=f"{place}不合TOML写法", remedy=remedy, file=source)
        ) from error


def _decimal(text: str) -> Decimal:
    if len(text) > 30:
        raise ValueError("too many digits (at line 0, column 0)")
    return Decimal(text)


def _refuse_newer(reading: Reading) -> None:
    """A book of a newer form is refused before its unknown tables make a hundred faults."""
    form = reading.root.peek("format")
    if form is None:
        return
    if not isinstance(form, int) or isinstance(form, bool) or form < 1:
        reading.faults.add("", "“format”应是正整数", f"现在写format = {FORMAT}，也可以不写")
    elif form > FORMAT:
        raise RulebookError(
            Fault(
                code="newer-format",
                what=f"这部办法是第{form}种格式，本程序只认到第{FORMAT}种",
                remedy="请先升级程序，再用这部办法",
                file=reading.faults.file,
            )
        )


def _read(reading: Reading, digest: str) -> Book:
    """Every part in turn: names first, so that conditions anywhere may use them."""
    book = _read_head(reading, digest)
    reading.labels = read_labels(reading.root)
    combine = reading.root.choice("combine", ("worst",), default="worst")
    book = replace(book, labels=reading.labels, combine=combine, measures=_read_names(reading))
    book = replace(
        book,
        gates=read_gates(reading, "scope") + read_gates(reading, "due"),
        assumptions=read_assumptions(reading),
        lights=read_lights(reading),
        parts=(parts := read_parts(reading)),
        scores=read_scores(reading, parts),
        grades=read_grades(reading),
        lists=read_lists(reading),
        acts=read_act_rules(reading),
        money=read_money(reading),
        partitions=read_partitions(reading),
    )
    book = replace(
        book,
        exemptions=read_exemptions(reading, _waivable(book)),
        procedures=read_procedures_of(reading),
        noted=read_noted(reading),
        opens=read_opens(reading),
    )
    if not _has_rules(book):
        remedy = "至少写一条，例如[[light]]、[[part]]、[[grade]]、[[calendar]]"
        reading.faults.add("", "没有一条规则", remedy)
    reading.root.finish()
    return book


def _read_head(reading: Reading, digest: str) -> Book:
    """`[book]`: a book without rules, and the kinds of subject that its rules may be about."""
    head = Section(reading.root.peek("book") or {}, "book", reading.faults)
    book_id = head.text("id")
    if book_id and not _ID.fullmatch(book_id):
        head.fault(f"编号“{book_id}”写法不对", "用英文字母、数字和连字符")
    kinds = head.texts("kinds")
    reading.subjects = tuple(dict.fromkeys((*SUBJECTS, *kinds)))
    reading.subject = head.choice("subject", reading.subjects)
    valid_from, valid_until = head.day("from"), head.day("until", required=False)
    if valid_from and valid_until and valid_until < valid_from:
        head.fault("“until”早于“from”")
    book = Book(
        id=book_id,
        version=head.whole("version"),
        valid_from=valid_from or date.min,
        valid_until=valid_until,
        subject=reading.subject,
        compare=head.choice("compare", ("unrounded", "printed")),
        title=head.text("title", required=False, default=book_id),
        source=head.text("source", required=False),
        digest=digest,
        kinds=kinds,
        events=head.texts("events"),
    )
    head.finish()
    return book


def _read_names(reading: Reading) -> tuple[Measure, ...]:
    """All names of the book: its measures, what its rules find, what its procedures wait for."""
    declared = declare_measures(reading)
    names = declare_outputs(reading, declared)
    names += declare_recorded(reading, names)
    reading.know(names)
    measures = read_measures(reading, declared)
    measures += tuple(one for one in names if one.operator in ("output", "event"))
    reading.know(measures)
    return measures


def _waivable(book: Book) -> set[tuple[str, str]]:
    """What an exemption may take a subject out of: kind of subject and id of the rule."""
    rules: tuple[Light | ListRule | ActRule | Money, ...] = (
        *book.lights,
        *book.lists,
        *book.acts,
        *book.money,
    )
    found = {(one.subject, one.id) for one in rules}
    return found | {(part.subject, one.id) for part in book.parts for one in part.each}


def _has_rules(book: Book) -> bool:
    kinds = (
        book.lights,
        book.parts,
        book.scores,
        book.grades,
        book.lists,
        book.acts,
        book.money,
        book.partitions,
        book.exemptions,
        book.procedures,
    )
    return any(kinds)


def _refuse_circles(reading: Reading, book: Book) -> None:
    """Names that follow from each other: the members are named."""
    own: dict[tuple[str, str], Measure] = {
        (subject, one.name): one for one in book.measures for subject in one.subjects
    }
    graph = graph_of(book, own)
    circle = circle_in(
        [_flat(key) for key in graph],
        lambda name: [_flat(key) for key in graph.get(_key(name), ())],
    )
    if circle:
        names = [_key(name)[1] for name in (*circle, circle[0])]
        reading.faults.add("", f"循环：{' → '.join(names)}", "断开其中一处", code="circle")
        return
    taken = kinds_taken(book)
    kinds = circle_in(sorted(taken), lambda kind: taken.get(kind, ()))
    if kinds:
        told = " → ".join((*kinds, kinds[0]))
        reading.faults.add("", f"对象之间循环取数：{told}", "断开其中一处", code="circle")


def _flat(key: tuple[str, str]) -> str:
    return "\x00".join(key)


def _key(flat: str) -> tuple[str, str]:
    subject, _, name = flat.partition("\x00")
    return subject, name
