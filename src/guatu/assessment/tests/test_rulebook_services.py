"""Rule books of this house: drafted, published by two, in force by dates, used by runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from guatu.assessment.books import queries
from guatu.assessment.books.queries import book_in_force, find_version, in_force
from guatu.assessment.models import Result, RuleBookDraft, RuleBookVersion, Run
from guatu.assessment.services import drafts
from guatu.assessment.services.assess import AssessRound, assess_for_record, assess_round
from guatu.assessment.services.drafts import (
    Texts,
    drop_draft,
    return_draft,
    save_draft,
    start_draft,
    submit_draft,
    withdraw_draft,
)
from guatu.assessment.services.publish_book import adopt_book, publish_draft
from guatu.assessment.tests.books import (
    OWN,
    REASON,
    drafted,
    moved,
    published,
    saved,
    submitted,
    texts_of,
)
from guatu.assessment.tests.rounds import Office
from guatu.assessment.types import DraftState
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.engines.rulebook import RulebookError, parse_book
from guatu.engines.rulebook.tables import LONGEST
from guatu.journal.models import Entry
from guatu.organisation.queries import settings_in_force
from guatu.organisation.services import change_settings
from tests.factories import Cast

TODAY = date(2026, 10, 10)


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())


def later(draft: RuleBookDraft, on: str = "2026-10-01") -> Texts:
    """The texts with another day of taking effect."""
    toml = draft.toml.replace("from = 2020-01-01", f"from = {on}")
    return Texts(toml, draft.text, draft.examples)


def test_a_copy_has_its_own_id_and_first_number(people: Cast) -> None:
    draft = drafted(people)
    book = parse_book(draft.toml, source="x")
    assert (book.id, book.version, draft.number) == (OWN, 1, 1)
    assert draft.origin == "《通用进度亮灯办法》第1版（随程序）"
    assert draft.toml.startswith("# 通用进度办法")
    assert draft.state == DraftState.DRAFT


@pytest.mark.parametrize(
    ("own_id", "code"),
    [
        ("", "bad-id"),
        ("江源", "bad-id"),
        ("a b", "bad-id"),
        ("x" * 41, "bad-id"),
        ("<script>", "bad-id"),
        ("DEFAULT", "taken-id"),
        ("RB01-yinchuan-lights", "taken-id"),
    ],
)
def test_an_id_that_cannot_be_is_refused(people: Cast, own_id: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        drafted(people, own_id=own_id)
    assert caught.value.faults[0].code == code


def test_one_book_has_one_open_draft(people: Cast) -> None:
    drafted(people)
    for same in (OWN, OWN.upper()):
        with pytest.raises(Conflict):
            drafted(people, own_id=same)
    with pytest.raises(NotFound):
        drafted(people, own_id="other", base="no-such-book")


def test_of_two_who_begin_one_book_at_once_one_is_told(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted(people)
    monkeypatch.setattr(drafts, "OPEN_STATES", ())  # looked before the other one was there
    with pytest.raises(Conflict):
        drafted(people)
    drafted(people, own_id="another")


def test_whoever_may_not_write_books_is_refused(people: Cast) -> None:
    draft = drafted(people)
    for name in ("viewer", "reporter", "leader", "outsider", "system"):
        actor = people.act_as(name)
        with pytest.raises(NotAllowed):
            start_draft(actor, "default", None, "mine")
        with pytest.raises(NotAllowed):
            save_draft(actor, draft.pk, version=1, texts=texts_of(draft))
        with pytest.raises(NotAllowed):
            publish_draft(actor, draft.pk, version=1)
        with pytest.raises(NotAllowed):
            adopt_book(actor, "default", basis="x", seen="default")


def test_a_draft_is_kept_with_its_faults_and_its_own_head(people: Cast) -> None:
    draft = drafted(people)
    toml = draft.toml.replace(f'id = "{OWN}"', 'id = "else"').replace("version = 1", "version = 9")
    kept = saved(people, draft, Texts(toml, "没有标题", "not toml ["))
    assert f'id = "{OWN}"' in kept.toml
    assert "version = 1" in kept.toml
    assert kept.examples == "not toml ["
    broken = saved(people, kept, Texts("[book", "", ""))
    assert broken.toml == "[book"


def test_a_stale_save_is_refused_and_a_long_one_too(people: Cast) -> None:
    draft = drafted(people)
    saved(people, draft, texts_of(draft))
    with pytest.raises(Conflict):
        save_draft(people.act_as("second_office"), draft.pk, version=1, texts=texts_of(draft))
    too_long = Texts("#" * (LONGEST + 1), "", "")
    with pytest.raises(BadInput):
        save_draft(people.act_as("office"), draft.pk, version=2, texts=too_long)


def test_a_faulty_draft_is_not_sent_in(people: Cast) -> None:
    draft = drafted(people)
    gap = draft.toml.replace("10*百分点 <= 落后", "15*百分点 <= 落后")
    draft = saved(people, draft, Texts(gap, draft.text, draft.examples))
    with pytest.raises(BadInput) as caught:
        submitted(people, draft)
    assert "gap" in {one.code for one in caught.value.faults}
    assert RuleBookDraft.objects.get().state == DraftState.DRAFT


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301, "看\u202e不见"])
def test_a_submission_needs_a_plain_reason(people: Cast, reason: str) -> None:
    draft = drafted(people)
    with pytest.raises(BadInput):
        submit_draft(
            people.act_as("office"), draft.pk, version=1, reason=reason, is_retroactive=False
        )


def test_two_people_publish(people: Cast) -> None:
    draft = submitted(people, drafted(people))
    office, second = people.act_as("office"), people.act_as("second_office")
    with pytest.raises(NotAllowed):
        publish_draft(office, draft.pk, version=draft.version)
    row = publish_draft(second, draft.pk, version=draft.version)
    assert (row.book, row.book_version, row.is_own) == (OWN, 1, True)
    assert (row.asked_by, row.published_by, row.reason) == ("office", "office2", REASON)
    assert row.valid_from == date(2020, 1, 1)
    assert row.digest == parse_book(row.toml, source="x").digest
    assert RuleBookDraft.objects.get().state == DraftState.PUBLISHED
    assert Entry.objects.filter(act="rulebook.published").count() == 1
    with pytest.raises(Conflict):
        publish_draft(second, draft.pk, version=draft.version + 1)


def test_another_account_of_the_same_person_is_no_second_person(people: Cast) -> None:
    draft = submitted(people, drafted(people))
    person = people.leader.person_id
    type(people.office).objects.filter(login__in=("office", "office2")).update(person_id=person)
    with pytest.raises(NotAllowed):
        publish_draft(people.act_as("second_office"), draft.pk, version=draft.version)


def test_a_small_office_publishes_alone_and_that_is_recorded(people: Cast) -> None:
    change_settings(people.console, {"small-office": "yes"})
    draft = submitted(people, drafted(people))
    row = publish_draft(people.act_as("office"), draft.pk, version=draft.version)
    assert "小办公室" in row.published_by


def test_a_submission_lapses_after_a_day(people: Cast, today: Callable[[date], None]) -> None:
    draft = submitted(people, drafted(people))
    today(date(2026, 10, 12))
    with pytest.raises(Conflict) as caught:
        publish_draft(people.act_as("second_office"), draft.pk, version=draft.version)
    assert caught.value.faults[0].code == "lapsed"
    again = submitted(people, draft)
    publish_draft(people.act_as("second_office"), again.pk, version=again.version)


def test_the_second_returns_and_the_first_withdraws(people: Cast) -> None:
    office, second = people.act_as("office"), people.act_as("second_office")
    draft = submitted(people, drafted(people))
    with pytest.raises(NotAllowed):
        return_draft(office, draft.pk, version=draft.version, reason="不妥")
    with pytest.raises(NotAllowed):
        withdraw_draft(second, draft.pk, version=draft.version)
    with pytest.raises(Conflict):
        save_draft(office, draft.pk, version=draft.version, texts=texts_of(draft))
    back = return_draft(second, draft.pk, version=draft.version, reason="界线请再核")
    assert (back.state, back.return_reason) == (DraftState.DRAFT, "界线请再核")
    again = submitted(people, back)
    assert again.return_reason == ""
    mine = withdraw_draft(office, again.pk, version=again.version)
    drop_draft(office, mine.pk, version=mine.version)
    with pytest.raises(Conflict):
        saved(people, RuleBookDraft.objects.get(), texts_of(draft))
    assert drafted(people).number == 1


def test_a_published_version_is_never_changed(people: Cast) -> None:
    first = published(people, drafted(people))
    next_one = start_draft(people.act_as("office"), OWN, None)
    assert next_one.number == 2
    assert parse_book(next_one.toml, source="x").version == 2
    second = published(people, saved(people, next_one, moved(next_one)))
    assert (second.book_version, RuleBookVersion.objects.get(pk=first.pk).digest) == (
        2,
        first.digest,
    )
    with pytest.raises(Exception, match="append"):
        RuleBookVersion.objects.filter(pk=first.pk).update(reason="别的")


def test_the_next_version_begins_from_the_newest_whatever_is_in_force(people: Cast) -> None:
    published(people, drafted(people))
    office = people.act_as("office")
    draft = start_draft(office, OWN, None)
    new = moved(draft)
    later = new.toml.replace("from = 2020-01-01", "from = 2030-01-01")
    waiting = published(people, saved(people, draft, Texts(later, new.text, new.examples)))
    assert find_version(OWN, None, date(2026, 10, 1)).number == 1
    third = start_draft(office, OWN, 1)
    assert third.number == 3
    assert "40*百分点" in third.toml
    assert (third.text, third.examples) == (waiting.text, waiting.examples)
    assert third.origin.endswith("第2版")


def version(number: int, begins: str, ends: str | None = None) -> RuleBookVersion:
    return RuleBookVersion(
        book_version=number,
        valid_from=date.fromisoformat(begins),
        valid_until=date.fromisoformat(ends) if ends else None,
    )


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2019-12-31", 1),
        ("2020-01-01", 1),
        ("2025-12-31", 1),
        ("2026-01-01", 2),
        ("2026-07-01", 3),
        ("2026-12-31", 3),
        ("2027-01-01", 2),
    ],
)
def test_the_newest_version_whose_term_holds_the_day_is_in_force(day: str, number: int) -> None:
    rows = [
        version(1, "2020-01-01", "2025-12-31"),
        version(2, "2026-01-01"),
        version(3, "2026-07-01", "2026-12-31"),
    ]
    found = in_force(rows, date.fromisoformat(day))
    assert found is not None
    assert found.book_version == number


def test_a_book_that_ended_without_a_successor_is_still_found() -> None:
    rows = [version(1, "2020-01-01", "2025-12-31")]
    assert in_force(rows, date(2026, 1, 1)) is rows[0]
    assert in_force([], date(2026, 1, 1)) is None


def test_an_own_book_comes_before_one_of_the_program(people: Cast) -> None:
    published(people, drafted(people))
    assert book_in_force(OWN.upper(), TODAY).id == OWN
    assert book_in_force("RB01", TODAY).id == "RB01-yinchuan-lights"
    with pytest.raises(RulebookError):
        book_in_force("jiang", TODAY)
    with pytest.raises(NotFound):
        queries.find_version(OWN, 7, TODAY)
    with pytest.raises(NotFound):
        queries.find_version("nothing", None, TODAY)


def test_runs_use_the_own_book_and_pin_its_version(office: Office) -> None:
    people, snapshot = office.people, office.closed_september()
    published(people, drafted(people))
    change_settings(office.console, {"rulebook": OWN}, books=queries.own_ids())
    assess_for_record(office.console, snapshot)
    run = Run.objects.get(is_of_record=True)
    assert (run.rulebook_version.book, run.rulebook_version.is_own) == (OWN, True)
    assert RuleBookVersion.objects.count() == 1
    trial = assess_round(people.act_as("office"), snapshot, AssessRound(rulebook=OWN))
    assert trial.book.id == OWN


def test_an_old_round_is_judged_by_the_version_of_its_day(office: Office) -> None:
    people, snapshot = office.people, office.closed_september()
    first = published(people, drafted(people))
    draft = start_draft(people.act_as("office"), OWN, None)
    published(people, saved(people, draft, later(draft)))
    change_settings(office.console, {"rulebook": OWN}, books=queries.own_ids())
    assert assess_for_record(office.console, snapshot).book.digest == first.digest
    assert book_in_force(OWN, TODAY).version == 2


def test_a_later_version_may_not_begin_before_the_last_locked_round_ends(office: Office) -> None:
    people = office.people
    office.closed_september()
    published(people, drafted(people))
    draft = start_draft(people.act_as("office"), OWN, None)
    with pytest.raises(BadInput) as caught:
        submitted(people, draft)
    assert caught.value.faults[0].code == "retroactive"
    assert "2026-09-30" in caught.value.faults[0].what
    row = published(people, draft, is_retroactive=True)
    assert row.is_retroactive


def test_adopting_is_a_setting_with_its_basis(people: Cast) -> None:
    published(people, drafted(people))
    office = people.act_as("office")
    with pytest.raises(BadInput):
        adopt_book(office, OWN, basis=" ", seen="default")
    with pytest.raises(Conflict):
        adopt_book(office, OWN, basis=REASON, seen="RB01")
    assert adopt_book(office, OWN, basis=REASON, seen="default")
    assert settings_in_force()["rulebook"] == OWN
    change_settings(people.console, {"rulebook": OWN, "digits": "2"})
    with pytest.raises(BadInput) as caught:
        adopt_book(office, "RB38-tonglu-four-levels", basis=REASON, seen=OWN)
    assert caught.value.faults[0].code == "no-lights"


def test_an_own_book_is_no_setting_for_who_does_not_know_it(people: Cast) -> None:
    with pytest.raises(BadInput):
        change_settings(people.console, {"rulebook": OWN})
    assert Result.objects.count() == 0
