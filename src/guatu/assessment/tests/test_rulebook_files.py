"""The pages of rule books: a book handed in as files, and given out as files."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guatu.assessment.models import RuleBookDraft
from guatu.assessment.tests.books import OWN, drafted, published
from guatu.assessment.tests.rulebook_browser import at, page, plain, post, text_of
from tests.factories import Cast

NAMES = ("rulebook.toml", "text.md", "examples.toml")


def given(people: Cast) -> dict[str, bytes]:
    """The three files of the default book as they are given out."""
    response = page(people, "of/default/files/", "viewer")
    assert "default-" in response.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(texts: dict[str, bytes], folder: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in texts.items():
            archive.writestr(folder + name, content)
    return buffer.getvalue()


def uploads(texts: dict[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in texts.items()]


def test_a_book_is_given_out_and_handed_in_again(people: Cast) -> None:
    texts = given(people)
    assert tuple(texts) == NAMES
    assert "上传一部办法" in plain(page(people, ""))
    assert "rulebooks/upload" not in text_of(page(people, "", "viewer"))
    assert page(people, "upload/", "viewer").status_code == 403
    response = post(people, "upload/", files=uploads(texts), own_id=OWN)
    draft = RuleBookDraft.objects.get()
    assert response.headers["Location"] == f"/rulebooks/{at(draft)}"
    assert (draft.book, draft.number) == (OWN, 1)
    assert draft.text.encode() == texts["text.md"]
    assert f'id = "{OWN}"' in draft.toml
    told = plain(page(people, at(draft)))
    assert "没有问题，12个算例都对" in told
    again = post(people, "upload/", files=uploads(texts), own_id=OWN)
    assert again.status_code == 409
    assert "已有一份没有发布的草稿" in plain(again)


def test_one_archive_in_a_folder_serves_too_and_the_id_of_the_text_is_taken(people: Cast) -> None:
    texts = given(people)
    texts["rulebook.toml"] = texts["rulebook.toml"].replace(b'"default"', b'"linjiang"')
    whole = zipped(texts | {"readme.txt": b"x"}, "linjiang/")
    upload = SimpleUploadedFile("linjiang.zip", whole)
    assert post(people, "upload/", files=[upload]).status_code == 302
    assert RuleBookDraft.objects.get().book == "linjiang"


def test_files_of_a_published_book_become_its_next_version(people: Cast) -> None:
    published(people, drafted(people))
    assert post(people, "upload/", files=uploads(given(people)), own_id=OWN).status_code == 302
    draft = RuleBookDraft.objects.get(state="draft")
    assert (draft.book, draft.number) == (OWN, 2)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"text.md": None}, "没有text.md"),
        ({"rulebook.toml": None}, "没有rulebook.toml"),
        ({"notes.docx": b"x"}, "不认识文件"),
        ({"text.md": "第一条".encode("gbk")}, "text.md不是UTF-8编码"),
        ({"text.md": b"a\x00b"}, "有空字符"),
        ({"text.md": b"x" * 200_001}, "条文有200001字，太长"),
        ({"text.md": b"x" * 5_000_001}, "text.md超过5MB"),
        ({"more.zip": b"PK no archive"}, "打不开"),
        ({"more.zip": zipped({"text.md": b"x"})}, "text.md有两份"),
        ({"more.zip": zipped({"text.md": b" " * 5_000_001})}, "text.md超过5MB"),
        ({"more.zip": zipped({f"{n}": b"" for n in range(101)})}, "有101个文件"),
    ],
)
def test_files_that_cannot_be_are_refused_in_clear_lines(
    people: Cast, changed: dict[str, bytes | None], told: str
) -> None:
    texts = {n: content for n, content in (given(people) | changed).items() if content is not None}
    response = post(people, "upload/", files=uploads(texts), own_id=OWN)
    assert response.status_code == 422
    assert told in plain(response)
    assert f'value="{OWN}"' in text_of(response)
    assert not RuleBookDraft.objects.exists()


@pytest.mark.parametrize(
    ("own_id", "told"),
    [("linjiang_2026", "编号写法不对"), ("临江", "编号写法不对"), ("default", "已有办法在用"),
     ("", "已有办法在用")],
)  # fmt: skip
def test_an_id_that_cannot_be_is_refused(people: Cast, own_id: str, told: str) -> None:
    handed_in = post(people, "upload/", own_id=own_id, files=uploads(given(people)))
    for response in (handed_in, post(people, "of/default/start/", own_id=own_id)):
        assert response.status_code == 422
        if own_id:
            assert told in plain(response)
    assert "pattern=" not in text_of(page(people, "of/default/"))
    assert not RuleBookDraft.objects.exists()
