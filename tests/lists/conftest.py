"""Without the sample folder only `test_sample_folder.py` is collected, which says so."""

from __future__ import annotations

from tests.lists.sample import sample_folder

collect_ignore = (
    [] if sample_folder() else ["test_chinese_lists.py", "test_city_of_two_thousand.py"]
)
