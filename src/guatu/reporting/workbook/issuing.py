"""Workbooks that go out: what is known of a unit's projects, filled in and signed (M-C1)."""

from __future__ import annotations

import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.yuan import wan_text
from guatu.ledger.models import ListEntry, Responsibility, Term
from guatu.ledger.queries import in_force, ladder_of, reporting_unit_of, words_of
from guatu.ledger.types import ResponsibilityRole, Vocabulary
from guatu.organisation import queries as organisation
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting.access import own_entries
from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Report, Round
from guatu.reporting.services.rounds import require_open
from guatu.reporting.unit.form import initial
from guatu.reporting.unit.queries import known_of
from guatu.reporting.workbook.layout import LOCKED, OPEN
from guatu.reporting.workbook.token import Issued, IssuedRow
from guatu.reporting.workbook.writing import Words, workbook
from guatu.ui.export import XLSX

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Made:
    """One unit's workbook: the name of its file, its bytes, how many projects it holds."""

    name: str
    content: bytes
    projects: int


def workbooks_of(the_round: Round, scopes: list[int] | None) -> list[Made]:
    """The workbook of each unit that reports in a round, or of some units; by the unit's name.

    Programmes without money are left out, and the workbook says so: their indicators and
    milestones are reported on the page. Raises RoundClosed for a locked round, NotFound where the
    units report nothing in it, or nothing but such programmes. A constant number of statements.
    """
    known = _known(the_round, scopes)
    if not known:
        raise NotFound(Fault("nothing-to-report", "本期没有要填报的项目", "请从填报或收表台进入"))
    require_open([the_round])
    by_unit: dict[int, list[OneProject]] = defaultdict(list)
    on_page: Counter[int] = Counter()
    for one in known:
        unit = reporting_unit_of(one.entry) or 0  # never 0: `_known` reads reported ones alone
        if one.takes_money:
            by_unit[unit].append(one)
        else:
            on_page[unit] += 1
    if not by_unit:
        what = "本期要填报的都是非建设项目，没有填报表"
        raise NotFound(Fault("on-page-only", what, "请在“填报”里报指标和节点"))
    names = organisation.names_of_organisations(by_unit)
    terms = words_of(Vocabulary.NODE, Vocabulary.REASON, Vocabulary.PROBLEM)
    ordered = sorted(by_unit, key=lambda pk: (names.get(pk, ""), pk))
    return [
        _made(the_round, (pk, names.get(pk, f"单位{pk}"), on_page[pk]), by_unit[pk], terms)
        for pk in ordered
    ]


def units_reporting_for(the_round: Round, lead_id: int) -> list[int]:
    """The units that report what a lead unit answers for in a round: itself, and those named for
    some of its projects. One statement."""
    led = Responsibility.objects.filter(
        in_force(clock.today()), role=ResponsibilityRole.LEAD, organisation=lead_id
    )
    rows: QuerySet[Any, Any] = own_entries([the_round.list_id], None).filter(
        Q(("reporting_unit", lead_id)) | Q(project__in=led.values("project_id"))
    )
    return sorted({pk for pk in rows.values_list("reporting_unit", flat=True) if pk})


def together(made: Sequence[Made], title: str) -> tuple[bytes, str, str]:
    """What is sent for some workbooks: the one itself, or an archive; content, name and kind."""
    if len(made) == 1:
        return made[0].content, made[0].name, XLSX
    return zipped(made), f"{_file_name(title)}.zip", ZIP


def zipped(made: Sequence[Made]) -> bytes:
    """Several workbooks in one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for one in made:
            archive.writestr(one.name, one.content)
    return buffer.getvalue()


def _known(the_round: Round, scopes: list[int] | None) -> list[OneProject]:
    """What is known of the projects, with the last reports and the dates that a form shows."""
    last = Report.objects.filter(
        project_id=OuterRef("project_id"), period__last_on__lt=the_round.period.last_on
    ).order_by("-period__last_on", "-pk")
    entries = list(
        own_entries([the_round.list_id], scopes)
        .filter(Q(("reporting_unit__isnull", False)))
        .annotate(last_report=Subquery(last.values("pk")[:1]))
        .order_by("serial_no", "pk")
    )
    if not entries:
        return []
    before = Report.objects.in_bulk([pk for one in entries if (pk := _last_report(one))])
    found = known_of([the_round], entries)
    ids = [one.entry.project_id for one in found]
    dates: dict[int, dict[tuple[int, str, str], DateFact]] = defaultdict(dict)
    facts = DateFact.objects.filter(project__in=ids, kind=DateKind.ACTUAL).order_by("seq")
    for fact in facts:
        dates[fact.project_id][fact.project_id, fact.milestone, fact.kind] = fact
    for one in found:
        one.before = before.get(_last_report(one.entry) or 0)
        one.dates = dates[one.entry.project_id]
    return found


def _last_report(entry: ListEntry) -> int | None:
    found: int | None = getattr(entry, "last_report")  # noqa: B009 (an annotation)
    return found


def _made(
    the_round: Round,
    unit: tuple[int, str, int],
    known: Sequence[OneProject],
    terms: Sequence[Term],
) -> Made:
    """A unit's workbook; `unit` is its id, its name, and how many of its programmes are reported
    on the page alone."""
    unit_id, name, on_page = unit
    by_id = {str(one.pk): one.name for one in terms}
    words = {
        vocabulary: [one.name for one in terms if one.vocabulary == vocabulary]
        for vocabulary in (Vocabulary.REASON, Vocabulary.PROBLEM)
    }
    rows = tuple(_row(at, one, by_id) for at, one in enumerate(known, start=1))
    nodes = []
    for one, row in zip(known, rows, strict=True):
        ladder = [node.name for node in ladder_of(terms, one.entry.project.sector_id)]
        told = row.opened[OPEN.index("node")]
        nodes.append(ladder if not told or told in ladder else [*ladder, told])
    period = the_round.period.label
    issued = Issued(
        the_round.pk, unit_id, clock.now().isoformat(), _heads(the_round, name, on_page), rows
    )
    offered = Words(nodes, words[Vocabulary.REASON], words[Vocabulary.PROBLEM])
    content = workbook(issued, offered)
    return Made(f"{_file_name(f'{name}{period}填报表')}.xlsx", content, len(rows))


def _heads(the_round: Round, unit: str, on_page: int) -> tuple[str, ...]:
    cut_off, due, period = the_round.cut_off_on, the_round.due_on, the_round.period.label
    more = f"另有{on_page}个非建设项目不在本表，请在平台“填报”里报指标和节点。" if on_page else ""
    return (
        f"{period}{the_round.list.name}填报表",
        f"填报单位：{unit}　　金额单位：万元　　数据截至：{cut_off:%Y-%m-%d}　　"
        f"报送截止：{due:%Y-%m-%d}",
        "只填浅黄表头下面的格，灰色的已锁定。都没有变的，在“本期无变化”选“是”；"
        "本期完成与本年累计填一个即可；没有动的项目不算报送。填好后把本文件原样发给项目办。"
        f"{more}",
    )


def _file_name(text: str) -> str:
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in text)[:120]


def _row(serial: int, known: OneProject, words: dict[str, str]) -> IssuedRow:
    project, last = known.entry.project, known.last
    locked = {
        "serial": str(serial),
        "name": project.name,
        "code": project.national_code or "",
        "total": _wan(project.total_yuan),
        "plan": _wan(known.plan_yuan),
        "last": _wan(last.year_yuan),
        "last_life": _wan(last.life_yuan),
    }
    opened = {key: str(value or "") for key, value in initial(known).items()}
    for key in ("reason", "problem_kind"):
        opened[key] = words.get(opened.get(key, ""), "")
    opened.pop("explanation", None)  # of the figures that were sent in then, not of these
    return IssuedRow(
        project.uid,
        known.seen,
        tuple(locked[key] for key in LOCKED),
        tuple(opened.get(key, "") for key in OPEN),
    )


def _wan(yuan: int | None) -> str:
    return "" if yuan is None else wan_text(yuan)
