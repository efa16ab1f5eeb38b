"""The graph for language models: tools and resources of the Model Context Protocol."""

from kg.mcp.server import create_server

__all__ = ["create_server"]
