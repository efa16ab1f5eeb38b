"""`/metrics` for Prometheus, and the log of requests."""

import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import ClientDisconnect

from kg.query_pool import QueryPool
from kg.web.http.asgi import ASGIApp, Message, Receive, Scope, Send
from kg.web.http.logs import line

__all__ = ["Metrics", "Observed", "router"]

router = APIRouter(tags=["operations"])
_SERIES = 1000
_LEFT = 499  # what many servers write of a client that goes away; nobody is sent it
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """What one application counts."""

    def __init__(self, pool: QueryPool) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Readers(pool))
        self.requests = Counter(
            "kg_requests_total", "Requests answered.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "kg_request_seconds", "Time to answer.", ("route",), buckets=_BUCKETS, registry=self.registry
        )

    @lru_cache(_SERIES)  # noqa: B019  # as many as there are routes, for as long as the application lives
    def _series(self, route: str, status: int) -> tuple[Counter, Histogram]:
        return self.requests.labels(route, status), self.seconds.labels(route)

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        requests, taken = self._series(route, status)
        requests.inc()
        taken.observe(seconds)


class _Readers(Collector):
    """What the pool knows, asked when somebody looks."""

    def __init__(self, pool: QueryPool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """The present state of the readers, and how many queries were ended or turned away."""
        now = GaugeMetricFamily("kg_readers", "Reader processes and waiting queries.", labels=["state"])
        for state, number in asdict(self._pool.occupancy).items():
            now.add_metric([state], number)
        ended = CounterMetricFamily("kg_queries_refused", "Queries without an answer.", labels=["error"])
        for error, number in sorted(self._pool.ended.items()):
            ended.add_metric([error], number)
        kept = CounterMetricFamily("kg_answers_kept", "Queries whose answer was still there.")
        kept.add_metric([], self._pool.cache.hits)
        yield from (now, ended, kept)


class Observed:
    """Counts every request, and writes a line on it, also if its client goes away."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log_format: str) -> None:
        """Wrap `app`; `log_format` is `text`, `json` or `off`."""
        self._app, self._metrics, self._format = app, metrics, log_format

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch what is sent."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, size, start = 0, 0, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            status = _LEFT
        except Exception:
            status = status or 500
            raise
        finally:
            # without an answer, the client was gone before there was one
            self._note(scope, status or _LEFT, size, time.perf_counter() - start)

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        # paths that lead nowhere count as one, so that strangers cannot fill the memory with names
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.count(route, status, seconds)
        if self._format != "off":
            sys.stderr.write(line(scope, status, size, seconds, as_json=self._format == "json"))


@router.get("/metrics", summary="Counters for Prometheus", response_class=Response)
def metrics(request: Request) -> Response:
    """All counters in the text format of Prometheus."""
    counted: Metrics = request.app.state.metrics
    return Response(
        generate_latest(counted.registry),
        media_type=CONTENT_TYPE_LATEST,
        headers={"cache-control": "no-store"},
    )
