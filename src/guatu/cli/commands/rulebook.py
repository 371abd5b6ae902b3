"""`guatu rulebook check | explain | run`: rule books as files, no database needed."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from decimal import Decimal
from pathlib import Path

from guatu.cli.session import write_json
from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook import Book, RulebookError, check_file, find_book, load_book
from guatu.engines.rulebook.answer import run_json
from guatu.engines.rulebook.books import SHELF, installed_books
from guatu.engines.rulebook.counting import counted
from guatu.engines.rulebook.fact_file import MAX_BYTES, Population, read_population
from guatu.engines.rulebook.reciting import recite
from guatu.engines.rulebook.reciting_measures import recite_measures
from guatu.engines.rulebook.run import run_book


def check(arguments: Namespace) -> int:
    """Check books; exit 2 when one of them has a fault. Without a name: all that are installed."""
    names = arguments.books or installed_books()
    failed = 0
    for name in names:
        checked = check_file(_place(name))
        for notice in checked.notices:
            print(f"提示：{notice}")
        for fault in checked.faults:
            print(fault, file=sys.stderr)
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


def _place(name: str) -> Path:
    """A folder, a file, or the folder of an installed book."""
    place = Path(name)
    if place.exists():
        return place
    if "/" in name or name.endswith(".toml"):
        raise BadInput(Fault("no-file", f"没有“{name}”", "请核对路径，或写已装办法的编号"))
    return SHELF / find_book(name).id


def _book(name: str) -> Book:
    return load_book(_place(name))


def _population(name: str, book: Book) -> Population:
    text = _facts_text(name)
    try:
        raw = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        what = f"“{name}”不是JSON：{error}"
        raise RulebookError(Fault("bad-json", what, "写法见docs/cli.md")) from error
    return read_population(raw, book, source=name)


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
