"""The circular as a paper: drafted, issued with its number, signed, withdrawn (M-I2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.engines.gongwen.reading import read_docx
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.types import Document, Number
from guatu.files import services as files
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.publishing import queries
from guatu.publishing.checking.check import Checked, Expected, check
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.publishing.models import Paper
from guatu.publishing.services.bulletin import LiveCircular, live_circular
from guatu.publishing.types import PaperKind, PaperState
from guatu.publishing.wording.draft import (
    LONGEST_PIECE,
    MOST_PIECES,
    Draft,
    default_draft,
    printed,
)
from guatu.publishing.wording.frozen import frozen_of, frozen_of_file
from guatu.publishing.wording.typed import without_typed_figures
from guatu.reporting.models import Round
from guatu.ui.export import DOCX

LONGEST_NUMBER = 60
LONGEST_REASON = 300
LONGEST_HEAD = 200
SCAN_BYTES = 20 * 1024 * 1024
_SCANS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)
_NUMBER = re.compile(r"(.{0,20})[〔\[（(](\d{4})[〕\]）)](\d{1,5})号")


@dataclass(frozen=True, slots=True)
class Issue:
    """What is issued: the number of the office system, and the file as edited outside, if any.

    `is_confirmed`: somebody answers for figures in that file that differ from the run.
    """

    number: str
    edited: bytes | None = None
    is_confirmed: bool = False


def save_draft(actor: Actor, the_round: Round, draft: Draft, *, version: int) -> Paper:
    """Keep the author's wording. `version` is that of the draft he began from, 0 for the first.

    Raises BadInput for a name of no live figure, Conflict where another has saved meanwhile or
    the paper is issued.
    """
    access.require(actor, Right.ISSUE_PAPERS)
    now = live_circular(the_round)
    draft = draft.own_words(now.document)
    _require_sound(draft, now)
    paper = queries.circular_in_force(the_round)
    if paper is not None and paper.state == PaperState.ISSUED:
        raise Conflict(Fault("issued", "通报已经印发，内容不能再改", "确需改动请先撤回"))
    with journal.act(actor, "paper.drafted") as act:
        if paper is None:
            paper = Paper(round=the_round, kind=PaperKind.CIRCULAR)
            _require_version(version, 0)
        else:
            _require_version(version, paper.version)
        paper.content, paper.by, paper.at = draft.to_json(), actor.text, act.at
        try:
            with transaction.atomic():
                act.write(paper)
        except IntegrityError as error:
            raise Conflict(_meanwhile()) from error
    return paper


def _require_version(seen: int, now: int) -> None:
    if seen != now:
        raise Conflict(_meanwhile())


def _meanwhile() -> Fault:
    return Fault(
        "changed-meanwhile", "您修改期间，别人保存过这份草稿", "请对照两边的文字，改好后再保存"
    )


def _require_sound(draft: Draft, now: LiveCircular) -> None:
    faults = [
        Fault("unknown-figure", f"没有叫“{name}”的数", "请从右边的名称中选，或改写成文字")
        for name in draft.unknown(now.live)
    ]
    if len(draft.pieces) > MOST_PIECES:
        faults.append(Fault("too-long", f"段落超过{MOST_PIECES}段", "请合并或删减"))
    if any(len(one.text) > LONGEST_PIECE for one in draft.pieces):
        faults.append(Fault("too-long", f"有一段超过{LONGEST_PIECE}字", "请分段或删减"))
    heads = (draft.title, draft.addressee, *(new for _, new in draft.annex_titles))
    if any(len(one) > LONGEST_HEAD for one in heads):
        what = f"标题、主送机关或附件名称超过{LONGEST_HEAD}字"
        faults.append(Fault("too-long", what, "请改用简短的写法"))
    if any(not sign.isprintable() for one in heads for sign in one):
        faults.append(Fault("control-character", "标题中有不能印的字符", "请删去后重试"))
    if not draft.pieces:
        faults.append(Fault("empty", "正文是空的", "请至少写一段"))
    if faults:
        raise BadInput(*faults)


def draft_of(paper: Paper | None, now: LiveCircular) -> Draft:
    """The wording in work: as saved, else as composed."""
    if paper is not None and paper.state == PaperState.DRAFT:
        return Draft.from_json(paper.content)
    return default_draft(now.document, now.figures, now.live)


def document_of(paper: Paper | None, now: LiveCircular) -> Document:
    """The circular in the wording in work, with the figures of now."""
    return printed(draft_of(paper, now), now.document, now.live)


def check_figures(actor: Actor, the_round: Round, edited: bytes) -> Checked:
    """核对数字: every figure of an edited circular against the run, and what is right.

    Raises GongwenError for a file that is no docx.
    """
    access.require(actor, Right.ISSUE_PAPERS)
    now = live_circular(the_round)
    draft = draft_of(queries.circular_in_force(the_round), now)
    composed = default_draft(now.document, now.figures, now.live)
    measure = printed(without_typed_figures(draft, composed), now.document, now.live)
    return check(read_docx(edited), Expected.of(measure, now.document))


def issue(actor: Actor, the_round: Round, command: Issue, *, version: int) -> Paper:
    """Issue the circular: its wording and figures are frozen, the file is kept.

    Raises BadInput while something is left to write, or where the edited file's figures differ
    from the run and nobody answers for it; Conflict where it is issued or changed meanwhile.
    """
    access.require(actor, Right.ISSUE_PAPERS)
    number = typed_number(command.number)
    now = live_circular(the_round)
    paper = queries.circular_in_force(the_round)
    if paper is not None and paper.state == PaperState.ISSUED:
        raise Conflict(Fault("issued", "通报已经印发", "确需重发请先撤回"))
    _require_version(version, paper.version if paper else 0)
    document = _printed_today(_numbered(document_of(paper, now), number))
    if command.edited is None:
        _require_written(draft_of(paper, now), now)
        content, text = render(document), frozen_of(document, now.book)
    else:
        _require_checked(check_figures(actor, the_round, command.edited), command)
        content, text = command.edited, frozen_of_file(document, command.edited, now.book)
    with journal.act(actor, "paper.issued", detail={"number": number}) as act:
        paper = paper or Paper(round=the_round, kind=PaperKind.CIRCULAR, by=actor.text, at=act.at)
        paper.content, paper.state, paper.outside_number = text, PaperState.ISSUED, number
        paper.snapshot = now.snapshot
        paper.document = files.store_blob(act, content, DOCX)
        paper.issued_by, paper.issued_at = actor.text, act.at
        act.write(paper)
    return paper


def typed_number(text: str) -> str:
    """An outside number as kept. Raises BadInput for one that is too long."""
    number = " ".join(text.split())
    if len(number) > LONGEST_NUMBER:
        raise BadInput(Fault("number-too-long", f"文号超过{LONGEST_NUMBER}字", "请核对文号"))
    return number


def _numbered(document: Document, number: str) -> Document:
    """The document with the number where it has the usual form; another is kept beside it."""
    told = _NUMBER.fullmatch(number)
    if told is None or document.logo is None:
        return document
    return replace(document, number=Number(told[1], int(told[2]), int(told[3])))


def _printed_today(document: Document) -> Document:
    """印发日期 in 版记 is the day of issue."""
    if document.imprint is None:
        return document
    return replace(document, imprint=replace(document.imprint, printed_on=clock.today()))


def _require_written(draft: Draft, now: LiveCircular) -> None:
    _require_sound(draft, now)
    if any(one.text.strip() == LEFT_TO_WRITE for one in draft.pieces):
        raise BadInput(
            Fault(
                "left-to-write",
                "还有一部分待起草人补写",
                "请先改写文字，或上传在WPS里改好的定稿",
            )
        )


def _require_checked(checked: Checked, command: Issue) -> None:
    wrong = len(checked.differing)
    if wrong and not command.is_confirmed:
        raise BadInput(
            Fault(
                "figures-differ",
                f"定稿里有{wrong}处数与定版数据不一致",
                "请先核对数字；确认照此印发的，勾选“已逐处核对”",
            )
        )


def attach_scan(actor: Actor, paper: Paper, content: bytes, *, version: int) -> Paper:
    """Keep the signed scan beside the issued paper; a better scan takes its place.

    What it is is told by its first bytes, never by its name (trust C-12).
    """
    access.require(actor, Right.ISSUE_PAPERS)
    _require_state(paper, PaperState.ISSUED, "印发以后才能存签发件")
    mime = _kind_of_scan(content)
    _require_version(version, paper.version)
    with journal.act(actor, "paper.scanned") as act:
        paper.scan = files.store_blob(act, content, mime)
        act.write(paper)
    return paper


def _kind_of_scan(content: bytes) -> str:
    if len(content) > SCAN_BYTES:
        size = SCAN_BYTES // (1024 * 1024)
        raise BadInput(Fault("scan-too-large", f"签发件超过{size}MB", "请降低扫描精度后再传"))
    for start, mime, _ in _SCANS:
        if content.startswith(start):
            return mime
    raise BadInput(Fault("not-a-scan", "签发件不是PDF、JPG或PNG", "请把签发页扫描成其中一种再传"))


def scan_suffix(mime: str) -> str:
    """The ending of a scan's name, from what it is."""
    return next((suffix for _, kind, suffix in _SCANS if kind == mime), "bin")


def withdraw(actor: Actor, paper: Paper, reason: str, *, version: int) -> Paper:
    """Withdraw an issued paper; it stays readable as what was said. A new one may be drafted."""
    access.require(actor, Right.ISSUE_PAPERS)
    _require_state(paper, PaperState.ISSUED, "只有已印发的材料才能撤回")
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput(Fault("no-reason", "撤回须写明理由", "请写明为什么撤回"))
    if len(reason) > LONGEST_REASON:
        raise BadInput(Fault("too-long", f"理由超过{LONGEST_REASON}字", "请改用简短的写法"))
    _require_version(version, paper.version)
    with journal.act(actor, "paper.withdrawn", detail={"reason": reason}) as act:
        paper.state, paper.reason = PaperState.WITHDRAWN, reason
        paper.withdrawn_by, paper.withdrawn_at = actor.text, act.at
        act.write(paper)
    return paper


def _require_state(paper: Paper, state: PaperState, otherwise: str) -> None:
    if paper.state != state:
        raise Conflict(Fault("wrong-state", otherwise, "请刷新页面后再办理"))
