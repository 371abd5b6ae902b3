"""The server dies in the middle of forty files: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conftest import Say
from e2e.conftest import Visit, served, visiting

_FILES_KEPT = "document.querySelectorAll('.drop-list li').length"


@pytest.mark.long
@pytest.mark.parametrize("after_ms", [300, 1500, 4000])
def test_a_killed_server_goes_on_where_it_was(
    browser: Browser, tmp_path: Path, say: Say, after_ms: int
) -> None:
    home = tmp_path / "home"
    with served(home) as (site, server):
        port = int(site.url.rsplit(":", 1)[1])
        with visiting(browser, site, "office") as visit:
            files = _go_and_drop(visit)
            visit.page.wait_for_timeout(after_ms)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    with served(home, port) as (site, _), visiting(browser, site, "office") as visit:
        _go_to_desk(visit)
        before = visit.page.locator("#files tbody tr").count()
        files = _go_and_drop(visit)
        visit.page.wait_for_url("**done=1**", timeout=120_000)
        received = visit.page.inner_text("dl.numbers >> text=已收项目 >> xpath=..")
        rows = visit.page.locator("#files tbody tr").count()
    assert "268 / 320" in " ".join(received.split())
    say(
        f"killed after {after_ms} ms: {before} files were kept, {rows} after dropping {files} again"
    )


def _go_to_desk(visit: Visit) -> None:
    visit.click("nav.menu >> text=月报")
    visit.click("table.grid tbody tr:first-child >> text=收表台")


def _go_and_drop(visit: Visit) -> int:
    if "/intake/" not in visit.page.url:
        _go_to_desk(visit)
    files = sorted((visit.site.home / "demo" / "2026-10月报").iterdir())
    visit.page.set_input_files("input[type=file]", [str(file) for file in files])
    return len(files)
