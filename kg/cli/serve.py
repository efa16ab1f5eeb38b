"""`kg serve`: the endpoint over HTTP."""

import os
import resource
import sys
import threading
from types import FrameType

import click
import uvicorn

from kg.cli import options
from kg.settings import Settings, settings
from kg.store import Store, open_store
from kg.web import create_app
from kg.web.http.connections import Connections
from kg.web.http.logs import configuration

_SWITCH = 0.001  # seconds after which a thread that works lets the one go on that listens to clients
_OTHER_FILES = 500  # of the store, the readers, the libraries
_PATIENCE = 5  # seconds that answers under way have at the end, on top of the deadline of queries


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option(
    "--timeout",
    "query_timeout",
    type=float,
    help="Seconds that a query from outside may run.  [setting: query_timeout]",
)
@click.option(
    "--readers",
    "query_readers",
    type=int,
    help="Most processes that answer queries.  [setting: query_readers]",
)
@click.option("--root-path", help="Path prefix behind a proxy, such as /kg.  [setting: root_path]")
@click.option(
    "--log",
    "log_format",
    type=click.Choice(["text", "json", "off"]),
    help="How requests are logged.  [setting: log_format]",
)
@options.quiet
@options.store
@options.verbose
def command(host: str, port: int, quiet: bool, store_url: str, **chosen: float | str | None) -> None:
    """Serve pages, SPARQL and REST. Loading goes on beside it; the server moves to what is new by itself.

    Queries of strangers run in processes of their own, with bounds on time, memory and rows. Ctrl+C or
    SIGTERM lets answers under way finish.

    \b
    kg serve
    kg serve --port 9000 --timeout 10
    curl 'http://127.0.0.1:8000/sparql' --data-urlencode 'query=ASK { ?s ?p ?o }'
    """
    given = {name: value for name, value in chosen.items() if value is not None}
    if quiet:
        given["log_format"] = "off"
    taken = Settings(**{**settings().model_dump(), **given, "store": store_url})
    _allow_files(taken.max_connections)
    sys.setswitchinterval(_SWITCH)
    with open_store(store_url) as store:
        server = _Server(_config(store, taken, host, port))
        listening = server.config.bind_socket()
        if not quiet:
            address = f"http://{host}:{listening.getsockname()[1]}{taken.root_path}/"
            click.echo(f"Serving {store_url} at {address}  (Ctrl+C stops it)")
        server.run(sockets=[listening])


def _config(store: Store, taken: Settings, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(store, options=taken),
        host=host,
        port=port,
        http=Connections(taken),  # type: ignore[arg-type]  # called like a class of protocols
        log_config=configuration(taken.log_format),
        access_log=False,
        server_header=False,
        date_header=True,
        forwarded_allow_ips=taken.trusted_proxies,
        timeout_graceful_shutdown=int(taken.query_timeout) + _PATIENCE,
    )


class _Server(uvicorn.Server):
    """A server that ends when it is told to, whatever does not listen."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let answers under way finish; be gone a while later in any case."""
        super().handle_exit(sig, frame)
        seconds = (self.config.timeout_graceful_shutdown or 0) + _PATIENCE
        last = threading.Timer(seconds, os._exit, (128 + sig,))
        last.daemon = True
        last.start()


def _allow_files(connections: int) -> None:
    """Raise the number of files that this process may open to what so many connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
