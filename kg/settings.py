"""The settings of one process: read once from `kg.toml` and `KG_…`, then frozen."""

from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg.errors import InputError

CONFIG_FILE = Path("kg.toml")


class Settings(BaseSettings):
    """What an operator can choose.

    The environment (`KG_STORE=…`) wins over `kg.toml` in the working folder, which wins over the defaults.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="KG_", toml_file=CONFIG_FILE, frozen=True, extra="forbid"
    )

    base_iri: str = Field(
        "https://w3id.org/uschina-kg/", description="IRI that all identifiers start with; ends in / or #."
    )
    store: str = Field(
        "oxigraph:data/store",
        description="Where the graph is kept: a folder (oxigraph:PATH or PATH alone), memory: or "
        "sparql+http://HOST:PORT/PATH.",
    )
    store_dialect: Literal["auto", "standard", "oxigraph", "fuseki", "virtuoso"] = Field(
        "auto", description="What kind of SPARQL server the store is; auto asks it."
    )
    store_query: str | None = Field(
        None, description="Address of a SPARQL server's queries, if it is not where its kind has it."
    )
    store_update: str | None = Field(
        None, description="Address of a SPARQL server's updates, if it is not where its kind has it."
    )
    store_graphs: str | None = Field(
        None, description="Address of a SPARQL server's Graph Store, if it is not where its kind has it."
    )
    store_user: str | None = Field(None, description="User at a SPARQL server, for Basic or Digest.")
    store_password: SecretStr | None = Field(None, description="Password of that user.")
    store_token: SecretStr | None = Field(None, description="Bearer token for a SPARQL server.")
    store_timeout: float = Field(
        60, gt=0, description="Seconds that a SPARQL server may stay silent before we give up."
    )
    store_retries: int = Field(
        4, ge=0, description="How often a request to a SPARQL server that is busy or away is sent again."
    )
    search_index: Path = Field(
        Path("data/search"),
        description="Folder of the index of texts if the store is a SPARQL server; a store on disk has its "
        "own beside it.",
    )
    overlay: Path | None = Field(
        None,
        description="Folder of the user's own rules/, lexicons/ and ontology/, read beside the package's.",
    )
    max_bytes: int = Field(
        10_000_000, gt=0, description="Largest document, in bytes; a larger one is refused, not cut."
    )

    query_timeout: float = Field(
        30, gt=0, description="Seconds that a query from outside may run; a client may ask for less."
    )
    query_memory: int = Field(
        1_000_000_000, ge=100_000_000, description="Bytes of memory that one query from outside may use."
    )
    query_memory_total: int = Field(
        3_000_000_000,
        ge=500_000_000,
        description="Bytes of memory that all queries from outside may use together. Half is split evenly "
        "among the processes, the rest is lent to those whose query needs more.",
    )
    task_memory: int = Field(
        500_000_000,
        ge=200_000_000,
        description="Bytes of memory that reading or checking one thing that a stranger sends may use; "
        "six are there at once at most.",
    )
    query_rows: int = Field(
        1_000_000, gt=0, description="Rows or triples of one answer; a longer one is cut, and says so."
    )
    query_answer: int = Field(
        500_000_000, gt=0, description="Bytes of one answer; a longer one is refused. Long ones pass by disk."
    )
    query_answers_total: int = Field(
        4_000_000_000,
        gt=0,
        description="Bytes of all answers together that pass by disk at a time; the next one is told to come "
        "back.",
    )
    query_bytes: int = Field(1_000_000, gt=0, description="Longest text of a query from outside, in bytes.")
    query_readers: int = Field(
        12,
        ge=3,
        description="Most processes that answer queries from outside; two stay free for quick ones.",
    )
    query_queue: int = Field(
        64, ge=0, description="Queries that may wait for a process; the next one is told to come back."
    )
    query_cache: int = Field(
        64_000_000, ge=0, description="Bytes of short answers kept until the store changes; 0 keeps none."
    )
    service_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts that SERVICE may ask, separated by commas; none by default.",
    )
    updates: bool = Field(
        False, description="Whether SPARQL Update and the Graph Store Protocol write; needs write_token."
    )
    write_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Bearer token for what writes over HTTP; without it, nothing does.",
    )
    reviewers: Path | None = Field(
        None,
        description="File of the people who may review over HTTP, as `kg reviewers` keeps it; without it, "
        "nobody may.",
    )
    dumps: Path | None = Field(
        None,
        description="Folder that keeps the files of /dumps/; without it, they are made anew after a start.",
    )
    publisher: str = Field(
        "uschina-kg", min_length=1, description="Who serves the graph, as its description in DCAT names them."
    )
    max_body: int = Field(10_000_000, gt=0, description="Largest body of an HTTP request, in bytes.")
    rate_limit: float = Field(
        20,
        ge=0,
        description="Requests a second that one client may send on average, ten times as many at once; "
        "a long body counts as several. 0 sets no limit.",
    )
    max_connections: int = Field(1000, gt=0, description="Most connections of all clients at once.")
    client_connections: int = Field(
        100, gt=0, description="Most connections of one address, unless it is a trusted proxy."
    )
    request_timeout: float = Field(
        10,
        gt=0,
        description="Seconds for the head of a request; a body has twice as long, and a second for each "
        "5,000 bytes; who takes no more of an answer for three times as long is cut off.",
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        description="Names of the server, separated by commas, with a port or for all; * is any. Addresses "
        "in answers are under the name that a client used if it is one of these, else under the address that "
        "it reached.",
    )
    root_path: str = Field(
        "", pattern=r"^(/[^/?#]+)*$", description="Path before all others behind a proxy, such as /kg."
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses whose X-Forwarded-… headers count, separated by commas."
    )
    log_format: Literal["text", "json", "off"] = Field(
        "text", description="How `kg serve` logs a request: text, json (a line each, for machines), or off."
    )

    @field_validator("store")
    @classmethod
    def _has_a_kind(cls, value: str) -> str:
        return store_url(value)

    @field_validator("service_hosts", "trusted_hosts", mode="before")
    @classmethod
    def _is_separated_by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @field_validator("base_iri")
    @classmethod
    def _is_absolute(cls, value: str) -> str:
        if "://" not in value or value[-1] not in "/#":
            raise ValueError("must be an absolute IRI that ends in / or #")
        return value

    @classmethod
    def settings_customise_sources(  # the signature is the library's
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, `kg.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def store_url(place: str) -> str:
    """The URL of a store, for which a path may stand: that is a folder of the embedded engine."""
    kind, colon, _ = place.partition(":")
    if place and (not colon or "/" in kind or kind.startswith((".", "~"))):
        return f"oxigraph:{Path(place).expanduser()}"
    return place


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        InputError: `kg.toml` or a `KG_…` variable holds a value that cannot be used.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # fields have defaults; the mypy plug-in is not loaded
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise InputError(f"setting {name!r} (KG_{name.upper()} or {CONFIG_FILE}): {first['msg']}") from error
