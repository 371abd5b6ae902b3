"""What the making of next year's list wants of a unit: to apply, to mend, to give its opinion."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from guatu.core import clock
from guatu.ledger.making.access import Maker, maker
from guatu.ledger.making.models import ListCall, Opinion, OpinionRequest
from guatu.ledger.making.types import ApplicationState, CallState
from guatu.wall.desk.needs import Need
from guatu.wall.viewer import Viewer


def making(viewer: Viewer) -> list[Need]:
    """The calls that run and the opinions asked for; the office has a page for all of them. At
    most two statements, none for the office."""
    who = maker(viewer.user, viewer.assignments)
    if who.is_office:
        return []
    needs = [need for call in _calls(who) for need in _of_call(call)]
    if who.speaking and (count := _unsaid(who)):
        needs.append(Need(str(count), "项联审意见待提", reverse("opinions")))
    return needs


def _calls(who: Maker) -> list[ListCall]:
    """Calls that are not issued, with how many of the unit's applications were `returned`."""
    if not who.applying:
        return []
    returned = Q(
        applications__organisation__in=who.applying, applications__state=ApplicationState.RETURNED
    )
    rows = ListCall.objects.exclude(state=CallState.ISSUED)
    return list(rows.annotate(returned=Count("applications", filter=returned)).order_by("pk"))


def _of_call(call: ListCall) -> list[Need]:
    page, needs = reverse("applications"), []
    if count := call.__dict__["returned"]:
        needs.append(Need(str(count), f"个{call}申报被退回，请修改后再报", page, is_late=True))
    left = (call.closes_on - clock.today()).days
    if call.state == CallState.OPEN and call.opens_on <= clock.today() and left >= 0:
        when = f"还有{left}天" if left else "今天"
        ends = f"{call.closes_on.month}月{call.closes_on.day}日"
        needs.append(Need(when, f"{call}申报截止（{ends}）", page))
    return needs


def _unsaid(who: Maker) -> int:
    """Opinions that his organisations have still to give."""
    said = Opinion.objects.filter(
        application_id=OuterRef("application_id"), organisation_id=OuterRef("organisation_id")
    )
    asked = OpinionRequest.objects.filter(organisation_id__in=who.speaking)
    waiting = asked.exclude(application__call__state=CallState.ISSUED)
    return waiting.exclude(Exists(said)).count()
