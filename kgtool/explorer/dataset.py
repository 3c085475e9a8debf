"""What a graph says of itself: its title, what it is about, who may use it."""

from __future__ import annotations

from typing import Any

from kgtool.explorer.links import Links
from kgtool.explorer.naming import in_script
from kgtool.explorer.visit import Sources, Visit
from kgtool.namespaces import DCTERMS, VOID
from kgtool.store import Store
from kgtool.terms import IRI, Literal, Term

__all__ = ["base_of", "read_dataset"]


def base_of(store: Store) -> str | None:
    """Return the IRI that the graph's own names start with; ``None`` if it says none, or several."""
    rows = list(store.query(f"SELECT DISTINCT ?base {{ ?dataset <{VOID}uriSpace> ?base }} LIMIT 2").rows())
    return rows[0][0].value if len(rows) == 1 and rows[0][0] is not None else None


def read_dataset(sources: Sources, visit: Visit) -> dict[str, Any]:
    """Read the description of the dataset whose names start with the graph's base."""
    query = f"SELECT ?p ?o WHERE {{ ?dataset <{VOID}uriSpace> ?base ; ?p ?o FILTER(STR(?base) = STR(?wanted)) }}"
    said: dict[str, list[Term]] = {}
    if sources.base is not None:
        for p, o in sources.store.query(query, bindings={"wanted": Literal(sources.base)}).rows():
            if p is not None and o is not None:
                said.setdefault(p.value, []).append(o)
    licence = next((o.value for o in said.get(f"{DCTERMS}license", []) if isinstance(o, IRI)), "")
    return {
        "title": _text(said, "title", visit) or sources.about.name or "kgtool",
        "description": _text(said, "description", visit),
        "modified": next((o.value for o in said.get(f"{DCTERMS}modified", [])), ""),
        "licence": licence,
        "licence_href": Links.elsewhere(licence) if licence else None,
    }


def _text(said: dict[str, list[Term]], name: str, visit: Visit) -> str:
    texts = {(o.language or "").lower(): o.value for o in said.get(DCTERMS + name, []) if isinstance(o, Literal)}
    for language in visit.languages:
        if language.lower() in texts:
            return in_script(texts[language.lower()], visit.language)
    return next(iter(texts.values()), "")
