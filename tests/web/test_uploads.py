"""What is sent to keep the server busy, or to end it: the sender gets an error, everybody else an answer."""

import asyncio
import json
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.errors import BusyError
from kg.web.uploads import Upload
from kg.web.worker import Limits
from kg.web.workers import Workers
from tests.web.conftest import EX, TOKEN, Site, serving

TEXT = b"On May 9, 2024, Li Hui met with Antony Blinken. Tibet was not discussed."
SMALL = f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}"
GRAPH = "/graphs?graph=https%3A%2F%2Fw3id.org%2Fuschina-kg%2Fgraph%2Fdocument%2Fx"


def _pdf(content: bytes) -> bytes:
    """A page whose text is drawn by so many operators that it takes minutes to read."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
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


PDF = _pdf(b"BT /F 1 Tf (a) Tj ET\n" * 300_000)
HOSTILE: dict[str, tuple[str, str, Callable[[], bytes], set[int]]] = {
    "PDF of many operators": ("/api/v1/extract", "application/pdf", lambda: PDF, {422}),
    "no PDF": ("/api/v1/extract", "application/pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj\n<<" * 9000, {400, 422}),
    "deep front matter": (
        "/api/v1/extract", "text/markdown", lambda: b"---\na: " + b"[" * 50_000 + b"\n---\nThey met.", {400}),
    "asterisks with a title": (
        "/api/v1/extract", "application/json",
        lambda: json.dumps({"text": "*" * 39_000 + "x", "title": "*"}).encode(), {200, 422}),
    "deep JSON": ("/api/v1/extract", "application/json", lambda: b"[" * 90_000, {400}),
    "long number": ("/api/v1/extract", "application/json", lambda: b'{"text": "a", "x": ' + b"9" * 5000 + b"}", {200, 400}),
    "deep HTML": ("/api/v1/extract", "text/html", lambda: b"<html" * 90_000 + b"<div>" * 90_000, {400, 422}),
    "no text": ("/api/v1/extract", "text/html", lambda: b"\xc2\x94", {400}),
    "deep Turtle": ("/api/v1/validate", "text/turtle", lambda: b"<a:a> <a:b> " + b"[ <a:c> " * 50_000, {400, 422}),
    "deep JSON-LD": ("/api/v1/validate", "application/ld+json", lambda: b'{"@graph": ' * 40_000, {400, 422}),
    "remote context": (
        "/api/v1/validate", "application/ld+json",
        lambda: b'{"@context": "http://127.0.0.1:1/x", "a": "b"}', {400}),
    "entities": (
        "/api/v1/validate", "application/rdf+xml",
        lambda: b'<!DOCTYPE r [' + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 20 if n else b"x" * 99)
                                            for n in range(12)) + b"]><r>&e11;</r>", {400, 422}),
}  # fmt: skip


@pytest.fixture(scope="module")
def small(filled: str) -> Iterator[Site]:
    """A server of which one task may have little of a processor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.web.workers.LIMITS", Limits(work=2))
        with serving(filled) as running:
            _start_workers(running)
            yield running


def _start_workers(site: Site) -> None:
    """Have everything read that texts need, however long that takes on a machine that does other things too."""
    for _ in range(5):
        try:
            assert site.send("POST", "/api/v1/extract", TEXT, content_type="text/plain").status == 200
        except TimeoutError:
            continue
        return


def test_hostile_uploads_end_with_their_error_while_others_are_answered(small: Site) -> None:
    def send(name: str) -> int:
        path, media_type, body, _ = HOSTILE[name]
        return small.send("POST", path, body(), content_type=media_type).status

    with ThreadPoolExecutor(3) as pool:
        sent = {name: pool.submit(send, name) for name in HOSTILE}
        usual = []
        while not all(one.done() for one in sent.values()):
            usual.append(small.ask(SMALL).status)
    assert set(usual) == {200}
    assert not {name: one.result() for name, one in sent.items() if one.result() not in HOSTILE[name][3]}
    assert small.send("POST", "/api/v1/extract", TEXT, content_type="text/plain").status == 200


def test_process_for_texts_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(BusyError):
        asyncio.run(Workers().attempt(Upload(TEXT, "text/plain")))


def test_no_body_of_a_stranger_is_parsed_in_the_process_of_the_server(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed in the process of the server")

    for parser in ("kg.web.uploads.document_in", "kg.web.worker.document_in", "kg.read.formats.each_of",
                   "kg.web.worker.parse_rdf", "kg.validate.rdf.parse_rdf", "kg.web.worker.triples_of",
                   "kg.query_pool.dry_run.triples_of", "kg.extract.RuleExtractor.extract"):  # fmt: skip
        monkeypatch.setattr(parser, refuse)
    token = {"authorization": f"Bearer {TOKEN}"}
    page = b"<html><body><article><p>" + TEXT * 9 + b"</p></article></body></html>"
    _start_workers(own_site)
    assert own_site.send("POST", "/api/v1/extract", page, content_type="text/html").status == 200
    assert (
        own_site.send("POST", "/api/v1/validate", b"<a:a> <a:b> 5 .", content_type="text/turtle").status
        == 200
    )
    assert own_site.send("PUT", GRAPH, b"<a:a> <a:b> [", content_type="text/turtle", **token).status == 400
    sent = json.dumps({"text": TEXT.decode(), "id": "parsed-elsewhere"}).encode()
    stored = own_site.send("POST", "/api/v1/documents", sent, content_type="application/json", **token)
    assert stored.status == 201
    assert own_site.send("DELETE", "/api/v1/documents/parsed-elsewhere", **token).status == 204
