"""What people hand in on the pages of a round, parsed and shape-checked."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from guatu.core.errors import BadInput, Fault
from guatu.engines.sheets.grid import DEFAULT


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One uploaded file."""

    name: str
    content: bytes


def digest_seen(request: HttpRequest) -> str:
    """The digest of what the person looked at. BadInput where the form lacks it."""
    text = request.POST.get("digest", "")
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise BadInput(Fault("no-digest", "表单不完整", "请刷新本期页面后再办理"))
    return text


def one_file(
    request: HttpRequest, field: str, what: str, *, most: int = DEFAULT.upload_bytes
) -> HandedIn:
    """The one file of a field. BadInput where there is none, or it is too large."""
    file = request.FILES.get(field)
    if file is None or not file.name:
        raise BadInput(Fault("no-file", f"没有选择{what}", f"请选择{what}再提交"))
    if file.size is None or file.size > most:
        size = most // (1024 * 1024)
        raise BadInput(
            Fault("file-too-large", f"文件超过{size}MB", "请删去无关内容后再传", file.name)
        )
    return HandedIn(file.name, file.read())
