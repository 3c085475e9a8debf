"""Constraints as conditions of SPARQL: whether one holds of a value, whether a thing conforms to a shape.

A condition is a boolean expression that has no errors: it is true or false of every term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations
from typing import cast

from kgtool.datatypes import BOUNDS, FORMS
from kgtool.namespaces import RDF, RDFS, SH, XSD
from kgtool.shacl.graph import NotCompiledError
from kgtool.shacl.paths import Path
from kgtool.shacl.select import inline_ask, inline_select
from kgtool.shacl.shapes import Applied, Constraint, Qualified, Shape, Shapes
from kgtool.shacl.source import Classes, Source, can_match
from kgtool.store.exact import STAND_IN
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

__all__ = ["Conditions"]

_COMPARISONS = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}
_KINDS = {"IRI": "isIRI", "BlankNode": "isBlank", "Literal": "isLiteral"}
#: So many values can be told apart by naming each: beyond that, they are counted.
NAMED = 4


class Conditions:
    """The conditions of some shapes, for one source.

    Variables are named without their question mark.
    """

    def __init__(self, shapes: Shapes, source: Source, classes: Classes) -> None:
        self.shapes = shapes
        self.source = source
        self._classes = classes
        self._count = 0
        self._patterns: dict[tuple[str, str], bool] = {}

    def fresh(self) -> str:
        """Return the name of a variable that is not used yet."""
        self._count += 1
        return f"kg{self._count}"

    def constant(self, term: Term) -> str:
        """Write a term of the shapes graph into a query about terms."""
        if isinstance(term, BlankNode):
            raise NotCompiledError("a blank node of the shapes graph cannot be asked for")
        return n3(self.source.constant(term))

    # Patterns -----------------------------------------------------------------------------------------------------

    def values(self, x: str, path: Path, v: str) -> str:
        """Write the pattern that finds the values of a path at a thing that is bound."""
        stays, rest = path.without_standing()
        moving = f"?{x} {rest.text()} ?{v} ." if rest is not None else ""
        if not stays:
            return moving
        here = f"BIND(?{x} AS ?{v})"
        return f"{{ {moving} }} UNION {{ {here} }}" if moving else here

    def exists(self, x: str, path: Path, v: str, condition: str = "") -> str:
        """Write the condition that a path has a value of which something holds."""
        where = f" FILTER({condition})" if condition else ""
        return f"EXISTS {{ {self.values(x, path, v)}{where} }}"

    def instances(self, f: str, class_: Term) -> str:
        """Write the pattern that finds the instances of a class."""
        if self._classes.nameless_below(class_):
            return f"?{f} <{RDF}type>/(<{RDFS}subClassOf>*) {n3(class_)} ."
        below = self._classes.closure(class_)
        if len(below) == 1:
            return f"?{f} <{RDF}type> {n3(class_)} ."
        kind = self.fresh()
        return f"VALUES ?{kind} {{ {' '.join(map(n3, below))} }} ?{f} <{RDF}type> ?{kind} ."

    # Constraints --------------------------------------------------------------------------------------------------

    def holds(self, constraint: Constraint, v: str, f: str, shape: Shape, within: frozenset[Term]) -> str | None:
        """Write the condition that one value meets a constraint; ``None`` if the constraint is not about one value.

        :param f: the focus node that the value belongs to.
        :param within: the shapes that this one is looked at for.
        :raises NotCompiledError: if that cannot be written.
        """
        kind, value = constraint.kind, constraint.value
        if kind == "class":
            return self._is_instance(v, cast(Term, value))
        if kind == "datatype":
            return self._has_datatype(v, cast(IRI, value).value, self._stand_ins(shape))
        if kind == "nodeKind":
            kinds = re.findall("IRI|BlankNode|Literal", cast(IRI, value).value.removeprefix(SH))
            return "(" + " || ".join(f"{_KINDS[one]}(?{v})" for one in kinds) + ")"
        if kind in _COMPARISONS:
            bound = n3(cast(Literal, value))
            return f"COALESCE({self._worth(v, shape)} {_COMPARISONS[kind]} {bound}, false)"
        if kind in ("minLength", "maxLength"):
            sign = ">=" if kind == "minLength" else "<="
            return f"(!isBlank(?{v}) && STRLEN(STR(?{v})) {sign} {value})"
        if kind == "pattern":
            return self._matches(v, *cast(tuple[Literal, str], value))
        if kind == "languageIn":
            ranges = " || ".join(
                f"langMatches(LANG(?{v}), {n3(Literal(one.value))})" for one in cast(list[Literal], value)
            )
            return f"(isLiteral(?{v}) && ({ranges or 'false'}))"
        if kind == "in":
            return self._is_one_of(v, cast(list[Term], value))
        if kind == "not":
            return f"!({self.conforms(cast(Term, value), v, within)})"
        if kind == "node":
            return self.conforms(cast(Term, value), v, within)
        if kind in ("and", "or", "xone"):
            parts = [self.conforms(part, v, within) for part in cast(list[Term], value)]
            if kind == "xone":
                return "(" + " + ".join(f"IF({part}, 1, 0)" for part in parts) + " = 1)"
            return "(" + (" && " if kind == "and" else " || ").join(parts) + ")"
        if kind == "disjoint":
            return f"NOT EXISTS {{ ?{f} {n3(cast(IRI, value))} ?{v} }}"
        if kind == "component" and cast(Applied, value).validator.asks:
            applied = cast(Applied, value)
            return inline_ask(self.shapes.graph, applied, shape, v, f, self.fresh)
        return None

    def conforms(self, node: Term, x: str, within: frozenset[Term] = frozenset()) -> str:
        """Write the condition that a thing conforms to a shape.

        :raises NotCompiledError: if that cannot be written.
        """
        if node in within:
            raise NotCompiledError("it is recursive")
        shape = self.shapes[node]
        within |= {node}
        if shape.deactivated:
            return "true"
        parts = self._at_property(shape, x, within) if shape.path else self._at_node(shape, x, within)
        return f"({' && '.join(parts)})" if parts else "true"

    def _at_node(self, shape: Shape, x: str, within: frozenset[Term]) -> list[str]:
        parts: list[str] = []
        for constraint in shape.constraints:
            condition = self.holds(constraint, x, x, shape, within)
            parts.append(condition if condition is not None else self._of_all(constraint, shape, x))
        return [*parts, *(self.conforms(part, x, within) for part in shape.properties)]

    def _of_all(self, constraint: Constraint, shape: Shape, x: str) -> str:
        """Write a constraint of a node shape that is about the thing as a whole."""
        kind, value = constraint.kind, constraint.value
        if kind == "hasValue":
            return f"sameTerm(?{x}, {self.constant(cast(Term, value))})"
        if kind == "closed":
            p, o = self.fresh(), self.fresh()
            return f"NOT EXISTS {{ ?{x} ?{p} ?{o} FILTER({not_in(p, cast(list[str], value))}) }}"
        if kind == "equals":
            w, name = self.fresh(), n3(cast(IRI, value))
            return f"(EXISTS {{ ?{x} {name} ?{x} }} && NOT EXISTS {{ ?{x} {name} ?{w} FILTER(!sameTerm(?{w}, ?{x})) }})"
        if kind == "sparql" or kind == "component":
            return f"NOT EXISTS {{ {inline_select(self.shapes.graph, constraint, shape, x, self.fresh)} }}"
        raise NotCompiledError(f"sh:{kind} inside another shape")

    def _at_property(self, shape: Shape, x: str, within: frozenset[Term]) -> list[str]:
        path = shape.path
        assert path is not None
        parts: list[str] = []
        each: list[str] = []
        v = self.fresh()
        for constraint in shape.constraints:
            condition = self.holds(constraint, v, x, shape, within)
            if condition is not None:
                each.append(condition)
            else:
                parts.append(self.of_values(constraint, shape, x, within))
        each += [self.conforms(part, v, within) for part in shape.properties]
        if each:
            parts.append("!" + self.exists(x, path, v, f"!({' && '.join(each)})"))
        return parts

    def of_values(self, constraint: Constraint, shape: Shape, x: str, within: frozenset[Term]) -> str:
        """Write the condition that all values of a property shape together meet a constraint.

        :raises NotCompiledError: if they would have to be counted.
        """
        kind, value, path = constraint.kind, constraint.value, shape.path
        assert path is not None
        if kind == "minCount":
            return self._at_least(cast(int, value), shape, x)
        if kind == "maxCount":
            return f"!({self._at_least(cast(int, value) + 1, shape, x)})"
        if kind == "qualified":
            qualified = cast(Qualified, value)
            if qualified.least is not None:
                return self._at_least(qualified.least, shape, x, qualified, within)
            assert qualified.most is not None
            return f"!({self._at_least(qualified.most + 1, shape, x, qualified, within)})"
        if kind == "hasValue":
            return self._has_value(path, x, cast(Term, value))
        a, b = self.fresh(), self.fresh()
        if kind == "uniqueLang":
            tags = f"LANG(?{a}) != '' && LCASE(LANG(?{a})) = LCASE(LANG(?{b})) && !sameTerm(?{a}, ?{b})"
            return f"NOT EXISTS {{ {self.values(x, path, a)} {self.values(x, path, b)} FILTER({tags}) }}"
        if kind == "equals":
            name = n3(cast(IRI, value))
            there = self.exists(x, path, a, f"NOT EXISTS {{ ?{x} {name} ?{a} }}")
            back = f"EXISTS {{ ?{x} {name} ?{b} FILTER(!{self.reaches(x, path, b)}) }}"
            return f"!({there} || {back})"
        if kind in ("lessThan", "lessThanOrEquals"):
            pair = self.pair(constraint, shape, a, b)
            return f"NOT EXISTS {{ {self.values(x, path, a)} ?{x} {n3(cast(IRI, value))} ?{b} FILTER(!{pair}) }}"
        if kind == "closed":
            p, o = self.fresh(), self.fresh()
            allowed = not_in(p, cast(list[str], value))
            return f"NOT EXISTS {{ {self.values(x, path, a)} ?{a} ?{p} ?{o} FILTER({allowed}) }}"
        if kind in ("sparql", "component"):
            return f"NOT EXISTS {{ {inline_select(self.shapes.graph, constraint, shape, x, self.fresh)} }}"
        raise NotCompiledError(f"sh:{kind} inside another shape")

    def reaches(self, x: str, path: Path, v: str) -> str:
        """Write the condition that a path leads from one bound thing to another."""
        stays, rest = path.without_standing()
        moving = f"EXISTS {{ ?{x} {rest.text()} ?{v} }}" if rest is not None else "false"
        return f"(sameTerm(?{x}, ?{v}) || {moving})" if stays else moving

    def pair(self, constraint: Constraint, shape: Shape, a: str, b: str) -> str:
        """Write the comparison of a value with a value of the other property."""
        sign = "<" if constraint.kind == "lessThan" else "<="
        other = self.source.may_stand_in([cast(IRI, constraint.value).value])
        return f"COALESCE({self._worth(a, shape)} {sign} {worth(b, other)}, false)"

    def _has_value(self, path: Path, x: str, value: Term) -> str:
        constant = self.constant(value)
        stays, rest = path.without_standing()
        here = [f"sameTerm(?{x}, {constant})"] if stays else []
        return "(" + " || ".join([*here, *([f"EXISTS {{ ?{x} {rest.text()} {constant} }}"] if rest else [])]) + ")"

    def _at_least(
        self,
        number: int,
        shape: Shape,
        x: str,
        qualified: Qualified | None = None,
        within: frozenset[Term] = frozenset(),
    ) -> str:
        """Write the condition that a path has so many values, each of which conforms."""
        if number <= 0:
            return "true"
        if number > NAMED:
            raise NotCompiledError(f"a count of {number} inside another shape")
        assert shape.path is not None
        names = [self.fresh() for _ in range(number)]
        patterns = " ".join(
            f"{self.values(x, shape.path, name)}"
            + (f" FILTER({self.counted(qualified, name, within)})" if qualified else "")
            for name in names
        )
        apart = " && ".join(f"!sameTerm(?{a}, ?{b})" for a, b in combinations(names, 2))
        return f"EXISTS {{ {patterns}{f' FILTER({apart})' if apart else ''} }}"

    def counted(self, qualified: Qualified, v: str, within: frozenset[Term]) -> str:
        """Write the condition that a value is one of those that a qualified count counts."""
        siblings = [f"!({self.conforms(sibling, v, within)})" for sibling in qualified.siblings]
        return " && ".join([self.conforms(qualified.shape, v, within), *siblings])

    # Values -------------------------------------------------------------------------------------------------------

    def _stand_ins(self, shape: Shape) -> set[str]:
        """Return the datatypes that a shape's value nodes may have under another name."""
        path = shape.path
        last = None if path is None or path.kind != "iri" else [path.iri]
        return self.source.may_stand_in(last)

    def _worth(self, v: str, shape: Shape) -> str:
        return worth(v, self._stand_ins(shape))

    def _is_instance(self, v: str, class_: Term) -> str:
        return f"EXISTS {{ {self.instances(v, class_)} }}" if self._is_plain(class_) else self._instance_of(v, class_)

    def _is_plain(self, class_: Term) -> bool:
        return self._classes.nameless_below(class_) or len(self._classes.closure(class_)) == 1

    def _instance_of(self, v: str, class_: Term) -> str:
        kind = self.fresh()
        below = ", ".join(map(n3, self._classes.closure(class_)))
        return f"EXISTS {{ ?{v} <{RDF}type> ?{kind} FILTER(?{kind} IN ({below})) }}"

    def _has_datatype(self, v: str, datatype: str, stand_ins: set[str]) -> str:
        names = [datatype, *([STAND_IN + datatype] if datatype in stand_ins else [])]
        parts = [f"isLiteral(?{v})", f"COALESCE(DATATYPE(?{v}) IN ({', '.join(f'<{name}>' for name in names)}), false)"]
        if datatype in FORMS:
            parts.append(f"REGEX(STR(?{v}), {n3(Literal(FORMS[datatype]))})")
        if datatype in BOUNDS:
            least, most = BOUNDS[datatype]
            number = f"<{XSD}decimal>(STR(?{v}))"
            parts.append(f"COALESCE({number} >= {least}.0 && {number} <= {most}.0, false)")
        return f"({' && '.join(parts)})"

    def _matches(self, v: str, pattern: Literal, flags: str) -> str:
        if not self.can_match(pattern.value, flags):
            raise NotCompiledError(f"the engine does not read the regular expression '{pattern.value}'")
        texts = ", ".join(n3(Literal(text)) for text in (pattern.value, flags))
        return f"(!isBlank(?{v}) && REGEX(STR(?{v}), {texts}))"

    def can_match(self, pattern: str, flags: str) -> bool:
        """Say whether the engine reads a regular expression."""
        key = pattern, flags
        if key not in self._patterns:
            self._patterns[key] = can_match(self.source, pattern, flags)
        return self._patterns[key]

    def _is_one_of(self, v: str, terms: Iterable[Term]) -> str:
        iris = [n3(term) for term in terms if isinstance(term, IRI)]
        others = [f"sameTerm(?{v}, {self.constant(term)})" for term in terms if not isinstance(term, IRI)]
        parts = [*([f"(isIRI(?{v}) && ?{v} IN ({', '.join(iris)}))"] if iris else []), *others]
        return f"({' || '.join(parts)})" if parts else "false"


def worth(v: str, stand_ins: set[str]) -> str:
    """Write the value of a variable that may be bound to a stand-in."""
    if not stand_ins:
        return f"?{v}"
    kind = f"STR(DATATYPE(?{v}))"
    real = f'STRDT(STR(?{v}), IRI(STRAFTER({kind}, "{STAND_IN}")))'
    return f'COALESCE(IF(STRSTARTS({kind}, "{STAND_IN}"), {real}, ?{v}), ?{v})'


def not_in(p: str, allowed: list[str]) -> str:
    """Write the condition that a property is not among some."""
    return f"?{p} NOT IN ({', '.join(f'<{name}>' for name in allowed)})" if allowed else "true"
