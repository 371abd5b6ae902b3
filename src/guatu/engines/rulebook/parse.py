"""From the text of `rulebook.toml` to a `Book`, or to every fault at once (M-D3)."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import Catalogue, standard_catalogue
from guatu.engines.rulebook.expression import ConditionError, parse_condition
from guatu.engines.rulebook.facts import fact_of
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import (
    All,
    Assumption,
    Book,
    Case,
    Condition,
    Gate,
    Give,
    Light,
    RulebookError,
    Severity,
)

COLOURS = ("green", "blue", "yellow", "orange", "red", "grey", "black", "white")
SUBJECTS = ("项目", "地区")
STANDARD_LABELS: Mapping[Severity, Give] = {
    Severity.OK: Give(Severity.OK, "绿", "green"),
    Severity.NOTICE: Give(Severity.NOTICE, "蓝", "blue"),
    Severity.WARNING: Give(Severity.WARNING, "黄", "yellow"),
    Severity.SERIOUS: Give(Severity.SERIOUS, "红", "red"),
    Severity.NO_DATA: Give(Severity.NO_DATA, "无数据", "grey"),
    Severity.NOT_DUE: Give(Severity.NOT_DUE, "未到期", "grey"),
    Severity.NOT_IN_SCOPE: Give(Severity.NOT_IN_SCOPE, "不在范围", "grey"),
    Severity.UNDECIDED: Give(Severity.UNDECIDED, "待定", "grey"),
}
MISSING_WORDS = {
    "无数据": Severity.NO_DATA,
    "未到期": Severity.NOT_DUE,
    "不在范围": Severity.NOT_IN_SCOPE,
    "待定": Severity.UNDECIDED,
}
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LONGEST = 400_000


def parse_book(text: str, *, source: str, catalogue: Catalogue | None = None) -> Book:
    """Read a book. `source` names the file in faults. Raises RulebookError with all faults."""
    table = _read_toml(text, source)
    reader = _BookReader(table, source, catalogue or standard_catalogue())
    book = reader.book()
    if reader.faults.found:
        raise RulebookError(*reader.faults.found)
    return book


def digest_of(table: object) -> str:
    """`sm3:<hex>` of the canonical content: comments, order of keys and spacing do not matter."""
    canonical = json.dumps(
        table, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return "sm3:" + hashlib.new("sm3", canonical.encode()).hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _read_toml(text: str, source: str) -> dict[str, object]:
    if len(text) > _LONGEST:
        raise RulebookError(Fault(code="bad-rulebook", what="文件太长", file=source))
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        match = _TOML_PLACE.search(str(error))
        place = f"第{match[1]}行第{match[2]}列" if match else "文件末尾"
        remedy = "多为缺少引号、括号或逗号，中文键要加引号"
        raise RulebookError(
            Fault(code="bad-toml", what=f"{place}不合TOML写法", remedy=remedy, file=source)
        ) from error


class _BookReader:
    """One pass over the parsed TOML; every part notes its own faults and goes on."""

    def __init__(self, table: dict[str, object], source: str, catalogue: Catalogue) -> None:
        self.faults = Faults(source)
        self.root = Section(table, "", self.faults)
        self.catalogue = catalogue
        self.digest = digest_of(table)
        self.labels: dict[Severity, Give] = dict(STANDARD_LABELS)
        self.subject = SUBJECTS[0]
        self.ids: set[str] = set()

    def book(self) -> Book:
        head = Section(self.root.peek("book") or {}, "book", self.faults)
        book_id = head.text("id")
        if book_id and not _ID.fullmatch(book_id):
            head.fault(f"编号“{book_id}”写法不对", "用英文字母、数字和连字符")
        self.subject = head.choice("subject", SUBJECTS)
        valid_from, valid_until = head.day("from"), head.day("until", required=False)
        if valid_from and valid_until and valid_until < valid_from:
            head.fault("“until”早于“from”")
        version, title, source = head.whole("version"), head.text("title"), head.text("source")
        compare = head.choice("compare", ("unrounded", "printed"))
        head.finish()
        self._read_labels()
        combine = self.root.choice("combine", ("worst",), default="worst")
        gates = self._gates("scope") + self._gates("due")
        assumptions = self._assumptions()
        lights = self._lights()
        self.root.finish()
        return Book(
            id=book_id,
            version=version,
            valid_from=valid_from or date.min,
            valid_until=valid_until,
            subject=self.subject,
            compare=compare,
            title=title,
            source=source,
            combine=combine,
            labels=self.labels,
            gates=gates,
            assumptions=assumptions,
            lights=lights,
            digest=self.digest,
        )

    def _read_labels(self) -> None:
        table = self.root.peek("labels")
        if table is None:
            return
        section = Section(table, "labels", self.faults)
        for severity, standard in STANDARD_LABELS.items():
            value = section.peek(severity.value)
            if value is None:
                continue
            entry = Section(value, f"labels.{severity.value}", self.faults)
            label = entry.text("label")
            colour = entry.choice("colour", COLOURS, default=standard.colour)
            entry.finish()
            self.labels[severity] = Give(severity, label, colour)
        section.finish()

    def _gates(self, key: str) -> tuple[Gate, ...]:
        title = {"scope": "范围", "due": "应报"}[key]
        refused = self.labels[Severity.NOT_IN_SCOPE if key == "scope" else Severity.NOT_DUE]
        passing = "在范围" if key == "scope" else "应报"
        gates = []
        for number, table in enumerate(self.root.tables(key), 1):
            section = Section(table, f"{title}第{number}条", self.faults)
            clause = section.text("clause")
            section.place += f"（{clause}）" if clause else ""
            when, text = self._condition(section, self.subject)
            words = (passing, *MISSING_WORDS)
            missing = section.choice("missing", words) if self._says_missing(section) else passing
            gates.append(
                Gate(
                    id=self._new_id(section, f"{title}.{number}"),
                    subject=self.subject,
                    clause=clause,
                    when=when,
                    text=text,
                    refused=refused,
                    missing=None if missing == passing else self.labels[MISSING_WORDS[missing]],
                    interpretation=section.interpretation(),
                )
            )
            section.finish()
        return tuple(gates)

    def _assumptions(self) -> tuple[Assumption, ...]:
        found = []
        for number, table in enumerate(self.root.tables("assume"), 1):
            section = Section(table, f"assume第{number}条", self.faults)
            word, clause = section.text("measure"), section.text("clause")
            raw = section.peek("value")
            interpretation = section.interpretation(required=True)
            section.finish()
            measure = self.catalogue.find(word)
            if measure is None:
                if word:
                    suggestion = self.catalogue.suggestion(word)
                    section.fault(f"不认识的量“{word}”", suggestion, code="unknown-measure")
                continue
            try:
                value = fact_of(raw, measure)
            except ValueError as error:
                section.fault(str(error))
                continue
            if value is None:
                section.fault("缺少“value”", "写明没有记录时视为什么")
            elif interpretation is not None:
                found.append(Assumption(measure.name, value, clause, interpretation))
        if len({one.measure for one in found}) < len(found):
            self.faults.add("assume", "同一个量写了两次")
        return tuple(found)

    def _lights(self) -> tuple[Light, ...]:
        lights = [
            self._light(Section(table, f"第{number}个light", self.faults))
            for number, table in enumerate(self.root.tables("light"), 1)
        ]
        if not lights:
            self.faults.add("", "没有一条“[[light]]”", "至少写一个维度")
        seen: set[tuple[str, str]] = set()
        for light in lights:
            if (light.subject, light.dimension) in seen:
                place = f"规则“{light.dimension}”"
                self.faults.add(place, "同一对象的同一维度写了两次", "请合并成一个[[light]]")
            seen.add((light.subject, light.dimension))
        return tuple(lights)

    def _light(self, section: Section) -> Light:
        dimension = section.text("dimension")
        section.place = f"规则“{dimension}”" if dimension else section.place
        clause = section.text("clause")
        section.place += f"（{clause}）" if clause else ""
        subject = section.choice("subject", SUBJECTS, default=self.subject)
        light_id = self._new_id(section, dimension)
        missing = self._missing(section)
        tables = section.tables("cases")
        if not tables:
            section.fault("没有“cases”", "写明每条界线和所亮的灯")
        cases = tuple(
            self._case(table, section, subject, clause, f"{light_id}.{number}")
            for number, table in enumerate(tables, 1)
        )
        section.finish()
        silent = self.labels[Severity.UNDECIDED]
        return Light(light_id, subject, dimension, clause, cases, missing, silent)

    def _case(self, table: object, light: Section, subject: str, clause: str, name: str) -> Case:
        number = name.rpartition(".")[2]
        section = Section(table, f"{light.place}第{number}条界线", self.faults)
        own_clause = section.text("clause", required=False, default=clause)
        when, text = self._condition(section, subject)
        if "give" not in section:
            section.fault("缺少“give”", 'give = {severity = "warning"}')
        give = self._give(Section(section.peek("give") or {}, section.place, self.faults))
        case = Case(
            id=self._new_id(section, name),
            clause=own_clause,
            when=when,
            text=text,
            give=give,
            interpretation=section.interpretation(),
        )
        section.finish()
        return case

    def _give(self, section: Section) -> Give:
        severity = Severity(section.choice("severity", list(Severity), default=Severity.UNDECIDED))
        standard = self.labels[severity]
        label = section.text("label", required=False, default=standard.label)
        colour = section.choice("colour", COLOURS, default=standard.colour)
        section.finish()
        return Give(severity, label, colour)

    def _says_missing(self, section: Section) -> bool:
        if "missing" in section:
            return True
        section.fault(
            "没有写明缺数据怎么办",
            '请补写missing，例如missing = "无数据"',
            code="missing-missing",
        )
        return False

    def _missing(self, section: Section) -> Give:
        if not self._says_missing(section):
            return self.labels[Severity.NO_DATA]
        value = section.peek("missing")
        if isinstance(value, dict):
            give = Section(value, f"{section.place}的missing", self.faults)
            if "severity" not in value:
                give.fault("缺少“severity”")
            return self._give(give)
        return self.labels[MISSING_WORDS[section.choice("missing", MISSING_WORDS)]]

    def _condition(self, section: Section, subject: str) -> tuple[Condition, str]:
        text = section.text("when")
        if text:
            try:
                return parse_condition(text, self.catalogue, subject), text
            except ConditionError as error:
                section.fault(error.what, error.remedy, code="bad-condition")
        return All(()), text

    def _new_id(self, section: Section, derived: str) -> str:
        name = section.text("id", required=False, default=derived)
        if name in self.ids:
            section.fault(f"编号“{name}”重复", "每条规则的id不能相同")
        self.ids.add(name)
        return name
