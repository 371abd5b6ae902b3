"""Books on the shelf: `guatu/rulebooks/<id>/` with `rulebook.toml`, `text.md`, `examples.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from guatu.core.errors import Fault
from guatu.engines.rulebook.reading import parse_book
from guatu.engines.rulebook.types import Book, RulebookError

SHELF = Path(__file__).parents[2] / "rulebooks"
MOST_BYTES = 5_000_000
"""Beyond, a file is not even read."""

BOOK, TEXT, EXAMPLES = "rulebook.toml", "text.md", "examples.toml"


def load_book(folder: Path) -> Book:
    """Read the book in a folder (or the `rulebook.toml` itself).

    Raises RulebookError with all faults; also when the folder is not named by the book's id,
    because the command line finds books by folder.
    """
    file = folder / BOOK if folder.is_dir() else folder
    book = parse_book(read_text(file), source=place_of(file))
    if folder.is_dir() and folder.resolve().name != book.id:
        raise RulebookError(
            Fault(
                code="wrong-folder",
                what=f"文件夹“{folder.resolve().name}”与办法编号“{book.id}”不同",
                remedy="文件夹应以编号命名",
                file=place_of(file),
            )
        )
    return book


def installed_books(shelf: Path = SHELF) -> tuple[str, ...]:
    """The ids of the books on the shelf, sorted. Reads only folder names."""
    return tuple(sorted(folder.parent.name for folder in shelf.glob(f"*/{BOOK}")))


def find_book(
    word: str, shelf: Path = SHELF, *, others: Mapping[str, str] = MappingProxyType({})
) -> Book:
    """The book with this id, or the only one whose id begins so (case does not matter).

    Raises RulebookError when there is none or more than one; the nearest are told, among them
    `others`: titles by id of books that stand elsewhere.
    """
    ids = installed_books(shelf)
    matches = [one for one in ids if one == word]
    if not matches and word:
        matches = [one for one in ids if one.casefold().startswith(word.casefold())]
    if len(matches) == 1:
        return load_book(shelf / matches[0])
    if matches:
        more = "等" if len(matches) > MOST_NEAR else ""
        what = f"“{word}”对应{len(matches)}部办法：{'、'.join(matches[:MOST_NEAR])}{more}"
        raise RulebookError(Fault(code="ambiguous-book", what=what, remedy="请把编号写全"))
    near = nearest_books(word, _titles(shelf) | dict(others))
    remedy = "是不是" + "、".join(near) if near else "编号见“办法”页或docs/rulebooks/published.md"
    raise RulebookError(Fault(code="unknown-book", what=f"没有办法“{word[:60]}”", remedy=remedy))


MOST_NEAR = 3
"""Books suggested for a word that is none's id."""
_NEAR = 0.6
_SAID_OF_ALL = re.compile("办法|项目|机制|规则|重点|[省市县区]")
"""What many titles have, and so tells none apart."""
_TITLE = re.compile(r'^\s*title\s*=\s*"([^"\n]+)"', re.MULTILINE)
_HEAD = 2_000


def nearest_books(word: str, titles: Mapping[str, str]) -> list[str]:
    """`“id”（title）` of the few books that a word is likely to mean: its id misspelt, or a word
    of the title."""
    scored = [(_nearness(word.casefold(), one, title), one) for one, title in titles.items()]
    near = sorted(
        (pair for pair in scored if pair[0] >= _NEAR),
        key=lambda pair: (-pair[0], not pair[1].startswith(word[:-1]), pair[1]),
    )
    return [f"“{one}”（{titles[one]}）" for _, one in near[:MOST_NEAR]]


def _nearness(word: str, book_id: str, title: str) -> float:
    own = book_id.casefold()
    if len(word) < 2:
        return 0
    if word in own or word in title:
        return 1
    sought = _SAID_OF_ALL.sub("", word)
    shared = SequenceMatcher(None, sought, title).find_longest_match().size
    of_title = shared / len(sought) if shared > 1 else 0
    spelt = (SequenceMatcher(None, word, one).ratio() for one in (own, own[: len(word)]))
    return max(of_title, *spelt)


@lru_cache(maxsize=8)
def _titles(shelf: Path) -> dict[str, str]:
    """The titles of the installed books by id, from the heads of the files."""
    found = {}
    for one in installed_books(shelf):
        with (shelf / one / BOOK).open(encoding="utf-8") as file:
            match = _TITLE.search(file.read(_HEAD))
        found[one] = match[1] if match else one
    return found


def book_text(book_id: str, shelf: Path = SHELF) -> str:
    """The TOML text of an installed book, to be frozen with the runs that used it."""
    return read_text(shelf / book_id / BOOK)


def read_text(file: Path) -> str:
    """The file's text. Raises RulebookError when it is absent, too large or not UTF-8."""
    try:
        if file.stat().st_size > MOST_BYTES:
            what = f"文件有{file.stat().st_size // 1_000_000}MB，太大"
            remedy = f"最多{MOST_BYTES // 1_000_000}MB，请核对是不是办法的文件"
            raise RulebookError(Fault("too-long", what, remedy, place_of(file)))
        return file.read_text("utf-8-sig")
    except OSError as error:
        fault = Fault(code="no-file", what="文件打不开", file=place_of(file))
        raise RulebookError(fault) from error
    except UnicodeDecodeError as error:
        remedy = "请用UTF-8编码保存"
        fault = Fault(
            code="bad-encoding", what="文件不是UTF-8编码", remedy=remedy, file=place_of(file)
        )
        raise RulebookError(fault) from error


def place_of(file: Path) -> str:
    """How faults name a file: folder and name, not the whole path."""
    return f"{file.parent.name}/{file.name}" if file.parent.name else file.name
