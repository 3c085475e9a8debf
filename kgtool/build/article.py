"""One article as quads: its record, what its sentences say, and what the rules make of that with what articles share.

An article is the unit of distribution. A rule sees the ontology, the entities, the links and one article, never two, so
that articles can be made in any order, on any machine, and one that changed is all that has to be made again.
"""

from __future__ import annotations

from kgtool.build.shared import Shared
from kgtool.build.sources import Sources, read_source
from kgtool.errors import DataError
from kgtool.namespaces import IP, compress
from kgtool.store.drafts import Draft, Layer
from kgtool.terms import IRI

__all__ = ["make_article"]


def make_article(sources: Sources, shared: Shared, slug: str) -> bytes:
    """Make the quads of an article as N-Quads, sorted: those of its own graphs, and those of the derived graph.

    :param sources: its files, as they were when they were hashed.
    :param slug: the name of its folder.
    :raises DataError: if a file is malformed, has changed, or says something outside a sentence's block.
    """
    content = {source.name: read_source(sources.project, source) for source in sources.articles[slug]}
    record, facts = content["article.ttl"], content.get("facts.trig")
    graph = f"{shared.base}graph/article/{slug}"
    with shared.draft.layer() as layer:
        name = _named(shared, slug, "article.ttl")
        layer.load(record, "turtle", file=name, graph=graph, prefixes=shared.prefixes)
        if facts is not None:
            _load_facts(layer, shared, slug, facts, declared=_sentences(shared.draft, graph))
        for rule in shared.rules:
            layer.construct(
                rule.text, graph=shared.derived, bindings=rule.bindings, prefixes=shared.prefixes, file=rule.file
            )
        return layer.quads(blank=slug)


def _named(shared: Shared, slug: str, file: str) -> str:
    return shared.project.relative(shared.project.root / "graph" / "articles" / slug / file)


def _sentences(draft: Draft, graph: str) -> set[str]:
    query = f"SELECT ?s {{ GRAPH ?article {{ ?s a <{IP}Sentence> }} }}"
    return {term.value for (term, *_) in draft.query(query, bindings={"article": IRI(graph)}).rows() if term}


def _load_facts(layer: Layer, shared: Shared, slug: str, facts: bytes, *, declared: set[str]) -> None:
    """Add the facts of an article: one block per sentence, and nothing outside the blocks."""
    name = _named(shared, slug, "facts.trig")
    graphs = layer.load(facts, "trig", file=name, prefixes=shared.prefixes)
    # Every block has a brace. As many braces as graphs: none is empty, none is there twice. Otherwise a look at each.
    if None in graphs or graphs - declared or facts.count(b"{") != len(graphs) or not _is_utf8(facts):
        _look_at_blocks(shared, slug, declared=declared)


def _is_utf8(data: bytes) -> bool:
    """Say whether a file is UTF-8 all through: in comments the engine passes over what is not."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _look_at_blocks(shared: Shared, slug: str, *, declared: set[str]) -> None:
    from kgtool.positions import read_blocks, read_positions

    name = _named(shared, slug, "facts.trig")
    path = shared.project.root / "graph" / "articles" / slug / "facts.trig"
    try:
        outside = next((at.line for at in read_positions(path) if at.graph is None), None)
        blocks = read_blocks(path)
    except DataError as exc:
        raise DataError(exc.message, file=name, line=exc.line, hint=exc.hint) from exc
    if outside is not None:
        hint = "put it into the block of the sentence that says it, GRAPH s:1 { … }"
        raise DataError("a statement stands outside every sentence", file=name, line=outside, hint=hint)
    first: dict[str, int] = {}
    for block in blocks:
        graph, line = block.graph.value, block.line
        called = compress(graph, shared.prefixes)
        if graph not in declared:
            hint = f"article.ttl declares {len(declared)}: correct the number, or declare this one as well"
            raise DataError(f"GRAPH {called}: the article has no such sentence", file=name, line=line, hint=hint)
        if graph in first:
            what = f"GRAPH {called}: the sentence has a block already, on line {first[graph]}"
            raise DataError(what, file=name, line=line, hint="put the statements of both into one")
        first[graph] = line
