from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.journal import queries as journal
from guatu.organisation import queries
from guatu.organisation.models import Setting, Switch, User
from guatu.organisation.services import (
    change_settings,
    install,
    set_holiday,
    switch_off,
    switch_on,
)
from guatu.organisation.services.policy import check_settings
from guatu.organisation.types import SETTINGS, SwitchName
from tests.factories import Cast

DAY = date(2026, 10, 31)


@pytest.fixture(autouse=True)
def _on_a_fixed_day(today: Callable[[date], None]) -> None:
    today(DAY)


# --- settings --------------------------------------------------------------------------------


def test_every_setting_has_a_default_that_it_accepts() -> None:
    for key, spec in SETTINGS.items():
        check_settings({key: spec.default})
        assert spec.key == key
        assert spec.meaning
        assert not spec.pattern or spec.hint, f"{key} says what may be written"


GOOD = [
    ("digits", "0"),
    ("digits", "completion_rate=2,start_rate=0"),
    ("rounding", "truncate"),
    ("rounding", "start_rate=truncate"),
    ("gap", "rounded"),
    ("start-rate", "resumed"),
    ("time-progress", "decreed:25"),
    ("time-progress", "decreed:33.33"),
    ("cut-off-day", "25"),
    ("city", "江源市"),
]
BAD = [
    ("digits", "3"),
    ("digits", "-1"),
    ("digits", "completion_rate=9"),
    ("digits", "1 "),
    ("rounding", "half-even"),
    ("gap", ""),
    ("start-rate", "early"),
    ("time-progress", "decreed:"),
    ("time-progress", "weeks"),
    ("cut-off-day", "29"),
    ("cut-off-day", "31"),
    ("money-unit", "美元"),
    ("city", "长" * 501),
]


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_a_setting_takes_what_it_may_be(people: Cast, key: str, value: str) -> None:
    changed = change_settings(people.act_as("office"), {key: value})
    assert queries.settings_in_force()[key] == value
    assert changed in ({key: value}, {}), "nothing, where it was so before"


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_setting_refuses_what_it_cannot_be(people: Cast, key: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        change_settings(people.console, {key: value})
    assert refused.value.faults[0].code == "bad-setting"
    assert refused.value.faults[0].remedy
    assert not Setting.objects.exists()


def test_an_unknown_setting_is_refused_with_the_nearest_name(people: Cast) -> None:
    with pytest.raises(BadInput, match="没有设置“digit”。是不是“digits”"):
        change_settings(people.console, {"digit": "1"})


def test_one_bad_setting_leaves_all_as_they_were_and_every_fault_is_named(people: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        change_settings(people.console, {"digits": "2", "gap": "x", "nonsense": "1"})
    assert [fault.code for fault in refused.value.faults] == ["bad-setting", "unknown-setting"]
    assert not Setting.objects.exists()


def test_setting_the_same_value_again_leaves_no_row(people: Cast) -> None:
    change_settings(people.console, {"digits": "2"})
    head = journal.head()
    assert change_settings(people.console, {"digits": "2"}) == {}
    assert journal.head() == head
    assert Setting.objects.count() == 1


def test_the_newest_value_of_a_setting_holds_and_the_old_ones_stay(people: Cast) -> None:
    for digits in ("2", "0", "2"):
        change_settings(people.console, {"digits": digits})
    assert queries.settings_in_force()["digits"] == "2"
    assert list(Setting.objects.order_by("pk").values_list("value", flat=True)) == ["2", "0", "2"]


def test_settings_need_the_offices_right(people: Cast) -> None:
    with pytest.raises(NotAllowed):
        change_settings(people.act_as("reporter"), {"digits": "2"})
    assert not Setting.objects.exists()


# --- switches --------------------------------------------------------------------------------


def test_every_switch_is_off_at_first(people: Cast) -> None:
    assert [queries.switch_state(name) for name in SwitchName] == [None] * len(SwitchName)


def test_a_switch_is_on_with_basis_scope_and_end_date(people: Cast) -> None:
    switch_on(
        people.act_as("office"), "rankings", basis="江政办〔2026〕1号", scope="重点项目", until=DAY
    )
    row = queries.switch_state(SwitchName.RANKINGS)
    assert row is not None
    assert (row.basis, row.scope, row.until, row.by) == (
        "江政办〔2026〕1号",
        "重点项目",
        DAY,
        "office",
    )
    assert queries.switch_state(SwitchName.BOARDS) is None


def test_a_switch_goes_off_after_its_end_date(people: Cast, today: Callable[[date], None]) -> None:
    switch_on(people.console, "boards", basis="办法", scope="全市", until=DAY)
    assert queries.switch_state(SwitchName.BOARDS) is not None
    today(date(2026, 11, 1))
    assert queries.switch_state(SwitchName.BOARDS) is None


def test_a_switch_can_always_be_switched_off(people: Cast) -> None:
    switch_on(people.console, "points", basis="办法", scope="全市", until=DAY)
    switch_off(people.console, "points")
    assert queries.switch_state(SwitchName.POINTS) is None
    assert Switch.objects.count() == 2


@pytest.mark.parametrize(
    ("basis", "scope", "until", "codes"),
    [
        ("", "全市", DAY, ["switch-without-basis"]),
        (" ", "全市", DAY, ["switch-without-basis"]),
        ("办法", "", DAY, ["switch-without-scope"]),
        ("办法", "全市", date(2026, 10, 30), ["switch-in-the-past"]),
        (
            "",
            "",
            date(2020, 1, 1),
            ["switch-without-basis", "switch-without-scope", "switch-in-the-past"],
        ),
    ],
)
def test_a_switch_without_its_grounds_stays_off_and_every_fault_is_named(
    people: Cast, basis: str, scope: str, until: date, codes: list[str]
) -> None:
    with pytest.raises(BadInput) as refused:
        switch_on(people.console, "rankings", basis=basis, scope=scope, until=until)
    assert [fault.code for fault in refused.value.faults] == codes
    assert not Switch.objects.exists()


def test_an_unknown_switch_is_refused_with_those_that_exist(people: Cast) -> None:
    with pytest.raises(BadInput, match=r"没有开关“ranking”.*rankings（排名）"):
        switch_off(people.console, "ranking")


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader", "viewer", "outsider"])
def test_only_the_office_switches(people: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        switch_on(people.act_as(who), "rankings", basis="办法", scope="全市", until=DAY)
    with pytest.raises(NotAllowed):
        switch_off(people.act_as(who), "rankings")
    assert not Switch.objects.exists()


# --- calendar and installation ---------------------------------------------------------------


def test_the_offices_calendar_wins_and_can_be_changed(people: Cast) -> None:
    day = date(2027, 1, 1)
    set_holiday(people.act_as("office"), day, is_workday=True, note="试")
    assert queries.work_calendar().is_workday(day)
    set_holiday(people.act_as("office"), day, is_workday=False)
    assert not queries.work_calendar().is_workday(day)
    assert not journal.verify().problems


def test_a_second_installation_is_refused_and_changes_nothing(people: Cast) -> None:
    before = journal.head()
    with pytest.raises(Conflict, match="已经初始化"):
        install(people.console)
    assert journal.head() == before


def test_the_one_time_codes_open_the_accounts_and_are_stored_as_hashes_only(db: None) -> None:
    from guatu.organisation.access import console_actor

    codes = install(console_actor(), city="江源市").codes
    assert set(codes) == {"sysadmin", "secadmin", "auditadmin"}
    for login, code in codes.items():
        user = User.objects.get(login=login)
        assert user.check_password(code)
        assert code not in user.password
    assert len(set(codes.values())) == 3
