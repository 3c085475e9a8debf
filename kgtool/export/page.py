"""The explorer's page: our own HTML, CSS and JavaScript with a graph's data put in, as one text.

https://www.w3.org/TR/CSP3/ · https://html.spec.whatwg.org/multipage/scripting.html

Labels come from anyone. Three things keep them from acting: the data are JSON in a block that no browser runs, written
without a character that could end the block; the page's program makes text of them, never markup; and the policy lets
no other script or style run than the two whose hashes it names, nor anything be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from importlib.resources import files

from kgtool.table import visible
from kgtool.text.scripts import to_simplified

__all__ = ["as_json", "foldings_for", "render_page"]

#: The program's parts, in the order in which they are read.
_SCRIPTS = ("words", "model", "layout", "picture", "panels", "tables", "main")

#: What must not stand in a script element as it is: what ends elements, comments and sections; JavaScript's line ends.
_ESCAPED = re.compile("[<>&\u2028\u2029\u007f-\u009f\ufeff\ud800-\udfff]")

#: Code points that hold Chinese characters: the blocks in which Traditional ones stand.
_CHINESE = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))

_NO_SCRIPT = {
    "zh-Hans": "此页面需要 JavaScript；无需网络。",
    "zh-Hant": "此頁面需要 JavaScript；無需網路。",
    "en": "This page needs JavaScript, and no network.",
}


def render_page(data: dict[str, object], *, title: str, language: str) -> str:
    """Put the data of a graph into the page.

    :param data: what ``explorer/model.js`` reads.
    :param language: the language the page opens in.
    """
    sources = files("kgtool.export") / "explorer"
    style = (sources / "explorer.css").read_text(encoding="utf-8")
    parts = ((sources / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    script = '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    slots = {
        "language": escape(language),
        "policy": policy,
        "title": escape(visible(title)),
        "noscript": escape(_NO_SCRIPT.get(language, _NO_SCRIPT["en"])),
        "style": style,
        "data": as_json(data),
        "script": script,
    }
    page = (sources / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: slots[slot[1]], page)


def as_json(data: object) -> str:
    r"""Write JSON that can stand in a script element, whatever its strings hold.

    >>> as_json({"a": "</script><!--"})
    '{"a":"\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return _ESCAPED.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def foldings_for(names: list[str]) -> str:
    """List the characters that a search has to replace to find folded names: each with its replacement behind it.

    The page has no dictionary of Chinese scripts. It needs none: of all Traditional characters only those matter whose
    Simplified one occurs in a name.

    >>> foldings_for(["高新区"])
    '區区'
    """
    wanted = set("".join(names))
    traditional = "\n".join(chr(code) for block in _CHINESE for code in block)
    pairs = zip(traditional.split("\n"), to_simplified(traditional).split("\n"), strict=True)
    return "".join(old + new for old, new in pairs if old != new and new in wanted and len(new) == 1)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
