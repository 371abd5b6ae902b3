"""Who takes part in making a list: the office, units that apply, departments that are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.journal.types import Actor
from guatu.ledger.making.models import Application, ListCall, OpinionRequest
from guatu.organisation.access import current_assignments, require, rights_of
from guatu.organisation.models import Assignment, User
from guatu.organisation.types import Right, Role

_SPEAKS = frozenset({Role.DEPARTMENT, Role.REVIEWER, Role.REPORTER, Role.OFFICE})


@dataclass(frozen=True, slots=True)
class Maker:
    """What somebody is in making lists: `applying` and `speaking` are organisations by id.

    The office sees every application but drafts, which are their writer's own; units see their
    own, departments those that they were asked about. The console may do everything.
    """

    is_office: bool = False
    is_console: bool = False
    applying: frozenset[int] = frozenset()
    speaking: frozenset[int] = frozenset()

    @property
    def sees_calls(self) -> bool:
        """Whether calls exist for him."""
        return self.is_office or bool(self.applying)

    def may_apply(self, organisation_id: int) -> bool:
        """Whether he writes applications of an organisation."""
        return self.is_console or organisation_id in self.applying

    def may_speak(self, organisation_id: int) -> bool:
        """Whether he gives an organisation's opinions."""
        return self.is_console or organisation_id in self.speaking


def maker(user: User, assignments: Sequence[Assignment]) -> Maker:
    """What a user with these roles is in making lists."""
    rights = rights_of(user, list(assignments))
    scopes = [(Role(one.role), one.scope_organisation_id) for one in assignments]
    return Maker(
        is_office=Right.MAKE_LISTS in rights,
        applying=frozenset(pk for role, pk in scopes if role == Role.REPORTER)
        if Right.REPORT in rights
        else frozenset(),
        speaking=frozenset(pk for role, pk in scopes if role in _SPEAKS),
    )


def maker_of(actor: Actor) -> Maker:
    """The same for an actor, from his roles in force."""
    if actor.user_id is None:
        return Maker(is_office=True, is_console=True)
    user = User.objects.get(pk=actor.user_id)
    return maker(user, current_assignments(user.pk, clock.today()) if user.is_active else [])


def applications_seen(who: Maker) -> QuerySet[Application]:
    """The applications that exist for him; drafts only for the unit that writes them."""
    every = Application.objects.all()
    if who.is_console:
        return every
    own = every.filter(organisation_id__in=who.applying)
    if who.is_office:
        return own | every.exclude(state="draft")
    return own | asked_of(who)


def asked_of(who: Maker) -> QuerySet[Application]:
    """The applications that his organisations were asked about."""
    asked = OpinionRequest.objects.filter(
        application_id=OuterRef("pk"), organisation_id__in=who.speaking
    )
    return Application.objects.filter(Exists(asked))


def call_for(who: Maker, call_id: int) -> ListCall:
    """One call that exists for him, or NotFound."""
    found = ListCall.objects.filter(pk=call_id).first() if is_id(call_id) else None
    if found is None or not who.sees_calls:
        raise NotFound(Fault("unknown-call", f"没有编号为{call_id}的申报通知", "请回到列表重新选"))
    return found


def application_for(who: Maker, application_id: int) -> Application:
    """One application that exists for him, with its call, or NotFound."""
    rows = applications_seen(who).select_related("call", "sector", "project")
    found = rows.filter(pk=application_id).first() if is_id(application_id) else None
    if found is None:
        raise NotFound(
            Fault("unknown-application", f"没有编号为{application_id}的申报", "请回到列表重新选")
        )
    return found


def get_call(actor: Actor, call_id: int) -> ListCall:
    """One call that exists for the actor, or NotFound."""
    return call_for(maker_of(actor), call_id)


def get_application(actor: Actor, application_id: int) -> Application:
    """One application that exists for the actor, or NotFound."""
    return application_for(maker_of(actor), application_id)


def require_office(actor: Actor) -> None:
    """Raise NotAllowed unless the actor makes lists."""
    require(actor, Right.MAKE_LISTS)


def require_unit(actor: Actor, organisation_id: int) -> None:
    """Raise NotAllowed unless the actor writes this organisation's applications."""
    require(actor, Right.REPORT)
    if not maker_of(actor).may_apply(organisation_id):
        what = f"账号“{actor.text}”不能替别的单位申报"
        raise NotAllowed(Fault("not-own-unit", what, "请由该单位的填报员办理"))


def require_speaker(actor: Actor, organisation_id: int) -> None:
    """Raise NotAllowed unless the actor speaks for this organisation."""
    if not maker_of(actor).may_speak(organisation_id):
        what = f"账号“{actor.text}”不能替这个单位提意见"
        raise NotAllowed(Fault("not-own-unit", what, "请由该单位办理"))
