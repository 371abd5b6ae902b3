"""Reading every table of every file, and matching its rows to the list's projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey, parse_period
from guatu.core.yuan import wan_words
from guatu.engines.sheets import (
    ColumnMapping,
    SheetsError,
    Table,
    check_subtotals,
    load_vocabulary,
)
from guatu.files import services as files
from guatu.files.intake import ReadFile, tables_of
from guatu.files.queries import remembered_mapping
from guatu.files.senders import Sender, sender_of
from guatu.ledger import queries as ledger
from guatu.ledger.matching import Match, ProjectIndex
from guatu.ledger.models import ProjectList
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.queries import NameIndex
from guatu.reporting import queries as reporting
from guatu.reporting.due.scope import expected_ids
from guatu.reporting.intake.answers import NOT_TAKEN, TAKEN, Answers, row_subject
from guatu.reporting.intake.judge import Question, doubts
from guatu.reporting.intake.rows import ANSWERS, ReportRow, report_rows
from guatu.reporting.services.intake.batch import Batch, FileTaken, Waiting, Whole
from guatu.reporting.services.intake.signed import Recogniser, is_signed
from guatu.reporting.services.intake.versions import settled_rows

TELLING_ROWS = 3
"""So many projects of one unit in a file say that the file is the unit's."""


def gather(
    read: list[ReadFile],
    listing: ProjectList,
    period: PeriodKey,
    *,
    mapping: ColumnMapping | None,
) -> Batch:
    """Read every table of every file and match its rows to the list's projects."""
    batch = Batch(
        read, answers=Answers.of(listing, period), expected=expected_ids(listing, period.key)
    )
    index = ledger.project_index(listing.pk)
    regions, organisations = organisation.region_names(), organisation.organisation_names()
    spoken = organisation.units_as_spoken()
    vocabulary = load_vocabulary()
    rows: list[ReportRow] = []
    recogniser = Recogniser(batch, listing, period, vocabulary)
    for one in read:
        if is_signed(one):
            recogniser.take(one, sender_of(one.name, "", spoken, organisations.official))
            continue
        tables = list(tables_of(one, vocabulary, mapping=mapping, year=period.year))
        title = next((t.title for t in tables if t.title), "")
        sender = sender_of(one.name, title, spoken, organisations.official)
        assigned = batch.answers.file_sender(files.digest_of(one.bytes), sender.stem)
        if assigned in organisations.official:
            sender = sender.of(assigned, organisations.official[assigned])
        batch.senders[one.name] = sender
        remembered = None if mapping else _remembered(sender)
        if remembered is not None:
            tables = list(tables_of(one, vocabulary, mapping=remembered, year=period.year))
        rows += _rows_of(one, tables, period, batch)
    for row in rows:
        _match(row, index, regions, batch)
    batch.whole = [_compared(one, index, regions) for one in batch.whole]
    _recognise_senders(batch, organisations.official)
    batch.matched = settled_rows(batch.matched, batch)
    batch.parts = settled_rows(batch.parts, batch)
    return batch


def _compared(whole: Whole, index: ProjectIndex, regions: NameIndex) -> Whole:
    """A table of another month with its total, and how many of its rows are that month's."""
    reported: dict[int, int] = {}
    total = count = 0
    for row in whole.rows:
        amount = row.investment
        if amount is None or amount.yuan is None:
            continue
        total, count = total + amount.yuan, count + 1
        region_id = regions.find(row.region) if row.region else None
        found = index.find(code=row.code, name=row.name, region_id=region_id).project_id
        if found is not None:
            reported[found] = amount.yuan
    if not count:
        return whole
    question = replace(whole.question, new=f"{count}行合计{wan_words(total)}")
    if whole.day is not None and question.code == "wrong-period":
        held = reporting.investments_on(reported, whole.day)
        same = sum(held.get(pk) == yuan for pk, yuan in reported.items())
        words = f"{same}行与{whole.day.month}月的数相同"
        if same == count:
            question = replace(question, likely=NOT_TAKEN, why=f"表中{words}")
        elif held:
            question = replace(question, old=words)
    return whole._replace(question=question)


def _recognise_senders(batch: Batch, official: Mapping[int, str]) -> None:
    """Whose a file is that does not say so: of the unit that leads every project in it."""
    projects: dict[str, set[int]] = defaultdict(set)
    for row, project_id in [*batch.matched, *batch.parts]:
        if batch.senders[row.place.file].organisation_id is None:
            projects[row.place.file].add(project_id)
    telling = {name: ids for name, ids in projects.items() if len(ids) >= TELLING_ROWS}
    if not telling:
        return
    duties = ledger.current_responsibilities()
    for name, ids in telling.items():
        leads = [duties.get((pk, ResponsibilityRole.LEAD)) for pk in ids]
        units = {duty.organisation_id if duty else None for duty in leads}
        unit = units.pop()
        if units or unit is None or unit not in official:
            continue
        batch.senders[name] = batch.senders[name].of(unit, official[unit])
        next(one for one in batch.taken.files if one.name == name).sender = official[unit]
        what = f"文件名和表头没有写单位；表中{len(ids)}个项目都由{official[unit]}负责，按该单位认定"
        batch.taken.notices.append(Fault("sender-by-projects", what, "认错的请改发送单位", name))


def _remembered(sender: Sender) -> ColumnMapping | None:
    """What somebody decided for this sender's columns, under the name he is known by."""
    for name in (sender.name, *sender.labels):
        mapping = remembered_mapping(name) if name else None
        if mapping is not None:
            return mapping
    return None


def _rows_of(
    read: ReadFile, tables: Sequence[Table], period: PeriodKey, batch: Batch
) -> Iterator[ReportRow]:
    taken = FileTaken(read.name, batch.senders[read.name].name)
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
    elif not any(table.data_rows for table in tables):
        taken.is_refused = True
        batch.taken.refused.append(
            Fault("no-rows", "表里没有项目", "请确认发来的是填好的进度表", read.name)
        )
    right = [table for table in tables if _wrong_period(table, period) is None]
    for table in tables:
        batch.taken.notices += [*check_subtotals(table), *table.notices]
        rows = list(report_rows(table))
        reason = _why_whole_table_waits(table, period)
        if reason is not None:
            reason, left_out = _answered(reason, read, table, batch)
            if left_out:
                continue
        if reason is None:
            taken.rows += len(rows)
            yield from rows
        elif right and table not in right:
            what = f"工作表“{table.sheet}”的{len(rows)}行没有采用：{reason.what}"
            remedy = "本期的工作表已照常处理"
            batch.taken.notices.append(
                Fault("last-month-sheet", what, remedy, read.name, table.sheet)
            )
        elif rows:
            taken.rows += len(rows)
            batch.whole.append(Whole(rows, reason, _day_of(table)))


def _why_whole_table_waits(table: Table, period: PeriodKey) -> Question | None:
    """A wrong month, or a doubt about the one column that matters, keeps every row waiting."""
    wrong = _wrong_period(table, period)
    if wrong is not None:
        return wrong
    for fault in table.questions:
        # Money cells without a unit carry the doubt themselves; another column's doubt is none.
        if fault.code != "unit-missing" and table.asked_about(fault) in (None, *ANSWERS):
            return Question(fault.code, fault.what, fault.remedy, fault.cell, is_waiting=True)
    return None


def _answered(
    reason: Question, read: ReadFile, table: Table, batch: Batch
) -> tuple[Question | None, bool]:
    """The question to a whole table unless somebody answered it, and whether it is left out."""
    digest = files.digest_of(read.bytes)
    told = batch.answers.table(digest, table.sheet, reason.code)
    if told == NOT_TAKEN:
        what = f"{reason.what}，已答复不采用"
        batch.taken.notices.append(Fault("table-left-out", what, "", read.name, table.sheet))
        return reason, True
    if told == TAKEN:
        return None, False
    return replace(reason, digest=digest, is_whole=True), False


def _is_empty(read: ReadFile) -> bool:
    return not isinstance(read.content, SheetsError) and not any(
        cell not in (None, "")
        for sheet in read.content.sheets
        for line in sheet.rows
        for cell in line
    )


def _wrong_period(table: Table, period: PeriodKey) -> Question | None:
    """A title that names another month keeps the whole table waiting."""
    told = _day_of(table)
    if told is None or period.is_named_by(told):
        return None
    return Question(
        "wrong-period",
        f"表头写的是{told.year}年{told.month}月，本期是{period.label}",
        "请核对是否发错了月份",
        is_waiting=True,
    )


def _day_of(table: Table) -> date | None:
    """The last day that a title or header speaks of."""
    return table.as_of.on if table.as_of else _last_day(table.period_hint)


def _last_day(key: str | None) -> date | None:
    """The last day of the months a title or header names; a bare year names none."""
    if key is None or len(key) == 4:
        return None
    return parse_period(key).last_on


def _match(row: ReportRow, index: ProjectIndex, regions: NameIndex, batch: Batch) -> None:
    row.subjects = [
        row_subject(label, row.name, row.code or "", row.region)
        for label in batch.senders[row.place.file].labels
    ]
    if batch.answers.leaves_out(row):
        what = f"“{row.name}”已答复不采用"
        batch.taken.notices.append(row.place.fault("row-left-out", what))
        return
    region_id = regions.find(row.region) if row.region else None
    told = batch.answers.project_of(row)
    is_told = told is not None and told in index.by_id
    match = (
        Match(told) if is_told else index.find(code=row.code, name=row.name, region_id=region_id)
    )
    project_id = match.project_id
    batch.answers.fill(row, project_id, is_told=is_told)
    if asked := doubts(row):
        batch.waiting += [Waiting(row, question, project_id) for question in asked]
        return
    if project_id is None:
        near = tuple(one.id for one in index.look_alikes(row.name)) if row.name else ()
        if row.name:
            near = tuple(dict.fromkeys([*sorted(index.named(row.name)), *near]))
        _not_found(row, match, regions, batch, near)
        return
    package_id = index.by_id[project_id].package_id
    is_listed_part = package_id is not None and package_id in index.by_id
    counted = package_id if is_listed_part else project_id
    if batch.expected is not None and counted not in batch.expected:
        what = f"“{row.name}”不在本期收报范围，没有采用"
        batch.taken.notices.append(row.place.fault("outside-round", what, "确需报送的请先增补"))
        return
    if is_listed_part and row.is_part and not row.has_own_words:
        return  # its money stands on the package
    if is_listed_part and not row.is_part and row.amounts:
        question = _reported_on_a_part(row, package_id, index)
        batch.waiting.append(Waiting(row, question, project_id))
        return
    if row.region and region_id is None and not is_told:
        if row.code is None or index.coded(row.code) != project_id:
            # A name is only certain together with its place.
            batch.waiting.append(Waiting(row, _unknown_region(row, regions), project_id))
            return
        what = f"不认识所属地区“{row.region}”，已按项目代码认定为“{index.by_id[project_id].name}”"
        remedy = "请把单元格改成台账中的地区名称"
        batch.taken.notices.append(row.place.fault("unknown-region", what, remedy, row.region_cell))
    if match.question:
        row.doubts.append((match.code, match.question, match.remedy))
    if is_listed_part:
        row.leave_money_aside()
        batch.parts.append((row, project_id))
    else:
        batch.matched.append((row, project_id))


def _not_found(
    row: ReportRow, match: Match, regions: NameIndex, batch: Batch, near: tuple[int, ...]
) -> None:
    """Why no project of the list is certain to be meant."""
    if row.is_part:
        # A part known only to its package: its money stands there. Told, not dropped unseen.
        what = f"“{row.name}”按打包项目的子项目理解，台账中没有单列，未采用"
        batch.taken.notices.append(row.place.fault("part-unlisted", what, "如是独立项目请单列一行"))
        return
    is_strange = bool(row.region) and regions.find(row.region) is None
    if is_strange:
        asked = replace(_unknown_region(row, regions), near=near)
        batch.waiting.append(Waiting(row, asked))
    if not is_strange or match.code != "ambiguous-project":  # the place would tell which one
        question = Question(match.code, match.question, match.remedy, is_waiting=True, near=near)
        batch.waiting.append(Waiting(row, question))


def _unknown_region(row: ReportRow, regions: NameIndex) -> Question:
    near = regions.suggest(row.region)
    return Question(
        "unknown-region",
        f"不认识所属地区“{row.region}”，“{row.name}”不能只凭名称认定"
        + (f"，是不是{near}" if near else ""),
        "请把单元格改成台账中的地区名称，或补上项目代码；确属新增地区的，请先随清单导入",
        row.region_cell,
        is_waiting=True,
        choices=tuple((str(pk), name) for pk, name in sorted(regions.official.items())),
    )


def _reported_on_a_part(row: ReportRow, package_id: int | None, index: ProjectIndex) -> Question:
    """Money of a part is counted nowhere: taking it in silently would lose it."""
    package = index.by_id.get(package_id) if package_id is not None else None
    named = f"打包项目“{package.name}”" if package else "一个打包项目"
    cell = next((amount.cell for amount in row.amounts.values()), "")
    return Question(
        "part-of-package",
        f"“{row.name}”是{named}的子项目，投资只在打包项目上统计",
        "请报打包项目的合计数",
        cell,
        is_waiting=True,
    )
