"""Papers beside reports by id: they exist for whoever sees their project."""

from __future__ import annotations

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.ledger.request import Viewer
from guatu.reporting.papers.models import ReportPaper


def get_paper(viewer: Viewer, paper_id: int) -> ReportPaper:
    """One paper of a project that exists for the user, or NotFound."""
    rows = ReportPaper.objects.select_related("blob").filter(removal__isnull=True)
    seen = rows.filter(project__in=viewer.projects)
    found = seen.filter(pk=paper_id).first() if is_id(paper_id) else None
    if found is None:
        raise NotFound(Fault("unknown-paper", "没有这个附件", "请从填报或项目的数据来源进入"))
    return found
