"""Settings, switches, mappings, the doctor, the menu."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from guatu.core.errors import BadInput
from guatu.engines.rulebook import find_book, limits_of
from guatu.files.models import Mapping
from guatu.files.services import remember_mapping
from guatu.journal import services as journal
from guatu.organisation.models import (
    Setting,
    Switch,
)
from guatu.organisation.services import change_settings
from tests.factories import Cast
from tests.site.administration.asking import SCRIPT, Browse, post, text


def test_a_setting_is_changed_with_its_basis_and_a_bad_value_is_told(
    people: Cast, browse: Browse
) -> None:
    system = browse("system")
    assert post(system, "/admin/settings/digits/", value="9", basis="").status_code == 422
    done = post(system, "/admin/settings/digits/", value="2", basis="江办〔2026〕3号")
    assert done.status_code == 302
    assert Setting.objects.get(key="digits").basis == "江办〔2026〕3号"
    assert "江办〔2026〕3号" in text(system.get("/admin/settings/digits/"))
    assert system.get("/admin/settings/no-such/").status_code == 404


LIMITS = "/admin/settings/question-limits/"


def number_of(name: str) -> str:
    """The field of a limit."""
    names = list(limits_of(find_book("questions")))
    return f"limit-{names.index(name)}"


def test_limits_of_questions_are_set_one_by_one_and_told_where_they_stand(
    people: Cast, browse: Browse
) -> None:
    office = browse("office")
    shown = text(office.get(LIMITS))
    assert "支付占完成下限" in shown
    assert "规则写30%" in shown
    told = {
        number_of("支付占完成下限"): "２５％",
        number_of("与计划相同次数界线"): "4",
        number_of("整数占比界线"): "80%",
        "basis": "江重办〔2026〕5号",
    }
    assert post(office, LIMITS, **told).status_code == 302
    row = Setting.objects.get(key="question-limits")
    assert row.value == "支付占完成下限=25%,与计划相同次数界线=4次"
    assert "支付占完成下限25%，与计划相同次数界线4次" in text(office.get("/admin/settings/"))
    assert "江重办〔2026〕5号" in text(office.get(LIMITS))
    page = text(office.get("/rulebooks/of/questions/"))
    assert "江重办〔2026〕5号" in page
    assert page.count("本市</span>") == 2
    assert post(office, LIMITS, basis="").status_code == 302
    assert Setting.objects.order_by("-pk")[0].value == ""
    assert "都按规则原文" in text(office.get("/rulebooks/of/questions/"))


@pytest.mark.parametrize(
    "bad", ["三成", "-5%", "NaN", "1000000000000000000", "=1+1", SCRIPT[:20], "30%,整数占比界线=1%"]
)
def test_a_limit_that_cannot_be_is_told_beside_its_field_and_kept_as_typed(
    people: Cast, browse: Browse, bad: str
) -> None:
    office, field = browse("office"), number_of("支付占完成下限")
    refused = post(office, LIMITS, **{field: bad, number_of("同类最少个数"): "9"})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {field}
    assert f'value="{escape(bad)}"' in text(refused)
    assert 'value="9"' in text(refused)
    assert not Setting.objects.filter(key="question-limits").exists()


def test_limits_are_refused_by_the_command_line_too(people: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        change_settings(people.console, {"question-limits": "支付占完成下限=-1%"})
    assert "支付占完成下限" in refused.value.faults[0].what
    change_settings(people.console, {"question-limits": "支付占完成下限=25%"})


def test_a_switch_needs_basis_scope_and_end(people: Cast, browse: Browse) -> None:
    office = browse("office")
    bad = post(office, "/admin/switches/on/", name="rankings", basis="", scope="", until="")
    assert bad.status_code == 422
    past = post(
        office, "/admin/switches/on/", name="rankings", basis="a", scope="b", until="2020-01-01"
    )
    assert past.status_code == 422
    told = {"name": "rankings", "basis": "江政办1号", "scope": "重点项目", "until": "2099-12-31"}
    assert post(office, "/admin/switches/on/", **told).status_code == 302
    shown = text(office.get("/admin/switches/"))
    assert "江政办1号" in shown
    assert "2099-12-31" in shown
    assert post(office, "/admin/switches/off/", name="rankings").status_code == 302
    assert Switch.objects.count() == 2


def test_a_mapping_is_shown_and_forgotten(people: Cast, browse: Browse) -> None:
    columns = '{"columns": {"总投资(万元)": {"field": "总投资", "unit": "万元"}}, "sheet": {}}'
    with journal.act(people.console, "mapping.made") as act:
        row = remember_mapping(act, sender="江北区发改局", columns=columns)
        broken = remember_mapping(act, sender="坏的", columns="{")
    office = browse("office")
    assert "总投资(万元)" in text(office.get(f"/admin/mappings/{row.pk}/"))
    assert "读不出" in text(office.get(f"/admin/mappings/{broken.pk}/"))
    path = f"/admin/mappings/{row.pk}/forget/"
    assert post(office, path, version=row.version + 1).status_code == 409
    assert post(office, path, version=row.version).status_code == 302
    assert not Mapping.objects.filter(pk=row.pk).exists()
    assert post(office, path, version=row.version).status_code == 404


def test_the_doctor_and_the_health_endpoint(
    people: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    page = text(browse("system").get("/admin/doctor/"))
    for name in ("数据库", "磁盘", "备份", "核对日志", "时钟", "加密传输"):
        assert name in page
    anybody = Client()
    assert (anybody.get("/health/").status_code, anybody.get("/health/").content) == (200, b"ok\n")
    monkeypatch.setattr("guatu.upkeep.health.LEAST_FREE", 1 << 62)
    sick = anybody.get("/health/")
    assert (sick.status_code, sick.content) == (503, b"bad\n")
    assert "sessionid" not in anybody.cookies


def test_the_menu_shows_what_one_may_do(people: Cast, browse: Browse) -> None:
    doors = {
        "system": ("单位", "账号", "备份", "体检"),
        "security": ("账号", "角色", "锁定的登录"),
        "office": ("单位", "开关", "列对应关系"),
    }
    for who, labels in doors.items():
        page = text(browse(who).get("/admin/"))
        assert all(f"<strong>{label}</strong>" in page for label in labels), who
    assert "<strong>备份</strong>" not in text(browse("office").get("/admin/"))
    assert "/journal/" in text(browse("audit").get("/password/"))
    assert "/admin/" not in text(browse("reporter").get("/password/"))


def test_every_component_has_its_page_in_debug(rf: object, people: Cast) -> None:
    from django.test import RequestFactory

    from guatu.ui.components import components

    request = RequestFactory().get("/dev/components/")
    page = text(components(request))
    assert SCRIPT not in page
    assert page.count("light-") >= 8
    assert Client().get("/dev/components/").status_code in (302, 404)
