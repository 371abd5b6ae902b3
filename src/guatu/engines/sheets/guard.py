"""What a file must pass before any parser sees it (documents.md §2.4, trust.md C-15).

Declared sizes and dimensions can lie, so bytes are counted while they inflate and cell
references are read from the sheets themselves.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from guatu.core.archives import DAMAGED
from guatu.engines.sheets.errors import SheetsError, refuse
from guatu.engines.sheets.grid import DEFAULT, Limits, SheetFacts
from guatu.engines.sheets.scan import OdsScan, XlsxScan

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHUNK = 1 << 20
SAVE_AS = "请用Excel或WPS打开，另存为xlsx后再导入"
FOREIGN = (
    (b"%PDF", "PDF文件"),
    (b"Rar!", "RAR压缩包"),
    (b"7z\xbc\xaf", "7z压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\x1f\x8b", "gzip压缩包"),
    (b"BM", "图片"),
)
NO_CELLS = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/", "docProps/")


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that may be parsed: its real format, and what was seen in its sheets by name."""

    format: str
    facts: dict[str, SheetFacts] = field(default_factory=dict)


def guard(data: bytes, *, name: str, limits: Limits = DEFAULT) -> Passed:
    """Judge the bytes of an upload by content, never by its extension.

    Raises SheetsError; the codes are `empty-file`, `upload-too-big`, `encrypted`,
    `not-a-sheet`, `unsupported-format`, `broken-zip`, `unsafe-member`, `too-many-members`,
    `inflates-too-far`, `zip-ratio`, `xml-doctype`, `xml-encoding`, `too-many-rows` and
    `too-many-columns`.
    """
    if not data.strip(b"\0\r\n\t "):
        raise refuse("empty-file", "文件是空的", "请检查后重新发送", file=name)
    if len(data) > limits.upload_bytes:
        raise refuse(
            "upload-too-big",
            f"文件有{len(data) / 1048576:.1f}MB，超过{limits.upload_bytes / 1048576:g}MB",
            "请删去图片和无关工作表，或分成几个文件导入",
            file=name,
        )
    if data.startswith(OLE2):
        return _guard_ole2(data, name)
    if data.startswith(b"PK"):
        return _guard_zip(data, name, limits)
    for magic, kind in FOREIGN:
        if data.startswith(magic) and (magic != b"BM" or b"\0" in data[:64]):
            raise refuse("not-a-sheet", f"这是{kind}，不是表格", SAVE_AS, file=name)
    head = data[:4096].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<head")):
        raise refuse("unsupported-format", "这是网页格式的表格", SAVE_AS, file=name)
    if head.startswith((b"<?xml", b"mime-version")):
        raise refuse("unsupported-format", "这是XML格式的表格", SAVE_AS, file=name)
    return Passed("csv")


def _guard_ole2(data: bytes, name: str) -> Passed:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise refuse("encrypted", "文件设了打开密码", "请取消密码后再导入", file=name)
    if "WordDocument".encode("utf-16-le") in data:
        raise refuse("not-a-sheet", "这是Word文档，不是表格", SAVE_AS, file=name)
    if not any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        raise refuse("broken-content", "文件里找不到工作簿", SAVE_AS, file=name)
    return Passed("xls")


def _guard_zip(data: bytes, name: str, limits: Limits) -> Passed:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _guard_archive(archive, name, limits)
    except DAMAGED as error:
        raise refuse(
            "broken-zip", "文件不完整或已损坏", "请让发送人重新保存并重新发送", file=name
        ) from error


def _guard_archive(archive: zipfile.ZipFile, name: str, limits: Limits) -> Passed:
    members = archive.infolist()
    if len(members) > limits.members:
        raise refuse("too-many-members", f"文件内有{len(members)}个部件", SAVE_AS, file=name)
    for member in members:
        _guard_member(member, name)
    kind = _kind(archive, name)
    scans: dict[str, XlsxScan | OdsScan] = {}
    inflated = 0
    for member in members:
        scan = _scanner(member.filename, kind, name, limits)
        inflated += _inflate(archive, member, scan, name=name, budget=inflated, limits=limits)
        if scan is not None:
            scans[member.filename] = scan
    if kind == "ods":
        content = scans.get("content.xml")
        tables = content.finish() if isinstance(content, OdsScan) else []
        return Passed("ods", {facts.name: facts for facts in tables})
    facts = {path: scan.finish() for path, scan in scans.items() if isinstance(scan, XlsxScan)}
    return Passed("xlsx", _by_sheet_name(archive, facts))


def _guard_member(member: zipfile.ZipInfo, name: str) -> None:
    path = member.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
        raise refuse("unsafe-member", "文件内部有越界的路径", "请勿使用该文件", file=name)
    if member.flag_bits & 0x1:
        raise refuse("encrypted", "文件设了密码", "请取消密码后再导入", file=name)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refuse("unsupported-format", "文件用了少见的压缩方式", SAVE_AS, file=name)


def _kind(archive: zipfile.ZipFile, name: str) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise refuse("unsupported-format", "这是二进制工作簿（xlsb）", SAVE_AS, file=name)
    if "content.xml" in names and "mimetype" in names:
        if archive.getinfo("mimetype").file_size < 200:
            kind = archive.read("mimetype")
            if not kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                raise refuse("not-a-sheet", "这不是表格文档", SAVE_AS, file=name)
        manifest = names & {"META-INF/manifest.xml"}
        if manifest and archive.getinfo("META-INF/manifest.xml").file_size < CHUNK:
            with archive.open("META-INF/manifest.xml") as stream:
                if b"encryption-data" in stream.read(CHUNK):
                    raise refuse("encrypted", "文件设了打开密码", "请取消密码后再导入", file=name)
        return "ods"
    if "word/document.xml" in names:
        raise refuse("not-a-sheet", "这是Word文档，不是表格", SAVE_AS, file=name)
    if "ppt/presentation.xml" in names:
        raise refuse("not-a-sheet", "这是演示文稿，不是表格", SAVE_AS, file=name)
    raise refuse("not-a-sheet", "这是压缩包，不是表格", "请解压后逐个导入其中的表格", file=name)


def _scanner(path: str, kind: str, name: str, limits: Limits) -> XlsxScan | OdsScan | None:
    if kind == "ods":
        return OdsScan(name, limits) if path == "content.xml" else None
    if path.endswith(".xml") and not path.startswith(NO_CELLS):
        return XlsxScan(name, limits)
    return None


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _inflate(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    scan: XlsxScan | OdsScan | None,
    *,
    name: str,
    budget: int,
    limits: Limits,
) -> int:
    """Count the real bytes of a member while its XML is looked through; nothing is kept."""
    size = 0
    tail = b""
    is_xml = member.filename.endswith((".xml", ".rels", ".vml"))
    for chunk in _chunks(archive, member):
        if size == 0 and is_xml:
            _refuse_wide_encoding(chunk, name)
        size += len(chunk)
        if budget + size > limits.inflated_bytes:
            raise _bomb("inflates-too-far", name)
        if size > limits.ratio_from_bytes and size > limits.ratio * max(member.compress_size, 1):
            raise _bomb("zip-ratio", name)
        if is_xml:
            if b"<!DOCTYPE" in (seen := tail + chunk) or b"<!ENTITY" in seen:
                raise refuse(
                    "xml-doctype", "文件里有外部实体声明，可能不安全", "请勿使用该文件", file=name
                )
            tail = chunk[-16:]
        if scan is not None:
            scan.feed(chunk)
    return size


def _bomb(code: str, name: str) -> SheetsError:
    return refuse(
        code,
        "文件解压后过大，已停止读取",
        "请删去空白行列和图片，另存后再导入",
        file=name,
    )


def _refuse_wide_encoding(chunk: bytes, name: str) -> None:
    if chunk[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        raise refuse("xml-encoding", "文件内部编码不是UTF-8", SAVE_AS, file=name)


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode().rsplit(":", 1)[-1]: html.unescape((a or b).decode("utf-8", "replace"))
        for key, a, b in _ATTRIBUTE.findall(tag)
    }


def _by_sheet_name(archive: zipfile.ZipFile, facts: dict[str, SheetFacts]) -> dict[str, SheetFacts]:
    """Which part is which sheet, from workbook.xml and its relations; parts unknown are left.

    A workbook that asks to be recalculated when opened was written by a program and never
    saved by a spreadsheet: its formulas show 0 because nobody computed them.
    """
    book = archive.read("xl/workbook.xml")
    try:
        relations = archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {
        found["Id"]: found["Target"]
        for tag in _RELATION.findall(relations)
        if "Id" in (found := _attributes(tag)) and "Target" in found
    }
    never_saved = re.search(rb"fullCalcOnLoad\s*=\s*[\"'](?:1|true)", book) is not None
    named = {}
    for tag in _SHEET.findall(book):
        found = _attributes(tag)
        target = targets.get(found.get("id", ""), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in facts and "name" in found:
            sheet = facts[path]
            if never_saved:
                sheet.uncached.extend(sheet.zeroed)
            sheet.name = found["name"]
            named[found["name"]] = sheet
    return named
