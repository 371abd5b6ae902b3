"""What a batch of ledger rows would do: which projects they mean, what is unknown, what repeats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from guatu.core.errors import Fault
from guatu.core.names import match_form
from guatu.ledger.matching import ProjectIndex
from guatu.organisation.queries import NameIndex
from guatu.planning.intake.rows import LedgerRow


@dataclass(frozen=True, slots=True)
class Known:
    """What the installation knows, loaded once for a batch."""

    index: ProjectIndex
    regions: NameIndex
    organisations: NameIndex
    sectors: dict[str, int]
    root_region_id: int


@dataclass(slots=True)
class Checked:
    """Rows that may enter with the project each one means (None: a new one), and the faults."""

    rows: list[tuple[LedgerRow, int | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubtful: int = 0
    new_regions: list[str] = field(default_factory=list)
    new_organisations: list[str] = field(default_factory=list)
    new_sectors: list[str] = field(default_factory=list)


def check_rows(rows: Sequence[LedgerRow], known: Known, *, create_missing: bool) -> Checked:
    """Sort rows into those that may enter and those that are doubtful, naming every fault."""
    checked = Checked()
    faults = {id(row): list(row.faults) for row in rows}
    _find_repeats(rows, faults)
    missing: dict[str, dict[str, None]] = {"region": {}, "organisation": {}, "sector": {}}
    for row in rows:
        own = faults[id(row)]
        own += _unknown_names(row, known, missing, create_missing=create_missing)
        project_id = None
        if not own:
            project_id, fault = _meaning(row, known)
            if fault:
                own.append(fault)
        if own:
            checked.faults += own
            checked.doubtful += 1
        else:
            checked.rows.append((row, project_id))
    _check_parents(checked, known)
    checked.new_regions = list(missing["region"])
    checked.new_organisations = list(missing["organisation"])
    checked.new_sectors = list(missing["sector"])
    return checked


def _find_repeats(rows: Sequence[LedgerRow], faults: dict[int, list[Fault]]) -> None:
    """One code, or one name in one place without codes, may stand in a batch once."""
    groups: dict[tuple[str, ...], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        if row.code:
            groups[("code", row.code.casefold())].append(row)
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


def _unknown_names(
    row: LedgerRow, known: Known, missing: dict[str, dict[str, None]], *, create_missing: bool
) -> list[Fault]:
    faults = []
    wanted = [
        ("region", "所属地区", row.region, known.regions.find(row.region)),
        ("organisation", "责任单位", row.unit, known.organisations.find(row.unit)),
        ("organisation", "业主单位", row.owner, known.organisations.find(row.owner)),
        ("sector", "行业领域", row.sector, known.sectors.get(row.sector)),
    ]
    for kind, label, text, found in wanted:
        if not text or found is not None:
            continue
        if create_missing or label == "业主单位":
            missing[kind].setdefault(text)
            continue
        near = {"region": known.regions, "organisation": known.organisations}.get(kind)
        hint = near.suggest(text) if near else "、".join(list(known.sectors)[:3])
        faults.append(
            row.place.fault(
                f"unknown-{kind}",
                f"不认识的{label}“{text}”",
                (f"是不是{hint}；" if hint else "") + "确属新增请加--create-missing",
            )
        )
    return faults


def _meaning(row: LedgerRow, known: Known) -> tuple[int | None, Fault | None]:
    """The project a list row means. In a list the code rules: a new code is a new project."""
    index = known.index
    region_id = known.regions.find(row.region) if row.region else known.root_region_id
    named = index.find(code=None, name=row.name, region_id=region_id)
    if row.code:
        by_code = index.by_code.get(row.code.casefold())
        if by_code is None:
            uncoded = named.project_id is not None and not index.by_id[named.project_id].code
            return (named.project_id if uncoded else None), None
        if named.project_id not in (None, by_code) and index.by_id[named.project_id].code:
            other = index.by_id[by_code].name
            return None, row.place.fault(
                "code-and-name-disagree",
                f"代码{row.code}是“{other}”，名称却是另一个项目“{row.name}”",
                "请核对代码和名称",
            )
        return by_code, None
    if named.code == "ambiguous-project":
        return None, row.place.fault(named.code, named.question, named.remedy)
    if named.project_id is None:
        return None, None
    found = index.by_id[named.project_id]
    # The same name in another place is another project unless an alias says so.
    return (found.id if region_id is None or found.region_id == region_id else None), None


def _check_parents(checked: Checked, known: Known) -> None:
    """A part must name a package that is in the batch or known already, and not itself."""
    names = {match_form(row.name) for row, _ in checked.rows}
    kept = []
    for row, project_id in checked.rows:
        parent = match_form(row.parent)
        if parent and parent == match_form(row.name):
            problem = f"“{row.name}”把自己写成所属打包项目"
        elif parent and parent not in names and not known.index.by_name.get(parent):
            problem = f"没有打包项目“{row.parent}”"
        else:
            kept.append((row, project_id))
            continue
        checked.faults.append(
            row.place.fault("unknown-package", problem, "请核对打包项目的名称，并把它一并列入清单")
        )
        checked.doubtful += 1
    checked.rows = kept
