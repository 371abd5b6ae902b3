"""guatu init on an empty database."""

from __future__ import annotations

import pytest

from guatu.cli.main import main
from guatu.organisation import queries
from guatu.organisation.models import User
from tests.tables import row_counts


@pytest.mark.django_db
def test_init_makes_three_disabled_administrators_and_prints_their_codes_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["periods"]) == 2
    assert "还没有初始化" in capsys.readouterr().err
    assert main(["doctor"]) == 2
    assert "数据库是空的" in capsys.readouterr().err
    assert main(["init", "--yes", "--city", "江源市"]) == 0
    out = capsys.readouterr().out
    codes = dict(line.split() for line in out.splitlines() if line.startswith("  "))
    assert set(codes) == {"sysadmin", "secadmin", "auditadmin"}
    for login, code in codes.items():
        user = User.objects.get(login=login)
        assert not user.is_active
        assert user.check_password(code)
        assert code not in user.password
    assert queries.settings_in_force()["city"] == "江源市"
    before = row_counts()
    assert main(["init", "--yes"]) == 2
    assert capsys.readouterr().out == ""
    assert row_counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("city", ["城" * 101, "城" * 501])
def test_init_refuses_a_name_that_is_too_long(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = row_counts()
    assert main(["init", "--yes", "--city", city]) == 2
    assert "超过100字" in capsys.readouterr().err
    assert row_counts() == before
