"""What a person said about a sender's columns; it wins over recognition and can be remembered.

As a file:

    [sheet]                      # all of it optional
    name = "汇总表"              # only this sheet
    header_rows = [3, 4]         # as numbered in the sheet
    unit = "万元"                # where a column says nothing
    subtotals = ["中央资金"]     # rows that are sums, by name
    only = true                  # leave every column not named below aside

    [columns]
    project_id = "项目代码"
    combined_total = { field = "总投资", unit = "千元" }
    rate = { field = "年度计划完成率", unit = "%" }
    year_plan = { field = "年度计划投资", unit_column = "plan_unit" }
    remarks = ""                 # leave aside
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guatu.core.errors import Fault
from guatu.core.yuan import UNITS
from guatu.engines.sheets.errors import SheetsError, refuse
from guatu.engines.sheets.types import Kind
from guatu.engines.sheets.vocabulary import Vocabulary, load_vocabulary
from guatu.engines.sheets.wording import heading, normal_form

PERCENT = "%"
_SHEET_KEYS = ("name", "header_rows", "unit", "subtotals", "only")
_COLUMN_KEYS = ("field", "unit", "unit_column")


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """What one header means. An empty field leaves the column aside."""

    field: str
    unit: str | None = None
    unit_column: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Header words to fields and units. `header_rows` count from 1, as in the sheet."""

    columns: Mapping[str, MappedColumn]
    sheet: str | None = None
    header_rows: tuple[int, int] | None = None
    unit: str | None = None
    subtotals: tuple[str, ...] = ()
    only: bool = False
    _forms: dict[str, MappedColumn] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for label, column in self.columns.items():
            self._forms.setdefault(normal_form(label), column)
            self._forms.setdefault(label_key(label), column)

    def find(self, path: tuple[str, ...]) -> MappedColumn | None:
        """What is said about a column: by its whole path (`投资/总投资`), then by its leaf.

        A month in the words does not matter: 1—10月完成投资 is found under 1—9月完成投资.
        """
        if not path:
            return None
        whole = "/".join(path)
        for label in (whole, path[-1]):
            if found := self._forms.get(normal_form(label)) or self._forms.get(label_key(label)):
                return found
        return None

    def to_json(self) -> str:
        """A text that `from_json` reads back, to keep with a sender."""
        content = {
            "columns": {
                label: {key: getattr(column, key) for key in _COLUMN_KEYS}
                for label, column in self.columns.items()
            },
            "sheet": {
                "name": self.sheet,
                "header_rows": self.header_rows,
                "unit": self.unit,
                "subtotals": list(self.subtotals),
                "only": self.only,
            },
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ColumnMapping:
        """Read what `to_json` wrote. Raises SheetsError as `load_mapping` does."""
        try:
            source = json.loads(text)
        except ValueError as error:
            raise _bad("", "不是有效的列对应内容") from error
        if isinstance(source, dict) and isinstance(source.get("sheet"), dict):
            source["sheet"] = {k: v for k, v in source["sheet"].items() if v is not None}
        return _build(source, load_vocabulary(), "")


def label_key(label: str) -> str:
    """Header words without times and units, path parts joined by `/`."""
    return "/".join(heading(part).key for part in label.split("/"))


def load_mapping(path: Path, *, vocabulary: Vocabulary | None = None) -> ColumnMapping:
    """Read a mapping file (TOML). Raises SheetsError with every fault at once:
    `bad-mapping`, `unknown-field` (with the nearest name), `unknown-unit`."""
    name = path.name
    try:
        source = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise refuse("not-found", "列对应文件打不开", "请检查文件是否存在", file=name) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(name, f"列对应文件写法有误（{error}）") from error
    return _build(source, vocabulary or load_vocabulary(), name)


def _bad(file: str, what: str) -> SheetsError:
    return refuse("bad-mapping", what, '请按说明的写法改正，如 project_id = "项目代码"', file=file)


def _build(source: Any, vocabulary: Vocabulary, file: str) -> ColumnMapping:
    if not isinstance(source, dict) or not isinstance(source.get("columns"), dict):
        raise _bad(file, "列对应文件缺少 [columns] 一节")
    faults: list[Fault] = []
    for key in source:
        if key not in ("columns", "sheet"):
            faults.append(_fault("bad-mapping", f"不认识的一节“{key}”", "可用columns和sheet", file))
    columns = {
        str(label): column
        for label, entry in source["columns"].items()
        if (column := _column(str(label), entry, vocabulary, file, faults)) is not None
    }
    sheet = _sheet(source.get("sheet", {}), file, faults)
    if faults:
        raise SheetsError.of(faults)
    return ColumnMapping(columns, **sheet)


def _fault(code: str, what: str, remedy: str, file: str) -> Fault:
    return Fault(code, what, remedy, file)


def _column(
    label: str, entry: Any, vocabulary: Vocabulary, file: str, faults: list[Fault]
) -> MappedColumn | None:
    if isinstance(entry, str):
        entry = {"field": entry}
    if not isinstance(entry, dict) or not isinstance(entry.get("field"), str):
        faults.append(_fault("bad-mapping", f"列“{label}”没有写明对应的字段", "请写 field", file))
        return None
    for key in entry:
        if key not in _COLUMN_KEYS:
            what = f"列“{label}”有不认识的项“{key}”"
            faults.append(_fault("bad-mapping", what, "可用field、unit、unit_column", file))
    name, unit = entry["field"], entry.get("unit")
    if name and name not in vocabulary.fields:
        faults.append(unknown_field(name, vocabulary, file))
        return None
    kind = vocabulary.kind(name) if name else None
    if unit == PERCENT and kind is Kind.PERCENT:
        return MappedColumn(name, unit, entry.get("unit_column"))
    _check_unit(unit, f"列“{label}”", file, faults)
    if unit is not None and name and vocabulary.kind(name) is not Kind.MONEY:
        what = f"列“{label}”对应的“{name}”不是金额，不用写单位"
        faults.append(_fault("bad-mapping", what, "请删去 unit", file))
    return MappedColumn(name, unit, entry.get("unit_column"))


def unknown_field(name: str, vocabulary: Vocabulary, file: str) -> Fault:
    """A field that does not exist, with the one that was probably meant."""
    match = vocabulary.match((name,))
    near = [match.field] if match else difflib.get_close_matches(name, vocabulary.fields, 1, 0.4)
    remedy = f"是否指“{near[0]}”" if near else f"可用的字段有{'、'.join(vocabulary.fields)}"
    return _fault("unknown-field", f"不认识的字段“{name}”", remedy, file)


def _check_unit(unit: Any, where: str, file: str, faults: list[Fault]) -> None:
    if unit is not None and unit not in UNITS:
        what = f"{where}的单位“{unit}”不认识"
        faults.append(_fault("unknown-unit", what, f"可用{'、'.join(UNITS)}", file))


def _sheet(source: Any, file: str, faults: list[Fault]) -> dict[str, Any]:
    if not isinstance(source, dict):
        faults.append(_fault("bad-mapping", "[sheet] 一节写法有误", "请参照说明改正", file))
        return {}
    for key in source:
        if key not in _SHEET_KEYS:
            what = f"[sheet] 里有不认识的项“{key}”"
            faults.append(_fault("bad-mapping", what, f"可用{'、'.join(_SHEET_KEYS)}", file))
    _check_unit(source.get("unit"), "[sheet] ", file, faults)
    rows = source.get("header_rows")
    if isinstance(rows, int):
        rows = [rows]
    if rows is not None and not _are_rows(rows):
        what = "header_rows应是表头所在的行号，如[3, 4]"
        faults.append(_fault("bad-mapping", what, "行号从1数起", file))
        rows = None
    return {
        "sheet": source.get("name"),
        "header_rows": (rows[0], rows[-1]) if rows else None,
        "unit": source.get("unit"),
        "subtotals": tuple(map(str, source.get("subtotals", ()))),
        "only": bool(source.get("only", False)),
    }


def _are_rows(rows: Any) -> bool:
    return (
        isinstance(rows, list)
        and bool(rows)
        and all(isinstance(row, int) and row >= 1 for row in rows)
        and rows == sorted(rows)
    )
