"""A reconciliation service asked: somebody's, or this project's own.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from kgtool.errors import StoreError
from kgtool.store.transport import Transport, read_address

__all__ = ["Candidate", "ReconciliationService"]

#: Queries of a batch where the service does not say how many it takes, and the most that are sent.
_BATCH, _LARGEST = 10, 100
#: Bytes of an answer.
_MOST_BYTES = 64 * 2**20


class Candidate(NamedTuple):
    """A thing that may be meant.

    :param types: the identifiers of its types.
    :param match: whether the service is sure.
    """

    id: str
    name: str
    score: float
    match: bool
    types: tuple[str, ...] = ()
    description: str = ""


class ReconciliationService:
    """A service of the Reconciliation API, version 0.2.

    A request to a server that is busy is sent again, later and later; a log-in is found as for SPARQL endpoints.

    :param url: its address.
    :param timeout: seconds without a byte after which it is given up.
    :raises StoreError: if the address is none.
    """

    def __init__(self, url: str, *, timeout: float | None = None) -> None:
        self._address = read_address(url)
        self._timeout = timeout
        self._transport = Transport(self._address, timeout=timeout)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the service says of itself.

        :raises StoreError: if it cannot be reached, or is no such service.
        """
        found = self._ask(self._address.with_parameters())
        if not isinstance(found, dict) or not ({"versions", "identifierSpace"} & set(found)):
            raise StoreError("no reconciliation service", file=self._address.url, hint="give the address of one")
        # A service that names no versions is of 0.1, whose batches are the same.
        versions = found.get("versions", ["0.1"])
        if not isinstance(versions, list) or not {"0.1", "0.2"} & {str(one) for one in versions}:
            raise StoreError("speaks no version that kgtool does", file=self._address.url, hint="0.2, or 0.1, is asked")
        return found

    def reconcile(
        self,
        names: Iterable[str],
        *,
        type: str | Sequence[str] | None = None,  # noqa: A002 - the API's word
        limit: int | None = None,
        properties: Mapping[str, Sequence[Any]] | None = None,
    ) -> list[list[Candidate]]:
        """Return the candidates for each name, the best first, in the order of the names.

        :param type: the identifiers of types.
        :param limit: the most candidates of each name.
        :param properties: by identifier, the value that each name's thing should have, or ``None``.
        :raises StoreError: if the service cannot be reached, or says what cannot be understood.
        """
        queries = [self._query(name, type, limit, properties or {}, row) for row, name in enumerate(names)]
        stated = self.manifest.get("batchSize")
        size = min(stated, _LARGEST) if isinstance(stated, int) and stated > 0 else _BATCH
        found: list[list[Candidate]] = []
        for start in range(0, len(queries), size):
            batch = {f"q{number}": query for number, query in enumerate(queries[start : start + size])}
            answer = self._post("queries", batch)
            found += [self._candidates(answer, key) for key in batch]
        return found

    def suggest(self, prefix: str, *, kind: str = "entity") -> list[dict[str, Any]]:
        """Return what the service suggests for a prefix: ``{"id", "name", …}`` each.

        :param kind: ``entity``, ``property`` or ``type``.
        :raises StoreError: if it suggests no such things.
        """
        places = self.manifest.get("suggest")
        place = places.get(kind) if isinstance(places, dict) else None
        if not isinstance(place, dict):
            raise StoreError(f"suggests no {kind}", file=self._address.url)
        url = urljoin(self._address.url, f"{place.get('service_url', '')}{place.get('service_path', '')}")
        answer = self._ask(f"{url}{'&' if '?' in url else '?'}{urlencode({'prefix': prefix})}")
        return self._list(answer.get("result") if isinstance(answer, dict) else None)

    def extend(self, ids: Iterable[str], properties: Iterable[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return the values that things have of properties: by identifier, then property."""
        wanted = {"ids": list(ids), "properties": [{"id": one} for one in properties]}
        answer = self._post("extend", wanted)
        rows = answer.get("rows")
        if not isinstance(rows, dict) or not all(isinstance(row, dict) for row in rows.values()):
            raise self._unreadable()
        for row in rows.values():
            for values in row.values():
                self._list(values)
        return rows

    def _query(
        self,
        name: str,
        types: str | Sequence[str] | None,
        limit: int | None,
        properties: Mapping[str, Sequence[Any]],
        row: int,
    ) -> dict[str, Any]:
        query: dict[str, Any] = {"query": name}
        if types:
            query["type"] = types if isinstance(types, str) else list(types)
        if limit is not None:
            query["limit"] = limit
        given = [{"pid": one, "v": values[row]} for one, values in properties.items() if values[row] is not None]
        if given:
            query["properties"] = given
        return query

    def _candidates(self, answer: dict[str, Any], key: str) -> list[Candidate]:
        result = answer.get(key)
        found = self._list(result.get("result") if isinstance(result, dict) else None)
        try:
            candidates = [
                Candidate(
                    str(one["id"]),
                    str(one["name"]),
                    float(one["score"]),
                    one.get("match") is True,
                    tuple(str(t["id"] if isinstance(t, dict) else t) for t in one.get("type") or ()),
                    str(one.get("description") or ""),
                )
                for one in found
            ]
        except (KeyError, TypeError, ValueError, OverflowError) as exc:
            raise self._unreadable() from exc
        if not all(isfinite(one.score) for one in candidates):
            raise self._unreadable()
        return sorted(candidates, key=lambda one: -one.score)

    def _list(self, given: Any) -> list[dict[str, Any]]:
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise self._unreadable()
        return given

    def _post(self, name: str, value: Any) -> dict[str, Any]:
        body = urlencode({name: json.dumps(value, ensure_ascii=False)}).encode()
        answer = self._ask(self._address.with_parameters(), body)
        if not isinstance(answer, dict):
            raise self._unreadable()
        return answer

    def _ask(self, url: str, body: bytes | None = None) -> Any:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        place = read_address(url)
        transport = self._transport
        if urlsplit(place.url)[:2] != urlsplit(self._address.url)[:2]:
            # The manifest leads to another server: a log-in meant for this one is not shown there.
            transport = Transport(place, timeout=self._timeout, is_stranger=True)
        request = urllib.request.Request(url, body, headers)  # noqa: S310 (read_address checked it)
        answer = transport.send(request)
        try:
            pieces, size = [], 0
            while piece := answer.read(65536):
                pieces.append(piece)
                size += len(piece)
                if size > _MOST_BYTES:
                    raise StoreError(f"answers with more than {_MOST_BYTES} bytes", file=self._address.url)
            return json.loads(b"".join(pieces))
        except (ValueError, RecursionError) as exc:
            raise self._unreadable() from exc
        finally:
            answer.close()

    def _unreadable(self) -> StoreError:
        hint = "give the address of a reconciliation service, version 0.2"
        return StoreError("answers what is not the reconciliation API", file=self._address.url, hint=hint)
