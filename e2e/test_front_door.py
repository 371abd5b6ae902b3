"""Signing in, finding a project, printing; what every role's first page looks like."""

from __future__ import annotations

import pytest

from e2e.conftest import Visit, sign_in

PAGES = {"desk": "/", "library": "/projects/", "password": "/password/"}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_sound_for_assistive_software(visit: Visit, name: str) -> None:
    visit.open(PAGES[name])
    visit.shot(name)
    assert visit.accessibility() == []


def test_a_wrong_password_is_told_and_the_right_one_lets_in(visit: Visit) -> None:
    visit.page.context.clear_cookies()
    visit.open("/login/")
    visit.page.fill("#id_login", "viewer")
    visit.page.fill("#id_password", "not-the-password")
    visit.page.click("button.btn-primary")
    assert "登录名或密码不对" in visit.page.inner_text("[role=alert]")
    assert visit.accessibility() == []
    sign_in(visit, "viewer")
    assert visit.page.title().startswith("工作台")


def test_a_project_is_found_by_typing_and_the_address_keeps_the_filter(visit: Visit) -> None:
    visit.open("/projects/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "跳到正文"
    visit.page.fill("#f-q", "产业")
    visit.page.press("#f-q", "Enter")
    visit.page.wait_for_url("**q=*")
    projects = 'table.grid tbody a[href^="/projects/"]'
    names = visit.page.locator(projects).all_inner_texts()
    assert names
    assert all("产业" in name for name in names)


def test_nothing_overflows_at_double_zoom(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 720, "height": 450})
    for path in PAGES.values():
        visit.open(path)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert visit.page.evaluate(wide) <= 0, path


def test_the_list_prints_on_a4(visit: Visit) -> None:
    visit.open("/projects/?q=产业")
    assert visit.printed("library").stat().st_size > 10_000
