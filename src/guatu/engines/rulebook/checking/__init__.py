"""Checking a book before it is used (`guatu rulebook check`, M-D3).

Here: gaps and overlaps of bands, lines that are never reached, clauses without rules, examples
whose numbers do not come out. Faults of form are found while reading.
"""

from guatu.engines.rulebook.checking.book import (
    Checked,
    check_book,
    check_file,
    check_folder,
    check_texts,
    faults_of_rules,
)
from guatu.engines.rulebook.checking.text import BookText, Clause, clauses_of_rules, read_text_of

__all__ = [
    "BookText",
    "Checked",
    "Clause",
    "check_book",
    "check_file",
    "check_folder",
    "check_texts",
    "clauses_of_rules",
    "faults_of_rules",
    "read_text_of",
]
