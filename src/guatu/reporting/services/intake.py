"""Taking report workbooks in: many files, one period, one call (office.md 2, M-C1, M-A8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.core.periods import PeriodKey, parse_period
from guatu.engines.sheets import (
    ColumnMapping,
    SheetsError,
    Table,
    check_subtotals,
    load_vocabulary,
)
from guatu.files import services as files
from guatu.files.intake import ReadFile, read_files, tables_of
from guatu.files.models import Import
from guatu.files.senders import Sender, sender_of
from guatu.files.types import ImportKind, ImportState
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.matching import ProjectIndex
from guatu.ledger.models import ProjectList
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.queries import NameIndex
from guatu.organisation.types import Right
from guatu.reporting.intake.background import Backgrounds
from guatu.reporting.intake.judge import Judged, Question, doubts, judge
from guatu.reporting.intake.rows import ReportRow, report_rows
from guatu.reporting.intake.write import ReportWriter, Why
from guatu.reporting.models import Figure, IntakeQuestion, Round
from guatu.reporting.services.rounds import (
    ensure_indicators,
    lock_rounds_holding,
    open_round,
    require_open,
)
from guatu.reporting.types import INVESTMENT, QuestionState


@dataclass(frozen=True, slots=True)
class TakeInReports:
    """Which period the workbooks report, on which list, and how to read them."""

    period: PeriodKey
    list_name: str = ""
    dry_run: bool = False
    mapping: ColumnMapping | None = None


@dataclass(slots=True)
class FileTaken:
    """What one file brought."""

    name: str
    sender: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    waiting: int = 0
    is_refused: bool = False


@dataclass(slots=True)
class ReportsTaken:
    """What a call did: counts by file, refused files, waiting and questioned rows, notices."""

    files: list[FileTaken] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    waiting: list[Fault] = field(default_factory=list)
    questioned: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)

    @property
    def stored(self) -> int:
        """Rows that are in: new, changed or already there."""
        return sum(f.new + f.changed + f.same for f in self.files)


@dataclass(slots=True)
class Batch:
    """The rows of a call with their files and senders, matched or waiting."""

    read: list[ReadFile]
    senders: dict[str, Sender] = field(default_factory=dict)
    matched: list[tuple[ReportRow, int]] = field(default_factory=list)
    waiting: list[tuple[ReportRow, Question]] = field(default_factory=list)
    whole: list[tuple[ReportRow, Question, int]] = field(default_factory=list)
    taken: ReportsTaken = field(default_factory=ReportsTaken)


def take_in_reports(actor: Actor, paths: Sequence[Path], command: TakeInReports) -> ReportsTaken:
    """Take report workbooks in for one period: good rows enter, doubtful rows wait.

    Opens the round on first use. Raises RoundClosed where the round is locked, BadInput where no
    file can be read at all. A re-sent file replaces its own rows only; the same content twice
    changes nothing. With `dry_run` everything is computed and nothing kept.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    listing = ledger.find_list(command.period.year, command.list_name or None)
    read = read_files(paths)
    batch = gather(read, listing, command.period, mapping=command.mapping)
    if read and len({f.file for f in batch.taken.refused}) == len(read):
        raise BadInput(*batch.taken.refused)
    with transaction.atomic(), journal.act(actor, "reports.taken_in") as act:
        the_round = open_round(act, listing, command.period)
        # Lock before anything is judged: a close that is under way wins or waits for us.
        locked = lock_rounds_holding([pk for _, pk in batch.matched], command.period.as_of)
        require_open([the_round, *locked])
        store(act, batch, the_round, Why())
        if command.dry_run:
            transaction.set_rollback(True)
    return batch.taken


def gather(
    read: list[ReadFile],
    listing: ProjectList,
    period: PeriodKey,
    *,
    mapping: ColumnMapping | None,
) -> Batch:
    """Read every table of every file and match its rows to the list's projects."""
    batch = Batch(read)
    index = ledger.project_index(listing.pk)
    regions, organisations = organisation.region_names(), organisation.organisation_names()
    # The city's own name stands in every title; it never tells who sent the file.
    root = organisation.root_organisation().pk
    units = {form: pk for form, pk in organisations.by_form.items() if pk != root}
    vocabulary = load_vocabulary()
    rows: list[ReportRow] = []
    for one in read:
        tables = list(tables_of(one, vocabulary, mapping=mapping, year=period.year))
        title = next((t.title for t in tables if t.title), "")
        batch.senders[one.name] = sender_of(one.name, title, units)
        rows += _rows_of(one, tables, period, batch)
    for row in rows:
        _match(row, index, regions, batch)
    _settle_repeats(batch)
    return batch


def _rows_of(
    read: ReadFile, tables: Sequence[Table], period: PeriodKey, batch: Batch
) -> Iterator[ReportRow]:
    taken = FileTaken(read.name, batch.senders[read.name].label)
    batch.taken.files.append(taken)
    if isinstance(read.content, SheetsError):
        batch.taken.refused += read.content.faults
        taken.is_refused = True
        return
    batch.taken.notices += read.content.faults
    if not tables:
        taken.is_refused = True
        code = "empty-workbook" if _is_empty(read) else "no-table"
        what = "工作簿是空的" if code == "empty-workbook" else "没有找到项目进度表"
        batch.taken.refused.append(
            Fault(code, what, "请确认发来的是进度表，表头至少要有项目名称和累计完成投资", read.name)
        )
    right = [table for table in tables if _wrong_period(table, period) is None]
    for table in tables:
        batch.taken.notices += [*check_subtotals(table), *table.notices]
        rows = list(report_rows(table, read.name))
        reason = _why_whole_table_waits(table, period)
        if reason is None:
            taken.rows += len(rows)
            yield from rows
        elif right and table not in right:
            batch.taken.notices.append(
                Fault("last-month-sheet", f"{reason.what}，未采用", "", read.name, table.sheet)
            )
        elif rows:
            taken.rows += len(rows)
            batch.whole.append((rows[0], reason, len(rows)))


def _why_whole_table_waits(table: Table, period: PeriodKey) -> Question | None:
    """A wrong month, or a doubt about the one column that matters, keeps every row waiting."""
    wrong = _wrong_period(table, period)
    if wrong is not None:
        return wrong
    for fault in table.questions:
        # Money cells without a unit carry the doubt themselves; another column's doubt is none.
        if fault.code != "unit-missing":
            return Question(fault.code, fault.what, fault.remedy, fault.cell, is_waiting=True)
    return None


def _is_empty(read: ReadFile) -> bool:
    return not isinstance(read.content, SheetsError) and not any(
        cell not in (None, "")
        for sheet in read.content.sheets
        for line in sheet.rows
        for cell in line
    )


def _wrong_period(table: Table, period: PeriodKey) -> Question | None:
    """A title that names another month keeps the whole table waiting."""
    told = table.as_of.on if table.as_of else _last_day(table.period_hint)
    if told is None or (told.year, told.month) == (period.as_of.year, period.as_of.month):
        return None
    return Question(
        "wrong-period",
        f"表头写的是{told.year}年{told.month}月，本期是{period.key}",
        "请核对是否发错了月份",
        is_waiting=True,
    )


def _last_day(key: str | None) -> date | None:
    """The last day of the months a title or header names; a bare year names none."""
    if key is None or len(key) == 4:
        return None
    return parse_period(key).last_on


def _match(row: ReportRow, index: ProjectIndex, regions: NameIndex, batch: Batch) -> None:
    asked = doubts(row)
    if asked:
        batch.waiting += [(row, question) for question in asked]
        return
    region_id = regions.find(row.region) if row.region else None
    match = index.find(code=row.code, name=row.name, region_id=region_id)
    if match.project_id is None and row.is_part:
        return  # a part known only to its package: its money stands on the package
    if match.project_id is None:
        question = Question(match.code, match.question, match.remedy, is_waiting=True)
        batch.waiting.append((row, question))
        return
    if row.is_part and index.by_id[match.project_id].package_id is not None:
        return
    if match.question:
        row.doubts.append((match.code, match.question, match.remedy))
    batch.matched.append((row, match.project_id))


def _settle_repeats(batch: Batch) -> None:
    """One project, several rows: a later version of a sender's file replaces; else all wait."""
    groups: dict[int, list[ReportRow]] = defaultdict(list)
    for row, project_id in batch.matched:
        groups[project_id].append(row)
    batch.matched = []
    for project_id, rows in groups.items():
        rows = _latest_versions(rows, batch.senders)
        if len({row.values() for row in rows}) == 1:
            batch.matched.append((rows[0], project_id))
            continue
        where = "、".join(f"{r.place.file}第{r.place.row}行" for r in rows)
        for row in rows:
            batch.waiting.append(
                (
                    row,
                    Question(
                        "duplicate-row",
                        f"“{row.name}”出现{len(rows)}次且数字不一致（{where}）",
                        "请核实以哪一行为准",
                        is_waiting=True,
                    ),
                )
            )


def _latest_versions(rows: list[ReportRow], senders: dict[str, Sender]) -> list[ReportRow]:
    newest: dict[str, int] = {}
    for row in rows:
        sender = senders[row.place.file]
        newest[sender.label] = max(newest.get(sender.label, 0), sender.version)
    return [
        row
        for row in rows
        if senders[row.place.file].version == newest[senders[row.place.file].label]
    ]


def store(act: Act, batch: Batch, the_round: Round, why: Why) -> set[int]:
    """Judge the matched rows and store what may enter; returns the projects touched."""
    project_ids = [pk for _, pk in batch.matched]
    indicators = ensure_indicators(act)
    background = Backgrounds(the_round, project_ids, indicators[INVESTMENT])
    as_of = the_round.period.last_on
    judged = [judge(row, pk, background.of(pk), as_of) for row, pk in batch.matched]
    _ask_about_two_senders(judged, batch, the_round, indicators[INVESTMENT].pk)
    imports = _imports(act, batch, the_round, judged)
    writer = ReportWriter(act, the_round.period, indicators, project_ids, why)
    duties = ledger.current_responsibilities()
    writer.set_leads(
        {
            pk: duties[pk, ResponsibilityRole.LEAD].organisation_id
            for pk in project_ids
            if (pk, ResponsibilityRole.LEAD) in duties
        }
    )
    by_file: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_file[one.row.place.file].append(one)
    for taken in batch.taken.files:
        rows = by_file.get(taken.name, [])
        source = imports.get(taken.name)
        if source is None:
            continue
        before = (writer.stored.new, writer.stored.changed, writer.stored.same)
        writer.take([(one, source) for one in rows])
        taken.new = writer.stored.new - before[0]
        taken.changed = writer.stored.changed - before[1]
        taken.same = writer.stored.same - before[2]
        taken.waiting += sum(one.is_waiting for one in rows)
        for one in rows:
            for question in one.questions:
                _tell(batch.taken, one.row, question)
    _store_unmatched(batch, writer, imports)
    writer.finish()
    return writer.stored.touched


def _store_unmatched(batch: Batch, writer: ReportWriter, imports: dict[str, Import]) -> None:
    """Keep the questions of rows, and of whole tables, that belong to no project yet."""
    files_by_name = {taken.name: taken for taken in batch.taken.files}
    rows = [(row, question, 1) for row, question in batch.waiting]
    for row, question, count in [*rows, *batch.whole]:
        files_by_name[row.place.file].waiting += count
        several = f"（共{count}行）" if count > 1 else ""
        _tell(batch.taken, row, replace(question, what=question.what + several))
        source = imports.get(row.place.file)
        if source is not None:
            writer.ask(question, row, source, project_id=None)


def _tell(taken: ReportsTaken, row: ReportRow, question: Question) -> None:
    fault = row.place.fault(question.code, question.what, question.remedy, question.cell)
    (taken.waiting if question.is_waiting else taken.questioned).append(fault)


def _ask_about_two_senders(
    judged: Sequence[Judged], batch: Batch, the_round: Round, indicator_id: int
) -> None:
    """Two different units reporting one project is a question, not a second row (office.md 8)."""
    current = {
        f.project_id: f
        for f in Figure.objects.filter(
            as_of=the_round.period.last_on, indicator_id=indicator_id, is_current=True
        ).select_related("imported")
    }
    names = organisation.organisation_names().by_form
    for one in judged:
        old = current.get(one.project_id)
        amount = one.row.investment
        if (
            old is None
            or old.imported is None
            or amount is None
            or amount.yuan in (None, old.value)
        ):
            continue
        before = names.get(match_form(old.imported.sender))
        now = batch.senders[one.row.place.file].organisation_id
        if before is not None and now is not None and before != now:
            one.questions.append(
                Question(
                    "two-senders",
                    f"另一单位的文件“{old.imported.name}”已报过不同的数",
                    "请核实以哪一家为准",
                    amount.cell,
                    is_waiting=True,
                )
            )


def _imports(
    act: Act, batch: Batch, the_round: Round, judged: Sequence[Judged]
) -> dict[str, Import]:
    """One record per file that brings something new; a file seen before leaves none."""
    target = f"{the_round.list_id}:{the_round.period.key}"
    seen = {
        (imported.name, imported.blob.sm3): imported
        for imported in Import.objects.filter(target=target).select_related("blob")
    }
    unmatched = [*(row for row, _ in batch.waiting), *(row for row, _, _ in batch.whole)]
    waiting = {row.place.file for row in unmatched} | {
        one.row.place.file for one in judged if one.is_waiting
    }
    found: dict[str, Import] = {}
    for read in batch.read:
        if isinstance(read.content, SheetsError):
            continue
        known = seen.get((read.name[:255], files.digest_of(read.bytes)))
        if known is not None:
            found[read.name] = known
            continue
        row = Import(
            kind=ImportKind.REPORTS,
            target=target,
            name=read.name[:255],
            sender=batch.senders[read.name].label[:200],
            blob=files.store_blob(act, read.bytes, read.mime),
            state=ImportState.PARTLY if read.name in waiting else ImportState.APPLIED,
            counts=str(sum(r.place.file == read.name for r, _ in batch.matched)),
            at=act.at,
            by=act.actor.text,
        )
        act.write(row)
        found[read.name] = row
    _supersede(act, the_round, found, batch)
    return found


def _supersede(act: Act, the_round: Round, found: dict[str, Import], batch: Batch) -> None:
    """Open questions of unmatched rows from earlier versions of a re-sent file are settled."""
    fresh = {batch.senders[name].label[:200]: row.pk for name, row in found.items()}
    questions = [*(q for _, q in batch.waiting), *(q for _, q, _ in batch.whole)]
    asked = {(q.code, f"{q.what}。{q.remedy}") for q in questions}
    open_questions = IntakeQuestion.objects.filter(
        period=the_round.period, state=QuestionState.OPEN, project__isnull=True
    ).select_related("imported")
    for question in open_questions:
        sender = question.imported.sender
        if sender in fresh and (question.code, question.question) not in asked:
            question.state = QuestionState.SUPERSEDED
            act.write(question)
