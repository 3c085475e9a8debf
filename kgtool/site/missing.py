"""The page that a host shows for an address where there is nothing, at whatever depth the address is.

https://html.spec.whatwg.org/multipage/semantics.html#the-base-element

Such a page is sent for every address, so its own links cannot be relative, and where the site's root is on the host is
not known when it is written. It looks for the root itself: from the address upwards, the first folder that has the
site's record. Until it has found that, or without JavaScript, it says what there is to say and links to nothing.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from kgtool.explorer.assets import read_assets
from kgtool.explorer.dataset import read_dataset
from kgtool.explorer.visit import Sources, Visit
from kgtool.explorer.words import message, words_in
from kgtool.site.places import PAGES, Plan
from kgtool.table import visible

__all__ = ["RECORD", "missing_page"]

#: The file that says that a folder is a site of ours, and which files are.
RECORD = "kgtool-site.json"

#: Looks for the root and only then links: a folder's name is a part of a path, and never a host.
_SCRIPT = """
const folders = location.pathname.split("/").slice(1, -1).slice(0, 20);
(async () => {
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const root = `${location.origin}/${folders.slice(0, depth).map((one) => `${one}/`).join("")}`;
    const found = await fetch(`${root}RECORD`, { method: "HEAD" }).catch(() => null);
    if (!found?.ok || !/json/.test(found.headers.get("content-type"))) continue;
    for (const link of document.querySelectorAll("[data-page]")) link.href = root + link.dataset.page;
    return;
  }
})();
""".replace("RECORD", RECORD)

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="robots" content="noindex">
<title>404 · {title}</title>
<link rel="stylesheet" data-page="static/{sheet}">
</head>
<body>
<main>
{parts}
</main>
<script>{script}</script>
</body>
</html>
"""

_PART = """<section lang="{language}">
<h1>{heading}</h1>
<p>{title} · 404</p>
<p>{links}</p>
</section>
"""

#: Where a reader may want to go on.
_LINKS = (("/", message("To the first page")), ("/search", message("All things")), ("/queries", message("Questions")))


def missing_page(sources: Sources, plan: Plan) -> str:
    """Write the page: what it says in every language that the site has."""
    parts, titles = [], []
    for language in plan.languages:
        words, title = words_in(language), visible(read_dataset(sources, Visit(language))["title"])
        links = " · ".join(
            f'<a data-page="{plan.folder(language)}{PAGES[path][1]}.html">{escape(words.gettext(name))}</a>'
            for path, name in _LINKS
        )
        heading = words.gettext(message("There is nothing here"))
        parts.append(_PART.format(language=language, heading=escape(heading), title=escape(title), links=links))
        titles.append(title)
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {_digest(_SCRIPT)}; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'"
    )
    return _PAGE.format(
        language=plan.languages[0],
        policy=escape(policy),
        title=escape(titles[0]),
        sheet=read_assets().names["style.css"],
        parts="".join(parts),
        script=_SCRIPT,
    )


def _digest(text: str) -> str:
    """Return a policy's word for a script in the page: https://www.w3.org/TR/CSP3/#external-hash"""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
