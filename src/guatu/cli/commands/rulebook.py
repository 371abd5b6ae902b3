"""`guatu rulebook check | explain | run`: rule books as files, and those published here.

No database is needed: where there is one, its own books come before the installed ones.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import Namespace
from decimal import Decimal
from pathlib import Path

from guatu.assessment.books.queries import Version, find_version, own_versions
from guatu.assessment.books.texts import head_of
from guatu.assessment.models import RuleBookVersion
from guatu.cli.session import is_ready, write_json
from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook import (
    Book,
    RulebookError,
    check_file,
    find_book,
    load_book,
)
from guatu.engines.rulebook.answer import run_json
from guatu.engines.rulebook.books import SHELF, installed_books
from guatu.engines.rulebook.checking.book import Checked, check_texts
from guatu.engines.rulebook.counting import counted
from guatu.engines.rulebook.fact_file import MAX_BYTES, Population, read_population
from guatu.engines.rulebook.reciting import recite
from guatu.engines.rulebook.reciting_measures import recite_measures
from guatu.engines.rulebook.run import run_book

_HALF_SIGN = re.compile(r"\\u[dD][89a-fA-F]")
"""Where a letter is written by halves, which may have lost one another."""

MOST_FAULTS = 100
"""How many faults of a book are printed: whoever has more mends these first."""


def check(arguments: Namespace) -> int:
    """Check books; exit 2 when one of them has a fault. Without a name: all that are installed."""
    names = arguments.books or installed_books()
    failed = 0
    for name in names:
        checked = _checked(name) if arguments.books else check_file(SHELF / name)
        for notice in checked.notices:
            print(f"提示：{notice}")
        for fault in checked.faults[:MOST_FAULTS]:
            print(fault, file=sys.stderr)
        if len(checked.faults) > MOST_FAULTS:
            print(f"另有{len(checked.faults) - MOST_FAULTS}处没有列出。", file=sys.stderr)
        failed += bool(checked.faults)
        if checked.book is not None and not checked.faults:
            print(f"{checked.book.id} 第{checked.book.version}版：{counted(checked)}。没有问题。")
    if len(names) > 1:
        print(f"共{len(names)}部，{len(names) - failed}部没有问题，{failed}部有问题。")
    return 2 if failed else 0


def explain(arguments: Namespace) -> int:
    """Every rule as a sentence, under its clause."""
    book = _book(arguments.book)
    print(f"{book.title}（{book.id} 第{book.version}版，{book.valid_from}起）")
    for measure in recite_measures(book):
        print(f"  量：{measure.text}")
    clause = None
    for sentence in recite(book):
        if sentence.clause != clause:
            clause = sentence.clause
            print(f"\n【{clause or '总分'}】")
        print(f"  {sentence.rule}：{sentence.text}")
        if sentence.interpretation is not None:
            told = sentence.interpretation
            print(f"    原文未明，{told.by}{told.on}解释：{told.why}")
    for question in book.opens:
        told = question.interpretation
        print(f"\n【{question.clause}】{question.question}？{told.by}{told.on}解释：{told.why}")
    return 0


def run(arguments: Namespace) -> int:
    """Judge the subjects of a JSON file and print everything the book says."""
    book = _book(arguments.book)
    population = _population(arguments.facts, book)
    found = run_book(book, population.subjects, as_of=population.as_of)
    write_json(run_json(found, population, change=arguments.change), arguments.json or "-")
    return 0


def _checked(name: str) -> Checked:
    """The check of a folder, a file, a book published here, or an installed one."""
    version = _own_version(name)
    if version is not None:
        return check_texts(version.toml, version.text, version.examples)
    return check_file(_place(name))


def _book(name: str) -> Book:
    version = _own_version(name)
    return version.book if version is not None else load_book(_place(name))


def _own_version(name: str) -> Version | None:
    """The version in force today of the book published here under that id, as `assess` takes it;
    None for files, and where there is no database."""
    if Path(name).exists() or not is_ready():
        return None
    rows = own_versions(name)
    return find_version(rows[0].book, None, clock.today()) if rows else None


def _place(name: str) -> Path:
    """A folder, a file, or the folder of an installed book."""
    place = Path(name)
    if place.exists():
        return place
    if "/" in name or name.endswith(".toml"):
        raise BadInput(Fault("no-file", f"没有“{name}”", "请核对路径，或写办法的编号"))
    others = {row.book: head_of(row.toml).get("title", row.book) for row in _own_rows()}
    return SHELF / find_book(name, others=others).id


def _own_rows() -> list[RuleBookVersion]:
    return own_versions() if is_ready() else []


def _population(name: str, book: Book) -> Population:
    text = _facts_text(name)
    try:
        raw = json.loads(text, parse_float=Decimal, object_pairs_hook=_each_once)
        if _HALF_SIGN.search(text):
            json.dumps(raw, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError, ArithmeticError) as error:
        what = f"“{name}”不是JSON：{_json_fault(error)}"
        raise RulebookError(Fault("bad-json", what, "写法见docs/cli.md")) from error
    return read_population(raw, book, source=name)


class _Twice(ValueError):
    """A key that one object has two times: which of the values is meant, nobody knows."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _json_fault(error: Exception) -> str:
    """Where a text stops being JSON, in Chinese; Python says it in English."""
    match error:
        case _Twice():
            return f"“{str(error)[:40]}”在一个对象里写了两次"
        case json.JSONDecodeError(lineno=line, colno=column):
            return f"第{line}行第{column}列写得不对"
        case RecursionError():
            return "括号套得太深"
        case UnicodeEncodeError():
            return "里面有残缺的字符"
    return "有的数太长"


def _facts_text(name: str) -> str:
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        raise BadInput(Fault("no-file", f"“{name}”打不开", "请核对路径")) from error
    if len(data) > MAX_BYTES:
        what = f"“{name}”超过{MAX_BYTES // 1_000_000}MB"
        raise BadInput(Fault("too-long", what, "请分几次算，或在系统里测算"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(Fault("bad-encoding", f"“{name}”不是UTF-8编码", "请另存为UTF-8")) from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
