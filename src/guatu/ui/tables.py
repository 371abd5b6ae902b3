"""Lists of rows: columns as data, sorting and paging from the URL, one renderer for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

PAGE_SIZE = 50
MOST_ROWS = 5_000
"""What `rows=all` shows at most on one page: the whole list, to be printed."""
_A4_CHARACTERS = 62
"""Chinese characters that stand side by side on an upright A4 sheet."""
_WIDTHS = {"wide": 14, "num": 6, "date": 6, "tight": 6}


@dataclass(frozen=True, slots=True)
class Column[Row]:
    """One column: its head, what a row shows in it, and how it is set.

    `kind` is empty, `wide`, `num` (right-aligned), `date` or `tight` (never broken), with
    `no-print` beside it for what is an act and no data, `minor` for what a phone leaves out.
    `value` is what an export writes where that is not the text shown (a number, a date).
    """

    key: str
    label: str
    shown: Callable[[Row], object]
    kind: str = ""
    is_sortable: bool = False
    is_default: bool = True
    value: Callable[[Row], object] | None = None

    def exported(self, row: Row) -> object:
        """The cell as an export writes it."""
        return (self.value or self.shown)(row)

    @property
    def is_act(self) -> bool:
        """Whether the column holds links to act: neither printed nor exported."""
        return "no-print" in self.kind.split()


@dataclass(slots=True)
class Grid[Row]:
    """A table ready to be shown by `{% grid %}`."""

    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    caption: str = ""
    sort: str = ""
    query: str = ""
    total: Mapping[str, object] = field(default_factory=dict)
    row_class: Callable[[Row], str] | None = None
    select: Callable[[Row], object] | None = None
    picked: Collection[object] = ()
    """What `select` gives of the rows that stay ticked, as after a form that was refused."""

    @property
    def lead(self) -> Column[Row] | None:
        """The column that names the row: it stays in sight when the table is moved sideways."""
        kinds = [(column, column.kind.split()) for column in self.columns if not column.is_act]
        wide = (column for column, kind in kinds if "wide" in kind)
        return next(wide, next((column for column, kind in kinds if "num" not in kind), None))

    @property
    def is_wide(self) -> bool:
        """Whether the table needs a sheet laid crosswise."""
        printed = [column for column in self.columns if not column.is_act]
        return sum(_width(column.kind) for column in printed) > _A4_CHARACTERS


def _width(kind: str) -> int:
    return next((_WIDTHS[word] for word in kind.split() if word in _WIDTHS), 8)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the URL asks of a list: order, page, columns. Unknown names are ignored (trust B-10)."""

    sort: str
    is_descending: bool
    page: int
    columns: tuple[str, ...]

    @property
    def sort_text(self) -> str:
        """The order as the URL writes it."""
        return f"-{self.sort}" if self.is_descending else self.sort


def listing[Row](
    query: QueryDict, columns: Sequence[Column[Row]], *, default_sort: str = ""
) -> Listing:
    """Read the order, the page and the columns that a URL asks for."""
    asked = query.get("sort", default_sort)
    name = asked.removeprefix("-")
    sortable = {column.key for column in columns if column.is_sortable}
    if name not in sortable:
        asked = name = default_sort
        name = name.removeprefix("-")
    chosen = {key for key in query.getlist("col") if key}
    shown = tuple(
        column.key for column in columns if (column.key in chosen if chosen else column.is_default)
    )
    return Listing(
        name,
        asked.startswith("-"),
        _page_asked(query),
        shown or tuple(column.key for column in columns if column.is_default),
    )


def _page_asked(query: QueryDict) -> int:
    page = query.get("page", "1")
    is_number = page.isascii() and page.isdecimal() and len(page) < 10
    return max(int(page), 1) if is_number else 1


def without(query: QueryDict, *names: str) -> str:
    """The URL's query without some names, ready to be followed by `&name=value`."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    text = kept.urlencode()
    return f"{text}&" if text else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page of a list stands."""

    number: int
    count: int
    size: int = PAGE_SIZE
    query: str = ""
    is_whole: bool = False
    is_parted: bool = False

    @classmethod
    def of(cls, query: QueryDict, count: int, size: int = PAGE_SIZE) -> Page:
        """The page that a URL asks for; `rows=all` asks for the whole list, to be printed."""
        is_whole = query.get("rows") == "all"
        return cls(
            _page_asked(query),
            count,
            MOST_ROWS if is_whole else size,
            without(query, "page", "rows"),
            is_whole,
            is_parted=count > size,
        )

    @property
    def way(self) -> str:
        """The query of the pages before and after."""
        return f"{self.query}rows=all&" if self.is_whole else self.query

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.size))

    @property
    def start(self) -> int:
        """The offset of the first row."""
        return (min(self.number, self.pages) - 1) * self.size

    @property
    def first(self) -> int:
        """The number of the first row shown, from one; zero where there is none."""
        return self.start + 1 if self.count else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.start + self.size, self.count)

    @property
    def before(self) -> int | None:
        """The page before, where there is one."""
        here = min(self.number, self.pages)
        return here - 1 if here > 1 else None

    @property
    def after(self) -> int | None:
        """The page after, where there is one."""
        here = min(self.number, self.pages)
        return here + 1 if here < self.pages else None
