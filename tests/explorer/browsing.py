"""A real browser for tests of pages: what a page asks for and complains of, and what axe-core finds."""

from __future__ import annotations

import functools
import gzip
import http.server
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import launched, miss
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


class Visit:
    """A page that was opened, and what it did that it should not have done."""

    def __init__(self, page: Page, root: str) -> None:
        self.page = page
        self.root = root
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.weight = 0
        self.tolerated: tuple[str, ...] = ("the server responded with a status of 40",)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._weigh)

    def _weigh(self, event: dict[str, Any]) -> None:
        self.weight += int(event["encodedDataLength"])

    def goto(self, path: str) -> None:
        self.page.goto(f"{self.root}{path}")
        self.page.wait_for_load_state("networkidle")

    def check(self) -> None:
        """Make sure that nothing was fetched elsewhere and nothing was complained of."""
        assert [url for url in self.requests if not url.startswith((f"{self.root}/", "data:"))] == []
        # A page that is a problem is reported as such by the browser.
        assert [one for one in self.complaints if not any(words in one for words in self.tolerated)] == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not _AXE.is_file():
        miss("axe-core is not installed: run 'npm ci --ignore-scripts' in web")
    with launched() as browser:
        yield browser


def violations(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2, levels A and AA, and its own good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    run = {"runOnly": tags, "resultTypes": ["violations"]}
    found = page.evaluate("run => axe.run(document, run)", run)
    return [f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in found["violations"]]


class _Files(http.server.SimpleHTTPRequestHandler):
    """Files as web hosts send them: compressed, and one of them in place of each that is not there."""

    missing = Path("404.html")

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        self.send_response(200 if file.is_file() else 404)
        file = file if file.is_file() else self.missing
        body = gzip.compress(file.read_bytes() if file.is_file() else b"", 6, mtime=0)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@contextmanager
def serving_files(folder: Path, *, missing: str = "404.html") -> Iterator[str]:
    """Serve files on loopback and nothing else, as any web host does; yields the address without a slash at its end.

    :param missing: the file that is sent, with status 404, where there is none.
    """
    kind = type("_Files", (_Files,), {"missing": folder / missing})
    handler = functools.partial(kind, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"
