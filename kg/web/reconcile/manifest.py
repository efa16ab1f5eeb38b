"""What the service says of itself."""

from typing import Any

from kg import __version__
from kg.terms import BASE
from kg.web.reconcile.matching import BATCH
from kg.web.reconcile.vocabulary import TYPES

__all__ = ["manifest"]


def manifest(root: str) -> dict[str, Any]:
    """The service manifest.

    Args:
        root: Address of the application, with the slash at its end.
    """
    service = f"{root}reconcile"
    return {
        "versions": ["0.2"],
        "name": "Knowledge graph of U.S.–China relations",
        "identifierSpace": f"{BASE}id/",
        "schemaSpace": f"{BASE}ontology#",
        "serviceVersion": __version__,
        "documentation": f"{root}docs",
        "batchSize": BATCH,
        "defaultTypes": [{"id": name, "name": name} for name in TYPES],
        "view": {"url": f"{root}id/{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": 420, "height": 220},
        "suggest": {
            name: {"service_url": service, "service_path": f"/suggest/{name}"}
            for name in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [],
        },
    }
