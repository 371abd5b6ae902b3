"""Versions of a list: frozen with a digest, never changed (M-A10)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max, Q

from guatu.core.errors import BadInput, Fault
from guatu.engines import chain
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.making import access, queries
from guatu.ledger.making.models import ListCall, ListVersion
from guatu.ledger.making.services.calls import lock_call, require_not_issued
from guatu.ledger.making.types import ApplicationState, ListedRow, VersionKind
from guatu.ledger.models import ProjectList


@transaction.atomic
def make_version(actor: Actor, call_id: int, kind: VersionKind, *, basis: str) -> ListVersion:
    """Freeze what was applied for (申报稿) or decided (送审稿). The next number of its kind.

    A 送审稿 needs a decision on every application that is submitted; none waits unseen.
    """
    call = access.get_call(actor, call_id)
    access.require_office(actor)
    call = lock_call(call)
    require_not_issued(call)
    if kind not in (VersionKind.APPLIED, VersionKind.REVIEWED):
        raise BadInput(Fault("bad-kind", f"{kind.label}不在这里生成", "印发和调整时自动生成"))
    rows = [
        one for one in queries.applications_of(call.pk) if one.state == ApplicationState.SUBMITTED
    ]
    if not rows:
        raise BadInput(Fault("nothing-applied", "还没有申报的项目", "请等单位报来"))
    waiting = [one for one in rows if not one.decision]
    if kind == VersionKind.REVIEWED and waiting:
        what = f"还有{len(waiting)}个申报没有审定，如“{waiting[0].name}”"
        raise BadInput(Fault("undecided", what, "请逐个定为列入、储备或不列入"))
    with journal.act(actor, "list_version.made", detail={"list": str(call)}) as act:
        lines = queries.rows_of(queries.in_list_order(rows), queries.names())
        return freeze(act, kind, lines, call=call, basis=basis)


def freeze(
    act: Act,
    kind: VersionKind,
    rows: Sequence[ListedRow],
    *,
    call: ListCall | None = None,
    listing: ProjectList | None = None,
    outside_number: str = "",
    basis: str = "",
) -> ListVersion:
    """Write a version within an act: its lines, their digest, the next number of its kind."""
    content = chain.canonical(queries.content_of(rows))
    mine = Q(pk__in=())
    if call is not None:
        mine |= Q(call=call)
    if listing is not None:
        mine |= Q(list=listing)
    last = ListVersion.objects.filter(mine, kind=kind).aggregate(last=Max("number"))["last"]
    version = ListVersion(
        call=call,
        list=listing,
        kind=kind,
        number=(last or 0) + 1,
        content=content,
        sm3=chain.sm3(content.encode()),
        outside_number=outside_number,
        basis=basis.strip(),
        by=act.actor.text,
        at=act.at,
    )
    act.write(version)
    return version
