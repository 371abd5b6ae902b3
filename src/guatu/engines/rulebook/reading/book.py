"""From the text of `rulebook.toml` to a `Book`, or to every fault at once (M-D3)."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from datetime import date
from decimal import Decimal

from guatu.core.errors import Fault
from guatu.engines.rulebook.dependencies import graph_of, kinds_taken
from guatu.engines.rulebook.reading.context import SUBJECTS, Reading
from guatu.engines.rulebook.reading.cycles import circle_in
from guatu.engines.rulebook.reading.labels import read_labels
from guatu.engines.rulebook.reading.lights import read_assumptions, read_gates, read_lights
from guatu.engines.rulebook.reading.measures import declare_measures, read_measures
from guatu.engines.rulebook.reading.names import declare_outputs
from guatu.engines.rulebook.reading.outputs import (
    read_act_rules,
    read_exemptions,
    read_grades,
    read_lists,
    read_money,
    read_noted,
    read_opens,
    read_partitions,
)
from guatu.engines.rulebook.reading.procedures import declare_recorded, read_procedures_of
from guatu.engines.rulebook.reading.scores import read_parts, read_scores
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    ActRule,
    Book,
    Grade,
    Light,
    ListRule,
    Measure,
    Money,
    Part,
    RulebookError,
    Score,
)

FORMAT = 2
"""The newest form of books this program reads; the first form is a part of it."""

LONGEST = 400_000
"""Characters; the longest published 办法 is a tenth of it."""

_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def parse_book(text: str, *, source: str) -> Book:
    """Read a book. `source` names the file in faults. Raises RulebookError with all faults."""
    return read_table(read_toml(text, source), source=source)


def read_table(table: dict[str, object], *, source: str) -> Book:
    """Read a book from its parsed tables. Raises RulebookError with all faults."""
    reading = Reading(table, source)
    _refuse_newer(reading)
    book = _read(reading, digest_of(table))
    if not reading.faults.found:
        _refuse_circles(reading, book)
    if reading.faults.found:
        raise RulebookError(*reading.faults.found)
    return book


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

    Raises RulebookError when the text is too long or no TOML.
    """
    if len(text) > LONGEST:
        remedy = f"最多{LONGEST // 10000}万字；一部办法写一本，附表放在text.md"
        what = f"文件有{len(text) // 10000}万字，太长"
        raise RulebookError(Fault(code="too-long", what=what, remedy=remedy, file=source))
    try:
        return tomllib.loads(text, parse_float=_decimal)
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
    version = head.whole("version")
    title = head.text("title", required=False, default=book_id)
    source = head.text("source", required=False)
    compare = head.choice("compare", ("unrounded", "printed"))
    head.finish()
    reading.labels = read_labels(reading.root)
    combine = reading.root.choice("combine", ("worst",), default="worst")
    declared = declare_measures(reading)
    names = declare_outputs(reading, declared)
    names += declare_recorded(reading, names)
    reading.know(names)
    measures = read_measures(reading, declared)
    measures += tuple(one for one in names if one.operator in ("output", "event"))
    reading.know(measures)
    gates = read_gates(reading, "scope") + read_gates(reading, "due")
    assumptions = read_assumptions(reading)
    lights = read_lights(reading)
    parts = read_parts(reading)
    scores = read_scores(reading, parts)
    grades, lists, acts = read_grades(reading), read_lists(reading), read_act_rules(reading)
    money, partitions = read_money(reading), read_partitions(reading)
    rules: list[Light | Part | Score | Grade | ListRule | ActRule | Money] = [
        *lights,
        *parts,
        *scores,
        *grades,
        *lists,
        *acts,
        *money,
    ]
    waivable = {(one.subject, one.id) for one in lights}
    waivable |= {(one.subject, one.id) for one in lists}
    waivable |= {(one.subject, one.id) for one in acts}
    waivable |= {(one.subject, one.id) for one in money}
    waivable |= {(part.subject, one.id) for part in parts for one in part.each}
    exemptions = read_exemptions(reading, waivable)
    procedures = read_procedures_of(reading)
    noted, opens = read_noted(reading), read_opens(reading)
    if not (rules or partitions or exemptions or procedures):
        reading.faults.add(
            "", "没有一条规则", "至少写一条，例如[[light]]、[[part]]、[[grade]]、[[calendar]]"
        )
    reading.root.finish()
    return Book(
        id=book_id,
        version=version,
        valid_from=valid_from or date.min,
        valid_until=valid_until,
        subject=reading.subject,
        compare=compare,
        title=title,
        source=source,
        combine=combine,
        labels=reading.labels,
        gates=gates,
        assumptions=assumptions,
        lights=lights,
        digest=digest,
        kinds=kinds,
        measures=measures,
        parts=parts,
        scores=scores,
        grades=grades,
        lists=lists,
        acts=acts,
        exemptions=exemptions,
        money=money,
        partitions=partitions,
        procedures=procedures,
        noted=noted,
        opens=opens,
    )


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
