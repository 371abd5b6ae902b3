"""The server dies in the middle of forty files: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conftest import Say
from e2e.conftest import Visit, served, visiting

_KEPT = ".drop-list li span:text-is('已收下')"
_LEFT_TO_THE_OFFICE = "#files form:not([hx-post]) >> text=继续处理"
_PATIENCE_MS = 120_000


@pytest.mark.long
@pytest.mark.parametrize(("kept", "then_ms"), [(20, 0), (40, 0), (40, 700)])
def test_a_killed_server_goes_on_where_it_was(
    browser: Browser, tmp_path: Path, say: Say, kept: int, then_ms: int
) -> None:
    home = tmp_path / "home"
    with served(home) as (site, server):
        port = int(site.url.rsplit(":", 1)[1])
        with visiting(browser, site, "office") as visit:
            _drop(visit)
            visit.page.locator(_KEPT).nth(kept - 1).wait_for(timeout=_PATIENCE_MS)
            visit.page.wait_for_timeout(then_ms)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            acknowledged = visit.page.locator(_KEPT).count()
    with served(home, port) as (site, _), visiting(browser, site, "office") as visit:
        _go_to_desk(visit)
        standing = visit.page.locator("#files tbody tr").count()
        assert standing >= acknowledged
        if visit.page.locator(_LEFT_TO_THE_OFFICE).count():
            visit.click(_LEFT_TO_THE_OFFICE)
        waiting = visit.page.locator("#files tbody tr:has-text('等待处理')").first
        waiting.wait_for(state="detached", timeout=_PATIENCE_MS)
        resumed = _received(visit)
        _drop(visit)
        visit.page.wait_for_url("**?done=*", timeout=_PATIENCE_MS)
        assert "未处理完" not in visit.page.inner_text("#files")
        received = _received(visit)
        assert "268 / 320" in received
    say(
        f"killed at {acknowledged} acknowledged files: after the restart {standing} stood there, "
        f"{resumed}; after dropping all again {received}"
    )


def _received(visit: Visit) -> str:
    visit.page.reload()
    return " ".join(visit.page.inner_text("dl.numbers >> text=已收项目 >> xpath=..").split())


def _go_to_desk(visit: Visit) -> None:
    visit.click("nav.menu >> text=月报")
    visit.click("table.grid tbody tr:first-child >> text=收表台")


def _drop(visit: Visit) -> None:
    if "/intake/" not in visit.page.url:
        _go_to_desk(visit)
    files = sorted((visit.site.home / "demo" / "2026-10月报").iterdir())
    visit.page.set_input_files("input[type=file]", [str(file) for file in files])
