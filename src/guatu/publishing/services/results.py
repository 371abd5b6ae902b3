"""A campaign's result paper: its words drafted, issued with the figures of then, withdrawn."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.types import Document
from guatu.files import services as files
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import CampaignState
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.publishing.models import Paper
from guatu.publishing.results.compose import document_of, drafted
from guatu.publishing.results.types import ResultFigures
from guatu.publishing.services.bulletin import issuer_of
from guatu.publishing.services.papers import typed_number
from guatu.publishing.types import PaperKind, PaperState
from guatu.publishing.wording.frozen import frozen_of
from guatu.ui.export import DOCX

LONGEST_TEXT = 4_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wording:
    """What the author says of the paper: its words, line by line, and who signs it."""

    text: str
    issuer: str
    addressee: str

    @classmethod
    def from_json(cls, content: str) -> Wording:
        """As a draft keeps it."""
        told = json.loads(content)
        return cls(told["text"], told["issuer"], told["addressee"])

    def to_json(self) -> str:
        """As a draft keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def papers_of(campaign: Campaign) -> tuple[Paper | None, list[Paper]]:
    """The campaign's paper that is drafted or issued, and those withdrawn, the newest first."""
    rows = Paper.objects.filter(campaign=campaign, kind=PaperKind.RESULT)
    every = list(rows.select_related("document", "snapshot", "round").order_by("-pk"))
    withdrawn = [one for one in every if one.state == PaperState.WITHDRAWN]
    return next((one for one in every if one not in withdrawn), None), withdrawn


def issuers(campaign: Campaign) -> list[str]:
    """Who may sign: the body that runs the campaign, then the office. One query."""
    settings = organisation.settings_in_force()
    body = [campaign.body.name] if campaign.body else []
    return [*body, issuer_of(settings)]


def wording_of(paper: Paper | None, figures: ResultFigures, signers: list[str]) -> Wording:
    """The words in work: as saved, else drafted from the figures of now."""
    if paper is not None and paper.state == PaperState.DRAFT:
        return Wording.from_json(paper.content)
    return Wording(drafted(figures), signers[0], "")


def document_now(wording: Wording, figures: ResultFigures) -> Document:
    """The paper as it stands: these words, the figures of now, no date yet."""
    return _document(wording, figures, None)


def _document(wording: Wording, figures: ResultFigures, dated_on: date | None) -> Document:
    addressee = wording.addressee or organisation.settings_in_force()["addressee"]
    return document_of(figures, wording.text, wording.issuer, addressee, dated_on)


def save_result(
    actor: Actor, campaign: Campaign, figures: ResultFigures, wording: Wording, *, version: int
) -> Paper:
    """Keep the words of a campaign's result paper as its draft; `version` is that of the draft
    the author began from, 0 for the first.

    Empty words let it be drafted from the figures again. Raises BadInput for words that are too
    long or an issuer that may not sign, Conflict where another has saved or it is issued.
    """
    access.require(actor, Right.ISSUE_PAPERS)
    wording = _sound(wording, campaign, figures)
    paper, _ = papers_of(campaign)
    if paper is not None and paper.state == PaperState.ISSUED:
        raise Conflict(Fault("issued", "总结已经印发，内容不能再改", "确需改动请先撤回"))
    _require_version(paper, version)
    with journal.act(actor, "paper.drafted") as act:
        paper = paper or Paper(campaign=campaign, kind=PaperKind.RESULT)
        paper.round = figures.snapshot.round
        paper.content, paper.by, paper.at = wording.to_json(), actor.text, act.at
        _write(act, paper)
    return paper


def _write(act: journal.Act, paper: Paper) -> None:
    """Raises Conflict where somebody else has begun the campaign's paper at the same moment."""
    try:
        with transaction.atomic():
            act.write(paper)
    except IntegrityError as error:
        raise Conflict(_meanwhile()) from error


def issue_result(
    actor: Actor, campaign: Campaign, figures: ResultFigures, number: str, *, version: int
) -> Paper:
    """Issue the result paper of a campaign that has ended: words and figures are frozen, the file
    is kept, the number typed in. Raises BadInput before its end, Conflict as when saving."""
    access.require(actor, Right.ISSUE_PAPERS)
    if campaign.state_on(clock.today()) is not CampaignState.ENDED:
        what = f"“{campaign}”还没有结束"
        raise BadInput(Fault("not-ended", what, f"{campaign.last_on}过后再印发，或先提前结束"))
    number = typed_number(number)
    paper, _ = papers_of(campaign)
    if paper is not None and paper.state == PaperState.ISSUED:
        raise Conflict(Fault("issued", "总结已经印发", "确需重发请先撤回"))
    _require_version(paper, version)
    wording = wording_of(paper, figures, issuers(campaign))
    document = _document(wording, figures, clock.today())
    content = render(document)
    with journal.act(actor, "paper.issued", detail={"number": number}) as act:
        paper = paper or Paper(campaign=campaign, kind=PaperKind.RESULT, by=actor.text, at=act.at)
        paper.round, paper.snapshot = figures.snapshot.round, figures.snapshot
        paper.content, paper.state = frozen_of(document), PaperState.ISSUED
        paper.outside_number = number
        paper.document = files.store_blob(act, content, DOCX)
        paper.issued_by, paper.issued_at = actor.text, act.at
        _write(act, paper)
    return paper


def _sound(wording: Wording, campaign: Campaign, figures: ResultFigures) -> Wording:
    text = wording.text.replace("\r\n", "\n").strip() or drafted(figures)
    faults = []
    if len(text) > LONGEST_TEXT:
        faults.append(Fault("text-too-long", f"正文超过{LONGEST_TEXT}字", "请写短一些"))
    if len(wording.addressee) > LONGEST_NAME:
        faults.append(Fault("text-too-long", f"主送机关超过{LONGEST_NAME}字", "请写简称"))
    if wording.issuer not in issuers(campaign):
        faults.append(Fault("no-issuer", "没有选署名机关", "请从列表里选"))
    if faults:
        raise BadInput(*faults)
    return Wording(text, wording.issuer, " ".join(wording.addressee.split()))


def _require_version(paper: Paper | None, seen: int) -> None:
    if seen != (paper.version if paper else 0):
        raise Conflict(_meanwhile())


def _meanwhile() -> Fault:
    return Fault("changed-meanwhile", "您修改期间，别人改过这份总结", "请刷新页面，核对后再办理")
