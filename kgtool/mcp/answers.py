"""What the tools return: the SDK makes an output schema of each and sends it both as JSON and as text."""

from __future__ import annotations

from pydantic import BaseModel, Field

__all__ = [
    "Alternative",
    "Asked",
    "Cell",
    "Class",
    "Entity",
    "Fact",
    "ParameterInfo",
    "Proof",
    "Property",
    "Question",
    "Questions",
    "Row",
    "SchemaCard",
    "Sentence",
    "SparqlAnswer",
    "Table",
]


class ParameterInfo(BaseModel):
    """Something a question can be told."""

    name: str
    type: str
    class_: str | None = Field(alias="class", description="CURIE of the class whose instances are the choices")
    required: bool
    default: str | None
    description: str
    choices: list[str]


class Question(BaseModel):
    """A saved query."""

    name: str
    question: str
    summary: str
    tags: list[str]
    parameters: list[ParameterInfo]


class Questions(BaseModel):
    """The saved queries of the graph."""

    questions: list[Question]


class Cell(BaseModel):
    """A value of an answer."""

    value: str = Field(description="a literal's text, or a thing's CURIE or IRI")
    label: str | None = Field(default=None, description="what a thing is called")


class Row(BaseModel):
    """A row of an answer."""

    cells: dict[str, Cell] = Field(description="by column; a column without a value is left out")
    sentences: list[int] = Field(default=[], description="numbers of the article's sentences that prove the row")


class Table(BaseModel):
    """The answer to a saved query."""

    query: str
    question: str
    parameters: dict[str, str] = Field(description="what the query was told; others have their defaults")
    columns: list[str]
    rows: list[Row]
    truncated: bool = Field(description="whether there are more rows than asked for")
    notes: list[str] = []


class Alternative(BaseModel):
    """Another saved query that may have been meant."""

    query: str
    question: str
    parameters: dict[str, str]
    score: float


class Asked(BaseModel):
    """The answer to a question in plain words, and why this is it."""

    answer: Table
    score: float
    matched: list[str] = Field(description="the words of the question that the query is asked with")
    unused: list[str] = Field(description="things and numbers of the question that the query cannot be told")
    others: list[Alternative]


class Fact(BaseModel):
    """A triple with the thing at one end."""

    predicate: str
    label: str
    direction: str = Field(description="out: the thing is the subject; in: it is the object")
    value: Cell
    modality: str = Field(description="stated, planned, derived or background")
    sentences: list[int]


class Entity(BaseModel):
    """A thing, and with 'describe' what is said of it."""

    iri: str
    curie: str
    labels: dict[str, str]
    other_names: list[str] = []
    classes: list[Cell] = []
    definition: str = ""
    facts: list[Fact] = []
    truncated: bool = False


class Sentence(BaseModel):
    """A sentence that proves something."""

    curie: str
    number: int | None
    article: str | None
    section: str | None
    paragraph: int | None
    start: int | None = Field(description="its range in the article's text, in characters; the end is exclusive")
    end: int | None
    gist: str | None = Field(description="what it says, in the graph's own words")
    quotes: list[str] = Field(description="the phrases of the article that prove it, verbatim")
    relies_on: list[int] = Field(default=[], description="sentences that name the subject or period it leaves out")
    triples: list[list[str]] = Field(description="subject, predicate, object of what it says here")


class Proof(BaseModel):
    """The sentences that prove a fact or a row, in reading order."""

    sentences: list[Sentence]
    notes: list[str] = []


class SparqlAnswer(BaseModel):
    """The answer to a query."""

    form: str = Field(description="select, ask or graph")
    columns: list[str] = []
    rows: list[Row] = []
    boolean: bool | None = None
    ntriples: str | None = None
    truncated: bool = False


class Class(BaseModel):
    """A class and how many instances it has."""

    curie: str
    label: str
    instances: int


class Property(BaseModel):
    """A property and how often it is used."""

    curie: str
    label: str
    definition: str
    uses: int


class SchemaCard(BaseModel):
    """What the graph is made of."""

    about: str
    prefixes: dict[str, str]
    classes: list[Class]
    properties: list[Property]
    notes: list[str]
    examples: list[str] = Field(description="queries that work")
