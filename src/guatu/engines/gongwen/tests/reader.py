"""LibreOffice as the tests' reader: where the lines of a docx really fall."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

MISSING = [name for name in ("soffice", "pdftotext") if shutil.which(name) is None]
needs_soffice = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")

_STAND_INS = {
    "仿宋_GB2312": "AR PL SungtiL GB",
    "宋体": "AR PL SungtiL GB",
    "楷体_GB2312": "AR PL UKai CN",
    "黑体": "Noto Sans CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
}
_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its text without blanks, left and right edge and top, in points."""

    text: str
    left: float
    right: float
    top: float


def _font_settings(folder: Path) -> Path:
    """Stand-ins for the official faces, with half-width figures of half a square."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{official}</string></test>'
        f'<edit name="family" mode="assign" binding="same"><string>{other}</string></edit></match>'
        for official, other in _STAND_INS.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"{rules}</fontconfig>",
        encoding="utf-8",
    )
    return path


def printed(documents: dict[str, bytes], folder: Path) -> dict[str, list[list[Line]]]:
    """Convert all documents in one go; name → pages → lines, page numbers included."""
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in documents)],
        check=True, capture_output=True, timeout=240,
        env={**os.environ, "FONTCONFIG_FILE": str(_font_settings(folder))},
    )  # fmt: skip
    return {name: _pages(folder / f"{name}.pdf") for name in documents}


def _pages(pdf: Path) -> list[list[Line]]:
    found = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=60
    )
    return [_lines(page) for page in found.stdout.decode().split("<page ")[1:]]


def _lines(page: str) -> list[Line]:
    rows: dict[int, list[tuple[float, float, float, str]]] = {}
    for left, top, right, _, text in _WORD.findall(page):
        # Faces of one line start within a few points of each other.
        key = next((k for k in rows if abs(k - float(top)) < 4), round(float(top)))
        rows.setdefault(key, []).append(
            (float(left), float(right), float(top), html.unescape(text))
        )
    return [
        Line(
            "".join(word[3] for word in sorted(words)),
            min(word[0] for word in words),
            max(word[1] for word in words),
            min(word[2] for word in words),
        )
        for _, words in sorted(rows.items())
    ]
