"""guatu import ledger, guatu import reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.engines.sheets import Cell
from guatu.engines.sheets.tests.build import parts, rows_xml, zipped
from guatu.files.models import Import, Mapping
from guatu.ledger.models import Project
from guatu.reporting.models import Figure
from tests.cli.calls import LIST, PARK, ROAD, Guatu
from tests.tables import (
    project_row,
    put_table,
    put_workbook,
    report_line,
    row_counts,
)

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELL = rows_xml(("A1", "<v>1</v>"))
BAD_FILES: list[tuple[str, bytes, str]] = [
    ("空.xlsx", b"", "空"),
    ("坏.xlsx", b"PK\x03\x04" + b"\x00" * 50, "损坏"),
    ("半个.xlsx", zipped(parts(CELL))[:300], "损坏"),
    ("加密.xlsx", OLE2 + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ("太长.xlsx", zipped(parts(rows_xml(("A1048576", "<v>1</v>")))), "超过50000行"),
    ("太宽.xlsx", zipped(parts(rows_xml(("XFD1", "<v>1</v>")))), "超过200列"),
    ("炸弹.xlsx", zipped(parts(CELL + f"<!--{' ' * 3_000_000}-->")), "解压"),
    ("实体.xlsx", zipped(parts(f"<!DOCTYPE a>{CELL}")), ""),
    ("太大.csv", b"x" * (20 * 1024 * 1024 + 1), "20"),
    ("长表.csv", b"a,b\n" * 50_001, "超过50000行"),
    ("宽表.csv", b"a," * 300, "超过200列"),
    ("乱码.csv", b"\xff\x00\xfe\x01" * 30, ""),
    ("引号.csv", '项目名称,总投资\n"甲'.encode() + b"x" * 200_000, ""),
    ("程序.xlsx", b"MZ\x90\x00" + b"\0" * 100, ""),
    ("图片.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, ""),
    ("通讯录.csv", "姓名,电话\n王一,123\n".encode(), "表头至少要有项目名称"),
    ("空表.xlsx", zipped(parts("<sheetData/>")), ""),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD_FILES, ids=[row[0] for row in BAD_FILES])
def test_a_bad_file_is_refused_by_name_and_leaves_every_table_as_it_was(
    guatu: Guatu, name: str, data: bytes, said: str
) -> None:
    bad = guatu.folder / name
    bad.write_bytes(data)
    good = guatu.list_file()
    faults = guatu.refused("import", "ledger", good, bad, "--year", 2026, "--create-missing")
    assert all(fault.startswith(f"文件“{name}”") for fault in faults)
    assert said in faults[0]
    guatu.list_in()
    faults = guatu.refused("import", "reports", bad, "--period", "2026-09")
    assert faults[0].startswith(f"文件“{name}”")
    ran = guatu("import", "reports", bad, guatu.report_file(), "--period", "2026-09")
    assert ran.code == 3
    assert any(line.startswith(f"文件“{name}”") for line in ran.faults)
    assert f"{name}\t" in ran.out
    assert "新增1项" in ran.out
    assert "未能读取1个文件" in ran.out
    assert guatu("verify").code == 0


@pytest.mark.parametrize(
    "name", ["没有.xlsx", "夹", "长" * 200 + ".xlsx", "a\x00b.csv", "坏\udcff.csv", ""]
)
def test_a_path_that_is_no_file_is_refused(guatu: Guatu, name: str) -> None:
    (guatu.folder / "夹").mkdir()
    path = f"{guatu.folder}/{name}" if name else ""
    for words in (["ledger", "--year", 2026], ["reports", "--period", "2026-09"]):
        if words[0] == "reports":
            guatu.list_in()
        [fault] = guatu.refused("import", *words, guatu.list_file(), path)
        assert fault.endswith("没有这个文件。请核对路径。")
        assert fault.encode("utf-8")


def test_a_file_that_cannot_be_opened_is_refused(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = guatu.list_file()
    usual = Path.open

    def closed(self: Path, *args: object, **kwargs: object) -> object:
        if self.name == path.name:
            raise PermissionError(13, "Permission denied")
        return usual(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    [fault] = guatu.refused("import", "ledger", path, "--year", 2026)
    assert fault.startswith("文件“清单.csv”：文件打不开")


# --- lists -------------------------------------------------------------------------------------


def test_a_list_is_taken_in_and_counted(guatu: Guatu) -> None:
    words = ("import", "ledger", guatu.list_file(), "--year", 2026, "--create-missing")
    assert "新增3项，变更0项，不变0项" in guatu(*words).out
    before = row_counts()
    ran = guatu(*words)
    assert ran.code == 0
    assert "新增0项，变更0项，不变3项" in ran.out
    assert row_counts() == before


def test_a_real_workbook_is_read_like_a_text_table(guatu: Guatu) -> None:
    path = put_workbook(
        guatu.folder / "清单.xlsx", list(LIST[0]), *([*line.values()] for line in LIST)
    )
    ran = guatu("import", "ledger", path, "--year", 2026, "--create-missing", "--dry-run")
    assert "试导入（未入库）" in ran.out
    assert "新增3项，变更0项，不变0项" in ran.out
    assert not Project.objects.exists()


BAD_ROW = project_row("坏行", "P-9", **{"年度计划投资（万元）": "-5"})


def test_a_bad_row_refuses_the_list_with_file_cell_and_remedy(guatu: Guatu) -> None:
    path = guatu.list_file(*LIST, BAD_ROW)
    words = ("import", "ledger", path, "--year", 2026, "--create-missing")
    assert guatu.refused(*words) == [
        "文件“清单.csv” 单元格H5：年度计划投资是负数。计划和总投资不能为负，请核对。"
    ]


def test_skip_doubtful_takes_the_good_rows_names_the_others_and_exits_3(guatu: Guatu) -> None:
    path = guatu.list_file(*LIST, BAD_ROW)
    words = ("import", "ledger", path, "--year", 2026, "--create-missing", "--skip-doubtful")
    ran = guatu(*words)
    assert ran.code == 3
    assert "新增3项，变更0项，不变0项" in ran.out
    assert "1行。" in ran.out
    told = ran.faults.index("跳过的行（1）")
    assert "单元格H5：年度计划投资是负数" in ran.faults[told + 1]
    before = row_counts()
    assert guatu(*words).code == 3
    assert row_counts() == before


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"所属地区": "江被区"}, "不认识的所属地区“江被区”。是不是江北区"),
        ({"责任单位": "不存在的局"}, "不认识的责任单位“不存在的局”"),
    ],
)
def test_unknown_regions_and_organisations_are_refused(
    guatu: Guatu, cells: dict[str, Cell], said: str
) -> None:
    path = guatu.list_file({**project_row("甲", "P-1", 行业领域=""), **cells})
    [fault] = guatu.refused("import", "ledger", path, "--year", 2026)
    assert said in fault
    assert "--create-missing" in fault


def test_two_projects_of_one_code_are_refused_both_by_name(guatu: Guatu) -> None:
    path = guatu.list_file(project_row("甲", "P-1"), project_row("乙", "P-1"))
    faults = guatu.refused("import", "ledger", path, "--year", 2026, "--create-missing")
    assert len(faults) == 2
    assert "代码P-1出现2次且内容不同（第2、3行）" in faults[0]


def test_formulas_html_and_sql_in_names_are_only_names(guatu: Guatu) -> None:
    names = ["=1+1", "'; DROP TABLE ledger_project;--", "<script>", "{{ 7*7 }}", "%s%n", "\u202e甲"]
    path = guatu.list_file(*(project_row(name, f"P-{n}") for n, name in enumerate(names)))
    assert guatu("import", "ledger", path, "--year", 2026, "--create-missing").code == 0
    assert sorted(Project.objects.values_list("name", flat=True)) == sorted(names)
    assert guatu("verify").code == 0


# --- mappings ----------------------------------------------------------------------------------

MAPPING = '[columns]\n"干什么" = "建设内容"\n'


def test_a_mapping_is_saved_for_its_sender_and_used_by_that_name(guatu: Guatu) -> None:
    mapping = guatu.folder / "列.toml"
    mapping.write_text(MAPPING, "utf-8")
    line = {**LIST[0], "干什么": "盖楼"}
    words = ("import", "ledger", guatu.list_file(line), "--year", 2026, "--create-missing")
    assert guatu(*words, "--mapping", mapping, "--save-mapping", "江北区发改局").code == 0
    again = guatu.list_file({**LIST[0], "干什么": "修路"}, name="二.csv")
    ran = guatu(
        "import", "ledger", again, "--year", 2026, "--create-missing", "--mapping", "江北区发改局"
    )
    assert ran.code == 0
    assert Project.objects.get().content == "修路"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("没有.toml", "没有列对应文件“没有.toml”"),
        ("坏.toml", "列对应文件写法有误"),
        ("错.toml", "不认识的字段“没有这个字段”"),
        ("空.toml", "缺少 [columns] 一节"),
    ],
)
def test_a_mapping_that_is_off_is_refused(guatu: Guatu, mapping: str, said: str) -> None:
    texts = {
        "坏.toml": "[columns\n",
        "错.toml": '[columns]\na = "没有这个字段"\n',
        "空.toml": "",
    }
    path = guatu.folder / mapping
    if mapping in texts:
        path.write_text(texts[mapping], "utf-8")
    told = path if mapping in texts else mapping
    words = ("import", "ledger", guatu.list_file(), "--year", 2026, "--mapping", told)
    assert said in guatu.refused(*words)[0]


def test_saving_a_mapping_needs_one(guatu: Guatu) -> None:
    words = ("import", "ledger", guatu.list_file(), "--year", 2026, "--save-mapping", "江北")
    assert "请同时给出列对应文件。命令行：--mapping" in guatu.refused(*words)[0]
    assert not Mapping.objects.exists()


# --- reports -----------------------------------------------------------------------------------


def test_reports_tell_what_each_file_brought_and_exit_3_when_rows_wait(guatu: Guatu) -> None:
    guatu.list_in()
    path = guatu.report_file(
        report_line(PARK, 7_000), report_line(ROAD, "约3000"), report_line("没有的项目", 5)
    )
    ran = guatu("import", "reports", path, "--period", "2026-09")
    assert ran.code == 3
    by_file, summary = ran.out.splitlines()
    assert by_file.startswith("月报.csv\t")
    assert by_file.endswith("\t新增1，变更0，不变0，待处理2")
    assert summary.startswith("1个文件，新增1项，变更0项，不变0项，待核实0处，待处理2行")
    assert ran.faults[-3].startswith("待处理，未入库")
    assert ran.faults[-2].startswith("文件“月报.csv” 单元格C3：")
    assert ran.faults[-1].startswith("文件“月报.csv” 单元格A4：台账中没有“没有的项目”")


def test_good_reports_exit_0_and_questioned_figures_are_told_and_do_not_block(
    guatu: Guatu,
) -> None:
    guatu.reported("2026-08")
    path = guatu.report_file(report_line(PARK, 6_000), name="九月.csv")
    ran = guatu("import", "reports", path, "--period", "2026-09")
    assert ran.code == 0
    told = ran.faults.index("已入库但待核实（1）")
    assert "低于上期7,000万元" in ran.faults[told + 1]
    assert Figure.objects.filter(is_current=True).count() == 2


def test_a_dry_run_says_so_and_leaves_nothing(guatu: Guatu) -> None:
    guatu.list_in()
    before = row_counts()
    ran = guatu("import", "reports", guatu.report_file(), "--period", "2026-09", "--dry-run")
    assert (ran.code, row_counts()) == (0, before)
    assert ran.out.splitlines()[-1].startswith("试导入（未入库）：1个文件，新增1项")


def test_a_closed_round_takes_no_reports(guatu: Guatu) -> None:
    guatu.closed()
    path = guatu.report_file(report_line(ROAD, 5), name="补.csv")
    [fault] = guatu.refused("import", "reports", path, "--period", "2026-09")
    assert "2026年重点项目 · 2026年9月已锁定，数字不能再改" in fault
    assert "guatu correct" in fault


def test_merged_months_exclude_each_other(guatu: Guatu) -> None:
    guatu.reported("2026-01+02")
    [fault] = guatu.refused("import", "reports", guatu.report_file(), "--period", "2026-02")
    assert "2026年2月与已有的2026年1—2月重叠" in fault


def test_a_file_name_with_odd_bytes_is_printed_and_stored(guatu: Guatu) -> None:
    guatu.list_in()
    path = guatu.report_file(name="坏\udcff字节\n二.csv")
    ran = guatu("import", "reports", path, "--period", "2026-09")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 2
    assert ran.out.encode("utf-8")
    assert Import.objects.latest("pk").name.startswith("坏")


@pytest.mark.parametrize("who", ["reporter", "outsider", "viewer"])
def test_only_the_office_imports(guatu: Guatu, who: str) -> None:
    guatu.list_in()
    for words in (
        ["ledger", guatu.list_file(), "--year", 2026],
        ["reports", guatu.report_file(), "--period", "2026-09"],
    ):
        [fault] = guatu.refused("import", *words, "--as", who)
        assert f"账号“{who}”没有这项权限" in fault


def test_a_header_alone_is_no_report(guatu: Guatu) -> None:
    guatu.list_in()
    path = put_table(guatu.folder / "空.csv", ["项目名称", "本年累计完成投资（万元）"])
    [fault] = guatu.refused("import", "reports", path, "--period", "2026-09")
    assert fault == "文件“空.csv”：表里没有项目。请确认发来的是填好的进度表。"


def test_the_office_s_own_table_without_regions_makes_nothing_twice(
    guatu: Guatu, tmp_path: Path
) -> None:
    guatu.list_in()
    there = Project.objects.count()
    head = ["序号", "项目名称", "说不清的列", "建设地点"]
    path = put_table(
        tmp_path / "汇总表.csv",
        head,
        *([str(n), one.name, "1", ""] for n, one in enumerate(Project.objects.all(), 1)),
    )
    ran = guatu("import", "ledger", path, "--year", 2026)
    assert (ran.code, Project.objects.count()) == (0, there), ran
    assert f"新增0项，变更0项，不变{there}项" in ran.out
    assert any("没有采用的列" in line and "命令行：--mapping。" in line for line in ran.faults)
