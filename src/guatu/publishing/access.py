"""Who makes papers, and who reads the issued ones (house.md 2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.ledger.access import sees_everything
from guatu.ledger.queries import lists_seen
from guatu.ledger.request import Viewer
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.publishing import queries
from guatu.publishing.models import Paper
from guatu.reporting import access as reporting
from guatu.reporting.models import Round


@dataclass(slots=True)
class PaperViewer(Viewer):
    """One round's papers under one pair of eyes."""

    round: Round

    @property
    def may_issue(self) -> bool:
        """Whether he makes papers; everybody else reads the issued ones."""
        return Right.ISSUE_PAPERS in self.rights

    @classmethod
    def of(cls, request: HttpRequest, round_id: int, *, acts: bool = False) -> PaperViewer:
        """NotFound for a round that he does not see, or of which he does not see every project;
        NotAllowed where he may read and is not to act."""
        user, assignments = who.user_of(request), who.assignments_of(request)
        found = reporting.get_round(user, assignments, round_id)
        if found.is_limited:
            what = "本期只收部分项目，不出通报和汇总表"
            raise NotFound(Fault("limited-round", what, "请用整份清单的各期"))
        if Right.ISSUE_PAPERS not in who.rights_of(request):
            if not sees_everything(user, assignments):
                raise NotFound(Fault("unknown-paper", "没有这份材料", "请从材料页面进入"))
            if acts:
                raise NotAllowed(Fault("not-allowed", "您没有这项权限", "材料由项目办起草和印发"))
        return cls(user, assignments, found)


def papers_seen(request: HttpRequest) -> frozenset[int]:
    """Ids of the lists whose papers he may read."""
    user, assignments = who.user_of(request), who.assignments_of(request)
    is_reader = Right.ISSUE_PAPERS in who.rights_of(request) or sees_everything(user, assignments)
    return frozenset(one.pk for one in lists_seen(user, assignments)) if is_reader else frozenset()


def issued_paper(the_round: Round) -> Paper:
    """The round's issued circular, or NotFound."""
    paper = queries.circular_in_force(the_round)
    if paper is None or paper.document is None:
        raise NotFound(Fault("not-issued", "本期通报还没有印发", "请从材料页面进入"))
    return paper
