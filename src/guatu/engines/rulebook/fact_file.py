"""The facts of `guatu rulebook run`: subjects with their values, as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guatu.core.errors import Fault
from guatu.core.names import has_hidden_signs
from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.dependencies import kinds_known
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.facts import read_facts
from guatu.engines.rulebook.run import Subject
from guatu.engines.rulebook.starts import with_starts
from guatu.engines.rulebook.types import Book, FactValue, RulebookError

MAX_BYTES = 50_000_000
MOST_SUBJECTS = 200_000
MOST_VALUES = 1_000
LONGEST_ID = 100
MOST_FAULTS = 100
"""Whoever has more mends these first."""

RESERVED = ("id", "subject")


@dataclass(frozen=True, slots=True)
class Population:
    """Subjects judged together, on one day."""

    as_of: date
    subjects: tuple[Subject, ...]


def read_population(raw: object, book: Book, *, source: str) -> Population:
    """`{"as_of": day, "subjects": [{"id": …, "subject": kind?, measure: value, …}]}`.

    Numbers with a point must have been read as Decimal. Raises RulebookError with all faults.
    """
    if not isinstance(raw, Mapping):
        raise _refused("最外层应是一个对象", '{"as_of": "2026-09-30", "subjects": […]}', source)
    strange = [str(key) for key in raw if key not in ("as_of", "subjects")]
    if strange:
        raise _refused(f"不认识的键“{strange[0][:40]}”", "只有as_of和subjects", source)
    as_of = _day(raw.get("as_of"), source)
    entries = raw.get("subjects")
    if not isinstance(entries, list):
        raise _refused("“subjects”应是一个列表", '"subjects": [{"id": "P1", …}]', source)
    if len(entries) > MOST_SUBJECTS:
        raise _refused(f"有{len(entries)}个对象，最多{MOST_SUBJECTS}个", "请分几次算", source)
    faults: list[Fault] = []
    subjects: list[Subject] = []
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(entries, 1):
        try:
            subject = _subject(entry, number, book, as_of, source)
        except RulebookError as error:
            faults += error.faults
            if len(faults) >= MOST_FAULTS:
                raise RulebookError(*faults[:MOST_FAULTS]) from error
            continue
        if (subject.kind, subject.id) in seen:
            faults.append(Fault("double-id", f"{subject.kind}“{subject.id}”写了两次", file=source))
        seen.add((subject.kind, subject.id))
        subjects.append(subject)
    if faults:
        raise RulebookError(*faults)
    return Population(as_of, tuple(subjects))


def _subject(entry: object, number: int, book: Book, as_of: date, source: str) -> Subject:
    if not isinstance(entry, Mapping):
        raise _refused(f"第{number}个对象应是{{…}}", '{"id": "P1", "年度计划投资": 1000}', source)
    if len(entry) > MOST_VALUES:
        remedy = f"一个对象最多{MOST_VALUES}个"
        raise _refused(f"第{number}个对象有{len(entry)}个量，太多", remedy, source)
    kind = entry.get("subject", book.subject)
    if not isinstance(kind, str) or kind not in kinds_known(book):
        remedy = f"它管的对象：{'、'.join(book.judged)}"
        raise _refused(f"第{number}个对象：办法不管“{str(kind)[:40]}”", remedy, source)
    given = entry.get("id")
    if given is not None and not isinstance(given, str | int):
        raise _refused(f"第{number}个对象的id应是文字", '"id": "P1"', source)
    subject_id = str(given) if given is not None else f"第{number}个"
    if len(subject_id) > LONGEST_ID or has_hidden_signs(subject_id):
        raise _refused(f"第{number}个对象的id太长或有看不见的字符", f"最多{LONGEST_ID}个字", source)
    values = {str(key): value for key, value in entry.items() if key not in RESERVED}
    facts = read_facts(
        values,
        place=f"对象“{subject_id[:40]}”",
        catalogue=catalogue_of(book, kind),
        as_of=as_of,
        subject=kind,
    )
    return Subject(subject_id, kind, with_time_progress(with_starts(facts, as_of), kind, as_of))


TIME_PROGRESS = "时间进度"


def with_time_progress(
    facts: Mapping[str, FactValue], kind: str, as_of: date
) -> dict[str, FactValue]:
    """The facts with the months gone by of twelve, as the platform counts by default; what is
    written stands, null too."""
    measure = standard_catalogue()[TIME_PROGRESS]
    if kind not in measure.subjects or TIME_PROGRESS in facts:
        return dict(facts)
    return {**facts, TIME_PROGRESS: (as_of.month, 12)}


def _day(value: object, source: str) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _refused("“as_of”应是日期", '"as_of": "2026-09-30"', source)


def _refused(what: str, remedy: str, source: str) -> RulebookError:
    return RulebookError(Fault("bad-facts", what, remedy, file=source))
