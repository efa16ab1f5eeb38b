"""Finds the ontology, shapes and queries, in a checkout or inside an installed wheel."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml

from kg.errors import InputError, ResourceError
from kg.settings import Settings, settings

# Reads the package's own YAML: safe, and in C where the platform has it, which takes a tenth of the time.
YAML: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


def files(name: str, suffix: str, overlay: Path | None = None) -> list[Path]:
    """The files of a folder that end in `suffix`, sorted by name; to `ontology` come those of the overlay.

    Args:
        name: `ontology`, `shapes` or `queries`.
        suffix: With its dot.
        overlay: The user's own folder; by default that of the settings, if there is one.

    Raises:
        InputError: the overlay is set and does not exist.
        ResourceError: the installation lacks the folder.
    """
    own = overlay_files(name, suffix, overlay) if name == "ontology" else []
    return sorted(folder(name).glob(f"*{suffix}")) + own


def overlay_files(name: str, suffix: str, overlay: Path | None = None) -> list[Path]:
    """The files of a folder of the user's own overlay that end in `suffix`, sorted by name.

    Args:
        name: `rules`, `lexicons` or `ontology`.
        suffix: With its dot.
        overlay: The overlay; by default that of the settings, if there is one.

    Raises:
        InputError: the overlay does not exist.
    """
    root = overlay or settings().overlay
    if root is None:
        return []
    if not root.is_dir():
        raise InputError(f"overlay {root}: no such folder; make it, or correct the setting overlay")
    return sorted((root / name).glob(f"*{suffix}"))


def shown(path: Path) -> str:
    """How messages name a file: by its name if it is the package's, by its path if it is the user's own."""
    own = (PACKAGE, *(PACKAGE.parent / name for name in ("ontology", "shapes", "queries")))
    return path.name if any(path.is_relative_to(place) for place in own) else str(path)


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
