"""Clients that mean no good; `benchmarks.hostile_load` runs them in a process of their own, on loopback only.

    python -m benchmarks.attackers PORT SECONDS

Prints, as JSON, how often each kind of request ended with which status (0 is a connection that was cut).
"""

import json
import os
import socket
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice

from benchmarks.sparql_endpoint import HOSTILE

__all__ = ["UPLOADS", "main", "pdf"]

_TIMEOUT = 20
_SLOW = 40  # connections of each slow client
_NICE = 10  # whoever attacks works on machines of his own


def pdf(operators: int) -> bytes:
    """A small file whose one page is drawn by so many operators that it takes long to read."""
    packed = zlib.compress(b"BT /F 1 Tf (a) Tj ET\n" * operators, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Root 1 0 R /Size 6 >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + end


# Path, media type, body.
UPLOADS: dict[str, tuple[str, str, bytes]] = {
    "long PDF": ("/api/v1/extract", "application/pdf", pdf(300_000)),
    "deep YAML": ("/api/v1/extract", "text/markdown", b"---\na: " + b"[" * 50_000 + b"\n---\nText."),
    "marks": ("/api/v1/extract", "application/json", b'{"title": "*", "text": "%s"}' % (b"*" * 39_000)),
    "deep JSON": ("/api/v1/extract", "application/json", b"[" * 1_000_000),
    "deep HTML": ("/api/v1/extract", "text/html", b"<div>" * 300_000),
    "deep Turtle": ("/api/v1/validate", "text/turtle", b"<a:a> <a:b> " + b"[ <a:c> " * 50_000),
    "deep JSON-LD": ("/api/v1/validate", "application/ld+json", b'{"@graph": ' * 40_000),
    "large query": ("/sparql", "application/sparql-query", b"ASK { }" + b" service:" * 110_000),
    "too large": ("/sparql", "application/sparql-query", b" " * 3_000_000),
    "form": ("/try", "application/x-www-form-urlencoded", b"a=%41&" * 60_000),
    "names": ("/reconcile", "application/x-www-form-urlencoded", b"queries=" + json.dumps(
        {f"q{n}": {"query": f"Ministry of {n}"} for n in range(100)}).replace(" ", "+").encode()),
}  # fmt: skip
_PAGES = ("/timeline", "/events?kind=call", "/search?q=minister", "/ask?q=Who+met+whom+in+2025%3F", "/dumps/",
          "/api/v1/claims?limit=100", "/no/such/page", "/id/person/nobody.ttl")  # fmt: skip
_HEAD = b"POST /api/v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n"


class _Attack:
    def __init__(self, port: int, seconds: float) -> None:
        self._port, self._until = port, time.monotonic() + seconds
        self.ended: dict[str, Counter[int]] = {}

    def run(self) -> None:
        parts: list[Callable[[str], None]] = [self._queries] * 4 + [self._uploads] * 4 + [self._pages] * 2
        parts += [self._slow_heads, self._slow_bodies, self._slow_readers, self._breaks]
        threads = [
            threading.Thread(target=part, args=(f"127.0.1.{number}",), daemon=True)
            for number, part in enumerate(parts, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(self._until - time.monotonic(), 0) + _TIMEOUT)

    @property
    def _goes_on(self) -> bool:
        return time.monotonic() < self._until

    def _connected(self, source: str) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._port), _TIMEOUT, (source, 0))

    def _send(self, source: str, kind: str, path: str, body: bytes | None = None, type: str = "") -> None:
        method = "GET" if body is None else "POST"
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT, source_address=(source, 0))
        try:
            connection.request(method, path, body, {"Content-Type": type} if type else {})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, HTTPException):
            status = 0
        finally:
            connection.close()
        self.ended.setdefault(kind, Counter())[status] += 1
        if status in (0, 429, 503):
            time.sleep(0.05)

    def _queries(self, source: str) -> None:
        for query in cycle(HOSTILE):
            if not self._goes_on:
                return
            self._send(source, "query", "/sparql", query.encode(), "application/sparql-query")

    def _uploads(self, source: str) -> None:
        first = 3 * int(source.rpartition(".")[2]) % len(UPLOADS)  # not all send the same at the same time
        for name, (path, media_type, body) in islice(cycle(UPLOADS.items()), first, None):
            if not self._goes_on:
                return
            self._send(source, name, path, body, media_type)

    def _pages(self, source: str) -> None:
        for path in cycle(_PAGES):
            if not self._goes_on:
                return
            self._send(source, "page", path)

    def _held(self, source: str, start: bytes, drip: bytes) -> None:
        """Connections on which a byte comes now and then; a new one for each that is cut."""
        held: list[socket.socket] = []
        while self._goes_on:
            alive = [one for one in held if self._dripped(one, drip)]
            fresh = [self._connected(source) for _ in range(_SLOW - len(alive))]
            held = alive + [one for one in fresh if self._dripped(one, start)]
            time.sleep(1)
        for one in held:
            one.close()

    def _dripped(self, one: socket.socket, data: bytes) -> bool:
        try:
            one.sendall(data)
        except OSError:
            one.close()
            return False
        return True

    def _slow_heads(self, source: str) -> None:
        self._held(source, b"GET / HTTP/1.1\r\nX: ", b"y")

    def _slow_bodies(self, source: str) -> None:
        self._held(source, _HEAD + b"\r\n", b"y")

    def _slow_readers(self, source: str) -> None:
        query = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 30000"
        request = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        request += f"Content-Length: {len(query)}\r\n\r\n{query}".encode()
        while self._goes_on:
            held = [self._connected(source) for _ in range(8)]
            for one in held:
                one.sendall(request)
            time.sleep(min(15, max(self._until - time.monotonic(), 0)))
            for one in held:
                one.close()

    def _breaks(self, source: str) -> None:
        """Requests that break off at once, with a reset."""
        for start in cycle(
            (
                b"GET / HT",
                _HEAD + b"\r\nab",
                b"\x16\x03\x01\r\n\r\n",
                b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n",
            )
        ):
            if not self._goes_on:
                return
            one = self._connected(source)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.sendall(start)
            one.close()
            time.sleep(0.02)


def main(port: int, seconds: float) -> None:
    """Attack a server on this machine."""
    os.nice(_NICE)
    attack = _Attack(port, seconds)
    attack.run()
    print(
        json.dumps(
            {
                kind: {str(status): n for status, n in sorted(ended.items())}
                for kind, ended in attack.ended.items()
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
