"""The checks of how things hang together: each finds its fault, and nothing once it is repaired."""

from __future__ import annotations

import pytest

from tests.data.conftest import Judge

_DATASET = '<https://example.org/> a void:Dataset ; void:uriSpace "https://example.org/" .\n'

#: What each check finds, and a graph with the fault (-) and the repair (+).
_CASES = {
    "more-members-than-stated": (
        ["ex:group"],
        """
ex:group prov:hadMember ex:one, ex:two, ex:three .
-ex:group ip:statedSize 2 .
+ex:group ip:statedSize 3 .
""",
    ),
    "membership-complete-and-short": (
        ["ex:empty", "ex:group"],
        """
ex:group ip:statedSize 3 ; prov:hadMember ex:one, ex:two .
ex:empty ip:statedSize 1 .
-ex:group ip:membershipComplete true . ex:empty ip:membershipComplete true .
+ex:group ip:membershipComplete false . ex:empty ip:membershipComplete false .
""",
    ),
    "membership-complete-unsaid": (
        ["ex:group"],
        """
ex:group ip:statedSize 2 ; prov:hadMember ex:one, ex:two .
-ex:group ip:membershipComplete false .
+ex:group ip:membershipComplete true .
""",
    ),
    "member-of-another-kind": (
        ["ex:group"],
        """
ip:Event a owl:Class .
ip:Meeting rdfs:subClassOf ip:Event .
ex:group ip:memberKind ip:Event ; prov:hadMember ex:member .
-ex:member a ip:Company .
+ex:member a ip:Meeting .
""",
    ),
    "industries-unlike-counted": (
        ["ex:park"],
        """
s:1 a ip:Sentence .
GRAPH s:1 {
    ex:group ip:concerns ex:park ; ip:statedSize 2 ; prov:hadMember ex:optics, ex:casting .
    ex:park ip:hasLeadingIndustry ex:optics ; ip:attractsProjectsIn ex:tourism .
+    ex:park ip:hasLeadingIndustry ex:casting .
}
""",
    ),
    "more-main-industries-than-stated": (
        ["ex:structure"],
        """
ex:structure ip:mainCount 1 ; ip:mainIndustry ex:optics .
-ex:structure ip:mainIndustry ex:casting .
""",
    ),
    "main-industry-not-leading": (
        ["ex:structure"],
        """
ex:park ip:hasIndustryStructure ex:structure .
ex:structure ip:mainIndustry ex:optics .
+ex:park ip:hasLeadingIndustry ex:optics .
""",
    ),
    "more-components-than-stated": (
        ["ex:officers"],
        """
ex:officers ip:hasComponent ex:one, ex:two, ex:three .
-ex:officers ip:componentCount 2 .
+ex:officers ip:componentCount 5 .
""",
    ),
    "park-type-not-in-name": (
        ["ex:park"],
        """
ex:park skos:prefLabel "临港产业园区"@zh-Hans .
-ex:park ip:parkType ip:HighTechZone .
+ex:park ip:parkType ip:IndustryPark .
""",
    ),
    "thing-of-two-kinds": (
        ["ex:thing"],
        """
ip:Event a owl:Class .
ip:Meeting a owl:Class ; rdfs:subClassOf ip:Event .
ip:Slogan a owl:Class .
ex:thing a ip:Meeting .
-ex:thing a ip:Slogan .
+ex:thing a ip:Event, skos:Concept .
""",
    ),
    "statement-about-itself": (
        ["ex:plan"],
        """
-ex:plan ip:concerns ex:plan .
+ex:plan ip:concerns ex:other .
""",
    ),
    "cycle-of-parts": (
        ["ex:district", "ex:town"],
        """
ex:district schema:containedInPlace ex:town .
-ex:town schema:containedInPlace ex:district .
+ex:town schema:containedInPlace ex:province .
""",
    ),
    "undescribed-thing": (
        ["ex:action", "ex:park"],
        _DATASET
        + """
skos:Concept a owl:Class .
ex:park a skos:Concept ; ip:hasIndustry industry:optiks .
ex:action a skos:Concept ; ip:concerns ex:parc .
+ex:parc a skos:Concept .
+industry:optiks a skos:Concept .
""",
    ),
    "facts-of-undescribed-thing": (
        ["ex:parc"],
        """
s:1 a ip:Sentence .
ex:park a ip:IndustrialPark .
GRAPH s:1 {
-    ex:parc ip:ofArea ex:town .
+    ex:park ip:ofArea ex:town .
}
""",
    ),
    "undefined-term": (
        ["ex:park"],
        """
ip:hasIndustry a owl:ObjectProperty .
-ex:park ip:hasIndustri ex:optics .
+ex:park ip:hasIndustry ex:optics .
""",
    ),
    "industry-unlike-name": (
        ["ex:chain"],
        """
ex:optics a ip:Industry ; skos:prefLabel "光学产业"@zh-Hans ; skos:altLabel "光学"@zh-Hans .
ex:casting a ip:Industry ; skos:prefLabel "铸造产业"@zh-Hans ; skos:altLabel "铸造"@zh-Hans .
ex:chain skos:prefLabel "铸造产业链"@zh-Hans .
ex:centre skos:prefLabel "创新中心"@zh-Hans ; ip:inIndustry ex:optics .
ex:pair skos:prefLabel "光学铸造集群"@zh-Hans ; ip:inIndustry ex:optics .
-ex:chain ip:inIndustry ex:optics .
+ex:chain ip:inIndustry ex:casting .
""",
    ),
    "chain-of-two-committees": (
        ["ex:two"],
        """
ex:one a ip:JointPartyCommittee ; ip:concerns ex:optics .
ex:two a ip:JointPartyCommittee .
ex:meeting a ip:Meeting ; ip:concerns ex:optics .
-ex:two ip:concerns ex:optics .
+ex:two ip:concerns ex:casting .
""",
    ),
    "demand-on-unvisited-park": (
        ["ex:demand"],
        """
ex:tour a ip:InspectionTour ; ip:visited ex:one ; ip:concerns ex:all .
ex:meeting a ip:Meeting .
GRAPH s:1 { ex:demand a ip:Directive ; ip:madeAt ex:tour }
-GRAPH s:1 { ex:demand ip:addressedTo ex:two }
+GRAPH s:1 { ex:demand ip:addressedTo ex:one, ex:all }
GRAPH s:2 { ex:other a ip:Directive ; ip:madeAt ex:meeting ; ip:addressedTo ex:two }
""",
    ),
    "orphan-entity": (
        ["ex:park"],
        _DATASET
        + """
s:1 a ip:Sentence .
GRAPH graph:entities { ex:park a ip:IndustrialPark . ex:town a ip:AdministrativeArea . }
GRAPH s:1 { ex:other ip:ofArea ex:town }
+GRAPH s:1 { ex:park ip:hasIndustry ex:optics }
""",
    ),
    "fact-without-sentence": (
        ["ex:park"],
        _DATASET
        + """
s:1 a ip:Sentence .
GRAPH graph:entities { ex:park a ip:IndustrialPark ; ip:parkType ip:IndustryPark . }
-GRAPH graph:entities { ex:park ip:hasIndustry ex:optics }
+GRAPH s:1 { ex:park ip:hasIndustry ex:optics }
""",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_check_finds_its_fault_and_nothing_once_it_is_repaired(name: str, judge: Judge) -> None:
    found, case = _CASES[name]
    assert judge(name, case) == (found, [])
