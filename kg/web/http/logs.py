"""The log: a line a request, and whatever else there is to say, in the format that the settings choose."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from kg.web.http.asgi import Scope, request_id

__all__ = ["JsonFormatter", "configuration", "line"]


def line(scope: Scope, status: int, size: int, seconds: float, *, as_json: bool) -> str:
    """What is written of one request.

    It has the path but not the query string: what people ask is nobody's business.
    """
    client = scope["client"][0] if scope.get("client") else "-"
    milliseconds = round(seconds * 1000, 2)
    if not as_json:
        path = json.dumps(scope["path"])[1:-1]  # a line feed in a path must not make a second line
        return f"{client} {scope['method']} {path} {status} {size} B {milliseconds} ms\n"
    told = {
        "time": _now(),
        "request": request_id(scope),
        "client": client,
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "bytes": size,
        "milliseconds": milliseconds,
    }
    return json.dumps(told) + "\n"


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "time": _now(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told)


def configuration(log_format: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: warnings and errors of all parts in a format of the settings."""
    formatter = {"()": JsonFormatter} if log_format == "json" else {"format": "%(levelname)s: %(message)s"}
    level = "CRITICAL" if log_format == "off" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["stderr"], "level": level},
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
