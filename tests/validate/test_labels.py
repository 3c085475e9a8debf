"""No character of the one script in a text of the other."""

from __future__ import annotations

import pytest

from kgtool.report import Bilingual, Check
from kgtool.terms import IRI, Literal
from kgtool.validate.labels import check_spelling
from kgtool.validate.triples import Triples

THING = IRI("http://ex.example/a")
SKOS = "http://www.w3.org/2004/02/skos/core#"


@pytest.mark.parametrize(
    ("text", "language", "check", "message", "repair"),
    [
        ("云南製造", "zh-hant", "simplified-in-traditional", "云", "雲南製造"),
        ("云南制造", "zh-Hant", "simplified-in-traditional", "云制", "雲南製造"),
        ("雲南制造", "zh-Hans", "traditional-in-simplified", "雲", "云南制造"),
    ],
)
def test_a_character_of_the_other_script_is_found(
    text: str, language: str, check: str, message: str, repair: str
) -> None:
    (finding,), _ = check_spelling(Triples([(THING, IRI(f"{SKOS}prefLabel"), Literal(text, language))]))
    assert (finding.check, finding.focus, finding.value) == (check, THING, Literal(text, language))
    assert finding.message.zh.startswith(f"{message}：")
    assert finding.repair == Bilingual(f"perhaps {repair}", f"也许应为 {repair}")


@pytest.mark.parametrize(
    ("property_", "text", "language"),
    [
        ("prefLabel", "雲南製造公里制度", "zh-Hant"),
        ("prefLabel", "云南制造公里制度", "zh-Hans"),
        ("prefLabel", "云南雲南", "zh"),
        ("hiddenLabel", "云南製造", "zh-Hant"),
    ],
)
def test_proper_spelling_and_verbatim_texts_pass(property_: str, text: str, language: str) -> None:
    findings, _ = check_spelling(Triples([(THING, IRI(f"{SKOS}{property_}"), Literal(text, language))]))
    assert findings == []


def test_it_says_how_many_texts_it_read() -> None:
    label = IRI(f"{SKOS}prefLabel")
    _, checks = check_spelling(Triples([(THING, label, Literal("云", "zh-Hans")), (THING, label, Literal("x", "en"))]))
    assert checks == [
        Check("simplified-in-traditional", "spelling", 0),
        Check("traditional-in-simplified", "spelling", 1),
    ]
