from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.names import match_form


@pytest.mark.parametrize(
    "typed",
    [
        "江源市(东部)水厂",
        "江源市（东部）水厂",
        " 江源市【东部】 水厂",
        "“江源市（东部）水厂”",
        "江源市〔东部〕水 厂",
    ],
)
def test_spellings_of_one_name_have_one_form(typed: str) -> None:
    assert match_form(typed) == match_form("江源市（东部）水厂")


def test_full_width_letters_and_case_do_not_matter() -> None:
    assert match_form("ＡＢＣ产业园") == match_form("abc产业园")


def test_different_names_stay_different() -> None:
    assert match_form("一期工程") != match_form("二期工程")


@given(st.text())
def test_the_form_of_a_form_is_itself(text: str) -> None:
    form = match_form(text)
    assert match_form(form) == form
