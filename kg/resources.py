"""Finds the ontology, shapes and queries, in a checkout or inside an installed wheel."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from kg.errors import ResourceError
from kg.settings import Settings, settings

PACKAGE = Path(__file__).parent
DEFAULT_BASE: str = Settings.model_fields["base_iri"].default


@cache
def folder(name: str) -> Path:
    """The folder `ontology`, `shapes` or `queries`.

    Raises:
        ResourceError: the installation lacks it.
    """
    for place in (PACKAGE / "data" / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise ResourceError(f"the folder {name!r} is missing from the installation; install uschina-kg again")


def files(name: str, suffix: str) -> list[Path]:
    """The files of a folder that end in `suffix`, sorted by name."""
    return sorted(folder(name).glob(f"*{suffix}"))


def text(path: Path) -> str:
    """The text of a file of the package, its identifiers under the configured base IRI."""
    return path.read_text(encoding="utf-8").replace(DEFAULT_BASE, settings().base_iri)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which ontology and reference data this process runs under.

    Attributes:
        version: `owl:versionInfo` of the ontology.
        digest: SHA-256 over the names and texts of all files in `ontology/`.
    """

    version: str
    digest: str


@cache
def vocabulary() -> Vocabulary:
    """The version and digest of the ontology and reference data."""
    digest = sha256()
    for path in files("ontology", ".ttl"):
        digest.update(f"{path.name}\n{text(path)}".encode())
    version = re.search(r'owl:versionInfo\s+"([^"]+)"', text(folder("ontology") / "kg.ttl"))
    if version is None:
        raise ResourceError("ontology/kg.ttl states no owl:versionInfo")
    return Vocabulary(version.group(1), digest.hexdigest())
