"""What a batch of ledger rows would do: which projects they mean, what is unknown, what repeats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.core.errors import Fault
from guatu.core.names import match_form
from guatu.core.periods import month_end
from guatu.ledger.matching import ProjectIndex, code_form
from guatu.organisation.queries import NameIndex
from guatu.planning.intake.meaning import Meaning, meaning_of, namesake_fault
from guatu.planning.intake.rows import LedgerRow
from guatu.planning.rules import Plan, plan_after, plan_faults


@dataclass(frozen=True, slots=True)
class Known:
    """What the installation knows, loaded once for a batch."""

    index: ProjectIndex
    regions: NameIndex
    organisations: NameIndex
    sectors: dict[str, int]
    root_region_id: int
    year: int
    plans: dict[int, Plan]
    """Plans in force on the list, by project."""
    on_list: frozenset[int] = frozenset()
    """The projects that stand on the list now."""
    above: frozenset[int] | None = None
    """For a list inside a list: the projects of the one it lies in, which its own stand on too."""

    @property
    def nearest(self) -> tuple[frozenset[int], ...]:
        """Where a project that a row names is sought first: on the list, then on the one above."""
        return (self.on_list, self.above or frozenset())

    def slices(self, row: LedgerRow) -> dict[date, int]:
        """What a row plans to be done by the last day of each month it names."""
        return {month_end(self.year, month): yuan for month, yuan in row.slices.items()}

    def sector(self, name: str) -> int | None:
        """The sector with this name, however it is spaced."""
        return self.sectors.get(match_form(name))


@dataclass(slots=True)
class Checked:
    """Rows that may enter with the project each one means (None: a new one), and the faults."""

    rows: list[tuple[LedgerRow, int | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubtful: int = 0
    new_regions: list[str] = field(default_factory=list)
    new_organisations: list[str] = field(default_factory=list)
    new_owners: list[str] = field(default_factory=list)
    new_sectors: list[str] = field(default_factory=list)


def check_rows(rows: Sequence[LedgerRow], known: Known, *, create_missing: bool) -> Checked:
    """Sort rows into those that may enter and those that are doubtful, naming every fault."""
    checked = Checked()
    faults = {id(row): list(row.faults) for row in rows}
    _find_repeats(rows, faults)
    meanings: list[tuple[LedgerRow, Meaning]] = []
    for row in rows:
        own = faults[id(row)]
        if not create_missing:
            own += _unknown_names(row, known)
        meaning = Meaning() if own else _meaning(row, known)
        if meaning.fault:
            own.append(meaning.fault)
        if own:
            checked.faults += own
            checked.doubtful += 1
        else:
            meanings.append((row, meaning))
    checked.rows = [(row, meaning.project_id) for row, meaning in meanings]
    _check_namesakes(checked, meanings, known)
    _check_meanings(checked)
    _check_upper_list(checked, known)
    _check_plans(checked, known)
    _check_parents(checked, known)
    _find_new_names(checked, known)
    return checked


def _drop(checked: Checked, problems: dict[int, Fault]) -> None:
    """Take rows with a problem (by id of the row) out of those that may enter."""
    checked.rows = [(row, pk) for row, pk in checked.rows if id(row) not in problems]
    checked.faults += problems.values()
    checked.doubtful += len(problems)


def _check_meanings(checked: Checked) -> None:
    """Two rows must not mean one project, nor make one project twice.

    Rows of one name in one place are two projects only where each has a code of its own.
    """
    groups: dict[object, list[LedgerRow]] = defaultdict(list)
    for row, project_id in checked.rows:
        place = (match_form(row.name), match_form(row.region), match_form(row.parent))
        groups[place if project_id is None else project_id].append(row)
    problems = {}
    for key, rows in groups.items():
        if len(rows) < 2 or (isinstance(key, tuple) and all(row.code for row in rows)):
            continue
        lines = "、".join(str(row.place.row) for row in rows)
        for row in rows:
            problems[id(row)] = row.place.fault(
                "duplicate-project",
                f"“{row.name}”与另一行是同一个项目（第{lines}行）",
                "一个项目只能有一行，请核对",
            )
    _drop(checked, problems)


def _check_upper_list(checked: Checked, known: Known) -> None:
    """The projects of a list inside a list stand on the one above it (M-A3)."""
    if known.above is None:
        return
    what, remedy = "不在上级清单上", "请先列入上级清单，再导入子清单"
    problems = {
        id(row): row.place.fault("not-on-parent", f"“{row.name}”{what}", remedy)
        for row, project_id in checked.rows
        if project_id not in known.above
    }
    _drop(checked, problems)


def _check_plans(checked: Checked, known: Known) -> None:
    """The plan in force after the row must be one: what it holds already counts too."""
    problems: dict[int, Fault] = {}
    for row, project_id in checked.rows:
        slices = known.slices(row)
        held = known.plans.get(project_id) if project_id is not None else None
        plan = plan_after(held, amount_yuan=row.plan_yuan, slices=slices)
        cell = next(iter(row.slice_cells.values()), "")
        for fault in plan_faults(plan, slices=slices):
            problems.setdefault(
                id(row), row.place.fault(fault.code, fault.what, fault.remedy, cell)
            )
    _drop(checked, problems)


def _find_new_names(checked: Checked, known: Known) -> None:
    """Names that the rows which enter need and nobody knows, each in its first spelling."""
    regions: dict[str, str] = {}
    units: dict[str, str] = {}
    owners: dict[str, str] = {}
    sectors: dict[str, str] = {}
    for row, _ in checked.rows:
        for text, is_known, found in (
            (row.region, known.regions.find(row.region) is not None, regions),
            (row.unit, known.organisations.find(row.unit) is not None, units),
            (row.owner, known.organisations.find(row.owner) is not None, owners),
            (row.sector, known.sector(row.sector) is not None, sectors),
        ):
            if text and not is_known:
                found.setdefault(match_form(text), text)
    checked.new_regions = list(regions.values())
    checked.new_organisations = list(units.values())
    checked.new_owners = [name for form, name in owners.items() if form not in units]
    checked.new_sectors = list(sectors.values())


def _find_repeats(rows: Sequence[LedgerRow], faults: dict[int, list[Fault]]) -> None:
    """One code, or one name in one place without codes, may stand in a batch once."""
    groups: dict[tuple[str, ...], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        if row.code:
            groups[("code", code_form(row.code))].append(row)
        elif row.name:
            place = (match_form(row.name), match_form(row.region), match_form(row.parent))
            groups[("name", *place)].append(row)
    for key, same in groups.items():
        if len(same) < 2:
            continue
        repeated = all(row.values() == same[0].values() for row in same)
        first = same[0].place
        lines = "、".join(str(row.place.row) for row in same)
        for row in same[1:] if repeated else same:
            label = f"代码{row.code}" if key[0] == "code" else f"“{row.name}”"
            faults[id(row)].append(
                row.place.fault(
                    "repeated-row" if repeated else "duplicate-project",
                    f"{label}与第{first.row}行重复" if repeated else
                    f"{label}出现{len(same)}次且内容不同（第{lines}行）",
                    "请删去重复的行" if repeated else "一个代码只能对应一个项目，请核对",
                )
            )  # fmt: skip


def _unknown_names(row: LedgerRow, known: Known) -> list[Fault]:
    """Names that would have to be made first. Owners come and go; they are made as needed."""
    faults = []
    wanted = [
        ("region", "所属地区", row.region, known.regions.find(row.region)),
        ("organisation", "责任单位", row.unit, known.organisations.find(row.unit)),
        ("sector", "行业领域", row.sector, known.sector(row.sector)),
    ]
    for kind, label, text, found in wanted:
        if not text or found is not None:
            continue
        near = {"region": known.regions, "organisation": known.organisations}.get(kind)
        hint = near.suggest(text) if near else "、".join(list(known.sectors)[:3])
        faults.append(
            row.place.fault(
                f"unknown-{kind}",
                f"不认识的{label}“{text}”",
                (f"是不是{hint}；" if hint else "") + "确属新增请在导入时选“照表新增”",
            )
        )
    return faults


def _meaning(row: LedgerRow, known: Known) -> Meaning:
    return meaning_of(row, index=known.index, regions=known.regions, nearest=known.nearest)


def _check_namesakes(
    checked: Checked, meanings: Sequence[tuple[LedgerRow, Meaning]], known: Known
) -> None:
    """A new project of a known name is asked, unless the table has a row for each known one too.

    Otherwise a table without codes or regions would make every project a second time.
    """
    meant = {meaning.project_id for _, meaning in meanings}
    problems = {
        id(row): namesake_fault(row, sorted(others), index=known.index, regions=known.regions)
        for row, meaning in meanings
        if (others := meaning.namesakes - meant)
    }
    _drop(checked, problems)


def _check_parents(checked: Checked, known: Known) -> None:
    """A part names one package, in the batch or known already, that is no part itself."""
    packages = {p.package_id for p in known.index.by_id.values()}
    while True:
        batch: dict[str, list[tuple[LedgerRow, int | None]]] = defaultdict(list)
        for row, project_id in checked.rows:
            batch[match_form(row.name)].append((row, project_id))
        problems = {}
        for row, project_id in checked.rows:
            if row.parent:
                problem = _parent_problem(row, batch[match_form(row.parent)], known)
                if project_id is not None and project_id in packages:
                    problem = f"“{row.name}”自己是打包项目，不能再属于“{row.parent}”"
                if problem:
                    problems[id(row)] = row.place.fault(
                        "unknown-package", problem, "请核对打包项目的名称，并把它一并列入清单"
                    )
        _drop(checked, problems)
        if not problems:  # a package that was left out takes its parts along
            return


def _parent_problem(row: LedgerRow, batch: list[tuple[LedgerRow, int | None]], known: Known) -> str:
    if match_form(row.parent) == match_form(row.name):
        return f"“{row.name}”把自己写成所属打包项目"
    ids = {pk for _, pk in batch if pk is not None}
    if not batch:
        ids = known.index.named(row.parent)
    if not batch and not ids:
        return f"没有打包项目“{row.parent}”"
    if len(batch or ids) > 1:
        return f"有{len(batch or ids)}个项目叫“{row.parent}”，分不清是哪一个打包项目"
    if any(one.parent for one, _ in batch) or any(
        known.index.by_id[pk].package_id is not None for pk in ids
    ):
        return f"“{row.parent}”自己是子项目，不能再作打包项目"
    return ""
