"""Where this machine keeps things, and the secrets: from the environment, then secrets.env, then defaults."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from config.errors import ConfigError
from config.load import HOME_FILE
from config.mistakes import Mistake, Place, nearest_to

PREFIX = "UNCLENCH_"
SECRETS_FILE = "secrets.env"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

LogLevel = Literal["debug", "info", "warning", "error"]


def _xdg(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / default) / "unclench"


def default_config() -> Path:
    """The present folder if it holds a home.yaml, else the user's own."""
    here = Path()
    return here if (here / HOME_FILE).is_file() else _xdg("XDG_CONFIG_HOME", ".config")


def default_data() -> Path:
    """The user's own data folder."""
    return _xdg("XDG_DATA_HOME", ".local/share")


class Settings(BaseSettings):
    """What differs from machine to machine. Its name in the environment: UNCLENCH_ and then the name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    config: Path = Field(default_factory=default_config)
    """The folder with home.yaml and profiles/."""
    data: Path = Field(default_factory=default_data)
    """The folder for the journal and for what the engine remembers."""
    mqtt_password: SecretStr | None = None
    """The password at the broker."""
    ha_token: SecretStr | None = None
    """A long-lived access token of Home Assistant."""
    secrets_file: Annotated[Path, Field(default_factory=lambda known: known["config"] / SECRETS_FILE)]
    """The file with the passwords; must be readable by you alone."""
    log_level: LogLevel = "info"
    """How much is logged."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (replaced: the file is known only at run time)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence: command line, environment, secrets file."""
        secrets = init_settings().get("secrets_file")
        return (
            init_settings,
            env_settings,
            DotEnvSettingsSource(settings_cls, env_file=secrets, env_file_encoding="utf-8"),
        )


def load_settings(config: Path | None = None) -> Settings:
    """The settings, with the configuration folder of the command line before all others. Raises ConfigError."""
    folder = config or Path(os.environ.get(f"{PREFIX}CONFIG") or default_config())
    secrets = Path(os.environ.get(f"{PREFIX}SECRETS_FILE") or folder / SECRETS_FILE)
    try:
        return Settings(config=folder, secrets_file=secrets)
    except ValidationError as error:
        raise ConfigError([_mistake(detail["loc"], detail.get("input")) for detail in error.errors()]) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError([Mistake.at(Place(file=str(secrets)), "this file cannot be read as text")]) from None


def _mistake(location: tuple[int | str, ...], value: object) -> Mistake:
    name = str(location[0]) if location else ""
    place = Place(file=f"{PREFIX}{name.upper()}")
    if name != "log_level":
        return Mistake.at(place, "this setting cannot be used")
    levels = ("debug", "info", "warning", "error")
    problem = "this is not one of the choices"
    return Mistake.at(place, problem, allowed="debug, info, warning or error", nearest=nearest_to(str(value), levels))


def check_secrets_file(settings: Settings) -> list[Mistake]:
    """A warning, where others on this machine can read the secrets."""
    try:
        mode = settings.secrets_file.stat().st_mode
    except OSError:
        return []
    if os.name == "nt" or not mode & _OTHERS:
        return []
    problem = f"others on this machine can read this file; run `chmod 600 {settings.secrets_file}`"
    return [Mistake.at(Place(file=str(settings.secrets_file)), problem)]
