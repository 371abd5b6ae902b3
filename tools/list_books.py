"""Write `docs/rulebooks/published.md`: every installed book, its size, what it needs."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

from guatu.engines.rulebook import find_book, installed_books, load_examples
from guatu.engines.rulebook.books import SHELF, TEXT, read_text
from guatu.engines.rulebook.checking import read_text_of
from guatu.engines.rulebook.counting import needs_of
from guatu.engines.rulebook.types import Book

PAPER = Path(__file__).parents[1] / "docs" / "rulebooks" / "published.md"
HEAD = """# 已写成数据的办法

{count}部，都通过`guatu rulebook check`，算例都对得上。条文用我们自己的话转述，出处见各部的text.md。

| 编号 | 名称 | 条款 | 规则 | 算例 | 用到语言的哪些部分 |
|---|---|---|---|---|---|
"""


def paper() -> str:
    """The whole page."""
    rows = []
    for book_id in installed_books():
        book = find_book(book_id)
        text = read_text_of(read_text(SHELF / book_id / TEXT))
        examples = load_examples(SHELF / book_id, book)
        rows.append(
            f"| {book.id} | {book.title} | {len(text.clauses)} | {rules_in(book)}"
            f" | {len(examples)} | {'、'.join(needs_of(book))} |\n"
        )
    return HEAD.format(count=len(rows)) + "".join(rows)


def rules_in(book: Book) -> int:
    """How many rules a book holds, every line of a light, a grade and a score card by itself."""
    lines = sum(len(one.cases) for one in book.lights)
    lines += sum(len(one.cases) for one in book.grades)
    lines += sum(1 + len(one.each) for one in book.parts)
    names = ("gates", "scores", "lists", "acts", "exemptions", "money", "partitions")
    lines += sum(len(getattr(book, name)) for name in names)
    if book.procedures is not None:
        lines += sum(len(getattr(book.procedures, one.name)) for one in fields(book.procedures))
    return lines


def main() -> int:
    """Write the page, or with `--check` say whether it is current."""
    wanted = paper()
    if "--check" in sys.argv[1:]:
        current = PAPER.is_file() and PAPER.read_text("utf-8") == wanted
        if not current:
            print("docs/rulebooks/published.md: run python -m tools.list_books")
        return 0 if current else 1
    PAPER.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
