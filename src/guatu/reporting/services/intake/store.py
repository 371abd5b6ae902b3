"""Judging the matched rows and storing what may enter, file by file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.core.yuan import wan_words
from guatu.engines.sheets import RowPlace, SheetsError
from guatu.files import services as files
from guatu.files.models import Import
from guatu.files.senders import stem_of
from guatu.files.types import ImportKind, ImportState
from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.reporting.intake.background import Backgrounds
from guatu.reporting.intake.judge import Judged, Question, judge, judge_part
from guatu.reporting.intake.likely import with_evidence
from guatu.reporting.intake.rows import LONGEST_REASON, ReportRow
from guatu.reporting.intake.write import ReportWriter, Stored, Why
from guatu.reporting.models import Figure, IntakeQuestion, Round
from guatu.reporting.services.intake.batch import Batch, ReportsTaken, Waiting
from guatu.reporting.services.rounds import ensure_indicators
from guatu.reporting.types import INVESTMENT, QuestionState


@dataclass(slots=True)
class _Sources:
    """The import record of each readable file, and which files were handed in before."""

    by_file: dict[str, Import] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    superseded: list[IntakeQuestion] = field(default_factory=list)


def store(act: Act, batch: Batch, the_round: Round, why: Why, *, is_trial: bool = False) -> Stored:
    """Judge the matched rows and store what may enter; returns what was written.

    A trial leaves no file behind; its rows are rolled back by the caller.
    """
    if len(why.reason) > LONGEST_REASON:
        what = f"更正理由超过{LONGEST_REASON}字"
        raise BadInput(Fault("text-too-long", what, "请改用简短的写法"))
    parts = _parts(batch, why)
    named = {waiting.project_id for waiting in batch.waiting if waiting.project_id is not None}
    project_ids = list(dict.fromkeys([*(pk for _, pk in [*batch.matched, *parts]), *sorted(named)]))
    indicators = ensure_indicators(act)
    background = Backgrounds(
        the_round, project_ids, indicators[INVESTMENT], is_correction=bool(why.reason)
    )
    as_of = the_round.period.last_on
    for row, _ in batch.matched:
        # The reason of a correction stands for the reason that a unit would have written.
        row.reason = row.reason or why.reason
    settled = batch.answers.settled_for
    judged = [judge(row, pk, background.of(pk), as_of, settled(pk)) for row, pk in batch.matched]
    if not why.reason:
        judged = _ask_about_two_senders(judged, batch, the_round, indicators[INVESTMENT].pk)
    judged += [judge_part(row, pk, background.of(pk), as_of, settled(pk)) for row, pk in parts]
    _weigh(batch, judged, background, as_of)
    kind = ImportKind.CORRECTION if why.reason else ImportKind.REPORTS
    imports = _imports(act, batch, the_round, judged, kind=kind, is_trial=is_trial)
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
        source = imports.by_file.get(taken.name)
        if source is None:
            continue
        if taken.name in imports.seen:
            # What came from this very file and still stands is the same, whatever it was asked.
            standing = writer.standing_from(source, rows)
            writer.stored.same += len(standing)
            taken.same += len(standing)
            rows = [one for one in rows if one.project_id not in standing]
        before = (writer.stored.new, writer.stored.changed, writer.stored.same)
        writer.take([(one, source) for one in rows])
        taken.new = writer.stored.new - before[0]
        taken.changed = writer.stored.changed - before[1]
        taken.same += writer.stored.same - before[2]
        taken.waiting += sum(one.is_waiting for one in rows)
        for one in rows:
            for question in one.questions:
                _tell(batch.taken, one.row, question)
    _store_unmatched(batch, writer, imports)
    writer.finish()
    writer.stored.superseded += imports.superseded
    return writer.stored


def _weigh(batch: Batch, judged: Sequence[Judged], background: Backgrounds, as_of: date) -> None:
    """Note with each question which answer the context speaks for."""
    dated = {
        one.project_id
        for one in batch.waiting
        if one.question.code == "month-ambiguous" and one.project_id is not None
    }
    background.load_reports(dated)
    own_rows: dict[str, set[int]] = defaultdict(set)
    for own, matched_id in [*batch.matched, *batch.parts]:
        own_rows[own.place.file].add(matched_id)
    waiting = []
    for row, question, project_id in batch.waiting:
        if project_id is not None:
            asked = with_evidence(question, row, background.of(project_id), as_of)
        else:
            # A project that has a row of its own in the same file is not meant by another.
            near = tuple(pk for pk in question.near if pk not in own_rows[row.place.file])
            asked = replace(question, near=near)
        waiting.append(Waiting(row, asked, project_id))
    batch.waiting = waiting
    for found in judged:
        known = background.of(found.project_id)
        found.questions = [with_evidence(one, found.row, known, as_of) for one in found.questions]


def _parts(batch: Batch, why: Why) -> list[tuple[ReportRow, int]]:
    """The parts to be stored; a correction changes what was frozen, and parts are not."""
    if not why.reason:
        return batch.parts
    for row, _ in batch.parts:
        what = f"“{row.name}”是打包项目的子项目，不在更正之列，其时间和进度未采用"
        batch.taken.notices.append(row.place.fault("part-not-corrected", what))
    return []


def _store_unmatched(batch: Batch, writer: ReportWriter, imports: _Sources) -> None:
    """Keep the questions of rows, and of whole tables, that wait before they are judged."""
    files_by_name = {taken.name: taken for taken in batch.taken.files}
    told: set[RowPlace] = set()
    for row, question, project_id in batch.waiting:
        # A row may raise several questions; it waits once.
        files_by_name[row.place.file].waiting += row.place not in told
        told.add(row.place)
        _tell(batch.taken, row, question)
        writer.ask(question, row, imports.by_file[row.place.file], project_id=project_id)
    for whole in batch.whole:
        row, question, count = whole.row, whole.question, len(whole.rows)
        files_by_name[row.place.file].waiting += count
        _tell(batch.taken, row, replace(question, what=f"{question.what}（共{count}行）"))
        writer.ask(question, row, imports.by_file[row.place.file], project_id=None)


def _tell(taken: ReportsTaken, row: ReportRow, question: Question) -> None:
    fault = row.place.fault(question.code, question.what, question.remedy, question.cell)
    (taken.waiting if question.is_waiting else taken.questioned).append(fault)


def _ask_about_two_senders(
    judged: Sequence[Judged], batch: Batch, the_round: Round, indicator_id: int
) -> list[Judged]:
    """Two different units reporting one project is a question, not a second row (office.md 8).

    Of files whose senders nobody knows, the name without dates and version words stands for them.
    Returns the rows that go on: not those of a sender whom somebody said does not hold.
    """
    kept = []
    current = {
        f.project_id: f
        for f in Figure.objects.filter(
            as_of=the_round.period.last_on, indicator_id=indicator_id, is_current=True
        ).select_related("imported__blob")
    }
    names = organisation.organisation_names().by_form
    for one in judged:
        kept.append(one)
        old = current.get(one.project_id)
        amount = one.row.investment
        if (
            old is None
            or old.imported is None
            or amount is None
            or old.value is None
            or amount.yuan is None
            or amount.yuan == old.value
        ):
            continue
        told = batch.answers.sender_of_import(old.imported)
        before = told or names.get(match_form(old.imported.sender))
        now = batch.senders[one.row.place.file]
        told_sender = batch.answers.sender_of(one.project_id)
        if told_sender in now.labels:
            continue
        both = f"文件“{old.imported.name}”已报{wan_words(old.value)}，"
        both += f"文件“{one.row.place.file}”报{wan_words(amount.yuan)}"
        if before is not None and now.organisation_id not in (None, before):
            what = f"两个单位报的数不同：{both}"
            remedy = "请问清后选以哪一家为准"
        elif (before, now.organisation_id) == (
            None,
            None,
        ) and old.imported.sender not in now.labels:
            what = f"两个文件报的数不同，看不出是不是同一单位：{both}"
            remedy = "请选以哪一个为准；是同一单位的，请在已收文件里选好发送单位"
        else:
            continue
        if told_sender == old.imported.sender:
            kept.pop()
            left = one.row.place.fault("row-left-out", f"“{one.row.name}”已答复以另一单位的为准")
            batch.taken.notices.append(left)
            continue
        question = Question(
            "two-senders",
            what,
            remedy,
            amount.cell,
            is_waiting=True,
            old=wan_words(old.value),
            new=wan_words(amount.yuan),
            choices=(
                (old.imported.sender, f"{old.imported.name}：{wan_words(old.value)}"),
                (now.label, f"{one.row.place.file}：{wan_words(amount.yuan)}"),
            ),
        )
        one.questions.append(question)
    return kept


def _imports(
    act: Act,
    batch: Batch,
    the_round: Round,
    judged: Sequence[Judged],
    *,
    kind: ImportKind,
    is_trial: bool,
) -> _Sources:
    """One record per content that is new; the same bytes leave none, whatever they are called."""
    target = f"{the_round.list_id}:{the_round.period.key}"
    seen = {
        imported.blob.sm3: imported
        for imported in Import.objects.filter(target=target, kind=kind).select_related("blob")
    }
    earlier = _earlier_versions(batch, list(seen.values()))
    taken = {one.name: one for one in batch.taken.files}
    made: dict[str, Import] = {}
    unmatched = [*(one.row for one in batch.waiting), *(one.row for one in batch.whole)]
    waiting = {row.place.file for row in unmatched} | {
        one.row.place.file for one in judged if one.is_waiting
    }
    found = _Sources()
    for read in batch.read:
        if isinstance(read.content, SheetsError):
            continue
        digest = files.digest_of(read.bytes)
        if digest in seen:
            found.by_file[read.name] = seen[digest]
            found.seen.add(read.name)
            continue
        if digest in made:
            found.by_file[read.name] = made[digest]
            continue
        before = earlier.get(read.name)
        taken[read.name].replaces = taken[read.name].replaces or (before.name if before else "")
        row = made[digest] = Import(
            kind=kind,
            target=target,
            name=read.name,
            sender=batch.senders[read.name].label,
            blob=files.store_blob(act, read.bytes, read.mime, is_trial=is_trial),
            state=ImportState.PARTLY if read.name in waiting else ImportState.APPLIED,
            counts=str(sum(r.place.file == read.name for r, _ in [*batch.matched, *batch.parts])),
            at=act.at,
            by=act.actor.text,
        )
        act.write(row)
        found.by_file[read.name] = row
    replaced = {one.pk for one in earlier.values()}
    found.superseded = _supersede(act, the_round, found.by_file, batch, replaced)
    return found


def _earlier_versions(batch: Batch, imports: Sequence[Import]) -> dict[str, Import]:
    """The newest file of this round that each file replaces: one of the same sender, under the
    same name but for dates and version words, or with some of the same projects. A unit's second
    table with other projects stands beside its first."""
    holding: dict[int, set[int]] = defaultdict(set)
    rows = Figure.objects.filter(imported__in=imports).values_list("imported_id", "project_id")
    for imported_id, project_id in rows:
        holding[imported_id or 0].add(project_id)
    reported: dict[str, set[int]] = defaultdict(set)
    for row, project_id in [*batch.matched, *batch.parts]:
        reported[row.place.file].add(project_id)
    found: dict[str, Import] = {}
    for read in batch.read:
        sender = batch.senders[read.name]
        for one in sorted(imports, key=lambda one: one.pk):
            told = batch.answers.sender_of_import(one)
            is_his = told == sender.organisation_id if told else one.sender in sender.labels
            is_newer = stem_of(one.name) == sender.stem or holding[one.pk] & reported[read.name]
            if is_his and is_newer:
                found[read.name] = one
    return found


def _supersede(
    act: Act, the_round: Round, found: dict[str, Import], batch: Batch, replaced: set[int]
) -> list[IntakeQuestion]:
    """Open questions of unmatched rows from earlier versions of a re-sent file are settled."""
    settled = []
    fresh = {row.pk for row in found.values()} | replaced
    asked = {
        (found[row.place.file].sender, q.code, q.text)
        for row, q in [
            *((one.row, one.question) for one in batch.waiting),
            *((one.row, one.question) for one in batch.whole),
        ]
    }
    open_questions = IntakeQuestion.objects.filter(
        period=the_round.period, state=QuestionState.OPEN, project__isnull=True
    ).select_related("imported")
    for question in open_questions:
        about = (question.imported.sender, question.code, question.question)
        if question.imported_id in fresh and about not in asked:
            question.state = QuestionState.SUPERSEDED
            act.write(question)
            settled.append(question)
    return settled
