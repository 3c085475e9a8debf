"""How heavy and how quick the explorer's pages are: ``python tests/benchmarks/bench_explorer.py``.

Server time is that of pages that are not kept: every request has an address of its own. In the browser (Chromium, by
playwright, on a cold cache) it prints the bytes of the first load, the largest contentful paint and the layout shift.
"""

from __future__ import annotations

import shutil
import statistics
import time
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from kgtool.project import Project, shipped_root
from tests.server.conftest import serving

_PAGES = (
    *("/", "/id/hi-tech-zone.html", "/id/kunming.html", "/articles", "/queries", "/queries/growth-gaps", "/sparql"),
    *("/graph?of=km:hi-tech-zone", "/vocabulary", "/quality"),
)
_OBSERVE = """
window.seen = { lcp: 0, cls: 0 };
new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.lcp = one.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) seen.cls += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def main() -> None:
    with serving(Project(shipped_root())) as client:
        time_things(client)
        look_at_pages(str(client.base_url).rstrip("/"))


def time_things(client: httpx.Client) -> None:
    """Print how long the server takes for the page of each thing."""
    query = "SELECT DISTINCT ?s { ?s a ?c FILTER(REGEX(STR(?s), '/kunming/id/')) } ORDER BY ?s"
    rows = client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.split()[1:]
    headers = {"accept": "text/html"}
    paths = [f"/id/{row.rpartition('/id/')[2]}.html" for row in rows]
    for path in paths[:40]:
        client.get(path, headers=headers)
    took = []
    for path in paths:
        begun = time.perf_counter()
        answer = client.get(f"{path}?n=1", headers=headers)
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200
    took.sort()
    print(
        f"{len(took)} things: p50 {statistics.median(took):.1f} ms, p95 {took[len(took) * 95 // 100]:.1f} ms, "
        f"longest {took[-1]:.1f} ms"
    )


def look_at_pages(root: str) -> None:
    """Print what a browser sees of each kind of page."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    print(f"{'page':40} {'bytes':>8} {'LCP ms':>7} {'CLS':>6}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for path in _PAGES:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.add_init_script(_OBSERVE)
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            weights: list[float] = []

            def weigh(event: dict[str, Any], weights: list[float] = weights) -> None:
                weights.append(event["encodedDataLength"])

            session.on("Network.loadingFinished", weigh)
            page.goto(root + path)
            page.wait_for_load_state("networkidle")
            seen = page.evaluate("seen")
            print(f"{path:40} {sum(weights):8.0f} {seen['lcp']:7.0f} {seen['cls']:6.3f}")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
