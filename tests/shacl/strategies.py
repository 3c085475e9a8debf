"""Random shapes and random data, small enough to collide: a handful of nodes, properties and values."""

from __future__ import annotations

from hypothesis import strategies as st

HEADER = """\
@prefix ex: <http://ex.example/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

NODES = ["ex:n0", "ex:n1", "ex:n2", "ex:n3"]
BLANK = ["_:b0", "_:b1"]
CLASSES = ["ex:C0", "ex:C1", "ex:C2"]
PROPERTIES = ["ex:p0", "ex:p1", "ex:p2"]
#: Properties whose values are compared with one another.
COMPARED = ["ex:p1", "ex:p2"]
NUMBERS = ["0", "1", "2", "5", "-3", "1.5", "1.50", "2.0", '"2.5"^^xsd:double', '"3"^^xsd:int', '"7"^^xsd:byte']
DATES = [
    '"2023-01-31"^^xsd:date',
    '"2024-02-29"^^xsd:date',
    '"2023-05-01T10:00:00"^^xsd:dateTime',
    '"2024-05-01T10:00:00"^^xsd:dateTime',
]
STRINGS = ['""', '"a"', '"ab"', '"abc"', '"云南"', '"b"^^ex:unit', "true", "false"]
TEXTS = ['"a"@en', '"b"@en', '"a"@EN', '"c"@en-GB', '"a"@de', '"云"@zh-Hans']
ILL_TYPED = ['"abc"^^xsd:integer', '"2023-13-01"^^xsd:date', '"300"^^xsd:byte']
#: What pySHACL compares otherwise than SPARQL does: see docs/shacl.md.
INCOMPARABLE = {"true", "false", *DATES, *ILL_TYPED}
LITERALS = [*NUMBERS, *DATES, *STRINGS, *TEXTS, *ILL_TYPED]
DATATYPES = [
    "xsd:integer", "xsd:decimal", "xsd:double", "xsd:int", "xsd:byte", "xsd:date", "xsd:dateTime", "xsd:string",
    "rdf:langString", "xsd:boolean", "ex:unit",
]  # fmt: skip


@st.composite
def data(draw: st.DrawFn, *, comparable: bool = False) -> str:
    """Draw a data graph.

    :param comparable: only literals that pySHACL compares as SPARQL does, and nothing but numbers for one property.
    """
    lines = [HEADER]
    subjects = st.sampled_from([*NODES, *BLANK])
    uppers = draw(st.lists(st.sampled_from(CLASSES[:2]), max_size=2))
    lines += [f"ex:C2 rdfs:subClassOf {upper} ." for upper in uppers]
    lines += [f"{draw(subjects)} a {draw(st.sampled_from(CLASSES))} ." for _ in range(draw(st.integers(0, 4)))]
    literals = st.sampled_from([one for one in LITERALS if not (comparable and one in INCOMPARABLE)])
    values = st.one_of(subjects, literals, literals)
    for _ in range(draw(st.integers(0, 14))):
        name = draw(st.sampled_from(PROPERTIES))
        value = draw(st.sampled_from(NUMBERS) if comparable and name in COMPARED else values)
        lines.append(f"{draw(subjects)} {name} {value} .")
    return "\n".join(lines) + "\n"


@st.composite
def paths(draw: st.DrawFn, depth: int = 2) -> str:
    """Draw a property path."""
    kind = draw(st.sampled_from(["iri", "iri", "iri", "iri", "^", "/", "|", "*", "+", "?"])) if depth else "iri"
    if kind == "iri":
        return draw(st.sampled_from(PROPERTIES))
    inner = paths(depth=depth - 1)
    if kind in "/|":
        members = f"( {draw(inner)} {draw(inner)} )"
        return members if kind == "/" else f"[ sh:alternativePath {members} ]"
    step = {"^": "inversePath", "*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}[kind]
    return f"[ sh:{step} {draw(inner)} ]"


class _Shapes:
    """Shapes that are drawn, each with a name."""

    def __init__(self, draw: st.DrawFn, *, comparing: bool) -> None:
        self.draw = draw
        self.comparing = comparing
        self.blocks: list[str] = []

    def shape(self, *, depth: int, is_property: bool, targets: bool = False) -> str:
        """Draw a shape, and return its name."""
        draw = self.draw
        name = f"ex:S{len(self.blocks)}"
        self.blocks.append("")
        said = ["a sh:NodeShape"]
        if targets:
            target = st.one_of(
                st.sampled_from([*NODES, "ex:nowhere", '"a"@en', "1.50"]).map("sh:targetNode {}".format),
                st.sampled_from(CLASSES).map("sh:targetClass {}".format),
                st.sampled_from(PROPERTIES).map("sh:targetSubjectsOf {}".format),
                st.sampled_from(PROPERTIES).map("sh:targetObjectsOf {}".format),
            )
            said += draw(st.lists(target, min_size=1, max_size=2))
        kinds = [kind for kind in _KINDS if is_property or kind not in _PROPERTY_ONLY]
        if depth == 0:
            kinds = [kind for kind in kinds if kind not in _NESTING]
        if not self.comparing:
            kinds = [kind for kind in kinds if kind not in _COMPARING]
        chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True))
        if is_property:
            pairs = {"lessThan", "lessThanOrEquals"} & set(chosen)
            said[0] = f"a sh:PropertyShape ; sh:path {draw(st.sampled_from(COMPARED) if pairs else paths())}"
        for kind in chosen:
            said += self.constraint(kind, depth)
        if draw(st.integers(0, 5)) == 0:
            said.append(f"sh:severity {draw(st.sampled_from(['sh:Warning', 'sh:Info', 'ex:Grave']))}")
        if draw(st.integers(0, 3)) == 0:
            said += ['sh:message "wrong"@en', 'sh:message "错"@zh-Hans']
        if draw(st.integers(0, 15)) == 0:
            said.append("sh:deactivated true")
        self.blocks[int(name[4:])] = f"{name} " + " ;\n    ".join(dict.fromkeys(said)) + " .\n"
        return name

    def constraint(self, kind: str, depth: int) -> list[str]:
        """Draw a constraint."""
        draw = self.draw

        def one(values: list[str]) -> str:
            return draw(st.sampled_from(values))

        if kind in ("minCount", "maxCount"):
            return [f"sh:{kind} {draw(st.integers(0, 4))}"]
        if kind in ("minLength", "maxLength"):
            return [f"sh:{kind} {draw(st.integers(1, 3))}"]
        if kind == "class":
            return [f"sh:class {one(CLASSES)}"]
        if kind == "datatype":
            return [f"sh:datatype {one(DATATYPES)}"]
        if kind == "nodeKind":
            kinds = ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
            return [f"sh:nodeKind sh:{one(kinds)}"]
        if kind in ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"):
            return [f"sh:{kind} {one(NUMBERS)}"]
        if kind == "pattern":
            flags = [f'sh:flags "{one(["i", "s"])}"'] if draw(st.booleans()) else []
            return [f'sh:pattern "{one(["^a", "b$", "[0-9]+", "^A", "^(?!a)", "n0$"])}"', *flags]
        if kind == "languageIn":
            return [f"sh:languageIn ( {' '.join(draw(st.lists(st.sampled_from(_TAGS), min_size=1, max_size=2)))} )"]
        if kind == "uniqueLang":
            return ["sh:uniqueLang true"]
        if kind in ("lessThan", "lessThanOrEquals"):
            return [f"sh:{kind} {one(COMPARED)}"]
        if kind in ("equals", "disjoint"):
            return [f"sh:{kind} {one(PROPERTIES)}"]
        if kind == "hasValue":
            return [f"sh:hasValue {one([*NODES, *LITERALS])}"]
        if kind == "in":
            members = draw(st.lists(st.sampled_from([*NODES, *LITERALS]), max_size=5))
            return [f"sh:in ( {' '.join(members)} )"]
        if kind == "closed":
            ignored = draw(st.lists(st.sampled_from([*PROPERTIES, "rdf:type"]), max_size=2))
            return ["sh:closed true", f"sh:ignoredProperties ( {' '.join(ignored)} )"]
        if kind == "property":
            return [f"sh:property {self.shape(depth=depth - 1, is_property=True)}"]
        if kind == "node":
            return [f"sh:node {self.shape(depth=depth - 1, is_property=False)}"]
        if kind == "not":
            return [f"sh:not {self.shape(depth=depth - 1, is_property=draw(st.booleans()))}"]
        if kind in ("and", "or", "xone"):
            number = draw(st.integers(1, 3))
            members = [self.shape(depth=depth - 1, is_property=draw(st.booleans())) for _ in range(number)]
            return [f"sh:{kind} ( {' '.join(members)} )"]
        if kind == "qualified":
            said = [f"sh:qualifiedValueShape {self.shape(depth=depth - 1, is_property=draw(st.booleans()))}"]
            if draw(st.booleans()):
                said.append(f"sh:qualifiedMinCount {draw(st.integers(0, 3))}")
            if draw(st.booleans()) or len(said) == 1:
                said.append(f"sh:qualifiedMaxCount {draw(st.integers(0, 3))}")
            return said
        assert kind == "siblings"
        names = []
        for _ in range(2):
            value = self.shape(depth=0, is_property=False)
            name = f"ex:S{len(self.blocks)}"
            self.blocks.append(
                f"{name} a sh:PropertyShape ; sh:path ex:p0 ; sh:qualifiedValueShape {value} ;\n"
                f"    sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount {draw(st.integers(0, 2))} .\n"
            )
            names.append(name)
        return [f"sh:property {name}" for name in names]


_TAGS = ['"en"', '"de"', '"zh"', '"EN"', '"en-GB"', '"fr"']
_PROPERTY_ONLY = {"minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualified"}
_COMPARING = {"minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "lessThan", "lessThanOrEquals"}
_NESTING = {"property", "node", "not", "and", "or", "xone", "qualified", "siblings"}
_KINDS = [
    "minCount", "maxCount", "minLength", "maxLength", "class", "datatype", "nodeKind", "minExclusive", "minInclusive",
    "maxExclusive", "maxInclusive", "pattern", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan",
    "lessThanOrEquals", "hasValue", "in", "closed", "property", "property", "node", "not", "and", "or", "xone",
    "qualified", "siblings",
]  # fmt: skip


@st.composite
def shapes(draw: st.DrawFn, *, comparing: bool = False) -> str:
    """Draw a shapes graph.

    :param comparing: with constraints that compare values.
    """
    drawn = _Shapes(draw, comparing=comparing)
    for _ in range(draw(st.integers(1, 2))):
        drawn.shape(depth=2, is_property=draw(st.booleans()), targets=True)
    return HEADER + "".join(drawn.blocks)


#: Queries of constraints, each with what it is about: counting, inner groups, negation, other variables.
QUERIES = [
    "SELECT $this ?value WHERE { $this ex:p0 ?value . FILTER(isIRI(?value)) }",
    "SELECT $this (ex:p1 AS ?path) ?value WHERE { $this ex:p1 ?value . FILTER(?value > 1) }",
    "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER(?path != rdf:type) }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p1 ?any } }",
    "SELECT $this WHERE { { FILTER($this = ex:n0) } UNION { $this ex:p2 ?x } }",
    "SELECT DISTINCT $this ?x WHERE { OPTIONAL { $this ex:p0 ?x . FILTER(?x != $this) } }",
    "SELECT $this ?y WHERE { BIND(IRI(CONCAT(STR($this), 'x')) AS ?y) FILTER(isIRI($this)) }",
    "SELECT $this (COUNT(?x) AS ?n) WHERE { $this ex:p2 ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this ?n WHERE { { SELECT $this (COUNT(?x) AS ?n) WHERE { $this ex:p1 ?x } GROUP BY $this } }",
    "SELECT $this ?value WHERE { ?value ex:p0 $this . FILTER EXISTS { ?value a ?class . FILTER(?class != ex:C0) } }",
    "SELECT $this ?a ?b WHERE { $this ex:p1 ?a . $this ex:p2 ?b . FILTER(?a < ?b) }",
    "SELECT $this ?x WHERE { { { FILTER(bound($this)) } $this ex:p0 ?x } }",
    "SELECT $this ?x WHERE { $this ex:p0/ex:p0* ?x . FILTER(?x IN (ex:n1, ex:n2)) }",
    "SELECT $this WHERE { $this ex:p1 ?x . } ORDER BY ?x LIMIT 1",
]
_OF_PATHS = [
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER(isLiteral(?value)) }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this $PATH ?value } }",
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { ?value $PATH ?other } }",
]


@st.composite
def sparql_shapes(draw: st.DrawFn) -> str:
    """Draw a shapes graph with SPARQL-based constraints."""
    declared = 'ex:o sh:declare [ sh:prefix "ex" ; sh:namespace "http://ex.example/"^^xsd:anyURI ] .\n'
    blocks = [HEADER, declared]
    for number in range(draw(st.integers(1, 2))):
        is_property = draw(st.booleans())
        query = draw(st.sampled_from([*QUERIES, *_OF_PATHS] if is_property else QUERIES))
        path = f"sh:path {draw(st.sampled_from(PROPERTIES))} ;" if is_property else ""
        target = draw(st.sampled_from(
            ["sh:targetClass ex:C1", "sh:targetSubjectsOf ex:p0", "sh:targetObjectsOf ex:p1", "sh:targetNode ex:n0"]
        ))  # fmt: skip
        shape = f'ex:S{number} {path} sh:sparql ex:Q{number} .\nex:Q{number} sh:prefixes ex:o ; sh:select "{query}" .\n'
        if draw(st.booleans()):
            # Nested: its focus nodes are the values of another.
            blocks.append(
                f"ex:T{number} sh:path ex:p0 ; {target} ; sh:{'property' if is_property else 'node'} ex:S{number} .\n"
            )
            blocks.append(shape)
        else:
            blocks.append(shape.replace(" sh:sparql", f" {target} ; sh:sparql", 1))
    return "".join(blocks)
