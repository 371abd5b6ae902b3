"""Every page that can be reached by links: sound, readable on a phone, nothing from elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from e2e.conftest import Visit

ROLES = (
    "office",
    "leader",
    "viewer",
    "reporter",
    "department",
    "sysadmin",
    "secadmin",
    "auditadmin",
)
_MOST = 45
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.long
@pytest.mark.parametrize("role", [pytest.param(r, marks=pytest.mark.role(r)) for r in ROLES])
def test_every_page_a_role_can_reach_is_sound(visit: Visit, role: str) -> None:
    faults: list[str] = []
    seen: dict[str, str] = {}
    waiting = ["/"]
    while waiting and len(seen) < _MOST:
        address = waiting.pop(0)
        kind = _kind(address)
        if kind in seen:
            continue
        seen[kind] = address
        response = visit.page.goto(visit.site.url + address)
        if response is None or response.status != 200:
            faults.append(f"{address}: {response.status if response else 'no answer'}")
            continue
        faults += [f"{address}: {one}" for one in visit.accessibility()]
        faults += [f"{address}: {one}" for one in _too_wide(visit.page)]
        waiting += _links(visit.page)
    assert not faults, "\n".join(faults)
    assert len(seen) > 1


def _too_wide(page: Page) -> list[str]:
    """Widths at which the page itself, not a table in it, has to be pushed sideways."""
    found = []
    for width in (390, 720, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate(_WIDER) > 0:
            found.append(f"wider than {width} px")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def _links(page: Page) -> list[str]:
    """Addresses of this site that the page links to; files to save are left out."""
    hrefs = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(a => a.getAttribute('href'))"
    )
    paths = [urlsplit(href) for href in hrefs]
    return [
        parts.path + (f"?{parts.query}" if parts.query else "")
        for parts in paths
        if parts.path.startswith("/") and not parts.netloc and not _is_file(parts.path)
    ]


def _is_file(path: str) -> bool:
    return (
        bool(re.search(r"/(export|download|docx|xlsx|filled|card\.svg|file)/?", path))
        or "." in path
    )


def _kind(address: str) -> str:
    """The page's address with ids left out, so that each kind of page is visited once."""
    return re.sub(r"/\d+", "/n", urlsplit(address).path)


@pytest.mark.role("leader")
def test_a_table_that_fitted_does_not_push_a_narrowed_window_wide(visit: Visit) -> None:
    visit.open("/")
    found = (re.match(r"/projects/\d+/", address) for address in _links(visit.page))
    visit.open(f"{next(one[0] for one in found if one)}duties/")
    for _ in range(8):
        visit.page.set_viewport_size({"width": 390, "height": 844})
        assert visit.page.evaluate(_WIDER) <= 0
        visit.page.set_viewport_size({"width": 1440, "height": 900})
        visit.page.wait_for_timeout(60)
