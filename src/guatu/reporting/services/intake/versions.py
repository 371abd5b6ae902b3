"""One project, several rows: which of them goes on, and which wait."""

from __future__ import annotations

from collections import defaultdict

from guatu.core.yuan import wan_words
from guatu.files import services as files
from guatu.reporting.intake.answers import subject
from guatu.reporting.intake.judge import Question
from guatu.reporting.intake.rows import ReportRow
from guatu.reporting.services.intake.batch import Batch, Waiting


def settled_rows(found: list[tuple[ReportRow, int]], batch: Batch) -> list[tuple[ReportRow, int]]:
    """One project, several rows: a later version of a sender's file replaces; else all wait."""
    groups: dict[int, list[ReportRow]] = defaultdict(list)
    for row, project_id in found:
        groups[project_id].append(row)
    settled = []
    for project_id, rows in groups.items():
        rows = _chosen(_latest_versions(rows, batch), batch.answers.row_of(project_id), batch)
        if len({row.values() for row in rows}) == 1:
            settled.append((rows[0], project_id))
            continue
        where = "、".join(f"{r.place.file}第{r.place.row}行" for r in rows)
        choices = tuple((_row_value(row, batch), _row_words(row)) for row in rows)
        for row in rows:
            question = Question(
                "duplicate-row",
                f"“{row.name}”出现{len(rows)}次且数字不一致（{where}）",
                "请核实后只留正确的一行再导入",
                row.investment.cell if row.investment else "",
                is_waiting=True,
                choices=choices,
            )
            batch.waiting.append(Waiting(row, question, project_id))
    return settled


def _chosen(rows: list[ReportRow], told: str | None, batch: Batch) -> list[ReportRow]:
    """Of several rows of a project the one that somebody said holds, where it is among them."""
    if told is None:
        return rows
    return [row for row in rows if _row_value(row, batch) == told] or rows


def _row_value(row: ReportRow, batch: Batch) -> str:
    content = next(one.bytes for one in batch.read if one.name == row.place.file)
    return subject(files.digest_of(content), row.place.sheet, row.place.row)


def _row_words(row: ReportRow) -> str:
    amount = row.investment
    figure = wan_words(amount.yuan) if amount and amount.yuan is not None else "没有数"
    return f"{row.place.file}第{row.place.row}行：{figure}"


def _latest_versions(rows: list[ReportRow], batch: Batch) -> list[ReportRow]:
    """Of one sender's rows those of his latest version; the files they replace are told."""
    newest: dict[str, tuple[int, str]] = {}
    for row in rows:
        sender, file = batch.senders[row.place.file], row.place.file
        newest[sender.label] = max(newest.get(sender.label, (-1, "")), (sender.version, file))
    latest = []
    for row in rows:
        sender = batch.senders[row.place.file]
        version, file = newest[sender.label]
        if sender.version == version:
            latest.append(row)
        else:
            taken = next(f for f in batch.taken.files if f.name == row.place.file)
            taken.replaced_by = file
            next(f for f in batch.taken.files if f.name == file).replaces = row.place.file
    return latest
