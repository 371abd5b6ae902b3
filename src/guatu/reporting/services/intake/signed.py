"""Recognising a signed workbook among what was dropped: whose it is, which projects, conflicts.

The intake asks here before it looks for a table; what is found goes on as any matched row does.
"""

from __future__ import annotations

from functools import cached_property

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.core.periods import PeriodKey
from guatu.core.yuan import LIMIT, wan_words
from guatu.engines.sheets import SheetsError, Vocabulary, Workbook, cell_name, shown
from guatu.files import services as files
from guatu.files.intake import ReadFile
from guatu.files.models import Import
from guatu.files.senders import Sender
from guatu.ledger.models import ProjectList, Term
from guatu.ledger.queries import ladder_of, reporting_unit_of, words_of
from guatu.ledger.types import Vocabulary as Words
from guatu.organisation import queries as organisation
from guatu.organisation.models import Organisation
from guatu.reporting.access import own_entries
from guatu.reporting.intake.answers import row_subject
from guatu.reporting.intake.judge import Question, doubts
from guatu.reporting.intake.one import OneProject
from guatu.reporting.intake.rows import Amount
from guatu.reporting.models import Round
from guatu.reporting.rules import Amounts, in_step, may_send
from guatu.reporting.services.intake.batch import Batch, FileTaken, Waiting
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    ReportSource,
    RoundState,
)
from guatu.reporting.unit.queries import known_of
from guatu.reporting.workbook.layout import AT, FIGURES, YES
from guatu.reporting.workbook.reading import Filled, filled_rows, issued_of, sheet_of
from guatu.reporting.workbook.token import Issued

_INDICATORS = {
    INVESTMENT: FIGURES["year"],
    INVESTMENT_MONTH: FIGURES["month"],
    INVESTMENT_TOTAL: FIGURES["life"],
}


def is_signed(read: ReadFile) -> bool:
    """Whether a file says that it is a workbook of ours; whether that is true is another thing."""
    return isinstance(read.content, Workbook) and read.content.aside is not None


class Recogniser:
    """Takes the signed workbooks of one call into its batch. What the tables hold is loaded once,
    for the first of them."""

    def __init__(
        self, batch: Batch, listing: ProjectList, period: PeriodKey, vocabulary: Vocabulary
    ) -> None:
        self._batch = batch
        self._list, self._period = listing, period
        self._vocabulary = vocabulary

    def take(self, read: ReadFile, sender: Sender) -> None:
        """Take one file: matched rows, rows that wait, or one line why nothing is taken.

        `sender` is who the file's name says it is from; the signature says it better.
        """
        self._batch.senders[read.name] = sender
        taken = FileTaken(read.name, sender.name)
        self._batch.taken.files.append(taken)
        assert not isinstance(read.content, SheetsError)
        try:
            issued = issued_of(read.content, read.name)
            unit = self._unit(issued, read.name)
            sheet = sheet_of(read.content, issued, read.name)
        except BadInput as error:
            taken.is_refused = True
            self._batch.taken.refused += error.faults
            return
        sender = self._batch.senders[read.name] = sender.of(issued.unit_id, unit)
        taken.sender = unit
        rows = filled_rows(sheet, issued, self._vocabulary, file=read.name, year=self._period.year)
        taken.rows = len(rows)
        if untouched := len(issued.rows) - len(rows):
            what = f"有{untouched}个项目没有填，仍按未报统计"
            self._batch.taken.notices.append(
                Fault("rows-untouched", what, "数没有变的请选“本期无变化”", read.name)
            )
        mine = self._imports.get(files.digest_of(read.bytes))
        for one in rows:
            self._row(one, issued, sender, mine)

    def _unit(self, issued: Issued, file: str) -> str:
        """The unit's name; BadInput for another round's workbook and for a unit that ended."""
        if self._round is None or issued.round_id != self._round.pk:
            raise BadInput(self._of_another_round(issued, file))
        unit = Organisation.objects.filter(pk=issued.unit_id).first()
        name = self._names.get(issued.unit_id, "")
        if unit is None or (unit.ended_on is not None and unit.ended_on <= clock.today()):
            what = f"{name or '发表的单位'}已经撤并，这张填报表作废"
            raise BadInput(Fault("unit-ended", what, "请由承接的单位重新下载填报表再报", file))
        return name

    def _of_another_round(self, issued: Issued, file: str) -> Fault:
        other = Round.objects.select_related("list", "period").filter(pk=issued.round_id).first()
        if other is None:
            what = "这张填报表所属的一期已经没有了"
            return Fault("other-round", what, "请重新下载本期的填报表", file)
        is_open = other.state == RoundState.OPEN
        remedy = f"请到{other}的收表台交" if is_open else "那一期已锁定；确需改数请办理更正"
        what = f"这是{other}的填报表，不是{self._list} · {self._period.label}的"
        return Fault("other-round", what, remedy, file)

    @cached_property
    def _round(self) -> Round | None:
        rows = Round.objects.select_related("list", "period")
        return rows.filter(list=self._list, period__key=self._period.key).first()

    @cached_property
    def _names(self) -> dict[int, str]:
        return dict(organisation.organisation_names().official)

    @cached_property
    def _known(self) -> dict[str, OneProject]:
        """What stands of every project of the round, by the project's uid."""
        assert self._round is not None
        entries = list(own_entries([self._list.pk], None))
        found = known_of([self._round], entries) if entries else []
        return {one.entry.project.uid: one for one in found}

    @cached_property
    def _imports(self) -> dict[str, int]:
        """What came in this round before, by content."""
        rows = Import.objects.filter(target=f"{self._list.pk}:{self._period.key}")
        return dict(rows.order_by("pk").values_list("blob__sm3", "pk"))

    @cached_property
    def _senders(self) -> dict[int, str]:
        rows = Import.objects.filter(target=f"{self._list.pk}:{self._period.key}")
        return dict(rows.values_list("pk", "sender"))

    @cached_property
    def _words(self) -> list[Term]:
        return words_of(Words.NODE, Words.REASON, Words.PROBLEM)

    def _row(self, one: Filled, issued: Issued, sender: Sender, mine: int | None) -> None:
        row, batch = one.row, self._batch
        known = self._known.get(one.issued.uid)
        if known is None:
            what = f"“{row.name}”已退出清单或不在本期收报范围，没有采用"
            batch.taken.notices.append(row.place.fault("left-list", what))
            return
        project_id = known.entry.project_id
        row.subjects = [row_subject(label, row.name, row.code or "", "") for label in sender.labels]
        if batch.answers.leaves_out(row):
            what = f"“{row.name}”已答复不采用"
            batch.taken.notices.append(row.place.fault("row-left-out", what))
            return
        batch.answers.fill(row, project_id, is_told=True)
        if asked := doubts(row):
            batch.waiting += [Waiting(row, question, project_id) for question in asked]
            return
        self._complete(one, known, issued.unit_id)
        settled = batch.answers.settled_for(project_id)
        for question in self._conflicts(one, known, issued, sender, mine):
            if not settled(question):
                batch.waiting.append(Waiting(row, question, project_id))
                return
        batch.matched.append((row, project_id))

    def _complete(self, one: Filled, known: OneProject, unit_id: int) -> None:
        """Figures in step as on the page, and what the report says besides figures and words."""
        row, last = one.row, known.last
        is_kept = one.said("unchanged") == YES
        if is_kept and any(one.is_touched(key) for key in FIGURES):
            is_kept = False
            what = f"“{row.name}”选了“本期无变化”，又填了不同的数，已按填的数入库"
            row.doubts.append(("unchanged-contradicts", what, "请向单位核实"))
        if is_kept:
            # A project that has no figure yet has none to keep: it is asked about as empty.
            stepped = last.kept if last.year_yuan is not None else None
            row.amounts = {}
        else:
            typed = {f"{key}_yuan": _yuan(one, key) for key in FIGURES}
            first_on = known.the_round.period.first_on
            stepped = in_step(Amounts(**typed), last, first_on=first_on)
            if stepped is None and not one.is_touched("year"):
                row.amounts.pop(FIGURES["year"], None)
        for key, field in FIGURES.items():
            yuan = getattr(stepped, f"{key}_yuan") if stepped else None
            if yuan is not None and _yuan(one, key) != yuan:
                cell = cell_name(row.place.row - 1, AT[key])
                row.amounts[field] = Amount(yuan, "", cell)
        row.said = {
            "organisation_id": unit_id,
            "is_unchanged": is_kept and last.year_yuan is not None,
            "physical_node": self._node(one, known),
            "reason_id": self._term(one, "reason", Words.REASON, "滞后原因"),
            "problem_id": self._term(one, "problem_kind", Words.PROBLEM, "问题类别"),
            "next_plan_yuan": _next_plan(one),
        }

    def _node(self, one: Filled, known: OneProject) -> str:
        told, before = one.said("node"), one.sent_out("node")
        nodes = {node.name for node in ladder_of(self._words, known.entry.project.sector_id)}
        if told in nodes or told in ("", before):
            return told
        what = f"形象节点“{told[:30]}”不在列表里，没有采用"
        one.row.doubts.append(("no-such-node", what, "请核实是哪个节点"))
        return before

    def _term(self, one: Filled, key: str, vocabulary: Words, label: str) -> int | None:
        told = one.said(key)
        for term in self._words:
            if term.vocabulary == vocabulary and term.name == told:
                return term.pk
        if told:
            what = f"{label}“{told[:30]}”不在列表里，没有采用"
            one.row.doubts.append(("no-such-word", what, "请核实是哪一类"))
        return None

    def _conflicts(
        self, one: Filled, known: OneProject, issued: Issued, sender: Sender, mine: int | None
    ) -> list[Question]:
        """Why a row must be decided about: another unit reports now, or ours changed since."""
        row = one.row
        found = []
        now = reporting_unit_of(known.entry)
        if now != issued.unit_id:
            name = self._names.get(now, "别的单位") if now else "没有单位"
            what = f"“{row.name}”现由{name}填报，表格是{sender.name}报来的"
            found.append(
                Question("reporter-changed", what, "请核实后选采用或不采用", is_waiting=True)
            )
        if self._is_changed(one, known, sender, mine):
            amount = row.investment
            held = known.yuan_of(INVESTMENT)
            ours = "没有数" if held is None else wan_words(held)
            theirs = wan_words(amount.yuan) if amount and amount.yuan is not None else "没有数"
            what = f"表格发出以后本项目的数改过：现存{ours}，表格报{theirs}"
            found.append(
                Question(
                    "changed-since-issue",
                    what,
                    "请核实以哪个为准：采用表格的，写明理由；保留现存的，选不采用",
                    is_waiting=True,
                    old=ours,
                    new=theirs,
                )
            )
        return found

    def _is_changed(self, one: Filled, known: OneProject, sender: Sender, mine: int | None) -> bool:
        report = known.report
        is_accepted = report is not None and not may_send(report.state, report.source)
        if not is_accepted and _state(known.seen, one) == _state(one.issued.seen, one):
            return False
        if report is None and not known.now:
            return False
        if _says_the_same(one, known):
            return False
        indicator = known.indicators.get(INVESTMENT)
        held = known.now.get((known.entry.project_id, indicator.pk)) if indicator else None
        if report is None or held is None or held.imported_id is None:
            return True
        # Its own earlier copy may be mended by a later one, never a later one by an earlier.
        is_own = self._senders.get(held.imported_id) == sender.label
        is_newer = mine is None or held.imported_id <= mine
        return not (is_own and is_newer and report.source == ReportSource.WORKBOOK)


def _state(seen: str, one: Filled) -> str:
    """The state of a report; the dates count only for a row that states one."""
    return seen if one.row.dates else seen.rpartition(".")[0]


def _says_the_same(one: Filled, known: OneProject) -> bool:
    row, report = one.row, known.report
    if report is None or one.row.dates:
        return False
    figures = (
        (row.amounts[field].yuan, known.yuan_of(code))
        for code, field in _INDICATORS.items()
        if field in row.amounts
    )
    words = (
        (row.progress, report.progress_text),
        (row.problem, report.problem_text),
        *((value, getattr(report, name)) for name, value in row.said.items()),
    )
    return all(mine == ours for mine, ours in (*figures, *words))


def _yuan(one: Filled, key: str) -> int | None:
    amount = one.row.amounts.get(FIGURES[key])
    return amount.yuan if amount else None


def _next_plan(one: Filled) -> int | None:
    value = one.next_plan
    if value is None:
        return None
    if isinstance(value.parsed, int) and not value.is_doubtful and 0 <= value.parsed <= LIMIT:
        return value.parsed
    what = f"下期计划“{shown(value.raw)}”不能采用"
    one.row.doubts.append(("bad-next-plan", what, "请核实后在填报页补填"))
    return None
