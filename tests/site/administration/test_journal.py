"""The journal's pages: read, filtered, verified, noted outside."""

from __future__ import annotations

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from guatu.journal import verification
from guatu.journal.models import Checkpoint, Entry
from guatu.organisation.models import (
    Person,
    User,
)
from tests.factories import Cast
from tests.site.administration.asking import Browse, post, text


def test_the_journal_is_read_filtered_and_shown_with_commitments(
    people: Cast, browse: Browse
) -> None:
    audit = browse("audit")
    page = text(audit.get("/journal/"))
    assert "建库" in page
    assert "建库" not in text(audit.get("/journal/?act=role.assigned")).split("<tbody>")[1]
    assert "没有符合条件" in text(audit.get("/journal/?until=2001-01-01"))
    person = Person.objects.get(pk=people.persons["周正明"])
    found = text(audit.get(f"/journal/?table=organisation_person&row={person.pk}"))
    assert "cast.made" in found
    (seq,) = Entry.objects.filter(act="cast.made").values_list("seq", flat=True)
    shown = "".join(text(audit.get(f"/journal/{seq}/?page={n}")) for n in (1, 2, 3))
    assert "承诺值" in shown
    assert "周正明" not in shown
    assert audit.get("/journal/999999/").status_code == 404


def test_a_changed_row_shows_what_it_was(people: Cast, browse: Browse) -> None:
    post(browse("system"), f"/admin/users/{people.reporter.pk}/disable/")
    entry = Entry.objects.order_by("-seq")[0]
    shown = text(browse("audit").get(f"/journal/{entry.seq}/"))
    assert 'class="changed"' in shown
    assert "原来" in shown


def test_the_journal_is_verified_and_the_outcome_is_shown_and_journalled(
    people: Cast,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(verification, "launch", lambda work, *told: verification.run(*told))
    audit = browse("audit")
    assert post(audit, "/journal/verify/", marks="nonsense").status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert post(audit, "/journal/verify/", marks="").status_code == 302
    assert "日志完整" in text(audit.get("/journal/verification/"))
    assert Entry.objects.filter(act="journal.verified").count() == 1
    User.objects.filter(pk=people.viewer.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        post(audit, "/journal/verify/", marks=f"1:{'0' * 64}")
    page = text(audit.get("/journal/verification/"))
    assert "与外部检查点不符" in page
    assert "is_active" in page
    assert "2处不符" in text(audit.get("/journal/"))


def test_progress_of_a_verification_is_told(people: Cast) -> None:
    from guatu.journal import queries

    steps: list[tuple[int, int]] = []
    queries.verify(tell=lambda done, count, step: steps.append((done, count)))
    assert [done for done, _ in steps] == list(range(len(steps)))
    assert {count for _, count in steps} == {len(steps)}


def test_a_checkpoint_is_noted_and_downloaded(people: Cast, browse: Browse) -> None:
    audit = browse("audit")
    assert post(audit, "/journal/checkpoints/", kept_at=" ").status_code == 422
    assert post(audit, "/journal/checkpoints/", kept_at="市纪委办公室").status_code == 302
    row = Checkpoint.objects.get()
    answer = audit.get(f"/journal/checkpoints/{row.pk}/")
    assert answer.content.decode() == f"{row.seq}:{row.hash}\n"
    assert "attachment" in answer.headers["Content-Disposition"]
