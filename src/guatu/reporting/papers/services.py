"""A unit puts papers beside its report, and takes away what was put in by mistake."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.core.ids import is_id
from guatu.files import services as files
from guatu.files.intake import readable_name
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.queries import reporting_unit_of
from guatu.reporting.access import NOT_TO_REPORT, get_own_entry
from guatu.reporting.papers.models import ReportPaper, ReportPaperRemoval
from guatu.reporting.papers.queries import standing
from guatu.reporting.services.rounds import lock_rounds, require_open

MOST_BYTES = 20 * 1024 * 1024
MOST_PAPERS = 20
"""Of one project and period."""
LONGEST_NAME = 100
_KINDS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """A file as it arrives; without bytes where it is over the limit."""

    name: str
    content: bytes | None


def attach_papers(
    actor: Actor, round_id: int, project_id: int, given: Sequence[GivenPaper]
) -> list[ReportPaper]:
    """Keep photos and vouchers beside a unit's report, sent in or not: all or none.

    What a file is is told by its first bytes, never by its name (trust C-12); the same content
    twice is one paper. Raises NotFound for a project that is not the unit's to report,
    RoundClosed, and BadInput naming each file that cannot be taken.
    """
    unit_id = reporting_unit_of(get_own_entry(actor, round_id, project_id))
    if unit_id is None:
        raise NotFound(NOT_TO_REPORT)
    with journal.act(actor, "report.papers_added") as act:
        [the_round] = lock_rounds([round_id])
        require_open([the_round])
        held = {one.blob.sm3 for one in standing(project_id, the_round.period_id)}
        fresh = _fresh(given, held)
        if len(held) + len(fresh) > MOST_PAPERS:
            what = f"一个项目一期最多{MOST_PAPERS}个附件，现有{len(held)}个"
            raise BadInput(Fault("too-many-papers", what, "请只传有代表性的，或合并成一个PDF"))
        made = [
            ReportPaper(
                project_id=project_id,
                period_id=the_round.period_id,
                organisation_id=unit_id,
                blob=files.store_blob(act, one.content or b"", mime),
                name=name,
                by=actor.text,
                at=act.at,
            )
            for one, mime, name in fresh
        ]
        act.add_all(made)
    return made


def _fresh(given: Sequence[GivenPaper], held: set[str]) -> list[tuple[GivenPaper, str, str]]:
    """Those that are not there yet, each with its kind and the name it is kept under."""
    if not given:
        raise BadInput(Fault("no-file", "没有选文件", "请选照片或凭证（PDF、JPG、PNG）"))
    faults, found, seen = [], [], set(held)
    for one in given:
        name = readable_name(one.name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]) or "未命名"
        if one.content is None or len(one.content) > MOST_BYTES:
            what = f"“{name[:40]}”超过{MOST_BYTES // 1024 // 1024}MB"
            faults.append(Fault("paper-too-large", what, "请压缩后再传"))
            continue
        kind = next((kind for kind in _KINDS if one.content.startswith(kind[0])), None)
        if kind is None:
            what = f"“{name[:40]}”不是PDF、JPG或PNG"
            faults.append(Fault("paper-kind", what, "请拍照、扫描或另存为其中一种再传"))
            continue
        digest = files.digest_of(one.content)
        if digest not in seen:
            seen.add(digest)
            found.append((one, kind[1], _named(name, kind[2])))
    if faults:
        raise BadInput(*faults)
    return found


def _named(name: str, suffix: str) -> str:
    """The file's own name with the ending of what it is."""
    stem = unicodedata.normalize("NFC", name)
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    return f"{stem[:LONGEST_NAME] or '未命名'}{suffix}"


def remove_paper(actor: Actor, round_id: int, project_id: int, paper_id: int) -> ReportPaper:
    """Take a paper away; it stays kept and is shown no more. NotFound, RoundClosed as above."""
    get_own_entry(actor, round_id, project_id)
    with journal.act(actor, "report.paper_removed") as act:
        [the_round] = lock_rounds([round_id])
        require_open([the_round])
        rows = ReportPaper.objects.filter(
            project_id=project_id, period_id=the_round.period_id, removal__isnull=True
        )
        found = rows.filter(pk=paper_id).first() if is_id(paper_id) else None
        if found is None:
            raise NotFound(Fault("unknown-paper", "没有这个附件", "可能刚被移除，请刷新页面"))
        act.write(ReportPaperRemoval(paper=found, by=actor.text, at=act.at))
    return found
