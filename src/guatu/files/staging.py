"""Uploads between a preview and its confirmation: on disk, by token, gone after a day."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.engines.sheets import DEFAULT

KEPT_SECONDS = 24 * 3600
MOST_FILES = 100
_LONGEST_NAME = 240
"""Bytes that a file system gives to one name, with some to spare."""


def stage(uploads: Sequence[UploadedFile[Any]]) -> str:
    """Keep uploads until somebody confirms; returns the token that finds them again.

    Raises BadInput naming every file that is too big, too many, or cannot bear its name here.
    """
    faults = _faults(uploads)
    if faults:
        raise BadInput(*faults)
    token = secrets.token_urlsafe(18)
    folder = _folder(token)
    folder.mkdir(parents=True, mode=0o700)
    for upload in uploads:
        with (folder / _name(upload)).open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
    _sweep(before=folder.stat().st_mtime - KEPT_SECONDS)
    return token


def staged(token: str) -> list[Path]:
    """The files kept under a token. Raises NotFound where they are gone."""
    folder = _folder(token)
    if not folder.is_dir():
        raise NotFound(Fault("upload-gone", "上传的表格已经不在", "请重新选择文件上传"))
    return sorted(folder.iterdir())


def drop(token: str) -> None:
    """Let the files of a token go."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def _folder(token: str) -> Path:
    if not token or not all(one.isalnum() or one in "-_" for one in token):
        raise NotFound(Fault("upload-gone", "上传的表格已经不在", "请重新选择文件上传"))
    return Path(settings.HOME) / "staged" / token


def _name(upload: UploadedFile[Any]) -> str:
    return Path(upload.name or "").name


def _faults(uploads: Sequence[UploadedFile[Any]]) -> list[Fault]:
    if not uploads:
        return [Fault("no-file", "没有选择文件", "请选择清单表格")]
    if len(uploads) > MOST_FILES:
        return [Fault("too-many-files", f"一次最多{MOST_FILES}个文件", "请分几次导入")]
    faults, names = [], set()
    for upload in uploads:
        name = _name(upload)
        if not name or len(name.encode()) > _LONGEST_NAME:
            faults.append(Fault("name-too-long", "文件名过长", "请改短后再上传", name[:60]))
        elif name in names:
            faults.append(Fault("same-name", "有两个同名的文件", "请改名或分两次上传", name))
        if (upload.size or 0) > DEFAULT.upload_bytes:
            most = f"{DEFAULT.upload_bytes / 1048576:g}MB"
            remedy = "请删去图片和无关工作表，或分成几个文件"
            faults.append(Fault("upload-too-big", f"文件超过{most}", remedy, name[:60]))
        names.add(name)
    return faults


def _sweep(*, before: float) -> None:
    """Remove what nobody confirmed in time, by the clock of the file system."""
    for folder in (Path(settings.HOME) / "staged").iterdir():
        try:
            is_old = folder.stat().st_mtime < before
        except OSError:  # somebody else has just swept it
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
