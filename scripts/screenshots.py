"""Takes pictures of the pages into `docs/screenshots/`, over the documents that ship with the project."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from kg.ingest import Pipeline, load, put_ontology
from kg.settings import Settings
from kg.store import open_store
from kg.web import create_app

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "docs" / "screenshots"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update"]  # fmt: skip
CALL = "/id/call/2025-06-05-donald-trump-xi-jinping"
# name, path, width, height, colour scheme
PICTURES = (
    ("home", "/", 1180, 860, "light"),
    ("event", CALL, 1180, 1240, "light"),
    ("event-phone", CALL, 375, 812, "light"),
    ("document", "/id/document/2025-06-07-trump-xi-90-minute-call", 1180, 860, "light"),
    ("topic", "/id/topic/taiwan", 1180, 860, "light"),
    ("timeline", "/timeline", 1180, 860, "light"),
    ("graph", f"/graph?iri={CALL.removeprefix('/id/')}", 1180, 860, "light"),
    ("query", "/query?question=excluded-topics", 1180, 860, "light"),
)


def main() -> None:
    """Load, serve, take the pictures."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with served(f"oxigraph:{folder}/store") as address:
            for picture in PICTURES:
                take(browser, address, *picture)
        browser.close()


def take(browser: Browser, address: str, name: str, path: str, width: int, height: int, scheme: str) -> None:
    """One picture of what a window shows."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + path, wait_until="networkidle")
    page.screenshot(path=OUTPUT / f"{name}.png")
    context.close()


@contextmanager
def served(url: str) -> Iterator[str]:
    """A server over the seeds, and where it listens."""
    pipeline = Pipeline()
    with open_store(url, write=True) as store:
        put_ontology(store, pipeline)
        for outcome in load(sorted((ROOT / "seeds").iterdir()), store, pipeline, max_bytes=10_000_000):
            print(f"{outcome.source}: {outcome.status}")
    with open_store(url) as store:
        app = create_app(store, options=Settings(store=url, log_format="off"))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join()
        socket.close()


if __name__ == "__main__":
    main()
