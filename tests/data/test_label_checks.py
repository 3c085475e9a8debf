"""The checks of names: each finds its fault, and nothing once it is repaired."""

from __future__ import annotations

import pytest

from tests.data.conftest import Judge

_CLASS = "ip:IndustrialPark a owl:Class .\n"

#: What each check finds, and a graph with the fault (-) and the repair (+).
_CASES = {
    "name-shared-in-class": (
        ["ex:two"],
        _CLASS
        + """
ex:one a ip:IndustrialPark ; skos:prefLabel "临港园区"@zh-Hans .
ex:two a ip:IndustrialPark .
-ex:two skos:prefLabel "临港园区"@zh-Hans .
+ex:two skos:prefLabel "临港园区"@zh-Hant .
""",
    ),
    "short-form-ambiguous": (
        ["ex:two"],
        _CLASS
        + """
ex:one a ip:IndustrialPark ; skos:prefLabel "临港"@zh-Hans .
-ex:two skos:altLabel "临港"@zh-Hans .
+ex:two skos:altLabel "港区"@zh-Hans .
""",
    ),
    "chinese-in-english-label": (
        ["ex:park"],
        """
-ex:park skos:prefLabel "Lingang 园区"@en .
+ex:park skos:prefLabel "Lingang Park"@en .
""",
    ),
    "labels-of-unequal-length": (
        ["ex:park"],
        """
ex:park skos:prefLabel "临港园区"@zh-Hans .
-ex:park skos:prefLabel "臨港產業園區"@zh-Hant .
+ex:park skos:prefLabel "臨港園區"@zh-Hant .
""",
    ),
    "short-form-in-one-script": (
        ["ex:park"],
        """
ex:park skos:altLabel "临港"@zh-Hans .
+ex:park skos:altLabel "臨港"@zh-Hant .
""",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_check_finds_its_fault_and_nothing_once_it_is_repaired(name: str, judge: Judge) -> None:
    found, case = _CASES[name]
    assert judge(name, case) == (found, [])
