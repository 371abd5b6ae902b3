"""One login per role in the demo city, with random passwords (no default accounts elsewhere)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.models import Person, User
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import assign_role, create_user
from guatu.organisation.services.accounts import one_time_password
from guatu.organisation.types import Role, UserKind

BEGINNING = date(2025, 1, 1)
SEES = {
    "office": "全部项目；收月报、锁定、通报、办法、登记",
    "office2": "同上；确认锁定、发布办法要用它",
    "leader": "由他包联的项目，只看",
    "liaison": "所联络领导包联的项目",
    "reporter": "本单位为责任、填报单位或业主的项目；填报月报、答复疑问、申报项目",
    "reviewer": "审核范围内单位的项目；登记办法要用的量",
    "department": "由本单位配合的项目；还没有指定，打开是空的",
    "inspector": "随督查任务指定的项目；还没有任务，打开是空的",
    "viewer": "全部项目，只看",
    "sysadmin": "账号、备份、体检；看不到项目",
    "secadmin": "角色授予、登录锁定；看不到项目",
    "auditadmin": "日志；看不到项目",
}
"""What each of the accounts is for."""


@dataclass(frozen=True, slots=True)
class Login:
    """A demo account: whose it is, its login and its password, what it sees; printed at the
    start."""

    label: str
    login: str
    password: str

    @property
    def sees(self) -> str:
        """What the account can see, in one phrase."""
        return SEES[self.login]


def create_logins(actor: Actor) -> list[Login]:
    """Accounts for every role; the office twice, because closing takes two people."""
    root = root_organisation().pk
    lead = _busiest_unit(ResponsibilityRole.LEAD)
    leader = _busiest_leader()
    logins = [
        _business(actor, "项目办经办人", "office", Role.OFFICE, root, root),
        _business(actor, "项目办负责人（第二人）", "office2", Role.OFFICE, root, root),
        _business(actor, "包联领导", "leader", Role.LEADER, root, root, leader),
        _business(actor, "联络员", "liaison", Role.LIAISON, root, root, leader),
        _business(actor, "填报员", "reporter", Role.REPORTER, lead, lead),
        _business(actor, "审核员", "reviewer", Role.REVIEWER, lead, lead),
        _business(actor, "要素保障部门", "department", Role.DEPARTMENT, lead, lead),
        _business(actor, "督查员", "inspector", Role.INSPECTOR, root, root),
        _business(actor, "查看（全市）", "viewer", Role.VIEWER, root, root),
    ]
    for login, label in (
        ("sysadmin", "系统管理员"),
        ("secadmin", "安全管理员"),
        ("auditadmin", "审计管理员"),
    ):
        logins.append(_activate(actor, label, User.objects.get(login=login)))
    return logins


def _business(
    actor: Actor,
    label: str,
    login: str,
    role: Role,
    organisation: int,
    scope: int,
    person: Person | None = None,
) -> Login:
    user = create_user(
        actor,
        login,
        organisation_id=organisation,
        kind=UserKind.BUSINESS,
        person_id=person.pk if person else None,
    )
    assign_role(actor, user, role, scope_organisation_id=scope, valid_from=BEGINNING)
    return _activate(actor, label, user)


def _activate(actor: Actor, label: str, user: User) -> Login:
    password = one_time_password()
    with journal.act(actor, "demo.login") as act:
        user.is_active, user.set_up_due = True, False
        user.password = make_password(password)
        act.write(user)
    return Login(label, user.login, password)


def _busiest_unit(role: ResponsibilityRole) -> int:
    rows = Responsibility.objects.filter(
        role=role, organisation__isnull=False, valid_to__isnull=True
    ).values_list("organisation_id", flat=True)
    return _most_common([pk for pk in rows if pk is not None])


def _busiest_leader() -> Person | None:
    rows = Responsibility.objects.filter(
        role=ResponsibilityRole.LEADER, person__isnull=False, valid_to__isnull=True
    ).values_list("person_id", flat=True)
    people = [pk for pk in rows if pk is not None]
    return Person.objects.get(pk=_most_common(people)) if people else None


def _most_common(values: list[int]) -> int:
    return max(sorted(set(values)), key=values.count)
