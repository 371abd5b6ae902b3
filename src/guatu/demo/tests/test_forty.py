from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import openpyxl

from guatu.demo.city import generate
from guatu.demo.faults import OUTCOMES, Outcome, write_json
from guatu.demo.forty import write_forty
from guatu.demo.planting import WAN
from guatu.demo.tests.reading import UNIT_OF, Forty, squeezed, yuan
from guatu.demo.types import City


def test_exactly_forty_files_in_at_least_twelve_layouts(forty: Forty) -> None:
    assert len(list(forty.folder.iterdir())) == 40
    assert len(forty.planted.files) == 40
    assert len({file.layout for file in forty.planted.files} & set(UNIT_OF)) >= 12
    assert {path.suffix for path in forty.folder.iterdir()} == {".xlsx", ".ods", ".csv"}


def test_the_same_seed_writes_the_same_bytes(forty: Forty, folder: Path) -> None:
    assert write_forty(generate(), folder) == forty.planted
    for path in sorted(forty.folder.iterdir()):
        assert (folder / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_unit_sends_something_or_is_missing(city: City, forty: Forty) -> None:
    senders = {file.organisation for file in forty.planted.files}
    assert senders | set(forty.planted.missing) == {o.key for o in city.organisations}
    assert not senders & set(forty.planted.missing)
    assert len(forty.planted.missing) == 6


def test_each_project_stands_in_one_file_only(city: City, forty: Forty) -> None:
    seen = Counter(
        key
        for file in forty.planted.files
        if not file.superseded_by
        for key in {row.project for row in file.rows}
    )
    assert set(seen.values()) == {1}
    absent = {o for e in city.listed(2026) if e.project not in seen
              for o in [city.project[e.project].lead]}  # fmt: skip
    assert absent == {*forty.planted.missing, "hjjt"}


def test_good_rows_say_what_the_record_says(city: City, forty: Forty) -> None:
    checked = 0
    for file in forty.planted.files:
        for row in file.good:
            found = yuan(forty.value(file.file, row.sheet, row.cell), UNIT_OF[file.layout])
            if row.is_part:
                assert found is None
            else:
                assert found == row.yuan, (file.file, row.cell)
                checked += 1
            project = city.project[row.project]
            known = {squeezed(name) for name in (project.name, *project.aliases)}
            assert squeezed(row.printed_name) in known or row.code, row.printed_name
    assert checked > 250


def test_good_rows_carry_the_truth_unless_planted_otherwise(city: City, forty: Forty) -> None:
    changed = {f.project for f in forty.planted.faults if f.code == "below-last-month"}
    for key, row in forty.planted.accepted().items():
        if key not in changed:
            assert row.yuan == city.report["2026-10", key].completed_yuan


def test_every_kind_of_fault_is_planted(forty: Forty) -> None:
    assert {fault.code for fault in forty.planted.faults} == set(OUTCOMES)


def test_refused_and_unitless_files_bring_in_nothing(forty: Forty) -> None:
    for code in ("wrong-period", "missing-unit", "no-table", "empty-workbook"):
        assert not forty.file(forty.fault(code).file).good


def test_money_that_cannot_be_read(forty: Forty) -> None:
    words = [forty.at(fault) for fault in forty.faults("unreadable-money")]
    assert sorted(words) == sorted(["三成", "约5000", "停工", "正在统计"])
    assert {forty.at(f) for f in forty.faults("phone-no-figure")} <= {"", "—"}
    assert forty.at(forty.fault("fraction-of-yuan")).endswith(".55")


def test_formulas_have_no_stored_value(forty: Forty) -> None:
    for fault in forty.faults("formula-without-value"):
        assert forty.at(fault) in ("", None)
        book = openpyxl.load_workbook(forty.folder / fault.file)
        assert str(book[fault.sheet][fault.cell].value).startswith("=")


def test_codes_ruined_as_numbers(city: City, forty: Forty) -> None:
    for fault in forty.faults("code-ruined"):
        value = forty.at(fault)
        assert isinstance(value, float)
        digits = (city.project[fault.project].code or "").replace("-", "")
        assert f"{value:.0f}"[:14] == digits[:14]
        assert int(value) != int(digits)


def test_names_that_need_a_question(city: City, forty: Forty) -> None:
    for code in ("renamed-project", "renamed-with-code"):
        fault = forty.fault(code)
        assert forty.at(fault) == city.project[fault.project].former_name
    name = squeezed(forty.at(forty.fault("ambiguous-project")))
    names = [squeezed(project.name) for project in city.projects]
    assert sum(other.startswith(name) for other in names) == 2
    for fault in forty.faults("unknown-project"):
        assert squeezed(forty.at(fault)) not in names


def test_two_rows_of_one_project_contradict(forty: Forty) -> None:
    first, second = forty.faults("duplicate-row")
    assert first.project == second.project
    assert first.cell != second.cell
    assert forty.at(first) != forty.at(second)


def test_figures_that_contradict_other_figures(city: City, forty: Forty) -> None:
    for fault in forty.faults("below-last-month"):
        unit = UNIT_OF[forty.file(fault.file).layout]
        before = city.report["2026-09", fault.project].completed_yuan
        found = yuan(forty.at(fault), unit)
        assert before is not None
        assert found is not None
        assert found < before
    fault = forty.fault("above-total-investment")
    found = yuan(forty.at(fault), "万元")
    truth = city.report["2026-10", fault.project].completed_yuan
    assert found == (truth or 0) * WAN
    assert found > city.project[fault.project].total_yuan
    fault = forty.fault("last-year-differs")
    known = city.report["2025-10", fault.project].completed_yuan
    assert yuan(forty.at(fault), "万元") not in (None, known)
    assert float(forty.at(forty.fault("rate-contradicts")).rstrip("%")) > 300


def test_the_wrong_total_is_a_thousand_wan_off(forty: Forty) -> None:
    fault = forty.fault("wrong-total")
    said = yuan(forty.at(fault), "万元")
    rows = [row.yuan or 0 for row in forty.file(fault.file).rows]
    assert said == sum(rows) + 10_000_000


def test_other_totals_are_right(forty: Forty) -> None:
    for file in forty.planted.files:
        if file.layout != "L03-yi-unit-line":
            continue
        for line in forty.contents[file.file]["Sheet1"]:
            if line[1] == "合计":
                total = sum(row.yuan or 0 for row in file.rows)
                assert yuan(line[5], "亿元") == total


def test_dates_that_matter(city: City, forty: Forty) -> None:
    assert forty.at(forty.fault("month-ambiguous")) == 2026.1
    starts = {f.code: city.project[f.project].actual_start for f in forty.planted.faults
              if f.code in {"early-start", "early-next-year", "repeated-start"}}  # fmt: skip
    assert all(day is not None and day.on.month == 10 for day in starts.values())
    for code in starts:
        assert "2026" in str(forty.at(forty.fault(code)))
    assert "2026" in str(forty.at(forty.fault("late-completion")))


def test_the_wrong_period_and_the_sheet_of_last_month(forty: Forty) -> None:
    assert "9月底" in forty.at(forty.fault("wrong-period"))
    fault = forty.fault("last-month-sheet")
    assert "9月底" in forty.at(fault)
    book = openpyxl.load_workbook(forty.folder / fault.file)
    assert book.sheetnames == ["填报说明", "10月", "9月", "联系人", "字典"]
    assert book["字典"].sheet_state == "hidden"


def test_the_empty_workbook_is_empty_and_the_contacts_have_no_figures(forty: Forty) -> None:
    assert forty.contents[forty.fault("empty-workbook").file] == {"Sheet1": []}
    sheet = forty.contents[forty.fault("no-table").file]["联系人"]
    assert "联系电话" in sheet[0]


def test_a_resent_file_changes_two_figures_and_adds_a_project(forty: Forty) -> None:
    (early,) = (file for file in forty.planted.files if file.superseded_by)
    late = forty.file(early.superseded_by)
    before = {row.project: row.yuan for row in early.rows}
    after = {row.project: row.yuan for row in late.rows}
    assert len(after) == len(before) + 1
    assert sum(after[key] != value for key, value in before.items()) == 2
    names = [file.file for file in forty.planted.files]
    assert names.index(early.file) < names.index(late.file)
    assert early.file < late.file


def test_only_negative_months_with_a_reason(forty: Forty) -> None:
    fault = forty.fault("negative-month")
    row = forty.contents[fault.file][fault.sheet][int(fault.cell[1:]) - 1]
    assert -330.0 in row
    assert "核减" in str(row[-1])


def test_the_record_can_be_written_as_json(forty: Forty, folder: Path) -> None:
    path = folder / "planted.json"
    write_json(forty.planted, path)
    read = json.loads(path.read_text(encoding="utf-8"))
    assert len(read["files"]) == 40
    assert read["files"][0]["rows"][0]["outcome"] == Outcome.IMPORTED


def test_workbooks_say_that_they_are_invented(forty: Forty) -> None:
    for file, sheets in forty.contents.items():
        if file != forty.fault("empty-workbook").file:
            assert "虚构" in str(sheets), file
