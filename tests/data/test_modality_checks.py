"""The checks of what is planned, done, filed and granted: each finds its fault, and nothing once it is repaired."""

from __future__ import annotations

import pytest

from tests.data.conftest import Judge

#: What each check finds, and a graph with the fault (-) and the repair (+).
_CASES = {
    "planned-also-used": (
        ["ex:park"],
        """
ex:plan a ip:PlannedMeasure ; ip:actor ex:park ; ip:concerns ex:chain-leaders .
-ex:park ip:usesMechanism ex:chain-leaders .
+ex:other ip:usesMechanism ex:chain-leaders .
""",
    ),
    "mechanism-of-action-unused": (
        ["ex:park"],
        """
ex:chain-leaders a ip:Mechanism .
ex:pool a ip:Mechanism .
GRAPH s:1 {
    ex:action a ip:ReportedAction ; ip:actor ex:park ; ip:guidedBy ex:chain-leaders, ex:strategy ; ip:concerns ex:pool .
    ex:park ip:plansMechanism ex:pool .
+    ex:park ip:usesMechanism ex:chain-leaders .
}
""",
    ),
    "planned-also-achieved": (
        ["ex:plan"],
        """
ex:plan a ip:PlannedMeasure ; ip:actor ex:park ; ip:concerns ex:fund .
ex:action a ip:ReportedAction ; ip:actor ex:park .
-ex:action ip:hasResult ex:fund .
+ex:action ip:concerns ex:fund .
""",
    ),
    "planned-without-measure": (
        ["ex:park"],
        """
ex:park ip:plansMechanism ex:chain-leaders .
ex:plan a ip:PlannedMeasure ; ip:concerns ex:chain-leaders .
-ex:plan ip:actor ex:other .
+ex:plan ip:actor ex:park .
""",
    ),
    "filed-also-granted": (
        ["ex:granted"],
        """
ex:granted a ip:Recognition ; ip:recognizedEntity ex:park ; ip:title ex:green ; ip:status ip:Granted .
ex:filed a ip:Recognition ; ip:recognizedEntity ex:park ; ip:title ex:green ; ip:status ip:Filed .
ex:filed ip:period ex:may .
-ex:granted ip:period ex:may .
+ex:granted ip:period ex:october .
""",
    ),
    "status-differs-from-quote": (
        ["ex:base", "ex:green"],
        """
s:1 a ip:Sentence .
ex:green ip:title ex:title-green .
ex:base ip:title ex:title-base .
ex:chain ip:title ex:filing .
ex:filing skos:prefLabel "区块链信息服务备案"@zh-Hans .
GRAPH s:1 {
    ex:green ip:quote "创建方案已通过备案"@zh .
    ex:base ip:quote "獲評省級基地"@zh .
    ex:chain ip:quote "获得备案"@zh ; ip:status ip:Granted .
-    ex:green ip:status ip:Granted . ex:base ip:status ip:Applied .
+    ex:green ip:status ip:Filed . ex:base ip:status ip:Granted .
}
""",
    ),
    "filed-with-nobody": (
        ["ex:filed"],
        """
ex:filed a ip:Recognition ; ip:status ip:Filed .
ex:granted a ip:Recognition ; ip:status ip:Granted .
+ex:filed ip:grantingBody ex:department .
""",
    ),
    "recognition-twice": (
        ["ex:two"],
        """
ex:one a ip:Recognition ; ip:recognizedEntity ex:park ; ip:title ex:green ; ip:status ip:Granted .
ex:two a ip:Recognition ; ip:title ex:green ; ip:status ip:Granted .
-ex:two ip:recognizedEntity ex:park .
+ex:two ip:recognizedEntity ex:other .
""",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_check_finds_its_fault_and_nothing_once_it_is_repaired(name: str, judge: Judge) -> None:
    found, case = _CASES[name]
    assert judge(name, case) == (found, [])
