"""What the tests of the circular's pages do: read, fill the form, upload."""

from __future__ import annotations

import io
from typing import Any

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.assessment.tests.rounds import Office
from guatu.organisation.models import User
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.ui.tokens import TOKEN_FIELD, new_token

BACKEND = "guatu.organisation.backend.Accounts"


SCRIPT = "<script>alert(1)</script>"


def browser(office: Office, name: str = "office") -> Client:
    """A signed-in browser of one of the cast."""
    client = Client()
    user = getattr(office.people, name)
    User.objects.filter(pk=user.pk).update(is_active=True)
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(office: Office, path: str = "", period: str = "2026-09") -> str:
    return f"/papers/{office.round(period).pk}/circular/{path}"


def page(office: Office, path: str = "", name: str = "office", period: str = "2026-09") -> Any:
    return browser(office, name).get(address(office, path, period))


def post(office: Office, path: str, name: str = "office", **fields: Any) -> Any:
    data = {TOKEN_FIELD: new_token(), **fields}
    return browser(office, name).post(address(office, path), data)


def text_of(response: Any) -> str:
    content = response.content
    assert isinstance(content, bytes)
    return content.decode()


def form_of(response: Any) -> dict[str, str]:
    """The fields of the editing form as a browser would send them."""
    fields = {"version": str(response.context["version"])}
    for at, piece in response.context["pieces"]:
        fields |= {f"kind-{at}": piece.kind, f"text-{at}": piece.text}
        fields |= {f"level-{at}": str(piece.level), f"lead-{at}": piece.lead}
    return fields


def edited_form(office: Office, old: str, new: str) -> dict[str, str]:
    fields = form_of(page(office, "edit/"))
    assert any(old in text for text in fields.values())
    return {name: text.replace(old, new) for name, text in fields.items()}


def written(office: Office) -> None:
    """The author has written what was left to him."""
    fields = edited_form(office, LEFT_TO_WRITE, "各单位要抓紧推进。")
    assert post(office, "edit/", **fields).status_code == 302


def file_of(office: Office) -> Any:
    return docx.Document(io.BytesIO(page(office, "docx/").content))


def upload(document: Any, name: str = "通报.docx") -> SimpleUploadedFile:
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def changed(office: Office, old: str, new: str) -> SimpleUploadedFile:
    """The exported file with one text changed, as an editor saves it."""
    document = file_of(office)
    hit = next(one for one in document.paragraphs if old in one.text)
    text = hit.text.replace(old, new, 1)
    for run in hit.runs[1:]:
        run.text = ""
    hit.runs[0].text = text
    return upload(document)
