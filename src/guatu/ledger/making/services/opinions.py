"""Joint review: departments are asked, and say what they think of an application (M-A10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.making import access
from guatu.ledger.making.models import Opinion, OpinionRequest
from guatu.ledger.making.services.applications import picked_of
from guatu.ledger.making.services.calls import require_not_issued
from guatu.ledger.making.types import ApplicationState, Stance


@transaction.atomic
def ask_opinions(
    actor: Actor, call_id: int, picked: Mapping[int, int], organisation_ids: Sequence[int]
) -> int:
    """Ask departments about applications; who was asked already is not asked again.

    Returns how many requests are new.
    """
    call, rows = picked_of(actor, call_id, picked)
    if not organisation_ids:
        raise BadInput(Fault("nobody-asked", "没有写征求哪些部门的意见", "请写部门名称"))
    not_submitted = [one for one in rows if one.state != ApplicationState.SUBMITTED]
    if not_submitted:
        raise BadInput(
            *(
                Fault("not-submitted", f"“{one.name}”还没有申报", "请先等它报来")
                for one in not_submitted
            )
        )
    held = set(
        OpinionRequest.objects.filter(application_id__in=picked).values_list(
            "application_id", "organisation_id"
        )
    )
    with journal.act(actor, "opinions.asked", detail={"list": str(call)}) as act:
        new = [
            OpinionRequest(application=one, organisation_id=unit, by=actor.text, at=act.at)
            for one in rows
            for unit in dict.fromkeys(organisation_ids)
            if (one.pk, unit) not in held
        ]
        act.add_all(new)
    return len(new)


def give_opinion(
    actor: Actor, application_id: int, organisation_id: int, *, stance: str, text: str
) -> Opinion:
    """Say what a department thinks of an application; a later word replaces an earlier one.

    Whoever does not simply agree says on what condition or why not.
    """
    one = access.get_application(actor, application_id)
    access.require_speaker(actor, organisation_id)
    require_not_issued(one.call)
    if not OpinionRequest.objects.filter(application=one, organisation_id=organisation_id).exists():
        raise NotFound(Fault("not-asked", "没有征求过这个单位的意见", "请与项目办联系"))
    if stance not in Stance.values:
        raise BadInput(Fault("no-stance", "没有选意见", "请选同意、有条件同意或不同意"))
    if stance != Stance.AGREE and not text.strip():
        raise BadInput(Fault("no-opinion-text", "没有写条件或理由", "请写明"))
    row = Opinion(
        application=one, organisation_id=organisation_id, stance=stance, text=text.strip(),
        by=actor.text,
    )  # fmt: skip
    with journal.act(actor, "opinion.given") as act:
        row.at = act.at
        act.write(row)
    return row
