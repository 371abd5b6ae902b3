"""A served demo city and a browser that tells of everything it was refused.

Every journey fails on a request to another machine, on a script error and on a breach of the
content security policy.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "build" / "e2e"
FRONTEND = ROOT / "build" / "frontend"
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
_PATIENCE_S = 180
_MOST_TABS = 900


@dataclass(slots=True)
class Site:
    """A running demo city."""

    url: str
    home: Path
    logins: dict[str, str]


@dataclass(slots=True)
class Visit:
    """A signed-in page, what went wrong in it, and how often somebody clicked.

    `has_mouse` False: everything is reached by Tab and done by Enter, as without a mouse.
    """

    page: Page
    site: Site
    troubles: list[str] = field(default_factory=list)
    clicks: int = 0
    has_mouse: bool = True

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.site.url + path)

    def click(self, selector: str) -> None:
        """Click like a user, and count it."""
        self.clicks += 1
        self.use(self.page.locator(selector).first)

    def use(self, target: Locator) -> None:
        """Click it, or go there by Tab and press Enter; what no key reaches is a fault."""
        if self.has_mouse:
            target.click()
            return
        for _ in range(_MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no key reaches {target}")

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page at desk and phone width."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width, height in ((1440, 900), (390, 844)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def printed(self, name: str) -> Path:
        """The page as it prints on A4."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.pdf"
        self.page.pdf(path=path, format="A4", prefer_css_page_size=True)
        return path

    def accessibility(self) -> list[str]:
        """Serious findings of axe-core on the page."""
        axe = (FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
        self.page.evaluate(axe)
        found = self.page.evaluate("axe.run()")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo city behind its own server, ended with the session."""
    with served(tmp_path_factory.mktemp("site") / "home") as (site, _):
        yield site


@contextmanager
def served(
    home: Path, port: int = 0, *, today: str = ""
) -> Iterator[tuple[Site, subprocess.Popen[bytes]]]:
    """A demo city of its own in a folder, and the process group that serves it, on another day
    than the demo's where one is named."""
    port = port or _free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "GUATU_TODAY")},
        "GUATU_HOME": str(home),
        "GUATU_FRONTEND": str(FRONTEND),
        "DJANGO_SETTINGS_MODULE": "guatu.config.settings",
        **({"GUATU_TODAY": today} if today else {}),
    }
    command = [sys.executable, "-m", "guatu", "frontend", "--for-tests"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "guatu", "demo", "--port", str(port)]
    log = (home.parent / "server.log").open("a")
    server = subprocess.Popen(
        command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/login/", server)
        yield Site(url, home, _logins(home / "demo" / "logins.txt")), server
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page signed in as the role that `@pytest.mark.role("office")` names (office else)."""
    marker = request.node.get_closest_marker("role")
    with visiting(browser, site, str(marker.args[0]) if marker else "office") as visit:
        yield visit


@contextmanager
def visiting(browser: Browser, site: Site, role: str) -> Iterator[Visit]:
    """A browser of one's own, signed in; at its end nothing may have gone wrong in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    visit = Visit(context.new_page(), site)
    _listen(context, visit)
    sign_in(visit, role)
    yield visit
    context.close()
    assert visit.troubles == []


def sign_in(visit: Visit, role: str) -> None:
    """Log in through the form."""
    visit.open("/login/")
    visit.page.fill("#id_login", role)
    visit.page.fill("#id_password", visit.site.logins[role])
    visit.page.click("button.btn-primary")


def _listen(context: BrowserContext, visit: Visit) -> None:
    own = urlsplit(visit.site.url).netloc

    def requested(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != own:
            visit.troubles.append(f"asked another machine: {url}")

    context.on("request", lambda request: requested(request.url))
    context.on("weberror", lambda error: visit.troubles.append(f"script error: {error.error}"))
    context.on(
        "console",
        lambda message: (
            visit.troubles.append(f"console: {message.text}")
            if "Content Security Policy" in message.text
            else None
        ),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(_PATIENCE_S * 2):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("the server ended before it answered") from None
            time.sleep(0.5)
    raise RuntimeError(f"no answer within {_PATIENCE_S} s")


def _logins(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return {login: password for login, password, *_ in map(str.split, lines)}
