"""Publishing a rule book by two people, and taking one into use."""

from __future__ import annotations

from django.db import transaction

from guatu.assessment.books.effect import judges_rounds
from guatu.assessment.books.queries import find_version, get_draft, own_ids, own_versions
from guatu.assessment.books.texts import with_head
from guatu.assessment.models import RuleBookVersion
from guatu.assessment.services.drafts import (
    has_lapsed,
    require_faultless,
)
from guatu.assessment.services.reasons import told_reason
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.services.policy import change_settings
from guatu.organisation.types import Right


def publish_draft(actor: Actor, draft_id: int, *, version: int) -> RuleBookVersion:
    """Publish what another person sent in; in a small office one may do both, recorded as such.

    The number is the last one + 1. Raises NotAllowed for one's own submission, Conflict where the
    draft is not waiting any more, BadInput with the faults that the check finds.
    """
    access.require(actor, Right.EDIT_RULEBOOKS)
    with transaction.atomic():
        organisation.lock_root()
        draft = get_draft(draft_id)
        require_version(draft, version)
        if draft.state != DraftState.SUBMITTED:
            what = f"{draft}没有送审"
            raise Conflict(Fault("no-request", what, "可能已被发布、退回或撤回，请刷新页面"))
        if has_lapsed(draft):
            raise Conflict(Fault("lapsed", "送审已过24小时", "请送审人重新送审"))
        asker = Actor(draft.asked_by_user_id, draft.asked_by)
        access.require(asker, Right.EDIT_RULEBOOKS)
        agreed_by = access.require_second_person(asker, actor, Right.EDIT_RULEBOOKS)
        draft.number = 1 + max((one.book_version for one in own_versions(draft.book)), default=0)
        draft.toml = with_head(draft.toml, draft.book, draft.number)
        book = require_faultless(draft)
        draft.state = DraftState.PUBLISHED
        with journal.act(actor, "rulebook.published") as act:
            act.detail.update({"asked_by": draft.asked_by, "reason": draft.reason})
            row = RuleBookVersion(
                book=draft.book,
                book_version=draft.number,
                toml=draft.toml,
                digest=book.digest,
                published_by=agreed_by,
                is_own=True,
                text=draft.text,
                examples=draft.examples,
                asked_by=draft.asked_by,
                reason=draft.reason,
                at=act.at,
                valid_from=book.valid_from,
                valid_until=book.valid_until,
                is_retroactive=draft.is_retroactive,
            )
            act.write(row)
            act.write(draft)
    return row


def adopt_book(actor: Actor, book_id: str, *, basis: str, seen: str) -> bool:
    """Judge by this book from now on: the city setting `rulebook`; whether that changed anything.

    `seen` is the id that was in use on the page. Rounds that are locked stay as they are. Raises
    NotFound for a book that is not there, Conflict where another one was taken meanwhile.
    """
    access.require(actor, Right.EDIT_RULEBOOKS)
    book = find_version(book_id, None, clock.today()).book
    if not judges_rounds(book):
        what = f"《{book.title}》没有给项目亮灯，也不评地区、单位，不能用来测算"
        raise BadInput(Fault("no-lights", what, "请选有亮灯的办法"))
    told = told_reason(basis, "采用")
    with transaction.atomic():
        organisation.lock_root()
        if organisation.settings_in_force()["rulebook"] != seen:
            raise Conflict(Fault("changed-meanwhile", "采用的办法刚被别人改过", "请核对后再办"))
        changed = change_settings(actor, {"rulebook": book.id}, basis=told, books=own_ids())
    return bool(changed)
