from __future__ import annotations

import pytest

from guatu.core.errors import BadInput
from guatu.journal import services as journal
from guatu.ledger import queries
from guatu.ledger.models import Term
from guatu.ledger.services import add_term, ensure_words, merge_term, move_term, remove_term
from guatu.ledger.types import Vocabulary
from guatu.ledger.words import first_words
from tests.factories import Cast


def written(people: Cast) -> None:
    with journal.act(people.console, "words.tested") as act:
        ensure_words(act)


def nodes(sector: Term | None) -> list[str]:
    words = queries.words_of(Vocabulary.NODE)
    return [one.name for one in queries.ladder_of(words, sector.pk if sector else None)]


def test_first_words_are_written_once(people: Cast) -> None:
    add_term(people.act_as("office"), "交通")
    written(people)
    count = Term.objects.count()
    written(people)
    assert Term.objects.count() == count
    assert {one.vocabulary for one in queries.words_of(*Vocabulary)} == set(Vocabulary)


def test_a_sector_has_its_ladder_and_others_the_common_one(people: Cast) -> None:
    office = people.act_as("office")
    road, school = add_term(office, "交通"), add_term(office, "教育")
    written(people)
    assert nodes(road)[-1] == "通车运营"
    assert nodes(school) == nodes(None) == list(first_words().common.steps)


def test_a_node_is_added_at_the_end_and_moved(people: Cast) -> None:
    office = people.act_as("office")
    written(people)
    added = add_term(office, "决算", Vocabulary.NODE)
    assert nodes(None)[-1] == "决算"
    move_term(office, added.pk, is_up=True)
    assert nodes(None)[-2] == "决算"
    for _ in range(20):
        move_term(office, added.pk, is_up=False)
    assert nodes(None)[-1] == "决算"
    with pytest.raises(BadInput):
        add_term(office, " 决 算", Vocabulary.NODE)
    with pytest.raises(BadInput):
        add_term(office, "长" * 61, Vocabulary.NODE)
    sector = add_term(office, "医疗")
    assert add_term(office, "决算", Vocabulary.NODE, parent_id=sector.pk).place == 1


def test_a_ladder_goes_with_its_sector(people: Cast) -> None:
    office = people.act_as("office")
    road, street = add_term(office, "交通"), add_term(office, "市政")
    written(people)
    merge_term(office, road.pk, street.pk)
    assert nodes(street)[-1] == "通车运营"
    remove_term(office, street.pk)
    assert not Term.objects.filter(parent__isnull=False).exists()


@pytest.mark.parametrize("vocabulary", Vocabulary)
def test_the_words_of_each_vocabulary_are_unlike(vocabulary: Vocabulary) -> None:
    words = first_words()
    for some in (words.reasons, words.problems, *(one.steps for one in words.ladders)):
        assert len(set(some)) == len(some)
