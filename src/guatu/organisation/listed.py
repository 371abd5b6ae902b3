"""What the administrators' lists show: rows with everything in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from guatu.core import clock
from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.organisation import queries, rules
from guatu.organisation.models import (
    Assignment,
    Holiday,
    KindProposal,
    Organisation,
    OrganisationName,
    Person,
    Region,
    RegionName,
    Setting,
    Switch,
    User,
)
from guatu.organisation.types import (
    SETTINGS,
    NameKind,
    OrganisationKind,
    RegionKind,
    Role,
    SettingSpec,
    SwitchName,
    UserKind,
)


@dataclass(slots=True)
class UnitRow:
    """An organisation or region as the lists show it; `depth` is its place in the tree."""

    pk: int
    name: str
    kind: str
    parent: str = ""
    region: str = ""
    code: str = ""
    depth: int = 0
    since: date | None = None
    ended_on: date | None = None
    aliases: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)


def organisations() -> list[UnitRow]:
    """All organisations in the order of the tree."""
    today = clock.today()
    regions = queries.region_names().official
    rows = {
        unit.pk: UnitRow(
            unit.pk,
            "",
            OrganisationKind(unit.kind).label,
            region=regions.get(unit.region_id or 0, ""),
            ended_on=unit.ended_on,
        )
        for unit in Organisation.objects.order_by("pk")
    }
    parents: dict[int, int | None] = {}
    names = OrganisationName.objects.order_by("valid_from", "pk")
    for name in names:
        _take_name(rows[name.organisation_id], name, today)
        if name.kind == NameKind.OFFICIAL and name.valid_from <= today:
            parents[name.organisation_id] = name.parent_id
    return _as_tree(rows, parents)


def regions() -> list[UnitRow]:
    """All regions in the order of the tree."""
    today = clock.today()
    rows = {
        one.pk: UnitRow(one.pk, "", RegionKind(one.kind).label, ended_on=one.ended_on)
        for one in Region.objects.order_by("pk")
    }
    parents: dict[int, int | None] = {}
    for name in RegionName.objects.order_by("valid_from", "pk"):
        row = rows[name.region_id]
        _take_name(row, name, today)
        if name.kind == NameKind.OFFICIAL and name.valid_from <= today:
            parents[name.region_id] = name.parent_id
            row.code = name.code
    return _as_tree(rows, parents)


def _take_name(row: UnitRow, name: OrganisationName | RegionName, today: date) -> None:
    if name.kind == NameKind.ALIAS:
        row.aliases.append(name.name)
    elif name.valid_from <= today:
        if row.name and row.name != name.name:
            row.former.append(row.name)
        row.name, row.since = name.name, name.valid_from
    elif not row.name:
        row.name, row.since = name.name, name.valid_from


def _as_tree(rows: dict[int, UnitRow], parents: dict[int, int | None]) -> list[UnitRow]:
    below: dict[int | None, list[int]] = {}
    for pk in rows:
        parent = parents.get(pk)
        below.setdefault(parent if parent in rows and parent != pk else None, []).append(pk)
    ordered: list[UnitRow] = []
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    seen: set[int] = set()
    while waiting:
        pk, depth = waiting.pop()
        if pk in seen:
            continue
        seen.add(pk)
        row = rows[pk]
        row.depth = depth
        parent = parents.get(pk)
        row.parent = rows[parent].name if parent in rows else ""
        ordered.append(row)
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]
    return ordered + [row for pk, row in rows.items() if pk not in seen]


def unit_choices(units: Iterable[UnitRow] | None = None) -> list[tuple[int, str]]:
    """Organisations to choose from that have not ended, indented as the tree is."""
    return [
        (row.pk, f"{'　' * row.depth}{row.name}")
        for row in (organisations() if units is None else units)
        if row.ended_on is None
    ]


@dataclass(slots=True)
class PersonRow:
    """A person, the unit, and the accounts that are his."""

    person: Person
    unit: str
    accounts: list[tuple[int, str]]


def persons() -> list[PersonRow]:
    """All persons, by unit and name."""
    units = queries.organisation_names().official
    accounts: dict[int, list[tuple[int, str]]] = {}
    for pk, person_id, login in User.objects.filter(person__isnull=False).values_list(
        "pk", "person_id", "login"
    ):
        accounts.setdefault(person_id or 0, []).append((pk, login))
    return [
        PersonRow(one, units.get(one.organisation_id or 0, ""), accounts.get(one.pk, []))
        for one in Person.objects.order_by("organisation_id", "name", "pk")
    ]


def person_choices(units: Mapping[int, str]) -> list[tuple[int, str]]:
    """Persons to choose from, with their unit; `units` are the names of organisations."""
    rows = Person.objects.order_by("organisation_id", "name", "pk")
    return [
        (one.pk, f"{one.name}（{units[one.organisation_id]}）")
        if one.organisation_id in units
        else (one.pk, one.name)
        for one in rows
    ]


@dataclass(slots=True)
class AccountRow:
    """An account with its unit, person and roles of today."""

    user: User
    unit: str
    roles: list[str]

    @property
    def kind(self) -> str:
        """Its kind in Chinese."""
        return UserKind(self.user.kind).label

    @property
    def state(self) -> str:
        """Whether it can be used."""
        if self.user.set_up_due and not self.user.is_active:
            return "待首次设置"
        if not self.user.is_active:
            return "停用"
        if not self.user.password or self.user.password.startswith("!"):
            return "未发密码"
        if self.user.password_until and self.user.password_until < clock.now():
            return "一次性密码过期"
        return "待改密码" if self.user.must_change_password else "正常"


STATES = ("正常", "待改密码", "一次性密码过期", "未发密码", "停用", "待首次设置")


def accounts() -> list[AccountRow]:
    """All accounts, by login."""
    units = queries.organisation_names().official
    roles: dict[int, list[str]] = {}
    for one in roles_in_force(clock.today()):
        label = Role(one.role).label
        held = roles.setdefault(one.user_id, [])
        if label not in held:
            held.append(label)
    return [
        AccountRow(user, units.get(user.organisation_id or 0, ""), roles.get(user.pk, []))
        for user in User.objects.select_related("person").order_by("login")
    ]


def roles_in_force(on: date) -> Iterable[Assignment]:
    """Roles that hold on a day."""
    return [row for row in _roles() if row.valid_from <= on and not _is_over(row, on)]


def _roles(user_id: int | None = None) -> list[Assignment]:
    rows = Assignment.objects.select_related("user", "end").order_by("user__login", "pk")
    return list(rows if user_id is None else rows.filter(user_id=user_id))


def _is_over(row: Assignment, on: date) -> bool:
    end = getattr(row, "end", None)
    return end is not None and end.on <= on


@dataclass(slots=True)
class RoleRow:
    """A role that was given, with its scope and its days."""

    assignment: Assignment
    scope: str
    ended_on: date | None
    ended_by: str
    state: str

    @property
    def role(self) -> str:
        """The role in Chinese."""
        return Role(self.assignment.role).label


def roles(user_id: int | None = None, units: Mapping[int, str] | None = None) -> list[RoleRow]:
    """All roles ever given, of one user or of all; `units` are the names of organisations."""
    if units is None:
        units = queries.organisation_names().official
    today = clock.today()
    found = []
    for row in _roles(user_id):
        end = getattr(row, "end", None)
        state = "已结束" if _is_over(row, today) else "未开始" if row.valid_from > today else "有效"
        found.append(
            RoleRow(
                row,
                units.get(row.scope_organisation_id, ""),
                end.on if end else None,
                end.by if end else "",
                state,
            )
        )
    return found


@dataclass(slots=True)
class SettingRow:
    """A city setting: what it means, what it may be, what it is and since when."""

    spec: SettingSpec
    value: str
    last: Setting | None


def settings() -> list[SettingRow]:
    """All city settings with their newest change."""
    newest = {row.key: row for row in Setting.objects.order_by("pk")}
    return [
        SettingRow(spec, newest[key].value if key in newest else spec.default, newest.get(key))
        for key, spec in SETTINGS.items()
    ]


def setting_history(key: str) -> list[Setting]:
    """Every value of a setting, the newest first."""
    return list(Setting.objects.filter(key=key).order_by("-pk"))


@dataclass(slots=True)
class SwitchRow:
    """A switch: whether it is on, by whom and on what basis; all its changes."""

    name: SwitchName
    in_force: Switch | None
    history: list[Switch]

    @property
    def has_run_out(self) -> bool:
        """Whether it was on and its day has passed."""
        return self.in_force is None and bool(self.history) and self.history[0].is_on


def switches() -> list[SwitchRow]:
    """All switches."""
    today = clock.today()
    history: dict[str, list[Switch]] = {}
    for row in Switch.objects.order_by("-pk"):
        history.setdefault(row.name, []).append(row)
    found = []
    for name in SwitchName:
        rows = history.get(name, [])
        newest = rows[0] if rows else None
        is_on = newest is not None and newest.is_on and not (newest.until and newest.until < today)
        found.append(SwitchRow(name, newest if is_on else None, rows))
    return found


@dataclass(slots=True)
class DayRow:
    """A day of the year that is not what its weekday says, or that the office has set itself."""

    day: date
    is_workday: bool
    own: Holiday | None
    note: str


def calendar_of(year: int) -> list[DayRow]:
    """The special days of a year: the office's own lines over the package's tables."""
    own = {row.day: row for row in Holiday.objects.filter(day__year=year)}
    package = WorkCalendar(
        {} if is_year_known(year) else {date(year, 1, 1): date(year, 1, 1).weekday() < 5}
    )
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        row = own.get(day)
        usual = day.weekday() < 5
        is_workday = row.is_workday if row else package.is_workday(day)
        if row or is_workday != usual:
            note = row.note if row else ("调休上班" if is_workday else "放假")
            found.append(DayRow(day, is_workday, row, note))
        day = date.fromordinal(day.toordinal() + 1)
    return found


def is_year_known(year: int) -> bool:
    """Whether the package's own tables know a year's holidays."""
    try:
        WorkCalendar({}).is_workday(date(year, 1, 1))
    except CalendarUnknown:
        return False
    return True


@dataclass(slots=True)
class ProposalRow:
    """A change of an account's kind that waits for the second person."""

    proposal: KindProposal
    kind: str
    until: datetime
    is_over: bool


def open_proposals() -> list[ProposalRow]:
    """Proposals not yet decided, the newest first; those past their day are marked."""
    rows = KindProposal.objects.filter(decision__isnull=True).select_related("user")
    return [
        ProposalRow(
            row,
            UserKind(row.kind).label,
            row.at + rules.PROPOSAL_HOLDS,
            clock.now() > row.at + rules.PROPOSAL_HOLDS,
        )
        for row in rows.order_by("-pk")
    ]
