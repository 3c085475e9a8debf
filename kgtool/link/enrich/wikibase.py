"""Wikidata's API, or that of any Wikibase: fifty entities at once, politely.

https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities ·
https://www.mediawiki.org/wiki/Manual:Maxlag_parameter
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from kgtool.errors import DataError, StoreError
from kgtool.link.enrich.records import LANGUAGES, Statement
from kgtool.link.enrich.wikidata import ENTITY, entity_statements, is_item
from kgtool.store.transport import Transport, read_address

__all__ = ["AGENT", "WikibaseSource"]

#: Who asks: https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
AGENT = "kgtool (https://w3id.org/industrial-park/) link enrich"

#: Seconds that the servers may lag behind before a request had better wait; how often it is sent again, and the pause.
_MAXLAG = 5
_TRIES = 5
_PAUSE = 5.0
#: Seconds between two requests.
_BETWEEN = 0.1


class WikibaseSource:
    """Entities from ``action=wbgetentities``.

    :param address: that of ``api.php``.
    """

    batch: int | None = 50

    def __init__(self, address: str, *, timeout: float | None = None) -> None:
        self._address = read_address(address)
        self._transport = Transport(self._address, timeout=timeout)
        self._asked = False
        self.name = self._address.url

    def fetch(self, iris: Sequence[str]) -> Iterator[tuple[str, list[Statement]]]:
        """Look entities up: see :class:`kgtool.link.enrich.records.Source`."""
        ids = [iri.removeprefix(ENTITY) for iri in iris]
        wrong = next((id_ for id_ in ids if not is_item(id_)), None)
        if wrong is not None:
            raise DataError(f"'{wrong}' is no item of Wikidata", hint="run 'kgtool link check'")
        entities = self._ask(ids)
        moved = {
            str(entity["redirects"]["from"]): entity
            for entity in entities.values()
            if isinstance(entity, dict) and isinstance(entity.get("redirects"), dict)
        }
        for id_ in ids:
            entity = moved.get(id_) or entities.get(id_)
            if isinstance(entity, dict):
                yield ENTITY + id_, entity_statements(id_, entity)

    def _ask(self, ids: Sequence[str]) -> dict[str, Any]:
        """Ask for entities, again where the servers lag behind."""
        if self._asked:
            time.sleep(_BETWEEN)
        self._asked = True
        url = self._address.with_parameters(
            action="wbgetentities",
            ids="|".join(ids),
            props="labels|descriptions|claims",
            languages="|".join(LANGUAGES),
            redirects="yes",
            format="json",
            maxlag=str(_MAXLAG),
        )
        for _ in range(_TRIES):
            request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept": "application/json"})  # noqa: S310
            answer = self._transport.send(request)
            said = self._read(answer.read())
            error = said.get("error")
            if not isinstance(error, dict):
                entities = said.get("entities")
                if not isinstance(entities, dict):
                    raise StoreError("no answer of a Wikibase: it has no 'entities'", file=self.name, hint=_HINT)
                return entities
            if error.get("code") != "maxlag":
                words = f"{error.get('code')}: {error.get('info', '')}"
                raise StoreError(f"refuses the request ({words[:200]})", file=self.name, hint=_HINT)
            asked = str(answer.headers.get("Retry-After") or "")
            time.sleep(float(asked) if asked.isdecimal() and float(asked) < 60 else _PAUSE)
        raise StoreError(f"lags behind, asked {_TRIES} times", file=self.name, hint="try again later")

    def _read(self, data: bytes) -> dict[str, Any]:
        try:
            said = json.loads(data)
        except ValueError as exc:
            raise StoreError("no answer of a Wikibase: no JSON", file=self.name, hint=_HINT) from exc
        if not isinstance(said, dict):
            raise StoreError("no answer of a Wikibase: no JSON object", file=self.name, hint=_HINT)
        return said


_HINT = "give the address of its api.php, such as https://www.wikidata.org/w/api.php"
