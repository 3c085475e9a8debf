"""Counts and durations in the text format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["Metrics"]

#: Upper bounds of the durations, in seconds.
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_HELP = {
    "kgtool_requests_total": "Requests answered, by route, method and status.",
    "kgtool_cache_hits_total": "Answers given from the cache.",
    "kgtool_cache_misses_total": "Answers that were not in the cache.",
    "kgtool_answers_cut_off_total": "Answers that ended before their end, by reason.",
    "kgtool_queries_turned_away_total": "Queries answered with 429.",
    "kgtool_workers_ended_total": "Workers that ended or were ended, by reason.",
}
_DURATION = "kgtool_request_seconds"

_Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, _Labels], int] = {}
        self._durations: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def count(self, name: str, **labels: str) -> None:
        """Add one to a counter."""
        key = (name, tuple(labels.items()))
        self._counts[key] = self._counts.get(key, 0) + 1

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.count("kgtool_requests_total", route=route, method=method, status=str(status))
        buckets = self._durations.setdefault(route, [0] * (len(_BOUNDS) + 1))
        place = next((place for place, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))
        buckets[place] += 1
        self._seconds[route] = self._seconds.get(route, 0.0) + seconds

    def render(self, gauges: Mapping[str, int]) -> str:
        """Write everything.

        :param gauges: what is as it is now.

        >>> metrics = Metrics()
        >>> metrics.count("kgtool_cache_hits_total")
        >>> print(metrics.render({"kgtool_workers": 2}), end="")
        # HELP kgtool_cache_hits_total Answers given from the cache.
        # TYPE kgtool_cache_hits_total counter
        kgtool_cache_hits_total 1
        # TYPE kgtool_workers gauge
        kgtool_workers 2
        """
        lines = []
        for name in sorted({name for name, _ in self._counts}):
            lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} counter"]
            lines += [f"{name}{_labels(key)} {value}" for (of, key), value in self._counts.items() if of == name]
        if self._durations:
            lines += [f"# HELP {_DURATION} Time to answer, by route.", f"# TYPE {_DURATION} histogram"]
        for route, buckets in self._durations.items():
            total = 0
            for bound, number in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
                total += number
                lines.append(f"{_DURATION}_bucket{_labels((('route', route), ('le', bound)))} {total}")
            lines.append(f"{_DURATION}_sum{_labels((('route', route),))} {self._seconds[route]:.6f}")
            lines.append(f"{_DURATION}_count{_labels((('route', route),))} {total}")
        for name, value in gauges.items():
            lines += [f"# TYPE {name} gauge", f"{name} {value}"]
        return "".join(f"{line}\n" for line in lines)


def _labels(labels: _Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
