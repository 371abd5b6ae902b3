"""What a pasted table of assignments means: found, not found, two of a name, as it is already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.ledger import queries as ledger
from guatu.ledger.matching import ProjectIndex
from guatu.ledger.models import ListEntry, ProjectList, Responsibility
from guatu.ledger.services.assigning import Bearer, bearers_of
from guatu.ledger.types import PERSON_ROLES, ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.planning.pasting import PastedRow, rows_of

ROLES = (
    ResponsibilityRole.LEADER,
    ResponsibilityRole.LEAD,
    ResponsibilityRole.TERRITORY,
    ResponsibilityRole.LIAISON,
    ResponsibilityRole.REPORTER,
    ResponsibilityRole.REVIEWER,
)
_PROJECT = frozenset({"项目", "项目名称", "名称", "项目代码", "代码"})
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One role of one pasted row: what it changes, or why it cannot be done."""

    number: int
    name: str
    role: str
    old: str = ""
    new: str = ""
    fault: str = ""
    bearer: Bearer | None = None
    is_new_person: bool = False

    @property
    def state(self) -> str:
        """In one word, for the preview."""
        if self.fault:
            return self.fault
        if self.bearer is None:
            return "不变"
        return "改，新增此人" if self.is_new_person else "改"


@dataclass(slots=True)
class _Known:
    """Everything that names are looked up in, read once."""

    index: ProjectIndex
    entries: dict[int, ListEntry]
    units: organisation.NameIndex
    people: dict[str, list[tuple[int, str]]]
    names: dict[int, str]
    held: dict[tuple[int, str], list[Responsibility]]


def lines_of(listing: ProjectList, entries: Iterable[ListEntry], text: str) -> list[Line]:
    """The lines of a paste for a list, in its order. BadInput where its head cannot be read.

    The first row may name the columns: 项目 and roles; without such a row there are two, project
    and 包联领导. An empty cell changes nothing.
    """
    rows = rows_of(text)
    if not rows:
        raise BadInput(Fault("empty-paste", "没有粘贴内容", "请从表格里复制项目和领导两列"))
    columns, rows = _columns(rows)
    known = _known({one.project_id: one for one in entries})
    seen: dict[tuple[int, str], int] = {}
    lines: list[Line] = []
    for row in rows:
        lines += _row(row, columns, known, seen, listing)
    return lines


def _columns(rows: Sequence[PastedRow]) -> tuple[list[ResponsibilityRole | None], list[PastedRow]]:
    """What each column is (None: the project), and the rows without the head."""
    labels = {role.label: role for role in ROLES}
    head = [match_form(cell) for cell in rows[0].cells]
    if not set(head) & _PROJECT:
        return [None, ResponsibilityRole.LEADER], list(rows)
    strange = [cell for cell in head if cell and cell not in _PROJECT and cell not in labels]
    if strange:
        offered = "、".join(labels)
        what = f"表头“{strange[0][:20]}”不是一种责任"
        raise BadInput(Fault("strange-head", what, f"可用：项目、{offered}"))
    if not set(head) & set(labels):
        raise BadInput(Fault("strange-head", "表头只有项目", f"再写{'、'.join(labels)}等"))
    # Of two columns for the project the first one counts.
    return [labels.get(cell) for cell in head], list(rows[1:])


def _known(entries: dict[int, ListEntry]) -> _Known:
    people: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for pk, name in organisation.own_persons():
        people[match_form(name)].append((pk, name))
    rows = Responsibility.objects.filter(
        project_id__in=list(entries), role__in=ROLES, valid_to__isnull=True
    )
    held: dict[tuple[int, str], list[Responsibility]] = defaultdict(list)
    for one in rows.select_related("person").order_by("project_id", "pk"):
        held[one.project_id, one.role].append(one)
    units = organisation.organisation_names()
    return _Known(ledger.project_index(), entries, units, people, units.official, held)


def _row(
    row: PastedRow,
    columns: Sequence[ResponsibilityRole | None],
    known: _Known,
    seen: dict[tuple[int, str], int],
    listing: ProjectList,
) -> list[Line]:
    cells = dict(zip(range(len(columns)), row.cells, strict=False))
    name = cells.get(columns.index(None), "")[:_MOST_SHOWN]
    if not name:
        return [Line(row.number, "", "", fault="没有写项目")]
    project_id, fault = _project(name, known, listing)
    lines = []
    for at, role in enumerate(columns):
        told = cells.get(at, "")
        if role is None or not told:
            continue
        if project_id is None:
            lines.append(Line(row.number, name, role.label, new=told[:_MOST_SHOWN], fault=fault))
            continue
        first = seen.setdefault((project_id, role), row.number)
        if first != row.number:
            fault = f"与第{first}行是同一个项目"
            lines.append(Line(row.number, name, role.label, new=told[:_MOST_SHOWN], fault=fault))
            continue
        lines.append(_line(row.number, project_id, role, told, known))
    return lines or [Line(row.number, name, "", fault="没有写由谁承担")]


def _project(name: str, known: _Known, listing: ProjectList) -> tuple[int | None, str]:
    coded = known.index.coded(name)
    found = {coded} if coded else known.index.named(name)
    on_list = found & set(known.entries)
    if len(on_list) == 1:
        return on_list.pop(), ""
    if on_list:
        return None, "有几个项目叫这个名称，请写代码"
    if found:
        return None, f"不在{listing}上"
    near = "、".join(one.name for one in known.index.look_alikes(name, 1))
    return None, f"找不到这个项目{f'，是不是{near}' if near else ''}"


def _line(number: int, project_id: int, role: ResponsibilityRole, told: str, known: _Known) -> Line:
    name, held = known.entries[project_id].project.name, known.held[project_id, role]
    old = "、".join(
        one.person.name if one.person else known.names.get(one.organisation_id or 0, "")
        for one in held
    )
    line = Line(number, name, role.label, old, told[:_MOST_SHOWN])
    if role in PERSON_ROLES:
        return _person(line, project_id, role, told, held, known)
    unit = known.units.find(told)
    if unit is None:
        near = known.units.suggest(told)
        return _but(line, fault=f"没有这个单位{f'，是不是{near}' if near else ''}")
    line = _but(line, new=known.names.get(unit, told))
    if bearers_of(held) == ((unit, None),):
        return line
    return _but(line, bearer=Bearer(project_id, role, unit, before=bearers_of(held)))


def _person(
    line: Line,
    project_id: int,
    role: ResponsibilityRole,
    told: str,
    held: Sequence[Responsibility],
    known: _Known,
) -> Line:
    if len(told) > 50:
        return _but(line, fault="姓名太长")
    found = known.people.get(match_form(told), [])
    name = found[0][1] if found else told.strip()
    if found and bearers_of(held) == ((None, found[0][0]),):
        return _but(line, new=name)
    bearer = Bearer(project_id, role, person_name=name, before=bearers_of(held))
    return _but(line, new=name, bearer=bearer, is_new_person=not found)


def _but(line: Line, **changes: object) -> Line:
    return replace(line, **changes)  # type: ignore[arg-type]
