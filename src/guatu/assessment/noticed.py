"""What whoever uses an assessment must read beside its figures: sentences without a final stop."""

from __future__ import annotations

from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Totals
from guatu.assessment.types import Content
from guatu.engines.rulebook import Book


def out_of_term(book: Book, content: Content) -> tuple[str, ...]:
    """A book may be tried on any round; that it was not in force then is told."""
    until = book.valid_until
    if book.valid_from <= content.as_of and (until is None or content.as_of <= until):
        return ()
    term = f"自{book.valid_from}起施行" + (f"，至{until}止" if until else "")
    return (
        f"办法“{book.id}”第{book.version}版{term}，本期截至{content.as_of}，不在施行期内；"
        "作试算可以，印发请用当时有效的办法",
    )


def partly_sliced(total: Totals, conventions: Conventions) -> tuple[str, ...]:
    """A pace that rests on some of the projects says on how many."""
    if not conventions.is_paced_by_plans or total.sliced == total.in_scope:
        return ()
    return (f"时间进度按{total.sliced}个有分期计划的项目计算，范围内共{total.in_scope}个",)


def without_curve(conventions: Conventions) -> tuple[str, ...]:
    """A pace that was to follow the decreed curve, of a round that was locked without one."""
    if not conventions.is_paced_by_curve or conventions.curve:
        return ()
    return ("本期锁定时清单没有规定曲线，时间进度按月份计算",)
