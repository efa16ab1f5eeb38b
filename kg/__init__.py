"""A knowledge graph of U.S.–China relations: cited facts, attributed claims, both accounts."""

from importlib.metadata import version

__version__ = version("uschina-kg")
__all__ = ["__version__"]
