"""Decreed curves: how a paper wants the year to go (M-B2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.core.ratio import Ratio
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access as ledger
from guatu.organisation.access import require
from guatu.organisation.queries import lock_root
from guatu.organisation.rules import name_fault
from guatu.organisation.types import Right
from guatu.planning.models import CurvePoint, DecreedCurve
from guatu.planning.slices import curve_faults


def decree_curve(
    actor: Actor, list_id: int, *, name: str, basis: str, points: Mapping[date, Ratio]
) -> DecreedCurve:
    """Keep a list's decreed curve under a name; a known name gets another version.

    BadInput with everything that is wrong: no basis, a day of another year, shares that fall, no
    whole at the end, the same points as before.
    """
    listing = ledger.get_list(actor, list_id)
    require(actor, Right.EDIT_PROJECTS)
    faults = curve_faults(points, listing.year)
    if (fault := name_fault(name, 100)) is not None:
        faults.append(fault)
    if not basis.strip():
        faults.append(Fault("no-basis", "没有写依据", "请写文件名称和文号"))
    if faults:
        raise BadInput(*faults)
    with transaction.atomic():
        lock_root()
        known = DecreedCurve.objects.filter(list=listing, name=name.strip())
        held = known.order_by("-curve_version").first()
        if held is not None and {one.on: one.share.as_fraction() for one in held.points.all()} == {
            day: share.as_fraction() for day, share in points.items()
        }:
            raise BadInput(Fault("nothing-to-change", "和现在的曲线一样", "不必再改"))
        with journal.act(actor, "curve.decreed") as act:
            curve = DecreedCurve(
                list=listing,
                name=name.strip(),
                curve_version=held.curve_version + 1 if held else 1,
                basis=basis.strip(),
                by=act.actor.text,
                at=act.at,
            )
            act.write(curve)
            act.add_all(
                [
                    CurvePoint(
                        curve=curve,
                        on=day,
                        numerator=share.numerator,
                        denominator=share.denominator,
                    )
                    for day, share in sorted(points.items())
                ]
            )
    return curve
