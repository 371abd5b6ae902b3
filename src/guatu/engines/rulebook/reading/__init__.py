"""Reading a book: from TOML to frozen rules, every fault with its place, in Chinese.

Not here: judging, explaining, checking examples. `books` and `check` depend on it.
"""

from guatu.engines.rulebook.reading.book import FORMAT, digest_of, parse_book, read_toml

__all__ = ["FORMAT", "digest_of", "parse_book", "read_toml"]
