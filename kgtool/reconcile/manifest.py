"""What a reconciliation service says of itself.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#service-manifest
"""

from __future__ import annotations

from typing import Any

from kgtool.labels import LANGUAGES
from kgtool.namespaces import IP
from kgtool.reconcile.asked import BATCH_SIZE
from kgtool.reconcile.source import Source

__all__ = ["PREVIEW_SIZE", "manifest", "property_settings"]

#: Width and height of a preview, in pixels.
PREVIEW_SIZE = (430, 260)

#: Types that are offered when nothing was chosen: the ontology's own, if there are things of them.
_TYPES = 12


def manifest(source: Source, *, name: str, version: str, root: str, documentation: str) -> dict[str, Any]:
    """Describe the service.

    :param name: what the graph is called if it does not say so itself.
    :param root: where the service is, without a slash at the end.
    :param documentation: the address of a page about the graph.
    """
    width, height = PREVIEW_SIZE
    types = [iri for iri in source.types if iri.startswith(IP)] or list(source.types)
    return {
        "versions": ["0.2"],
        "name": source.title or name,
        "identifierSpace": source.base or f"{root}/",
        "schemaSpace": IP,
        "documentation": documentation,
        "serviceVersion": version,
        "defaultTypes": [source.named(iri, source.names) for iri in types[:_TYPES]],
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": width, "height": height},
        "suggest": {
            kind: {
                "service_url": root,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": root,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/properties"},
            "property_settings": property_settings(),
        },
        "batchSize": BATCH_SIZE,
    }


def property_settings() -> list[dict[str, Any]]:
    """Return what can be set for a property of a data extension."""
    return [
        {
            "name": "limit",
            "label": "Limit",
            "type": "number",
            "default": 0,
            "help_text": "The most values of each thing; 0 is all.",
        },
        {
            "name": "language",
            "label": "Language",
            "type": "select",
            "default": "",
            "help_text": "The language that texts must be in.",
            "choices": [
                {"value": "", "name": "any"},
                *({"value": one, "name": one} for one in LANGUAGES),
            ],
        },
    ]
