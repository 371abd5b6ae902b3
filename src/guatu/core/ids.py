"""Row ids as they come in from addresses, forms and files. Pure."""

from __future__ import annotations

LARGEST_ID = 2**63 - 1
"""The largest that the databases hold."""


def is_id(number: int) -> bool:
    """Whether a number can be the id of a row: asking a database for any other is an error."""
    return 0 < number <= LARGEST_ID
