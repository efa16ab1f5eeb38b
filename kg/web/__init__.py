"""The endpoint over HTTP."""

from kg.web.app import create_app

__all__ = ["create_app"]
