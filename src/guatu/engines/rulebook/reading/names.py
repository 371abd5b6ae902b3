"""The names that rules of a book give to what they find, so that other rules may use them."""

from __future__ import annotations

from guatu.engines.rulebook.catalogue import EVERY, standard_catalogue
from guatu.engines.rulebook.dependencies import JUDGED_NAME, LIGHT, LISTED, VETOED, WHOLE_LIGHT
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.labels import EXEMPT_LABEL
from guatu.engines.rulebook.reading.measures import Declared
from guatu.engines.rulebook.reading.scores import PLAIN_SCORE
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import Kind, Measure

LONGEST_NAME = 60


def declare_outputs(reading: Reading, declared: list[Declared]) -> tuple[Measure, ...]:
    """The declared measures and the names of lights, parts, scores, grades, lists, exemptions.

    A light 进度 gives the text 进度灯 and the whole 总灯; a list 红榜 gives 列入红榜; a score 总分
    with vetoes gives 总分被否决. Two rules of one kind of subject may not give one name.
    """
    names = [one.measure for one in declared]
    taken = {(subject, one.name) for one in names for subject in one.subjects}
    for name, kind, subject, values, place in _given_names(reading):
        if not name:
            continue
        if not name.isidentifier():
            reading.faults.add(place, f"名称“{name}”不能有空格和标点，不能以数字开头")
        elif len(name) > LONGEST_NAME:
            reading.faults.add(place, f"名称“{name[:20]}…”太长", f"最多{LONGEST_NAME}个字")
        elif (standard := standard_catalogue().find(name)) and {subject, EVERY} & set(
            standard.subjects
        ):
            what = f"目录里已有量“{standard.name}”，规则不能再叫这个名称"
            reading.faults.add(place, what, "请换一个名称，例如加“得分”“情况”")
        elif (subject, name) in taken:
            reading.faults.add(place, f"{subject}已有名为“{name}”的量或规则", "请换一个名称")
        else:
            taken.add((subject, name))
            names.append(_output(name, kind, subject, values))
    return tuple(names)


def _output(name: str, kind: Kind, subject: str, values: tuple[str, ...]) -> Measure:
    unit = {Kind.POINTS: "分", Kind.TEXT: "文字", Kind.BOOL: "是/否"}[kind]
    return Measure(name, kind, unit, "本书规则得出", "由本书规则得出", True, (subject,),
                   operator="output", values=values)  # fmt: skip


type _Given = tuple[str, Kind, str, tuple[str, ...], str]
"""Name, kind, subject, values and place of an output."""


def _given_names(reading: Reading) -> list[_Given]:
    """Every output that rules give; faults are noted when it is read."""
    return [
        *_of_gates(reading),
        *_of_lights(reading),
        *_of_points(reading),
        *_of_grades(reading),
        *(
            (LISTED.format(name) if name else "", Kind.BOOL, subject, (), name)
            for name, subject, _ in _each(reading, "list")
        ),
        *(
            (name, Kind.BOOL, subject, (), f"豁免“{name}”")
            for name, subject, _ in _each(reading, "exempt")
        ),
    ]


def _each(
    reading: Reading, key: str, name_key: str = "name"
) -> list[tuple[str, str, dict[str, object]]]:
    """The tables under a key with their names and subjects."""
    rows = []
    for table in reading.root.tables(key):
        if isinstance(table, dict):
            name = str(table.get(name_key) or "").strip()
            quiet = Section(table, "", Faults(""))
            rows.append((name, reading.subject_of(quiet), table))
    return rows


def _of_gates(reading: Reading) -> list[_Given]:
    gated = {subject for key in ("scope", "due") for _, subject, _ in _each(reading, key)}
    return [(JUDGED_NAME, Kind.BOOL, subject, (), "scope") for subject in sorted(gated)]


def _of_lights(reading: Reading) -> list[_Given]:
    found: list[_Given] = []
    lit: set[str] = set()
    for name, subject, table in _each(reading, "light", "dimension"):
        labels = tuple(dict.fromkeys(_labels(reading, table)))
        found.append((LIGHT.format(name) if name else "", Kind.TEXT, subject, labels, name))
        lit.add(subject)
    found += [(WHOLE_LIGHT, Kind.TEXT, subject, (), "light") for subject in sorted(lit)]
    return found


def labels_of(reading: Reading, subject: str) -> tuple[str, ...]:
    """What the lights of one kind of subject may be called; none where it is given none."""
    rows = [table for _, kind, table in _each(reading, "light", "dimension") if kind == subject]
    return tuple(dict.fromkeys(label for table in rows for label in _labels(reading, table)))


def _of_points(reading: Reading) -> list[_Given]:
    """Parts and scores; parts that no score takes are added up under a name of their own."""
    found: list[_Given] = []
    plain = set()
    for name, subject, _ in _each(reading, "part"):
        found.append((name, Kind.POINTS, subject, (), f"得分项“{name}”"))
        plain.add(subject)
    for name, subject, table in _each(reading, "score"):
        found.append((name, Kind.POINTS, subject, (), f"总分“{name}”"))
        plain.discard(subject)
        if table.get("veto"):
            found.append((VETOED.format(name), Kind.BOOL, subject, (), f"总分“{name}”"))
    found += [(PLAIN_SCORE, Kind.POINTS, subject, (), "part") for subject in sorted(plain)]
    return found


def _of_grades(reading: Reading) -> list[_Given]:
    found: list[_Given] = []
    for name, subject, table in _each(reading, "grade"):
        raw = table.get("cases")
        cases = raw if isinstance(raw, list) else []
        labels = [str(one.get("give")) for one in cases if isinstance(one, dict)]
        missing = str(table.get("missing") or "")
        values = tuple(dict.fromkeys((*labels, *([missing] if missing else ()))))
        found.append((name, Kind.TEXT, subject, values, f"等次“{name}”"))
    return found


def _labels(reading: Reading, table: dict[str, object]) -> list[str]:
    raw = table.get("cases")
    labels = [*(give.label for give in reading.labels.values()), EXEMPT_LABEL]
    for case in raw if isinstance(raw, list) else []:
        give = case.get("give") if isinstance(case, dict) else None
        if isinstance(give, dict) and isinstance(give.get("label"), str):
            labels.append(give["label"])
    missing = table.get("missing")
    if isinstance(missing, dict) and isinstance(missing.get("label"), str):
        labels.append(missing["label"])
    return labels
