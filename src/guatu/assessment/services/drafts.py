"""Writing a rule book: a draft is begun from a book that is there, saved, sent in, given up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from guatu.assessment.books.held import asked_again
from guatu.assessment.books.origin import origin_name
from guatu.assessment.books.queries import (
    OPEN_STATES,
    Version,
    find_version,
    get_draft,
    last_snapshot,
    own_ids,
    own_versions,
    version_of,
)
from guatu.assessment.books.texts import with_head
from guatu.assessment.models import RuleBookDraft, Snapshot
from guatu.assessment.queries import REQUEST_HOLDS
from guatu.assessment.services.reasons import told_reason
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed
from guatu.engines.rulebook import Book, installed_books
from guatu.engines.rulebook.checking import check_texts
from guatu.engines.rulebook.tables import LONGEST
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.models import Period

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


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
    base = _base(book_id, number)
    book = base.id if base.is_own else _own_id(own_id)
    return _begin(actor, book, Texts(base.toml, base.text, base.examples), origin_name(base))


def start_from_files(actor: Actor, texts: Texts, own_id: str) -> RuleBookDraft:
    """Begin a draft from texts that were written elsewhere: the first version of an own book, or
    the next one where a book with this id was published here.

    Raises BadInput for texts or an id that cannot be, Conflict where the book has an open draft.
    """
    access.require(actor, Right.EDIT_RULEBOOKS)
    require_short(texts)
    told = own_id.strip()
    published = {one.casefold(): one for one in own_ids()}
    book = published.get(told.casefold()) or _own_id(told)
    return _begin(actor, book, texts, "上传的文件")


def _base(book_id: str, number: int | None) -> Version:
    """What a draft begins from: of a book published here the newest version whatever was looked
    at, so that no change is lost of one that waits for its day."""
    rows = own_versions(book_id)
    return version_of(rows[-1]) if rows else find_version(book_id, number, clock.today())


def _begin(actor: Actor, book: str, texts: Texts, origin: str) -> RuleBookDraft:
    if RuleBookDraft.objects.filter(book__iexact=book, state__in=OPEN_STATES).exists():
        raise Conflict(_draft_open(book))
    last = max((one.book_version for one in own_versions(book)), default=0)
    row = RuleBookDraft(
        book=book,
        number=last + 1,
        origin=origin,
        toml=with_head(texts.toml, book, last + 1),
        text=texts.text,
        examples=texts.examples,
        by=actor.text,
        at=clock.now(),
    )
    try:
        with transaction.atomic(), journal.act(actor, "rulebook.drafted") as act:
            act.write(row)
    except IntegrityError as error:
        # Somebody else began it in this very moment.
        raise Conflict(_draft_open(book)) from error
    return row


def _draft_open(book: str) -> Fault:
    what = f"办法“{book}”已有一份没有发布的草稿"
    return Fault("draft-open", what, "请接着改那一份，或先作废")


def save_draft(actor: Actor, draft_id: int, *, version: int, texts: Texts) -> RuleBookDraft:
    """Keep what was typed, faulty or not; the program writes id and number itself.

    Raises Conflict where somebody saved another text meanwhile, or the draft was sent in.
    """
    with transaction.atomic():
        draft = _held(actor, draft_id, version, DraftState.DRAFT)
        require_short(texts)
        draft.toml = with_head(texts.toml, draft.book, draft.number)
        draft.text, draft.examples = texts.text, texts.examples
        draft.by, draft.at = actor.text, clock.now()
        with journal.act(actor, "rulebook.draft_saved") as act:
            act.write(draft)
    return draft


def require_short(texts: Texts) -> None:
    """BadInput, a line for each text, where one is longer than a draft may be."""
    faults = [
        Fault("too-long", f"{name}有{len(text)}字，太长", f"最多{LONGEST}字")
        for name, text in (("规则", texts.toml), ("条文", texts.text), ("算例", texts.examples))
        if len(text) > LONGEST
    ]
    if faults:
        raise BadInput(*faults)


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
        and draft.asked_at <= clock.now() - REQUEST_HOLDS
    )


def require_faultless(draft: RuleBookDraft) -> Book:
    """The draft's book. Raises BadInput with what is wrong with its texts or its dates."""
    checked = check_texts(draft.toml, draft.text, draft.examples)
    faults = list(checked.faults)
    if checked.book is not None:
        if checked.book.id != draft.book:
            what = f"规则里的id是“{checked.book.id}”，草稿的编号是“{draft.book}”"
            faults.append(Fault("other-id", what, f'写成id = "{draft.book}"'))
        faults += asked_again(checked.book)
        if not draft.is_retroactive:
            faults += term_faults(checked.book, draft.number, last_snapshot())
    if faults or checked.book is None:
        raise BadInput(*faults)
    return checked.book


def term_faults(book: Book, number: int, last: Snapshot | None) -> tuple[Fault, ...]:
    """A later version may not begin before the last locked round ends, unless somebody says so:
    rounds that are locked were judged by the version before."""
    period = _locked_in_term(book, last)
    if number == 1 or period is None:
        return ()
    what = f"新版自{book.valid_from}起施行，而{period.label}（截至{period.last_on}）已锁定"
    return (Fault("retroactive", what, "请把施行日期改到锁定的期以后；确实追溯的，勾选“追溯施行”"),)


def term_notices(book: Book, number: int, last: Snapshot | None) -> tuple[Fault, ...]:
    """That a first version begins before rounds that are locked: it may, and nothing is judged
    anew, but whoever publishes it has to know."""
    period = _locked_in_term(book, last)
    if number > 1 or period is None:
        return ()
    what = f"施行日期{book.valid_from}早于已锁定的期（到{period.label}，截至{period.last_on}）"
    remedy = "已锁定的期不自动重算，以后更正时才按采用的办法算；不打算追溯的，请改施行日期"
    return (Fault("begins-before-locked", what, remedy),)


def _locked_in_term(book: Book, last: Snapshot | None) -> Period | None:
    """The last locked period where a book is in force on its last day already."""
    period = last.round.period if last is not None else None
    return period if period is not None and book.valid_from <= period.last_on else None


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
            Fault(
                "bad-id",
                what,
                "只用英文字母、数字和连字符（-），以字母或数字开头，最多40个，如jiangyuan-2026",
            )
        )
    taken = {one.casefold() for one in (*installed_books(), *own_ids())}
    if own_id.casefold() in taken:
        raise BadInput(Fault("taken-id", f"编号“{own_id}”已有办法在用", "请换一个编号"))
    return own_id
