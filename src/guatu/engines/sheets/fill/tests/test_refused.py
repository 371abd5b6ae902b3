"""Templates that cannot be used: one clear line, nothing written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlwt

from guatu.engines.sheets import DEFAULT, Limits, SheetsError
from guatu.engines.sheets.fill import fill_template
from guatu.engines.sheets.fill.tests.samples import NEW, PROJECTS, figures, sectioned, simple


def refused(path: Path, limits: Limits = DEFAULT) -> SheetsError:
    with pytest.raises(SheetsError) as caught:
        fill_template(path, figures(), limits=limits)
    assert caught.value.faults[0].remedy
    return caught.value


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_other_formats_are_to_be_saved_as_xlsx(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "项目名称")
    book.save(str(tmp_path / "old.xls"))
    assert refused(tmp_path / "old.xls").code == "template-not-xlsx"
    csv = put(tmp_path / "list.csv", "序号,项目名称\n1,一号路\n".encode())
    assert (
        str(refused(csv))
        == "文件“list.csv”：表样是csv文件。请用Excel或WPS打开，另存为.xlsx后再用。"
    )


def test_macros_are_refused(tmp_path: Path) -> None:
    path = sectioned(tmp_path / "last.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert refused(path).code == "template-macros"


def test_encrypted_broken_empty_and_missing(tmp_path: Path) -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert refused(put(tmp_path / "a.xlsx", encrypted)).code == "encrypted"
    whole = sectioned(tmp_path / "last.xlsx").read_bytes()
    assert refused(put(tmp_path / "b.xlsx", whole[:2000])).code == "broken-zip"
    assert refused(put(tmp_path / "c.xlsx", b"")).code == "empty-file"
    assert refused(tmp_path / "none.xlsx").code == "not-found"


def test_a_workbook_without_a_table_of_projects(tmp_path: Path) -> None:
    path = simple(tmp_path / "x.xlsx", [["单位", "电话"], ["交通局", "12345"]])
    assert refused(path).code == "no-table"
    names = simple(tmp_path / "y.xlsx", [["序号", "项目名称", "责任单位"], [1, "一号路", "交通局"]])
    assert refused(names).code == "no-table"
    empty = simple(
        tmp_path / "z.xlsx", [["序号", "项目名称", "总投资（万元）", "完成投资（万元）"]]
    )
    assert refused(empty).code == "no-table"


@pytest.mark.usefixtures("own_process")
def test_the_child_fills_in_a_process_of_its_own(tmp_path: Path) -> None:
    made = fill_template(sectioned(tmp_path / "last.xlsx"), figures([*PROJECTS, *NEW]))
    assert [row.row for row in made.added] == [10, 14, 15]
    assert made.content.startswith(b"PK")


@pytest.mark.usefixtures("own_process")
def test_the_child_has_limits(tmp_path: Path) -> None:
    path = sectioned(tmp_path / "last.xlsx")
    assert refused(path, Limits(memory_bytes=40_000_000)).code in ("parser-died", "parser-memory")
