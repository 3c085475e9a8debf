"""What a problem says in detail, in the reader's language: the program's own messages are English everywhere else.

A message of the catalogue is the English one with its values left out, so it also tells which messages it is of.
"""

from __future__ import annotations

import re
from functools import cache
from gettext import NullTranslations

from kgtool.explorer.words import message

__all__ = ["IN_BROWSER", "detail_in"]

#: What a page says that runs its query itself, by the name that ``web/src`` has for it.
IN_BROWSER = {
    "needed": message("parameter '%(name)s' must have a value"),
    "choice": message("parameter '%(name)s': '%(value)s' is not one of its choices"),
    "integer": message("parameter '%(name)s': '%(value)s' is not a whole number such as 12"),
    "decimal": message("parameter '%(name)s': '%(value)s' is not a number such as 12.5"),
    "number": message("parameter '%(name)s': '%(value)s' is not a number such as 12.5"),
    "date": message("parameter '%(name)s': '%(value)s' is not a date such as 2023-12-31"),
    "dateTime": message("parameter '%(name)s': '%(value)s' is not a time such as 2023-12-31T12:00:00"),
    "boolean": message("parameter '%(name)s': '%(value)s' is not true or false"),
    "iri": message("parameter '%(name)s': '%(value)s' is not an IRI or a CURIE with a known prefix"),
    "entity": message("parameter '%(name)s': '%(value)s' is not an IRI or a CURIE with a known prefix"),
    "form": message("not a query"),
    "formHint": message("a query has SELECT, ASK, CONSTRUCT or DESCRIBE; stores are read-only"),
    "service": message("SERVICE is off: a query reads this store and nothing else"),
    "prefix": message("unknown prefix '%(name)s'"),
    "prefixHint": message("declare it: PREFIX %(name)s: <…>"),
    "syntax": message("syntax error near '%(value)s'"),
    "failed": message("the engine says: %(value)s"),
    "unreachable": message("'%(name)s' cannot be fetched"),
    "unreachableHint": message("the connection may be gone, or the site was replaced: load the page again"),
    "timeout": message("the query took longer than %(seconds)s seconds and was ended"),
    "timeoutHint": message("ask for less: LIMIT, or a count"),
    "memory": message("the query needs more memory than it may have"),
    "memoryHint": message("ask for less: LIMIT, or a count"),
    "stopped": message("The query was stopped."),
}

#: What else a reader of the pages can meet. The names of values are free.
_DETAILS = (
    message("query '%(query)s' has no parameter '%(name)s'"),
    message("query '%(query)s' needs parameter '%(name)s'"),
    message("add %(name)s=…"),
    message("it has none"),
    message("it has %(names)s"),
    message("the prefixes are %(names)s"),
    message("did you mean '%(name)s'?"),
    message("did you mean %(names)s?"),
    message("did you mean %(names)s? Else declare it: PREFIX %(name)s: <…>"),
    message("there are %(names)s"),
    message("nothing is called %(name)s and is a %(kind)s"),
    message("nothing is called %(name)s"),
    message("%(name)s is not a %(kind)s"),
    message("%(name)s names %(num)s things: %(names)s"),
    message("give the CURIE of the one you mean"),
    message("give a label in any language, a CURIE or an IRI"),
    message("syntax error near '%(value)s', line %(line)s, column %(column)s"),
    message("syntax error near '%(value)s', column %(column)s"),
    message("unknown prefix '%(name)s', line %(line)s, column %(column)s"),
    message("unknown prefix '%(name)s', column %(column)s"),
    message("a selected variable is not in GROUP BY"),
    message("put it into GROUP BY or into an aggregate"),
    message("load the other graph's file and query both"),
    message("the store has no graph <%(name)s>, and nothing is fetched"),
    message("FROM names graphs of the store; give files with --store"),
    message("the query took too long and was ended"),
    message("ask for less, or start the server with a longer --timeout"),
    message("the answer is larger than %(num)s bytes"),
    message("the answer has more than %(num)s rows"),
    message("ask for less: LIMIT, fewer variables, or a count"),
    message("ask for less: LIMIT, or a count"),
    message("a query may have %(num)s bytes"),
    message("ask for less at once"),
    message("%(some)s queries are running and %(more)s wait"),
    message("try again in a second"),
    message("nothing is at '%(name)s'"),
    message("/ lists what there is"),
    message("parameter '%(name)s' is given twice"),
    message("keep one of them"),
    message("no pages in '%(language)s'"),
    message("lang is %(names)s"),
    message("ask for less, or start the server with a larger --max-memory"),
    message("the server is shutting down"),
    message("the graph cannot be read"),
    message("tell whoever runs this server; its log says more"),
    message("no saved query '%(name)s'"),
    message("nothing is said of '%(name)s'"),
    message("no sentence is recorded of '%(name)s'"),
    message("'hops' is 1, 2 or 3"),
    message("the page has no parameter '%(name)s'"),
    message("send it without 'Accept: text/html'"),
    message(
        "no saved query answers '%(question)s'; the graph has nothing called %(names)s: "
        "the best score is %(score)s, %(num)s is needed"
    ),
    message(
        "no saved query answers '%(question)s'; the graph has nothing called %(names)s: "
        "none shares a word with it, %(num)s is needed"
    ),
    message("no saved query answers '%(question)s': the best score is %(score)s, %(num)s is needed"),
    message("no saved query answers '%(question)s': none shares a word with it, %(num)s is needed"),
    message("the nearest: %(names)s"),
    message("'kgtool queries' lists what can be asked"),
    message("this query's rows cannot be traced: %(why)s"),
    message("what is absent (NOT EXISTS, MINUS) is in no sentence: only what is present is proved"),
    message(
        "OFFSET: the rows that are skipped are not proved, and without them others would be skipped in their place"
    ),
)


def detail_in(words: NullTranslations, text: str) -> str:
    """Say in a reader's language what a message of the program says; one that the catalogue does not know stays.

    >>> from kgtool.explorer.words import words_in
    >>> detail_in(words_in("en"), "nothing is called 'x'")
    "nothing is called 'x'"
    """
    for known, pattern in _patterns():
        found = pattern.fullmatch(text)
        said = words.gettext(known) if found else known
        if found and said != known:
            return said % found.groupdict()
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # A message that has more words of its own is more particular.
    known = sorted({*_DETAILS, *IN_BROWSER.values()}, key=lambda one: (-len(re.sub(r"%\(\w+\)s", "", one)), one))
    # '%\(name\)s' is what stands in an escaped message for a value.
    texts = {one: re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*?)", re.escape(one)) for one in known}
    return tuple((one, re.compile(text, re.DOTALL)) for one, text in texts.items())
