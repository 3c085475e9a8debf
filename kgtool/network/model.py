"""A network as values: nodes, edges, and the two walks over them that every exporter and analysis uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kgtool.network.texts import Texts
from kgtool.terms import IRI, BlankNode, Term

__all__ = [
    "EDGE_KEYS",
    "LIST_KEYS",
    "NODE_KEYS",
    "Edge",
    "Key",
    "KeyType",
    "Network",
    "Node",
    "Quad",
    "Value",
    "with_attributes",
]

_T = TypeVar("_T")

#: What an attribute can be; ``date`` is ``2023-11-30``.
KeyType = str

#: A value of an attribute.
Value = str | int | float | bool | Decimal | Sequence[str] | None

#: A triple and the named graph it stands in; ``None`` is the default graph.
Quad = tuple[IRI | BlankNode, IRI, Term, IRI | BlankNode | None]


class Key(NamedTuple):
    """An attribute: its name in files, its type (string, integer, double, boolean, date), and what it says."""

    name: str
    type: KeyType
    title: str


class Node(NamedTuple):
    """A thing, or a statement that has too many ends to be an edge."""

    #: Its CURIE, or its IRI where no prefix fits.
    id: str
    iri: str
    #: The most specific class and all classes, as CURIEs; the label of the first in the chosen language.
    class_: str = ""
    classes: tuple[str, ...] = ()
    class_label: str = ""
    #: The label in the chosen language, and those in all languages, by tag.
    label: str = ""
    labels: Mapping[str, str] = {}
    description: str = ""
    #: The things in other datasets that it is mapped to, and the predicate by which it is to each, as a CURIE.
    links: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    degree: int = 0
    #: For a statement: how it is meant, the numbers and CURIEs of the sentences that prove it, the phrases that do.
    modality: str = ""
    evidence: tuple[int, ...] = ()
    sentences: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    #: First and last day, as ISO dates.
    start: str = ""
    end: str = ""
    #: Where it is; for coordinates of something that it is linked to: of what (a CURIE), by which link, in which graph.
    longitude: float | None = None
    latitude: float | None = None
    place_of: str = ""
    place_by: str = ""
    place_in: str = ""
    #: Literal properties (``--literals``) or results of an analysis: see :attr:`Network.keys`.
    attributes: Mapping[str, Value] = {}


class Edge(NamedTuple):
    """A direct edge, or a statement that relates two things."""

    #: ``source..predicate..target``, or the CURIE of the statement.
    id: str
    #: The ids of its nodes.
    source: str
    target: str
    #: The CURIE of the property, or of the statement's class.
    predicate: str
    #: The predicate's label in the chosen language; for a figure its statistic type, and its indicator.
    label: str = ""
    #: One of :data:`kgtool.network.MODALITIES`.
    modality: str = "stated"
    #: The numbers and CURIEs of the sentences that say it, in reading order, and the phrases that prove it.
    evidence: tuple[int, ...] = ()
    sentences: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    #: The IRI of the statement; empty for a direct edge.
    statement: str = ""
    #: Figures: the number, what it is counted in, and how the text writes it.
    value: Decimal | None = None
    unit: str = ""
    scale: Decimal | None = None
    written: str = ""
    qualifier: str = ""
    indicator: str = ""
    statistic: str = ""
    formula: str = ""
    #: Recognitions: granted, filed or applied for; by whom; in which batch.
    status: str = ""
    granting_body: str = ""
    batch: str = ""
    #: Rankings.
    rank: int | None = None
    ranked_among: int | None = None
    aspect: str = ""
    #: The period: its label, first and last day.
    period: str = ""
    start: str = ""
    end: str = ""


#: The attributes of nodes that files carry beside id and label, in this order.
NODE_KEYS = (
    Key("iri", "string", "IRI"),
    Key("class", "string", "class"),
    Key("classLabel", "string", "class, in words"),
    Key("classes", "string", "all classes"),
    Key("label_zh_Hans", "string", "label, Simplified Chinese"),
    Key("label_zh_Hant", "string", "label, Traditional Chinese"),
    Key("label_en", "string", "label, English"),
    Key("description", "string", "description"),
    Key("links", "string", "elsewhere"),
    Key("relations", "string", "how it is related to each of them"),
    Key("degree", "integer", "edges"),
    Key("modality", "string", "modality"),
    Key("evidence", "string", "sentences, by number"),
    Key("sentences", "string", "sentences"),
    Key("quotes", "string", "quotation"),
    Key("start", "date", "first day"),
    Key("end", "date", "last day"),
    Key("longitude", "double", "longitude"),
    Key("latitude", "double", "latitude"),
    Key("coordinatesOf", "string", "whose coordinates they are, if of something linked"),
    Key("coordinatesBy", "string", "the link to that"),
    Key("coordinatesIn", "string", "the graph they stand in"),
)

#: The attributes of edges that files carry beside id, ends and label, in this order.
EDGE_KEYS = (
    Key("predicate", "string", "predicate"),
    Key("modality", "string", "modality"),
    Key("evidence", "string", "sentences, by number"),
    Key("sentences", "string", "sentences"),
    Key("quotes", "string", "quotation"),
    Key("statement", "string", "IRI of the statement"),
    Key("value", "double", "value"),
    Key("unit", "string", "unit"),
    Key("scale", "double", "scale"),
    Key("written", "string", "value as written"),
    Key("qualifier", "string", "qualifier"),
    Key("indicator", "string", "indicator"),
    Key("statistic", "string", "statistic type"),
    Key("formula", "string", "formula"),
    Key("status", "string", "status"),
    Key("grantingBody", "string", "granting body"),
    Key("batch", "string", "batch"),
    Key("rank", "integer", "rank"),
    Key("rankedAmong", "integer", "among"),
    Key("aspect", "string", "aspect"),
    Key("period", "string", "period"),
    Key("start", "date", "first day"),
    Key("end", "date", "last day"),
)

#: Those that are lists.
LIST_KEYS = frozenset(("classes", "links", "relations", "sentences", "quotes"))


class Network:
    """Nodes and edges, walked over as often as wanted, always in the same order.

    :param nodes: starts a walk over the nodes, sorted by id.
    :param edges: starts a walk over the edges, sorted by id; their ends are nodes of this network.
    :param language: the language of labels.
    :param title: what the network shows.
    :param titles: the same by language tag.
    :param keys: the attributes that nodes carry in :attr:`Node.attributes`.
    :param quads: starts a walk over the RDF that the network shows, sorted.
    :param prefixes: those that its CURIEs are made of.
    :param texts: looks up what things are called in every language: see :meth:`texts`.
    """

    def __init__(
        self,
        nodes: Callable[[], Iterable[Node]],
        edges: Callable[[], Iterable[Edge]],
        *,
        node_count: int,
        edge_count: int,
        language: str = "zh-Hans",
        title: str = "",
        titles: Mapping[str, str] | None = None,
        keys: Sequence[Key] = (),
        quads: Callable[[], Iterable[Quad]] | None = None,
        prefixes: Mapping[str, str] | None = None,
        texts: Callable[[Iterable[str]], Mapping[str, Texts]] | None = None,
    ) -> None:
        self._nodes = nodes
        self._edges = edges
        self._quads = quads
        self._texts = texts
        self.node_count = node_count
        self.edge_count = edge_count
        self.language = language
        self.title = title
        self.titles = dict(titles or ({language: title} if title else {}))
        self.keys = tuple(keys)
        self.prefixes = dict(prefixes or {})

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge], *, keys: Sequence[Key] = ()) -> Network:
        """Make a network of nodes and edges at hand, which are sorted here."""
        own_nodes = sorted(nodes, key=lambda node: node.id)
        own_edges = sorted(edges, key=lambda edge: edge.id)
        return cls(
            lambda: own_nodes, lambda: own_edges, node_count=len(own_nodes), edge_count=len(own_edges), keys=keys
        )

    def nodes(self) -> Iterator[Node]:
        """Walk over the nodes, sorted by id."""
        yield from self._nodes()

    def edges(self) -> Iterator[Edge]:
        """Walk over the edges, sorted by id."""
        yield from self._edges()

    def quads(self) -> Iterator[Quad]:
        """Walk over the RDF that the network shows: graph by graph, the default graph first; none without a store."""
        if self._quads is not None:
            yield from self._quads()

    def texts(self, names: Iterable[str]) -> Mapping[str, Texts]:
        """Look up what things are called in every language, and what sentences are about; nothing without a store.

        :param names: CURIEs or IRIs of nodes, classes, predicates, statements and sentences.
        """
        return self._texts(names) if self._texts is not None else {}

    def watched(self, seen: Callable[[int], None], *, every: int = 1000) -> Network:
        """Return the same network, whose walks say how far they are: every so many elements, how many more."""

        def watch(walk: Callable[[], Iterable[_T]]) -> Callable[[], Iterator[_T]]:
            def walked() -> Iterator[_T]:
                number = 0
                for number, one in enumerate(walk(), start=1):
                    yield one
                    if number % every == 0:
                        seen(every)
                seen(number % every)

            return walked

        return self.with_walks(nodes=watch(self._nodes), edges=watch(self._edges))

    def with_walks(
        self,
        *,
        nodes: Callable[[], Iterable[Node]] | None = None,
        edges: Callable[[], Iterable[Edge]] | None = None,
        keys: Sequence[Key] | None = None,
    ) -> Network:
        """Return a network that is walked over otherwise: the same nodes and edges, changed on the way."""
        return Network(
            nodes or self._nodes,
            edges or self._edges,
            node_count=self.node_count,
            edge_count=self.edge_count,
            language=self.language,
            title=self.title,
            titles=self.titles,
            keys=self.keys if keys is None else keys,
            quads=self._quads,
            prefixes=self.prefixes,
            texts=self._texts,
        )


def with_attributes(network: Network, keys: Sequence[Key], values: Mapping[str, Mapping[str, Value]]) -> Network:
    """Return a network whose nodes carry more attributes: a centrality, a community.

    :param values: by the id of the node, then by the name of the key.

    >>> network = Network.of([Node("ex:a", "urn:a")], [])
    >>> ranked = with_attributes(network, [Key("pagerank", "double", "PageRank")], {"ex:a": {"pagerank": 0.5}})
    >>> next(ranked.nodes()).attributes
    {'pagerank': 0.5}
    """

    def nodes() -> Iterator[Node]:
        for node in network.nodes():
            more = values.get(node.id)
            yield node._replace(attributes={**node.attributes, **more}) if more else node

    return network.with_walks(nodes=nodes, keys=(*network.keys, *keys))
