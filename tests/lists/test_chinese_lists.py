"""Two Chinese lists in every layout: each value to the yuan, no sum taken for a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from conftest import Say, Today
from guatu.cli.main import main
from guatu.core.ratio import Ratio
from guatu.engines.sheets import (
    ColumnMapping,
    FlagKind,
    RowKind,
    Table,
    check_subtotals,
    load_mapping,
    load_vocabulary,
    new_workbook,
    read_workbook,
    recognise,
)
from guatu.ledger.models import ListEntry
from guatu.planning.models import AnnualPlan
from guatu.reporting.models import Figure
from tests.lists.layouts import LAYOUTS, Layout, write
from tests.lists.sample import (
    CLASSES,
    GRAND_TOTAL,
    PROJECTS,
    WATER,
    Item,
    chinese_projects,
    data_items,
    rows_of,
    sample_file,
    water_by_type,
)

HERE = Path(__file__).parent
PROJECTS_TITLE = "2019年1-9月重点项目进展情况表"
WATER_TITLE = "2019年1-7月中央项目完成情况表"
UNIT_IN_EVERY_CELL = "单位写在每个单元格里"

Values = tuple[str, str, str, int | None, int | None, Fraction | None]
Listing = Callable[[], list[Item]]

LISTS = pytest.mark.parametrize(
    ("title", "listing"),
    [(PROJECTS_TITLE, chinese_projects), (WATER_TITLE, water_by_type)],
    ids=["projects", "water"],
)


def table_of(path: Path, mapping: ColumnMapping | None = None) -> Table:
    """The one table of a workbook."""
    vocabulary = load_vocabulary()
    [table] = [
        table
        for sheet in read_workbook(path).sheets
        if (table := recognise(sheet, vocabulary, file=path.name, mapping=mapping))
    ]
    return table


def recognised(table: Table) -> list[Values]:
    """What the projects of a table say."""
    made: list[Values] = []
    for row in table.data_rows:
        plan, done = row.parsed("年度计划投资"), row.parsed("本年累计完成投资")
        rate = row.parsed("年度计划完成率")
        assert isinstance(plan, int | None)
        assert isinstance(done, int | None)
        percent = rate.as_fraction() * 100 if isinstance(rate, Ratio) else None
        name, place, sector = (str(row.parsed(key) or "") for key in TEXTS)
        made.append((name, place, sector, plan, done, percent))
    return made


TEXTS = ("项目名称", "建设地点", "行业领域")


def wanted(items: list[Item]) -> list[Values]:
    """What the file says."""
    return [
        (item.name, item.place, item.sector, item.plan, item.done, item.rate)
        for item in data_items(items)
    ]


def sums(table: Table) -> list[str]:
    """The rows that are recognised as sums."""
    return sorted(row.label for row in table.rows if row.kind is RowKind.SUBTOTAL)


def printed_sums(layout: Layout, items: list[Item]) -> list[str]:
    """The sums that a layout prints: the list's own, or those that it adds."""
    if any(item.is_sum for item in items):
        return sorted(item.name for item in items if item.is_sum)
    sectors = len({item.sector for item in items}) if layout.has_sections else 0
    return sorted(["小计"] * sectors + ["合计"] * bool(layout.total_at))


def doubts(table: Table) -> list[str]:
    """Every question about the table, and every cell that a person must look at."""
    kinds = (FlagKind.DOUBTFUL, FlagKind.UNREADABLE, FlagKind.REFUSED)
    cells = [str(table.fault_of(value, flag)) for _, value, flag in table.flagged(*kinds)]
    return [*map(str, table.questions), *cells]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@LISTS
def test_every_layout_gives_the_values_of_the_file(
    tmp_path: Path, layout: Layout, title: str, listing: Listing
) -> None:
    items = listing()
    table = table_of(write(tmp_path, layout, title, items))
    assert recognised(table) == wanted(items)
    assert sums(table) == printed_sums(layout, items)


@pytest.mark.parametrize(
    "layout",
    LAYOUTS,
    ids=lambda layout: layout.name,
)
@LISTS
def test_no_layout_raises_a_question(
    tmp_path: Path, layout: Layout, title: str, listing: Listing
) -> None:
    assert doubts(table_of(write(tmp_path, layout, title, listing()))) == []


def test_the_lists_are_tried_in_many_layouts(say: Say) -> None:
    assert len(LAYOUTS) >= 8
    rows = sum(len(wanted(listing())) for listing in (chinese_projects, water_by_type))
    say(f"lists: {rows} rows of two Chinese lists in {len(LAYOUTS)} layouts each")


@LISTS
def test_one_yuan_more_is_seen(tmp_path: Path, title: str, listing: Listing) -> None:
    items = listing()
    table = table_of(write(tmp_path, LAYOUTS[0], title, items))
    slip = [replace(item, plan=item.plan + 1) if item.plan else item for item in items]
    assert recognised(table) != wanted(slip)


def test_a_sum_that_its_rows_do_not_give_is_told(tmp_path: Path) -> None:
    """The second class has more rows than the file carries; the first one and the total agree."""
    table = table_of(write(tmp_path, LAYOUTS[0], WATER_TITLE, water_by_type()))
    told = [fault.what for fault in check_subtotals(table)]
    assert len(told) == 2
    assert all(what.startswith(f"“{CLASSES[1]}”的") for what in told)


def test_the_file_itself_is_read_with_the_unit_beside_each_amount() -> None:
    table = table_of(sample_file(PROJECTS), load_mapping(HERE / "projects.toml"))
    assert recognised(table) == wanted(chinese_projects())
    for row, source in zip(table.data_rows, rows_of(PROJECTS), strict=True):
        assert str(row.parsed("备注") or "") == source["note"]
        assert [row.parsed("总投资"), row.parsed("自开工累计完成投资")] == [None, None]
        assert not row.values["项目名称"].is_doubtful


def test_the_file_itself_is_read_with_its_sums_named() -> None:
    table = table_of(sample_file(WATER), load_mapping(HERE / "water.toml"))
    assert recognised(table) == wanted(water_by_type())
    assert sums(table) == sorted((GRAND_TOTAL, *CLASSES))
    sources = [row for row in rows_of(WATER) if row["类型名称"] not in sums(table)]
    for row, source in zip(table.data_rows, sources, strict=True):
        paid = row.parsed("资金支付率")
        assert isinstance(paid, Ratio)
        assert paid.as_fraction() * 100 == Fraction(source["中央资金完成率%"])
    assert doubts(table) == []


def test_sums_that_nobody_names_would_be_taken_for_projects() -> None:
    named = load_mapping(HERE / "water.toml")
    table = table_of(sample_file(WATER), replace(named, subtotals=()))
    assert {row.label for row in table.data_rows} > set(CLASSES)


def test_the_head_as_it_was_printed_is_read_with_the_name_column_named(tmp_path: Path) -> None:
    path = as_printed(tmp_path / "分类型完成情况.xlsx")
    words = {"类型名称": "项目名称", "完成率/中央资金": "资金支付率"}
    named = load_mapping(HERE / "water.toml").columns
    mapping = ColumnMapping({label: named[LABELS[label]] for label in words})
    table = table_of(path, mapping)
    assert recognised(table) == wanted(water_by_type())
    assert sums(table) == sorted((GRAND_TOTAL, *CLASSES))
    assert doubts(table) == []
    aside = [column.label for column in table.columns if column.field is None]
    assert aside == ["计划下达/中央资金", "投资完成/中央完成"]


LABELS = {"类型名称": "类型名称", "完成率/中央资金": "中央资金完成率%"}


def as_printed(path: Path) -> Path:
    """The table as its office prints it: two merged head rows, classes 一 and 二, % in cells."""
    book = new_workbook(path)
    sheet = book.add_worksheet("Sheet1")
    sheet.merge_range(0, 0, 0, 7, "2019年度中央项目分类型完成情况")
    sheet.write(1, 7, "单位：万元")
    for column, label in ((0, "序号"), (1, "类型名称")):
        sheet.merge_range(2, column, 3, column, label)
    for column, label in ((2, "计划下达"), (4, "投资完成"), (6, "完成率")):
        sheet.merge_range(2, column, 2, column + 1, label)
    leaves = ("年度计划", "中央资金", "计划完成", "中央完成", "年度 计划", "中央 资金")
    sheet.write_row(3, 2, leaves)
    serials: list[str | int] = ["", "一", 1, 2, 3, 4, 5, "二", 1, 2, 3, 4]
    for line, (serial, row) in enumerate(zip(serials, rows_of(WATER), strict=True), start=4):
        name, *amounts = row.values()
        sheet.write_row(line, 0, [serial, name, *map(int, amounts[:4])])
        sheet.write_row(line, 6, [f"{rate}%" for rate in amounts[4:]])
    book.close()
    return path


@pytest.mark.parametrize("layout", [LAYOUTS[1], LAYOUTS[4]], ids=lambda layout: layout.name)
@LISTS
def test_only_projects_are_imported(
    db: None, today: Today, tmp_path: Path, layout: Layout, title: str, listing: Listing
) -> None:
    today(date(2026, 10, 31))
    items = listing()
    path = str(write(tmp_path, layout, title, items))
    period = "2019-09" if title == PROJECTS_TITLE else "2019-07"
    assert main(["init", "--yes"]) == 0
    assert main(["import", "ledger", path, "--year", "2019", "--create-missing"]) == 0
    assert main(["import", "reports", path, "--period", period]) == 0
    plans = dict(AnnualPlan.objects.values_list("entry__project__name", "amount_yuan"))
    figures = dict(Figure.objects.values_list("project__name", "value"))
    assert ListEntry.objects.count() == len(wanted(items))
    assert plans == {i.name: i.plan for i in data_items(items) if i.plan is not None}
    assert figures == {i.name: i.done for i in data_items(items) if i.done is not None}
