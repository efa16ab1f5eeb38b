"""The settings of one process: read once from `kg.toml` and `KG_…`, then frozen."""

from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
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
        "oxigraph:data/store", description="Where the graph is kept: oxigraph:PATH or memory:."
    )
    max_bytes: int = Field(
        10_000_000, gt=0, description="Largest document, in bytes; a larger one is refused, not cut."
    )

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
