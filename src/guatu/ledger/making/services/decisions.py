"""What becomes of applications: 列入, 储备, 不列入, with the reason (M-A10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from guatu.core.errors import BadInput
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.making import queries, rules
from guatu.ledger.making.models import Application
from guatu.ledger.making.services.applications import picked_of
from guatu.ledger.making.types import Decision


@transaction.atomic
def decide(
    actor: Actor, call_id: int, picked: Mapping[int, int], *, decision: Decision, reason: str
) -> list[Application]:
    """Decide on applications together, all or none; `picked` are versions by id.

    A likeness that nobody settled keeps its application off the list, a reason is asked of what
    is not listed. `Decision.NONE` takes decisions back.
    """
    call, rows = picked_of(actor, call_id, picked)
    candidates = _candidates(call.pk, rows, decision)
    if faults := rules.decision_faults(candidates, decision=decision, reason=reason):
        raise BadInput(*faults)
    with journal.act(actor, "list_applications.decided", detail={"list": str(call)}) as act:
        for one in rows:
            one.decision, one.decision_reason = decision, reason.strip()
            one.decided_by = actor.text if decision else ""
            one.decided_at = act.at if decision else None
            act.write(one)
    return rows


def _candidates(
    call_id: int, rows: Sequence[Application], decision: Decision
) -> list[rules.Candidate]:
    """The applications with the likenesses that are still a question, where they are to be listed.

    A likeness to another application counts once that one is listed, or is to be with this one.
    """
    every = queries.applications_of(call_id) if decision == Decision.IN else []
    alike = queries.likenesses_of(every) if every else {}
    listed = {one.pk for one in every if one.decision == Decision.IN} | {one.pk for one in rows}
    return [
        rules.Candidate(
            one.name,
            one.state,
            [
                like
                for like in alike.get(one.pk, [])
                if like.application_id is None or like.application_id in listed
            ],
            is_settled=one.is_confirmed_new,
        )
        for one in rows
    ]
