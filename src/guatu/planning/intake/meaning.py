"""Which project a list row means: by code, alias or name, in its region, else the only one (M-A8).

Pure. A row is a new project only where nobody knows its name, or where its own code or place
and the other rows of the table tell it apart from those of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from guatu.core.errors import Fault
from guatu.core.names import match_form
from guatu.ledger.matching import ProjectIndex
from guatu.organisation.queries import NameIndex
from guatu.planning.intake.rows import LedgerRow

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """The project meant (None: a new one), or the question that a row raises.

    `namesakes` are known projects of a new one's name: it is new only if they are accounted for.
    """

    project_id: int | None = None
    fault: Fault | None = None
    namesakes: frozenset[int] = frozenset()


def meaning_of(
    row: LedgerRow,
    *,
    index: ProjectIndex,
    regions: NameIndex,
    nearest: Sequence[AbstractSet[int]],
) -> Meaning:
    """The project that a row means.

    A known code rules. A name is sought in the row's region, or anywhere where the row names no
    region; of several, those in the first set of `nearest` that holds any are meant. What still
    fits several is a question.
    """
    named = index.named(row.name)
    by_code = index.coded(row.code) if row.code else None
    if by_code is None and not named:
        return Meaning()
    # A row with a code of its own is none of those that have another one.
    free = {pk for pk in named if not index.by_id[pk].code} if row.code else named
    if by_code is not None:
        return _coded(row, by_code, named, index, regions)
    fitting = _in_region(row, free, index, regions)
    if not fitting:
        return Meaning(namesakes=frozenset(named))
    fitting = _of_package(row, _nearest(fitting, nearest), index)
    if len(fitting) > 1:
        return Meaning(fault=_which_fault(row, sorted(fitting), index, regions))
    return Meaning(next(iter(fitting)))


def namesake_fault(
    row: LedgerRow, others: Sequence[int], *, index: ProjectIndex, regions: NameIndex
) -> Fault:
    """The question of a row that would be a second project of a name."""
    there = _told(others, index, regions)
    return row.place.fault(
        "namesake",
        f"台账中已有同名的{there}，这一行的{_unlike(row, others, index)}对不上",
        "是同一个项目的，请改成与台账一致；确是另一个项目的，请把台账中的同名项目也写在表里，"
        "或在项目库新增项目",
    )


def _coded(
    row: LedgerRow, by_code: int, named: set[int], index: ProjectIndex, regions: NameIndex
) -> Meaning:
    """The code rules, unless the name is that of another project with a code of its own."""
    others = {pk for pk in _in_region(row, named, index, regions) if index.by_id[pk].code}
    if by_code in named or len(others) != 1:
        return Meaning(by_code)
    fault = row.place.fault(
        "code-and-name-disagree",
        f"代码{row.code}是“{index.by_id[by_code].name}”，名称却是另一个项目“{row.name}”",
        "请核对代码和名称",
    )
    return Meaning(fault=fault)


def _in_region(
    row: LedgerRow, found: set[int], index: ProjectIndex, regions: NameIndex
) -> set[int]:
    """Those in the row's region; an alias says where a project lies better than the table."""
    if not row.region:
        return found
    region_id = regions.find(row.region)
    here = {pk for pk in found if index.by_id[pk].region_id == region_id}
    return here or (index.by_alias.get(match_form(row.name), set()) & found)


def _nearest(found: set[int], nearest: Sequence[AbstractSet[int]]) -> set[int]:
    return next((near for one in nearest if (near := found & one)), found)


def _of_package(row: LedgerRow, found: set[int], index: ProjectIndex) -> set[int]:
    """Of several of one name, those in the package that the row names."""
    if len(found) < 2 or not row.parent:
        return found
    packages = index.named(row.parent)
    return {pk for pk in found if index.by_id[pk].package_id in packages} or found


def _which_fault(
    row: LedgerRow, fitting: Sequence[int], index: ProjectIndex, regions: NameIndex
) -> Fault:
    there = _told(fitting, index, regions)
    what = f"台账中有{len(fitting)}个项目叫“{row.name}”，分不清是哪一个：{there}"
    return row.place.fault("ambiguous-project", what, "请在表中写明项目代码或所属地区")


def _told(projects: Sequence[int], index: ProjectIndex, regions: NameIndex) -> str:
    known = [index.by_id[pk] for pk in projects[:_MOST_NAMED]]
    told = "、".join(
        f"“{one.name}”（{regions.official.get(one.region_id, '')}，"
        f"{f'代码{one.code}' if one.code else '没有代码'}）"
        for one in known
    )
    return told + (f"等{len(projects)}个" if len(projects) > _MOST_NAMED else "")


def _unlike(row: LedgerRow, others: Sequence[int], index: ProjectIndex) -> str:
    if row.code and all(index.by_id[pk].code for pk in others):
        return f"项目代码{row.code}"
    return f"所属地区“{row.region}”"
