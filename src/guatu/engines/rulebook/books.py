"""Books on the shelf: `guatu/rulebooks/<id>/` with `rulebook.toml`, `text.md`, `examples.toml`."""

from __future__ import annotations

from pathlib import Path

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


def find_book(word: str, shelf: Path = SHELF) -> Book:
    """The book with this id, or the only one whose id begins so (case does not matter).

    Raises RulebookError when there is none or more than one.
    """
    ids = installed_books(shelf)
    matches = [one for one in ids if one == word]
    if not matches and word:
        matches = [one for one in ids if one.casefold().startswith(word.casefold())]
    if len(matches) == 1:
        return load_book(shelf / matches[0])
    if matches:
        what = f"“{word}”对应{len(matches)}部办法：{'、'.join(matches)}"
        raise RulebookError(Fault(code="ambiguous-book", what=what, remedy="请把编号写全"))
    known = "、".join(ids) or "无"
    raise RulebookError(
        Fault(code="unknown-book", what=f"没有办法“{word}”", remedy=f"现有：{known}")
    )


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
