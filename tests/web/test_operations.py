"""What an operator relies on: limits, logs, health, counters, a proxy in front, and files that fit the README."""

import io
import json
import os
import re
import shutil
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
from kg.web.http.limits import RateLimit
from kg.web.http.logs import line as _line
from tests.web.conftest import EX, Site, serving, until

ROOT = Path(__file__).parents[2]
GUIDE = "".join((ROOT / path).read_text(encoding="utf-8") for path in ("README.md", "docs/server.md"))
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
        with socket.create_connection(("127.0.0.1", small.port), timeout=120) as connection:
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
        with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
            path = f"/sparql?timeout=1.5&query={slow.replace(' ', '%20')}"
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            until(lambda: Site(port, filled).count_readers("busy"))
            server.send_signal(signal.SIGTERM)
            assert connection.recv(65536).startswith(b"HTTP/1.1 504 ")
        _, log = server.communicate(timeout=120)
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
    assert "http://127.0.0.1:8000/" in GUIDE
    known = {f"KG_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bKG_[A-Z_]+", text)) <= known
    assert set(re.findall(r"\bKG_[A-Z_]+", GUIDE)) - {"KG_"} <= known


def test_docker_lines_of_the_guide_are_those_of_the_dockerfile() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.findall(r"^docker .*$", GUIDE, re.MULTILINE)
    assert len(lines) == 3
    assert all(f"#   {line}\n" in text for line in lines)
    assert re.findall(r"EXPOSE (\d+)", text) == ["8000"]
    assert all((ROOT / source).exists() for source in re.findall(r"^COPY (?!--)(\S+) ", text, re.MULTILINE))


def test_image_is_built_of_what_is_pinned() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(
        re.search(r"@sha256:[0-9a-f]{64}\b", line) for line in re.findall(r"^FROM .*", text, re.MULTILINE)
    )
    for line in re.findall(r"\bpip (?:install|wheel) .*", text):
        assert "--require-hashes" in line or {"--no-deps"} <= set(line.split()), line
        assert "--require-hashes" in line or {"--no-index", "--no-build-isolation"} & set(line.split()), line


def test_running_sets_up_nothing_that_only_tests_need_and_shows_that_it_goes_on() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = dict(re.findall(r"^(\S+): (.*\n(?:\t.*\n)*)", text, re.MULTILINE))
    running, testing = rules["$(RUNS)"], rules["$(READY)"]
    assert rules["run"].startswith("$(RUNS)")
    assert "dev" not in running
    assert "requirements-dev.lock" in testing
    [fetching] = [line for line in running.splitlines() if "requirements.lock -r" in line]
    assert "--quiet" not in fetching
    running_needs, tests_need = (
        {*re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert running_needs < tests_need
    assert not {"pytest", "mypy", "ruff", "hypothesis", "playwright"} & running_needs


def test_unit_leaves_the_service_little() -> None:
    text = (ROOT / "deploy" / "uschina-kg.service").read_text(encoding="utf-8")
    told = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0] not in "#[")
    assert int(told["LimitNOFILE"]) > Settings.model_fields["max_connections"].default + 500
    assert told["CapabilityBoundingSet"] == ""
    closed = [name for name in told if name.startswith(("Protect", "Private", "Restrict", "NoNew", "Lock"))]
    assert len(closed) >= 18
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    command = [
        analyze,
        "security",
        "--offline=true",
        "--threshold=30",
        str(ROOT / "deploy" / "uschina-kg.service"),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0  # 3 of 10


def test_server_ends_when_it_is_told_to_whatever_became_of_its_helpers(filled: str) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--store", filled, "--port", "0", "--log", "json"]
    options = os.environ | {"KG_QUERY_TIMEOUT": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=options
    ) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
            assert found
            _wait_for(f"{found[0]}readyz")
            [helper] = [pid for pid in _children(server.pid) if b"forkserver" in _command_line(pid)]
            os.kill(helper, signal.SIGSTOP)
            with socket.create_connection(("127.0.0.1", int(found[0].rsplit(":", 1)[1].strip("/")))) as slow:
                slow.sendall(b"POST /sparql HTTP/1.1\r\nContent-Length: 9\r\n")
                server.send_signal(signal.SIGTERM)
                assert server.wait(timeout=60) is not None
            assert not [pid for pid in _children(server.pid) if b"kg" in _command_line(pid)]
        finally:
            server.kill()


def _children(process: int) -> list[int]:
    place = Path(f"/proc/{process}/task/{process}/children")
    if not Path("/proc/self/task").exists():
        pytest.skip("this system does not tell the children of a process")
    return [*map(int, place.read_text().split())] if place.exists() else []


def _command_line(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/no-such-page", 404),
        ("/api/v1/no-such-thing", 404),
        ("/api/v1/documents/none", 404),
        ("/api/v1/extract", 405),
        ("/api/v1/events?partcipant=x", 400),
        ("/ontology.xyz", 404),
    ],
)
def test_wrong_address_is_a_page_for_a_browser_and_a_problem_for_a_program(
    site: Site, path: str, status: int
) -> None:
    shown = site.send("GET", path, accept=BROWSER)
    assert (shown.status, shown.type) == (status, "text/html")
    assert b"<main" in shown.body
    told = site.send("GET", path, accept="*/*")
    assert (told.status, told.type, shown.headers.get("allow")) == (
        status,
        "application/problem+json",
        told.headers.get("allow"),
    )
