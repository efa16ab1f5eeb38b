"""The page of what an operator can choose."""

from kg.settings import CONFIG_FILE, Settings

_INTRODUCTION = f"""# Settings

Each is read from the environment, else from `{CONFIG_FILE}` in the working folder, else it has its default.

| `{CONFIG_FILE}` | environment | default | meaning |
|---|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    prefix = Settings.model_config["env_prefix"]
    rows = (
        f"| `{name}` | `{prefix}{name.upper()}` | {_shown(field.default)} | {field.description} |\n"
        for name, field in sorted(Settings.model_fields.items())
    )
    return _INTRODUCTION + "".join(rows)


def _shown(default: object) -> str:
    return "–" if default is None else f"`{default}`"
