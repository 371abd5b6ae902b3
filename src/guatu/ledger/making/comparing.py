"""Two years' lists and two versions of a list beside each other. Pure (M-A10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guatu.core.yuan import wan_words
from guatu.ledger.making.types import Decision, ListedRow


@dataclass(frozen=True, slots=True)
class Total:
    """How many projects, what they cost in all, what the year plans; yuan."""

    count: int = 0
    total_yuan: int = 0
    plan_yuan: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """One group of this year's list beside last year's."""

    label: str
    this: Total
    last: Total

    @property
    def count_change(self) -> int:
        """Projects more than last year."""
        return self.this.count - self.last.count

    @property
    def plan_change(self) -> int:
        """Yuan planned more than last year."""
        return self.this.plan_yuan - self.last.plan_yuan


def total_of(rows: Iterable[ListedRow]) -> Total:
    """The sum of some lines; amounts that nobody gave add nothing."""
    rows = list(rows)
    return Total(
        len(rows),
        sum(row.total_yuan or 0 for row in rows),
        sum(row.plan_yuan or 0 for row in rows),
    )


def counted(rows: Sequence[ListedRow], packages: Mapping[int, int | None]) -> list[ListedRow]:
    """The lines without parts whose package is there too: money stands on the package (M-A4).

    `packages` are ids of packages by their parts' ids.
    """
    there = {row.project_id for row in rows} - {None}
    return [row for row in rows if packages.get(row.project_id or 0) not in there]


def compared_totals(
    this: Sequence[ListedRow], last: Sequence[ListedRow], of: Callable[[ListedRow], str]
) -> list[Compared]:
    """Both years by a group (region, sector, unit, nature), this year's order first.

    The groups of each year sum up to its whole: a line without a word stands under 未注明.
    """
    groups: dict[str, tuple[list[ListedRow], list[ListedRow]]] = {}
    for at, rows in enumerate((this, last)):
        for row in rows:
            groups.setdefault(of(row) or "未注明", ([], []))[at].append(row)
    return [
        Compared(label, total_of(mine), total_of(theirs))
        for label, (mine, theirs) in groups.items()
    ]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What became of one line between two versions: `before` or `after` is None where it is not
    on that version; `fields` are the labels of what changed."""

    before: ListedRow | None
    after: ListedRow | None
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def name(self) -> str:
        """The newest name."""
        row = self.after or self.before
        return row.name if row else ""

    @property
    def kind(self) -> str:
        """新增, 删去 or 变更."""
        return "新增" if self.before is None else "删去" if self.after is None else "变更"


_COMPARED = {
    "name": "项目名称",
    "code": "项目代码",
    "region": "所属地区",
    "sector": "行业领域",
    "unit": "责任单位",
    "nature": "建设性质",
    "content": "建设内容",
    "total_yuan": "总投资",
    "plan_yuan": "年度计划投资",
    "starts_by": "开工月份",
    "completes_by": "竣工月份",
    "decision": "意见",
    "reason": "原因",
}


def compared_versions(before: Sequence[ListedRow], after: Sequence[ListedRow]) -> list[RowChange]:
    """What changed from one version to another, in the order of the newer one, gone ones last."""
    old = _keyed(before)
    found = []
    met: set[int] = set()
    for row in after:
        was = next((old[key] for key in _keys(row) if key in old), None)
        if was is None:
            found.append(RowChange(None, row))
            continue
        met.add(id(was))
        if changed := tuple(_differences(was, row)):
            found.append(RowChange(was, row, changed))
    return found + [RowChange(row, None) for row in before if id(row) not in met]


def _keys(row: ListedRow) -> list[str]:
    keys = [f"a{row.application_id}"] if row.application_id else []
    return keys + ([f"p{row.project_id}"] if row.project_id else [])


def _keyed(rows: Sequence[ListedRow]) -> dict[str, ListedRow]:
    return {key: row for row in rows for key in _keys(row)}


def _differences(before: ListedRow, after: ListedRow) -> Iterator[tuple[str, str, str]]:
    for name, label in _COMPARED.items():
        if name == "reason" and after.decision == Decision.IN:
            continue  # no list prints why a project is on it
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield label, _text(name, old), _text(name, new)


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "decision":
        return Decision(str(value)).label
    return wan_words(value) if isinstance(value, int) else str(value)
