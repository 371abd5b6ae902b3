from __future__ import annotations

from guatu.assessment.books.effect import judges_rounds
from guatu.engines.rulebook import check_folder
from guatu.engines.rulebook.books import SHELF
from guatu.reporting.asking.limits import BOOK_ID, question_book


def test_the_book_of_questions_has_no_faults_and_its_examples_hold() -> None:
    assert list(check_folder(SHELF / BOOK_ID)) == []


def test_the_book_of_questions_is_never_offered_for_judging_rounds() -> None:
    assert not judges_rounds(question_book())
    assert question_book().judged == ("填报数", "填报单位")
