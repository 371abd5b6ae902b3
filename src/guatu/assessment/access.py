"""What of a round's figures a user sees (house.md 2); which rounds he sees stands in reporting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from guatu.core.errors import Fault, NotAllowed
from guatu.ledger.models import ListEntry
from guatu.ledger.request import Viewer
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.reporting import access as reporting
from guatu.reporting.models import Round


@dataclass
class RoundViewer(Viewer):
    """One round under one pair of eyes."""

    round: Round

    @classmethod
    def of(cls, request: HttpRequest, round_id: int, right: Right | None = None) -> RoundViewer:
        """NotFound where the round does not exist for the user, NotAllowed where he may look and
        not act."""
        user, assignments = who.user_of(request), who.assignments_of(request)
        found = reporting.get_round(user, assignments, round_id)
        if right is not None and right not in who.rights_of(request):
            raise NotAllowed(Fault("not-allowed", "您没有这项权限", "锁定和更正由项目办办理"))
        return cls(user, assignments, found)

    @cached_property
    def project_ids(self) -> frozenset[int] | None:
        """The list's projects that he sees, those that left or were removed since included.

        None: all of them.
        """
        seen = self.seen_locked
        if seen is None:
            return None
        rows = ListEntry.objects.filter(list_id=self.round.list_id, project__in=seen)
        return frozenset(rows.values_list("project_id", flat=True))
