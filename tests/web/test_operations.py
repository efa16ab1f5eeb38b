"""What an operator relies on: limits, logs, health, counters, a proxy in front, and files that fit the README."""

import io
import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import redirect_stderr
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from kg.cli import cli
from kg.settings import Settings
from kg.web.limits import RateLimit
from kg.web.logs import line as _line
from tests.web.conftest import EX, Site, serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALL = f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}"


def test_alive_and_ready(site: Site) -> None:
    assert json.loads(site.send("GET", "/healthz").body)["status"] == "ok"
    ready = site.send("GET", "/readyz")
    assert (ready.status, json.loads(ready.body)["status"]) == (200, "ready")
    assert (ready.headers["cache-control"], "etag" in ready.headers) == ("no-store", False)


def test_counters_are_those_of_prometheus(site: Site) -> None:
    site.ask("ASK {")
    text = site.send("GET", "/metrics").body.decode()
    samples = {(it.name, *it.labels.values()): it.value for family in text_string_to_metric_families(text) for it in family.samples}  # fmt: skip
    assert samples["kg_requests_total", "/sparql", "400"] >= 1
    assert samples["kg_queries_refused_total", "QuerySyntaxError"] >= 1
    assert samples["kg_readers", "idle"] + samples["kg_readers", "busy"] >= 1


def test_unknown_paths_do_not_fill_the_counters(site: Site) -> None:
    for number in range(5):
        site.send("GET", f"/no-such-page-{number}")
    assert b"no-such-page" not in site.send("GET", "/metrics").body


def test_body_that_is_too_long_is_refused_announced_or_not(filled: str) -> None:
    with serving(filled, max_body=1000) as small:
        headers = {"content_type": "application/sparql-query"}
        assert small.send("POST", "/sparql", b"ASK {}" + b" " * 1000, **headers).status == 413
        request = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + b"200\r\n" + b" " * 512 + b"\r\n"
        )
        with socket.create_connection(("127.0.0.1", small.port), timeout=10) as connection:
            connection.sendall(request + b"200\r\n" + b" " * 512 + b"\r\n0\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_client_that_asks_too_often_is_told_to_wait(filled: str) -> None:
    with serving(filled, rate_limit=0.5) as slow:
        replies = [slow.ask("ASK {}") for _ in range(7)]
    assert [reply.status for reply in replies] == [200] * 5 + [429] * 2
    assert int(replies[-1].headers["retry-after"]) > 0
    assert replies[-1].type == "application/problem+json"


def test_bucket_fills_up_again_and_each_client_has_its_own() -> None:
    now = [0.0]
    limit = RateLimit(lambda *_: None, per_second=1, clock=lambda: now[0])  # type: ignore[arg-type,return-value]
    assert [limit._wait("one") for _ in range(10)] == [0.0] * 10
    assert limit._wait("one") == 1.0
    assert limit._wait("other") == 0.0
    now[0] = 2.5
    assert [limit._wait("one") for _ in range(3)] == [0.0, 0.0, 0.5]


@pytest.mark.parametrize(
    "path", ["/kg/sparql", "/sparql"], ids=["kept by the proxy", "stripped by the proxy"]
)
def test_prefix_of_a_proxy_is_in_every_address(filled: str, path: str) -> None:
    with serving(filled, root_path="/kg", trusted_hosts="data.example") as prefixed:
        described = prefixed.send("GET", path, accept="application/n-triples", host="data.example",
                                  x_forwarded_proto="https")  # fmt: skip
        assert b"<https://data.example/kg/sparql>" in described.body
        assert prefixed.send("GET", f"{path}?query=ASK%7B%7D").status == 200
        assert prefixed.send("GET", path.replace("sparql", "healthz")).status == 200


def test_log_has_a_line_a_request_and_no_query(filled: str) -> None:
    heard = io.StringIO()
    with redirect_stderr(heard), serving(filled) as site:
        site.send("GET", "/metrics")
    assert heard.getvalue() == ""  # `serving` switches it off
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/a\nb",
        "client": ("192.0.2.1", 9),
        "state": {"request_id": "r1"},
    }
    line = _line(scope, 200, 5, 0.0012, as_json=True)
    told = json.loads(line)
    assert {name: told[name] for name in ("request", "client", "method", "path", "status", "bytes", "milliseconds")} == {
        "request": "r1", "client": "192.0.2.1", "method": "GET", "path": "/a\nb", "status": 200, "bytes": 5,
        "milliseconds": 1.2,
    }  # fmt: skip
    assert line.count("\n") == _line(scope, 200, 5, 0.0012, as_json=False).count("\n") == 1


def test_settings_are_checked() -> None:
    assert Settings(service_hosts="A.example, b.example:8080").service_hosts == (
        "a.example",
        "b.example:8080",
    )  # type: ignore[arg-type]
    for wrong in ({"root_path": "kg"}, {"query_timeout": 0}, {"write_token": "short"}, {"log_format": "xml"}):
        with pytest.raises(ValueError, match="validation error"):
            Settings(**wrong)  # type: ignore[arg-type]


def test_serve_answers_until_it_is_told_to_stop_and_finishes_what_is_under_way(filled: str) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--store", filled, "--port", "0", "--log", "json"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert found
        _wait_for(f"{found[0]}readyz")
        slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        port = int(found[0].rsplit(":", 1)[1].strip("/"))
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            path = f"/sparql?timeout=1.5&query={slow.replace(' ', '%20')}"
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            time.sleep(0.4)
            server.send_signal(signal.SIGTERM)
            assert connection.recv(65536).startswith(b"HTTP/1.1 504 ")
        _, log = server.communicate(timeout=20)
    finally:
        server.kill()
    assert json.loads(log.splitlines()[-1])["status"] == 504


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


def _serve_options() -> set[str]:
    told = CliRunner().invoke(cli, ["serve", "--help"]).output
    return set(re.findall(r"--[a-z-]+", told))


@pytest.mark.parametrize("file", ["Dockerfile", "deploy/uschina-kg.service"])
def test_deployment_files_fit_the_command_and_the_readme(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(("CMD", "ExecStart")))
    assert set(re.findall(r"--[a-z-]+", line)) <= _serve_options()
    assert re.findall(r"--port\W+(\d+)", line) == ["8000"]
    assert "http://127.0.0.1:8000/" in README
    known = {f"KG_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bKG_[A-Z_]+", text)) <= known
    assert set(re.findall(r"\bKG_[A-Z_]+", README)) - {"KG_"} <= known


def test_docker_lines_of_the_readme_are_those_of_the_dockerfile() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.findall(r"^docker .*$", README, re.MULTILINE)
    assert len(lines) == 3
    assert all(f"#   {line}\n" in text for line in lines)
    assert re.findall(r"EXPOSE (\d+)", text) == ["8000"]
    assert all((ROOT / source).exists() for source in re.findall(r"^COPY (\S+) (?!\./)", text, re.MULTILINE))
