"""The rule language (办法): parse, validate, evaluate one subject exactly, explain (M-D1, M-D3).

Pure: standard library and `guatu.core` only; books are data under `guatu/rulebooks`.
Not here: facts from the database, closing, snapshots, pages. Rooms above depend on it.
"""

from guatu.engines.rulebook.books import book_text, find_book, installed_books, load_book
from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.checking import check_book, check_file, check_folder
from guatu.engines.rulebook.evaluate import Evaluator, compile_book
from guatu.engines.rulebook.examples import Example, load_examples, parse_examples
from guatu.engines.rulebook.facts import AS_OF, HISTORY, read_facts
from guatu.engines.rulebook.limits import limits_of, parts_of_limits, read_limit, read_limits
from guatu.engines.rulebook.reading import parse_book
from guatu.engines.rulebook.starts import start_facts
from guatu.engines.rulebook.types import (
    Book,
    LightVerdict,
    Reason,
    Record,
    RulebookError,
    Settings,
    Severity,
    Verdict,
)
from guatu.engines.rulebook.wording import without_interpretation

__all__ = [
    "AS_OF",
    "HISTORY",
    "Book",
    "Evaluator",
    "Example",
    "LightVerdict",
    "Reason",
    "Record",
    "RulebookError",
    "Settings",
    "Severity",
    "Verdict",
    "book_text",
    "check_book",
    "check_file",
    "check_folder",
    "compile_book",
    "find_book",
    "installed_books",
    "limits_of",
    "load_book",
    "load_examples",
    "parse_book",
    "parse_examples",
    "parts_of_limits",
    "read_facts",
    "read_limit",
    "read_limits",
    "standard_catalogue",
    "start_facts",
    "without_interpretation",
]
