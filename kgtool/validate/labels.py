"""The spelling of Chinese: no character of the one script in a text of the other."""

from __future__ import annotations

from collections.abc import Callable

from kgtool.namespaces import IP, SKOS
from kgtool.report import Bilingual, Check, Finding
from kgtool.terms import IRI, Literal
from kgtool.text.scripts import simplified_only_characters, to_simplified, to_traditional, traditional_only_characters
from kgtool.validate.triples import Triples

__all__ = ["check_spelling"]

#: Properties whose texts are kept as somebody else wrote them.
_VERBATIM = (IRI(SKOS + "hiddenLabel"), IRI(IP + "quote"), IRI(IP + "valueAsWritten"))

_FAULTS: dict[str, tuple[str, Callable[[str], list[str]], Callable[[str], str], str, str]] = {
    "zh-hant": (
        "simplified-in-traditional",
        simplified_only_characters,
        to_traditional,
        "Simplified in a zh-Hant text",
        "繁体（zh-Hant）文本中有简体字",
    ),
    "zh-hans": (
        "traditional-in-simplified",
        traditional_only_characters,
        to_simplified,
        "Traditional in a zh-Hans text",
        "简体（zh-Hans）文本中有繁体字",
    ),
}


def check_spelling(data: Triples) -> tuple[list[Finding], list[Check]]:
    """Find texts tagged zh-Hant with Simplified characters, and texts tagged zh-Hans with Traditional ones."""
    findings: list[Finding] = []
    examined = dict.fromkeys(_FAULTS, 0)
    for subject, predicate, text in data:
        language = (text.language or "").lower() if isinstance(text, Literal) else ""
        if language not in _FAULTS or predicate in _VERBATIM:
            continue
        name, find, convert, english, chinese = _FAULTS[language]
        examined[language] += 1
        wrong = "".join(dict.fromkeys(find(text.value)))
        if wrong:
            better = convert(text.value)
            findings.append(
                Finding(
                    severity="violation",
                    check=name,
                    message=Bilingual(f"{wrong}: {english}", f"{wrong}：{chinese}"),
                    repair=Bilingual(f"perhaps {better}", f"也许应为 {better}"),
                    focus=subject,
                    path=predicate,
                    value=text,
                )
            )
    return findings, [Check(_FAULTS[language][0], "spelling", number) for language, number in examined.items()]
