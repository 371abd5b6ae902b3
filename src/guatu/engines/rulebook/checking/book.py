"""Everything wrong with a book, in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from guatu.core.errors import Fault
from guatu.engines.rulebook.books import BOOK, EXAMPLES, TEXT, load_book, place_of, read_text
from guatu.engines.rulebook.checking.bands import Bands, faults_of_bands, is_partly_tried
from guatu.engines.rulebook.checking.events import faults_of_events
from guatu.engines.rulebook.checking.examples import faults_of_examples
from guatu.engines.rulebook.checking.steps import faults_of_steps
from guatu.engines.rulebook.checking.text import faults_of_text, read_text_of, strange_clauses
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.examples import Example, parse_examples
from guatu.engines.rulebook.procedures.calendars import Deadline
from guatu.engines.rulebook.procedures.durations import Unit
from guatu.engines.rulebook.reading.book import parse_book, read_as_far, read_toml
from guatu.engines.rulebook.reading.context import UNREAD
from guatu.engines.rulebook.tables import LONGEST
from guatu.engines.rulebook.types import (
    Book,
    Choose,
    Condition,
    Grade,
    Light,
    Measure,
    Part,
    PointsCases,
    RulebookError,
    Settings,
)

MEND_CHOICE = '补写一行；其余的，最后写一行不带when的，没有数的写{give = "无数据"}'
MEND_OVERLAP = '改界线，或写overlap = "先者为准"'
MEND_NEVER = "删去，或调整先后"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: faults forbid the book's use, notices are for the eye."""

    book: Book | None
    examples: tuple[Example, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]


def check_folder(folder: Path) -> tuple[Fault, ...]:
    """Everything wrong with the book in a folder; empty when it can be used."""
    return check_file(folder).faults


def check_file(place: Path) -> Checked:
    """Check a book's folder, or a `rulebook.toml` by itself (what stands beside it is optional).

    Faults of form (unknown measures, silence about missing data, incomplete interpretations)
    first; bands, clauses and examples are tried only on a book without them.
    """
    folder = place if place.is_dir() else place.parent
    try:
        book = load_book(place)
    except RulebookError as error:
        return _as_far(error, place, folder)
    beside: dict[str, str] = {}
    unread: list[Fault] = []
    for name in (TEXT, EXAMPLES):
        if (folder / name).is_file() and (place.is_dir() or place.name == BOOK):
            try:
                beside[name] = read_text(folder / name)
            except RulebookError as error:
                unread += error.faults
    file = folder / BOOK if place.is_dir() else place
    checked = _checked(book, beside, _Places(place_of(file), folder), is_whole=place.is_dir())
    return replace(checked, faults=(*checked.faults, *unread)) if unread else checked


def _as_far(error: RulebookError, place: Path, folder: Path) -> Checked:
    """The faults of form of a file, and those of rules that they do not touch."""
    file, beside = (folder / BOOK if place.is_dir() else place), folder / TEXT
    try:
        toml = read_text(file)
        text = read_text(beside) if beside.is_file() and file.name == BOOK else ""
    except RulebookError:
        return Checked(None, (), tuple(error.faults), ())
    places = _Places(place_of(file), folder)
    return Checked(None, (), _with_further(error.faults, toml, text, places), ())


def _with_further(
    faults: Sequence[Fault], toml: str, text: str, places: _Places
) -> tuple[Fault, ...]:
    """The faults of form with those that a reader would find only after mending them."""
    try:
        book, _ = read_as_far(read_toml(toml, places.source), source=places.source)
    except RulebookError:
        return tuple(faults)
    return (*faults, *further_faults(book, text, source=places.source))


def further_faults(book: Book, text: str, *, source: str) -> tuple[Fault, ...]:
    """What is wrong with the readable rules of a book that has faults of form: lines that overlap
    or never come, conditions that never hold, clauses and events that are nowhere."""
    found = [*faults_of_rules(book, source=source), *faults_of_conditions(book, source=source)]
    found += faults_of_events(book, source=source)
    if text and len(text) <= LONGEST:
        lines = strange_clauses(book, read_text_of(text))
        found += [Fault(code="clause", what=line, file=source) for line in lines]
    return tuple(found)


def check_texts(toml: str, text: str, examples: str) -> Checked:
    """Check the three texts of a book that lie in no folder (a draft), as `check_file` does.

    Faults name `rulebook.toml`, `text.md` and `examples.toml`; an empty text is a missing one.
    """
    try:
        book = parse_book(toml, source=BOOK)
    except RulebookError as error:
        return Checked(None, (), _with_further(error.faults, toml, text, _Places(BOOK, None)), ())
    if len(text) > LONGEST:
        what = f"文件有{len(text) // 10000}万字，太长"
        remedy = f"最多{LONGEST // 10000}万字，只写各条内容，不必抄录附件"
        return Checked(book, (), (Fault("too-long", what, remedy, TEXT),), ())
    beside = {name: told for name, told in ((TEXT, text), (EXAMPLES, examples)) if told.strip()}
    return _checked(book, beside, _Places(BOOK, None), is_whole=True)


@dataclass(frozen=True, slots=True)
class _Places:
    """How faults name the book's own file, and the files beside it in a folder or in none."""

    source: str
    folder: Path | None

    def __getitem__(self, name: str) -> str:
        return name if self.folder is None else place_of(self.folder / name)


def _checked(book: Book, beside: Mapping[str, str], places: _Places, *, is_whole: bool) -> Checked:
    """Check a book with the texts that stand beside it; in a whole book none may be missing."""
    faults = list(faults_of_rules(book, source=places.source))
    faults += faults_of_conditions(book, source=places.source)
    faults += faults_of_events(book, source=places.source)
    faults += faults_of_steps(book, source=places.source)
    notices = _calendars(book, places.source)
    notices += [
        Fault("partly-tried", f"{bands.place}：情形太多，只抽查了一部分", "", places.source)
        for subject, bands in _bands(book)
        if is_partly_tried(bands, catalogue_of(book, subject))
    ]
    lacking = faults if is_whole else notices
    lacking += _lacking(book, places.source)
    if TEXT in beside:
        faults += [
            Fault(code="clause", what=line, file=places.source)
            for line in faults_of_text(book, read_text_of(beside[TEXT]))
        ]
    else:
        what = "缺少text.md，应以自己的话写明各条内容和出处"
        lacking.append(Fault(code="no-text", what=what, file=places[TEXT]))
    examples: tuple[Example, ...] = ()
    if EXAMPLES in beside:
        try:
            examples = parse_examples(beside[EXAMPLES], book, source=places[EXAMPLES])
        except RulebookError as error:
            faults += error.faults
        else:
            faults += faults_of_examples(book, examples, source=places[EXAMPLES])
    else:
        what, remedy = "缺少examples.toml", "每条界线两侧各写一个算例，数从原文来"
        lacking.append(Fault("no-examples", what, remedy, places[EXAMPLES]))
    return Checked(book, examples, tuple(faults), tuple(notices))


def _calendars(book: Book, source: str) -> list[Fault]:
    """Days that may fall on a holiday, where the book says nothing of it."""
    silent = [
        one.act
        for one in (book.procedures.calendars if book.procedures else ())
        if any(not due.is_shift_said and _may_fall_on_holiday(due) for due in one.deadlines)
    ]
    remedy = "on_holiday写顺延、提前、不变或取消；不写按不变"
    return [
        Fault("holiday", f"日历“{act}”没有写遇到节假日怎么办", remedy, source)
        for act in dict.fromkeys(silent)
    ]


def _may_fall_on_holiday(due: Deadline) -> bool:
    """A day of the calendar may; one counted in working days never does."""
    counted = due.span is not None and due.span.unit is Unit.WORKDAY
    return due.position is not None and not counted


def check_book(
    book: Book, examples: Iterable[Example], *, settings: Settings | None = None, source: str = ""
) -> tuple[Fault, ...]:
    """The faults of a book that has been read, and of its examples."""
    return (
        *faults_of_rules(book, source=source),
        *faults_of_examples(book, examples, settings=settings, source=source),
    )


def _lacking(book: Book, source: str) -> list[Fault]:
    found = []
    if not book.source:
        remedy = 'source = "文号、网址或会议纪要"'
        found.append(Fault(code="no-source", what="没有写出处", remedy=remedy, file=source))
    if book.title == book.id:
        remedy = 'title = "某市重点项目……办法"'
        found.append(Fault(code="no-title", what="没有写名称", remedy=remedy, file=source))
    return found


def faults_of_rules(book: Book, *, source: str) -> tuple[Fault, ...]:
    """Gaps, overlaps and lines that are never reached, with their rule."""
    found = []
    for subject, bands in _bands(book):
        for line in faults_of_bands(_read_lines(bands), catalogue_of(book, subject)):
            code, remedy = _kind_of(line, bands)
            found.append(
                Fault(code=code, what=f"{bands.place}：{line}", remedy=remedy, file=source)
            )
    return tuple(found)


def _read_lines(bands: Bands) -> Bands:
    """The lines whose condition could be read; what the others leave open is unknown."""
    read = [place for place, when in enumerate(bands.conditions) if when is not UNREAD]
    if len(read) == len(bands.conditions):
        return bands
    return replace(
        bands,
        conditions=tuple(bands.conditions[place] for place in read),
        outcomes=tuple(bands.outcomes[place] for place in read),
        numbers=tuple(place + 1 for place in read),
        covers_rest=True,
    )


def _kind_of(line: str, bands: Bands) -> tuple[str, str]:
    if line.startswith("有没写到"):
        return "gap", bands.mend_gap
    return ("overlap", MEND_OVERLAP) if "重叠" in line else ("unreachable", MEND_NEVER)


def faults_of_conditions(book: Book, *, source: str) -> tuple[Fault, ...]:
    """Rules whose condition can never hold."""
    rules: list[tuple[str, str, Condition]] = [
        *((one.subject, f"名单“{one.name}”", one.stated.when) for one in book.lists),
        *((one.subject, f"措施“{one.name}”", one.stated.when) for one in book.acts),
        *((one.subject, f"豁免“{one.name}”", one.stated.when) for one in book.exemptions),
        *((one.subject, f"资金“{one.name}”", one.stated.when) for one in book.money),
        *((one.subject, f"“{one.id}”", one.when) for one in book.gates),
    ]
    found = []
    for subject, place, when in rules:
        if when is UNREAD:
            continue
        bands = Bands(place, (when,), (True,), covers_rest=True, first_wins=True)
        if any(faults_of_bands(bands, catalogue_of(book, subject))):
            what = f"{place}：这个条件不可能成立"
            found.append(Fault("impossible", what, "核对界线和and、or", source))
    return tuple(found)


def _bands(book: Book) -> Iterable[tuple[str, Bands]]:
    """Every rule and measure that is written line by line, with the kind of subject."""
    for light in book.lights:
        yield light.subject, _bands_of_light(light)
    for grade in book.grades:
        yield grade.subject, _bands_of_grade(grade)
    for part in book.parts:
        if isinstance(part.operator, PointsCases):
            yield part.subject, _bands_of_part(part, part.operator)
    for measure in book.measures:
        if isinstance(measure.detail, Choose):
            yield measure.subjects[0], _bands_of_choice(measure, measure.detail)


def _bands_of_light(light: Light) -> Bands:
    return Bands(
        f"规则“{light.dimension}”（{light.clause}）",
        tuple(case.when for case in light.cases),
        tuple(case.give for case in light.cases),
        light.left_open is not None,
        light.first_wins,
    )


def _bands_of_grade(grade: Grade) -> Bands:
    return Bands(
        f"等次“{grade.name}”（{grade.clause}）",
        tuple(case.when for case in grade.cases),
        tuple(case.label for case in grade.cases),
        grade.left_open is not None,
        grade.first_wins,
    )


def _bands_of_part(part: Part, operator: PointsCases) -> Bands:
    return Bands(
        f"得分项“{part.name}”（{part.clause}）",
        tuple(case.when for case in operator.cases),
        tuple((case.points, case.named, case.beyond) for case in operator.cases),
        operator.otherwise is not None,
        operator.first_wins,
    )


def _bands_of_choice(measure: Measure, choose: Choose) -> Bands:
    """Lines of a `choose` are read from the top; the last one without a condition is the rest."""
    stated = [one for one in choose.choices if one.stated is not None]
    return Bands(
        f"量“{measure.name}”",
        tuple(one.stated.when for one in stated if one.stated is not None),
        tuple((one.value, one.name) for one in stated),
        covers_rest=choose.is_rest_missing or len(stated) < len(choose.choices),
        first_wins=True,
        mend_gap=MEND_CHOICE,
    )
