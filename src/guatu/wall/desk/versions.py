"""Versions of rule books that wait for a second person, and what became of one's own."""

from __future__ import annotations

from guatu.assessment.books.queries import draft_title
from guatu.assessment.models import RuleBookDraft
from guatu.assessment.queries import REQUEST_HOLDS
from guatu.assessment.services.drafts import has_lapsed
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.organisation.models import User
from guatu.wall.desk import queries
from guatu.wall.desk.needs import Need
from guatu.wall.viewer import address


def versions(user: User) -> list[Need]:
    """What the office is asked to publish, and what the reader has sent in; one query."""
    return [_need(draft, is_own=is_own) for draft, is_own in queries.drafts_sent_in(user)]


def _need(draft: RuleBookDraft, *, is_own: bool) -> Need:
    name, page = f"《{draft_title(draft)}》第{draft.number}版", address("rulebook-draft", draft.pk)
    if draft.state == DraftState.DRAFT:
        note = f"理由：{draft.return_reason}"
        return Need("被退回", f"您送审的{name}被{draft.returned_by}退回", page, note, is_late=True)
    assert draft.asked_at is not None
    until = clock.minute(draft.asked_at + REQUEST_HOLDS)
    if has_lapsed(draft):
        what = f"您送审的{name}没有人发布" if is_own else f"{name}，等{draft.asked_by}重新送审"
        return Need("已过时", what, page, f"送审到{until}为止，须重新送审", is_late=is_own)
    if is_own:
        return Need("等发布", f"您送审的{name}，等第二人发布", page, f"{until}前有效")
    asked = f"{draft.asked_by}，{clock.minute(draft.asked_at)}送审，{until}前有效；{draft.reason}"
    return Need("待发布", f"办法{name}，等您发布或退回", page, asked)
