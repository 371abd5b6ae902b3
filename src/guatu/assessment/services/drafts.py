"""Writing a rule book: a draft is begun from a book that is there, saved, sent in, given up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from guatu.assessment.books.queries import (
    OPEN_STATES,
    Version,
    find_version,
    last_snapshot,
    own_ids,
    own_versions,
)
from guatu.assessment.books.texts import with_head
from guatu.assessment.models import RuleBookDraft
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed, NotFound
from guatu.core.names import has_hidden_signs
from guatu.engines.rulebook import Book, installed_books
from guatu.engines.rulebook.checking import check_texts
from guatu.engines.rulebook.reading.book import LONGEST
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right

HOLDS = timedelta(hours=24)
"""How long a draft that was sent in waits for the second person (architecture §6)."""

LONGEST_REASON = 300
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Texts:
    """The three texts of a book: rules, clauses, worked examples."""

    toml: str
    text: str
    examples: str

    @classmethod
    def of(cls, toml: str, text: str, examples: str) -> Texts:
        """With the line ends that files have."""
        return cls(
            *(one.replace("\r\n", "\n").replace("\r", "\n") for one in (toml, text, examples))
        )


def start_draft(actor: Actor, book_id: str, number: int | None, own_id: str = "") -> RuleBookDraft:
    """Begin the next version of a book published here, or an own book (`own_id`) from one that
    came with the program.

    Raises BadInput for an id that cannot be, Conflict where the book has an open draft.
    """
    access.require(actor, Right.EDIT_RULEBOOKS)
    base = find_version(book_id, number, clock.today())
    book = base.id if base.is_own else _own_id(own_id)
    if RuleBookDraft.objects.filter(book=book, state__in=OPEN_STATES).exists():
        what = f"办法“{book}”已有一份没有发布的草稿"
        raise Conflict(Fault("draft-open", what, "请接着改那一份，或先作废"))
    last = max((one.book_version for one in own_versions(book)), default=0)
    row = RuleBookDraft(
        book=book,
        number=last + 1,
        origin=_origin(base),
        toml=with_head(base.toml, book, last + 1),
        text=base.text,
        examples=base.examples,
        by=actor.text,
        at=clock.now(),
    )
    with journal.act(actor, "rulebook.drafted") as act:
        act.write(row)
    return row


def save_draft(actor: Actor, draft_id: int, *, version: int, texts: Texts) -> RuleBookDraft:
    """Keep what was typed, faulty or not; the program writes id and number itself.

    Raises Conflict where somebody saved another text meanwhile, or the draft was sent in.
    """
    with transaction.atomic():
        draft = _held(actor, draft_id, version, DraftState.DRAFT)
        faults = [
            Fault("too-long", f"{name}有{len(text)}字，太长", f"最多{LONGEST}字")
            for name, text in (
                ("规则", texts.toml), ("条文", texts.text), ("算例", texts.examples)
            )
            if len(text) > LONGEST
        ]  # fmt: skip
        if faults:
            raise BadInput(*faults)
        draft.toml = with_head(texts.toml, draft.book, draft.number)
        draft.text, draft.examples = texts.text, texts.examples
        draft.by, draft.at = actor.text, clock.now()
        with journal.act(actor, "rulebook.draft_saved") as act:
            act.write(draft)
    return draft


def submit_draft(
    actor: Actor, draft_id: int, *, version: int, reason: str, is_retroactive: bool
) -> RuleBookDraft:
    """Send a draft in for another person to publish within a day (送审).

    Raises BadInput with every fault that the check finds.
    """
    with transaction.atomic():
        draft = _held(actor, draft_id, version, None)
        if not (draft.state == DraftState.DRAFT or has_lapsed(draft)):
            raise Conflict(_not_in_state(draft))
        draft.reason = told_reason(reason, "送审")
        draft.is_retroactive = is_retroactive
        require_faultless(draft)
        draft.state = DraftState.SUBMITTED
        draft.asked_by_user_id, draft.asked_by, draft.asked_at = (
            actor.user_id, actor.text, clock.now(),
        )  # fmt: skip
        draft.returned_by = draft.return_reason = ""
        with journal.act(actor, "rulebook.draft_submitted") as act:
            act.write(draft)
    return draft


def withdraw_draft(actor: Actor, draft_id: int, *, version: int) -> RuleBookDraft:
    """Take one's own submission back to go on writing (撤回送审)."""
    with transaction.atomic():
        draft = _held(actor, draft_id, version, DraftState.SUBMITTED)
        if not access.is_same_person(draft.asked_by_user_id, actor.user_id):
            what = "只有送审人能撤回送审"
            raise NotAllowed(Fault("not-own-request", what, "不同意请点“退回”，写明理由"))
        draft.state = DraftState.DRAFT
        with journal.act(actor, "rulebook.draft_withdrawn") as act:
            act.write(draft)
    return draft


def return_draft(actor: Actor, draft_id: int, *, version: int, reason: str) -> RuleBookDraft:
    """Send a submission back to its author, with the reason (退回)."""
    with transaction.atomic():
        draft = _held(actor, draft_id, version, DraftState.SUBMITTED)
        if access.is_same_person(draft.asked_by_user_id, actor.user_id):
            what = "自己送审的不能由自己退回"
            raise NotAllowed(Fault("own-request", what, "不想办了请点“撤回送审”"))
        draft.state = DraftState.DRAFT
        draft.returned_by, draft.return_reason = actor.text, told_reason(reason, "退回")
        with journal.act(actor, "rulebook.draft_returned") as act:
            act.write(draft)
    return draft


def drop_draft(actor: Actor, draft_id: int, *, version: int) -> RuleBookDraft:
    """Give a draft up (作废); it stays in the record and the book may be drafted anew."""
    with transaction.atomic():
        draft = _held(actor, draft_id, version, DraftState.DRAFT)
        draft.state = DraftState.DROPPED
        with journal.act(actor, "rulebook.draft_dropped") as act:
            act.write(draft)
    return draft


def has_lapsed(draft: RuleBookDraft) -> bool:
    """Whether a draft was sent in and nobody published it within a day."""
    return (
        draft.state == DraftState.SUBMITTED
        and draft.asked_at is not None
        and draft.asked_at <= clock.now() - HOLDS
    )


def require_faultless(draft: RuleBookDraft) -> Book:
    """The draft's book. Raises BadInput with what is wrong with its texts or its dates."""
    checked = check_texts(draft.toml, draft.text, draft.examples)
    faults = list(checked.faults)
    if checked.book is not None:
        if checked.book.id != draft.book:
            what = f"规则里的id是“{checked.book.id}”，草稿的编号是“{draft.book}”"
            faults.append(Fault("other-id", what, f'写成id = "{draft.book}"'))
        faults += term_faults(checked.book, draft.number, is_retroactive=draft.is_retroactive)
    if faults or checked.book is None:
        raise BadInput(*faults)
    return checked.book


def term_faults(book: Book, number: int, *, is_retroactive: bool) -> tuple[Fault, ...]:
    """A later version may not begin before the last locked round ends, unless somebody says so:
    rounds that are locked were judged by the version before."""
    last = last_snapshot() if number > 1 and not is_retroactive else None
    if last is None or book.valid_from > last.round.period.last_on:
        return ()
    period = last.round.period
    what = f"新版自{book.valid_from}起施行，而{period.label}（截至{period.last_on}）已锁定"
    return (Fault("retroactive", what, "请把from改到锁定的期以后；确实追溯的，勾选“追溯施行”"),)


def get_draft(draft_id: int) -> RuleBookDraft:
    """One draft, or NotFound."""
    found = RuleBookDraft.objects.filter(pk=draft_id).first() if draft_id < 2**63 else None
    if found is None:
        raise NotFound(Fault("unknown-draft", "没有这份草稿", "请回到办法列表"))
    return found


def told_reason(text: str, what: str) -> str:
    """A reason in one line. Raises BadInput where it is empty, too long or not plain."""
    reason = " ".join(text.split())
    if has_hidden_signs(reason):
        raise BadInput(Fault("hidden-signs", f"{what}理由里有看不见的字符", "请重新输入，不要粘贴"))
    if not reason:
        raise BadInput(Fault("no-reason", f"{what}须写明理由", f"请写明为什么{what}、依据是什么"))
    if len(reason) > LONGEST_REASON:
        what = f"{what}理由超过{LONGEST_REASON}字"
        raise BadInput(Fault("text-too-long", what, "请改用简短的写法"))
    return reason


def _held(actor: Actor, draft_id: int, version: int, state: DraftState | None) -> RuleBookDraft:
    """The draft as it was looked at. Raises Conflict where it is not that any more."""
    access.require(actor, Right.EDIT_RULEBOOKS)
    draft = get_draft(draft_id)
    require_version(draft, version)
    if state is not None and draft.state != state:
        raise Conflict(_not_in_state(draft))
    if draft.state not in OPEN_STATES:
        raise Conflict(_not_in_state(draft))
    return draft


def _not_in_state(draft: RuleBookDraft) -> Fault:
    label = DraftState(draft.state).label
    remedy = "要改请先撤回送审" if draft.state == DraftState.SUBMITTED else "请刷新页面"
    return Fault("draft-state", f"{draft}现在是“{label}”，不能这样办", remedy)


def _own_id(text: str) -> str:
    own_id = text.strip()
    if not _ID.fullmatch(own_id):
        what = "编号写法不对" if own_id else "没有写编号"
        raise BadInput(
            Fault("bad-id", what, "用英文字母、数字和连字符，最多40个，如jiangyuan-2026")
        )
    taken = {one.casefold() for one in (*installed_books(), *own_ids())}
    if own_id.casefold() in taken:
        raise BadInput(Fault("taken-id", f"编号“{own_id}”已有办法在用", "请换一个编号"))
    return own_id


def _origin(base: Version) -> str:
    return f"{base.id} 第{base.number}版" + ("" if base.is_own else "（随程序）")
