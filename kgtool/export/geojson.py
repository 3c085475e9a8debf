"""GeoJSON: the things whose coordinates are known.

https://www.rfc-editor.org/rfc/rfc7946
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from kgtool.export.values import in_text, json_record, node_record
from kgtool.network import Network

__all__ = ["write_geojson"]


def _pieces(network: Network) -> Iterator[str]:
    yield '{"type": "FeatureCollection", "features": [\n'
    before = ""
    for node in network.nodes():
        if node.longitude is None or node.latitude is None:
            continue
        properties = {"label": node.label, **json_record(node_record(node))}
        feature = {
            "type": "Feature",
            "id": node.id,
            "geometry": {"type": "Point", "coordinates": [node.longitude, node.latitude]},
            "properties": properties,
        }
        yield before + json.dumps(feature, ensure_ascii=False, allow_nan=False)
        before = ",\n"
    yield "\n]}\n" if before else "]}\n"


#: Write the things with coordinates as GeoJSON.
write_geojson = in_text(_pieces)
