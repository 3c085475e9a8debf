"""From a page to HTML: Jinja with every value escaped, words from the catalogue, and a language on every foreign text.

https://jinja.palletsprojects.com/ · https://www.w3.org/TR/WCAG22/#language-of-parts
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from kgtool.explorer.assets import read_assets
from kgtool.explorer.details import detail_in
from kgtool.explorer.links import Links
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.explorer.words import message, named_in, words_in
from kgtool.export.page import as_json
from kgtool.labels import LANGUAGES
from kgtool.table import visible

__all__ = ["LANGUAGE_NAMES", "NAVIGATION", "render"]

#: What each language calls itself.
LANGUAGE_NAMES = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}

#: The pages that every page links to: their path and the message that names them.
NAVIGATION = (
    ("/articles", message("Article")),
    ("/queries", message("Questions")),
    ("/sparql", message("SPARQL")),
    ("/graph", message("Graph")),
    ("/vocabulary", message("Vocabulary")),
    ("/quality", message("Quality")),
)

#: Chinese characters with the punctuation among them, and words of Latin letters with what stands between them.
_CHINESE = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+(?:[\u3000-\u303f“”‘’·—…0-9.%]*[\u2e80-\u9fff\uff00-\uffef])*"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+(?:[ ,;:()/-]+[A-Za-z][A-Za-z'’-]+)+")


def render(page: Page, sources: Sources, visit: Visit) -> str:
    """Make a page's HTML."""
    links = Links.of(sources.base, visit)
    template = _environment(visit.language).get_template(f"{page.template}.html")
    return template.render(
        **page.data,
        visit=visit,
        links=links,
        here=partial(_here, links, visit),
        about=sources.about,
        site=sources.keep(f"site {visit.language}", partial(_title, sources, visit)),
        navigation=NAVIGATION,
        language_names={
            tag: name for tag, name in LANGUAGE_NAMES.items() if visit.site is None or tag in visit.site.languages
        },
    )


@cache
def _environment(language: str) -> Environment:
    assets = read_assets()
    environment = Environment(
        loader=PackageLoader("kgtool.explorer", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    words = words_in(language)
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters["word"] = partial(named_in, words)
    environment.filters["detail"] = partial(detail_in, words)
    environment.filters["said"] = partial(said, page=language)
    environment.filters["visible"] = visible
    environment.filters["json"] = lambda value: Markup(as_json(value))  # noqa: S704 - escaped for a script element
    environment.globals["asset"] = assets.names
    return environment


def said(text: object, lang: str | None = None, *, page: str) -> Markup:
    """Write a text of the data: visibly, isolated from the direction of its neighbours, in the language it is in.

    :param lang: the text's language where the data say it.
    :param page: the page's language.

    >>> said("“聚焦” (planned)", page="en")
    Markup('<bdi>“<span lang="zh">聚焦</span>” (planned)</bdi>')
    """
    shown = visible(text if isinstance(text, str) else str(text))
    if lang:
        tag = _tag(lang)
        written = str(escape(shown))
        attribute = "" if tag == page else f' lang="{escape(tag)}"'
        return Markup(f"<bdi{attribute}>{written}</bdi>")  # noqa: S704 - escaped above; Markup.format is ten times slower
    foreign, tag = (_LATIN, "en") if page.startswith("zh") else (_CHINESE, "zh")
    pieces, end = [], 0
    for match in foreign.finditer(shown):
        pieces.append(f'{escape(shown[end : match.start()])}<span lang="{tag}">{escape(match.group())}</span>')
        end = match.end()
    return Markup(f"<bdi>{''.join(pieces)}{escape(shown[end:])}</bdi>")  # noqa: S704 - every piece is escaped


def _tag(lang: str) -> str:
    """Spell a language tag as usual: engines write them in lower case."""
    return next((one for one in LANGUAGES if one.lower() == lang.lower()), lang)


def _here(links: Links, visit: Visit, lang: str | None = None, **changed: str | None) -> str:
    """Return the address of the page itself, in another language or with other parameters."""
    params = {name: value for name, value in {**visit.params, **changed}.items() if value is not None}
    return links.page(visit.path, params, lang=lang)


def _title(sources: Sources, visit: Visit) -> dict[str, Any]:
    """Return what the graph is called, and its licence."""
    from kgtool.explorer.dataset import read_dataset

    return read_dataset(sources, visit)
