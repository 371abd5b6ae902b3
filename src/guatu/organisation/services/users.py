"""Accounts as the system administrator keeps them: made, changed, disabled, of which kind.

An account becomes or ceases to be an administrator only when the security administrator agrees to
what the system administrator proposed (trust A-14); the console acts alone and is recorded so.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed, NotFound
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation import access, queries, rules
from guatu.organisation.models import KindDecision, KindProposal, Person, User
from guatu.organisation.services.accounts import one_time_password
from guatu.organisation.services.naming import checked_name
from guatu.organisation.types import Right, UserKind

ONE_TIME_PASSWORD_HOLDS = timedelta(days=7)
_LOGIN = re.compile(r"[\w.@-]{1,60}")
LONGEST_PERSON = 100
LONGEST_PHONE = 40
_PHONE = re.compile(r"[+(]?[0-9][0-9 ()+/-]*(?:转 ?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A new account with its one-time password, which is shown once and kept as a hash."""

    user: User
    password: str
    is_proposed: bool


def create_user(
    actor: Actor,
    login: str,
    *,
    organisation_id: int,
    kind: UserKind = UserKind.BUSINESS,
    person_id: int | None = None,
) -> User:
    """Make an account without a usable password. Only the console makes administrators so."""
    access.require(actor, Right.MANAGE_USERS)
    if kind != UserKind.BUSINESS and not actor.is_console:
        raise NotAllowed(_two_people())
    login = _checked_login(login)
    with journal.act(actor, "user.created") as act:
        user = User(
            login=login,
            organisation_id=organisation_id,
            person_id=person_id,
            kind=kind,
            password=make_password(None),
            salt=secrets.token_hex(16),
        )
        act.write(user)
    return user


def open_account(
    actor: Actor,
    login: str,
    *,
    organisation_id: int,
    kind: UserKind = UserKind.BUSINESS,
    person_id: int | None = None,
) -> NewAccount:
    """Make an account with a one-time password; an administrator's kind is only proposed."""
    access.require(actor, Right.MANAGE_USERS)
    login = _checked_login(login)
    access.get_organisation(organisation_id)
    if person_id:
        access.get_person(person_id)
    password = one_time_password()
    is_proposed = kind != UserKind.BUSINESS
    with journal.act(actor, "user.created") as act:
        user = User(
            login=login,
            organisation_id=organisation_id,
            person_id=person_id,
            kind=UserKind.BUSINESS,
            salt=secrets.token_hex(16),
        )
        _give(user, password)
        act.write(user)
        if is_proposed:
            _propose(act, user, kind)
    return NewAccount(user, password, is_proposed)


def reissue_password(actor: Actor, user_id: int) -> NewAccount:
    """Another one-time password; every session of the account ends.

    For an administrator's account only the server's console may: the password would open it. One
    that waits for its first set-up gets another code for it.
    """
    access.require(actor, Right.MANAGE_USERS)
    user = access.get_user(user_id)
    if user.kind != UserKind.BUSINESS and not actor.is_console:
        raise NotAllowed(
            Fault(
                "administrators-password",
                "管理员账号的一次性密码不能在网页上重发",
                "请在服务器上运行guatu password 登录名",
            )
        )
    waits = user.set_up_due and not user.is_active
    if not user.is_active and not waits:
        raise Conflict(Fault("disabled", f"账号“{user.login}”已停用", "请先启用再重发密码"))
    password = one_time_password()
    _give(user, password)
    with journal.act(actor, "password.issued") as act:
        act.write(user)
    return NewAccount(user, password, is_proposed=False)


def disable_user(actor: Actor, user_id: int) -> User:
    """Close an account: its sessions end with the next request. Names are never used again."""
    access.require(actor, Right.MANAGE_USERS)
    user = access.get_user(user_id)
    if user.pk == actor.user_id:
        raise BadInput(Fault("own-account", "不能停用自己的账号", "请由另一名系统管理员办理"))
    if not user.is_active:
        return user
    with journal.act(actor, "user.disabled") as act:
        queries.lock_root()
        _require_not_last(user)
        user.is_active = False
        act.write(user)
    return user


def enable_user(actor: Actor, user_id: int) -> User:
    """Open an account again. One that waits for the first set-up is opened there alone."""
    access.require(actor, Right.MANAGE_USERS)
    user = access.get_user(user_id)
    if user.set_up_due:
        raise NotAllowed(
            Fault(
                "set-up-due", "这个管理员账号还没有首次设置", "请本人用一次性口令在首次设置页启用"
            )
        )
    if user.is_active:
        return user
    user.is_active = True
    with journal.act(actor, "user.enabled") as act:
        act.write(user)
    return user


def change_user(
    actor: Actor, user_id: int, *, organisation_id: int, person_id: int | None, version: int
) -> User:
    """Say to which unit and person an account belongs; Conflict where it changed meanwhile."""
    access.require(actor, Right.MANAGE_USERS)
    user = access.get_user(user_id)
    journal.require_version(user, version)
    access.get_organisation(organisation_id)
    if person_id:
        access.get_person(person_id)
    if (user.organisation_id, user.person_id) == (organisation_id, person_id):
        return user
    if not actor.is_console and access.current_assignments(user.pk, clock.today()):
        raise BadInput(
            Fault(
                "has-roles",
                f"“{user.login}”有角色，改单位或人员会改变他能看到的项目",
                "请安全管理员先结束这些角色，改后再授予",
            )
        )
    user.organisation_id, user.person_id = organisation_id, person_id
    with journal.act(actor, "user.changed") as act:
        act.write(user)
    return user


def propose_kind(actor: Actor, user_id: int, kind: UserKind) -> KindProposal:
    """Ask that an account become another kind; holds for a day, then it has to be asked again."""
    access.require(actor, Right.MANAGE_USERS)
    user = access.get_user(user_id)
    if user.pk == actor.user_id:
        raise BadInput(Fault("own-account", "不能改自己账号的类别", "请由另一名系统管理员提出"))
    if user.kind == kind:
        raise BadInput(Fault("same-kind", f"账号已经是{kind.label}", "请选另一个类别"))
    _require_without_roles(user)
    _require_not_last(user)
    with journal.act(actor, "kind.proposed") as act:
        return _propose(act, user, kind)


def decide_kind(actor: Actor, proposal_id: int, *, is_granted: bool) -> KindDecision:
    """The second person's word: the account changes its kind at once, or does not."""
    access.require(actor, Right.GRANT_ROLES)
    proposal = KindProposal.objects.select_related("user").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound(Fault("not-found", "没有这项申请", "请回到列表"))
    if proposal.by_user_id is not None and any(
        access.is_same_person(actor.user_id, one) for one in (proposal.by_user_id, proposal.user_id)
    ):
        raise NotAllowed(Fault("second-person", "提出人和本人不能确认", "请由另一名安全管理员确认"))
    user = proposal.user
    with journal.act(actor, "kind.granted" if is_granted else "kind.refused") as act:
        queries.lock_root()
        if KindDecision.objects.filter(proposal=proposal).exists():
            raise Conflict(Fault("decided", "这项申请已经办过", "请刷新页面"))
        if is_granted:
            if clock.now() > proposal.at + rules.PROPOSAL_HOLDS:
                raise Conflict(Fault("too-late", "申请已过24小时", "请系统管理员重新提出"))
            _require_without_roles(user)
            _require_not_last(user)
        decision = KindDecision(proposal=proposal, is_granted=is_granted, by=actor.text, at=act.at)
        act.write(decision)
        if is_granted:
            user.kind = proposal.kind
            act.write(user)
    return decision


def create_person(
    actor: Actor, name: str, *, organisation_id: int | None, phone: str = ""
) -> Person:
    """Note a person with a duty: name, unit and the number at the office."""
    access.require(actor, Right.MANAGE_UNITS)
    name = checked_name(name, LONGEST_PERSON)
    _require_new_person(name, organisation_id)
    person = Person(
        name=name,
        organisation_id=organisation_id,
        phone=_checked_phone(phone),
        salt=secrets.token_hex(16),
    )
    with journal.act(actor, "person.created") as act:
        act.write(person)
    return person


def change_person(
    actor: Actor, person_id: int, name: str, *, organisation_id: int | None, phone: str
) -> Person:
    """Correct a person's name, unit or number."""
    access.require(actor, Right.MANAGE_UNITS)
    person = access.get_person(person_id)
    name = checked_name(name, LONGEST_PERSON)
    number = _checked_phone(phone)
    before = person.name, person.organisation_id
    if (*before, person.phone) == (name, organisation_id, number):
        return person
    if before != (name, organisation_id):
        _require_new_person(name, organisation_id)
    person.name, person.organisation_id, person.phone = name, organisation_id, number
    with journal.act(actor, "person.changed") as act:
        act.write(person)
    return person


def _checked_phone(text: str) -> str | None:
    """A number as it is dialled, None where nothing is written."""
    phone = " ".join(unicodedata.normalize("NFKC", text).split())
    if not phone:
        return None
    if len(phone) > LONGEST_PHONE or not _PHONE.fullmatch(phone):
        what = "电话只写数字、空格、+、-、括号和“转”，最多40字"
        raise BadInput(Fault("bad-phone", what, "如0791-8888666转801"))
    return phone


def _require_new_person(name: str, organisation_id: int | None) -> None:
    if organisation_id is not None:
        access.get_organisation(organisation_id)
    if (name, organisation_id) in queries.person_ids():
        raise BadInput(
            Fault("person-there", f"这个单位已经有“{name}”", "同名的两人请在名字后加区别，如职务")
        )


def _checked_login(text: str) -> str:
    login = unicodedata.normalize("NFKC", text).strip()
    if not login or User.objects.filter(login__iexact=login).exists():
        raise BadInput(
            Fault("login-taken", f"登录名“{login[:60]}”为空或已被使用", "请换一个登录名")
        )
    if not _LOGIN.fullmatch(login):
        raise BadInput(
            Fault("login-form", "登录名只能用文字、数字和._@-，不超过60字", "请换一个登录名")
        )
    return login


def _give(user: User, password: str) -> None:
    user.password = make_password(password)
    user.must_change_password = True
    user.password_until = clock.now() + ONE_TIME_PASSWORD_HOLDS


def _propose(act: Act, user: User, kind: UserKind) -> KindProposal:
    row = KindProposal(
        user=user, kind=kind, by=act.actor.text, by_user_id=act.actor.user_id, at=act.at
    )
    act.write(row)
    return row


def _require_not_last(user: User) -> None:
    """An installation keeps at least one working account of each administrator."""
    others = User.objects.filter(kind=user.kind, is_active=True).exclude(pk=user.pk)
    if user.kind != UserKind.BUSINESS and user.is_active and not others.exists():
        label = UserKind(user.kind).label
        raise BadInput(
            Fault("last-of-kind", f"这是最后一个可用的{label}", "请先建立并确认另一个同类账号")
        )


def _require_without_roles(user: User) -> None:
    if access.current_assignments(user.pk, clock.today()):
        raise BadInput(
            Fault(
                "has-roles",
                f"“{user.login}”还有业务角色，不能当管理员",
                "请安全管理员先结束这些角色，或另建账号",
            )
        )


def _two_people() -> Fault:
    return Fault("second-person", "建立管理员账号须两人办理", "请先提出，由安全管理员确认")
