"""Where settings come from, and which source wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.settings import Settings, check_secrets_file, load_settings


@pytest.fixture(autouse=True)
def clean_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine of its own: no variables of ours, a home folder and a present folder that are empty."""
    for name in list(os.environ):
        if name.startswith(("UNCLENCH_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def test_defaults_follow_the_user(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.config == tmp_path / "me/.config/unclench"
    assert settings.data == tmp_path / "me/.local/share/unclench"
    assert settings.secrets_file == settings.config / "secrets.env"
    assert settings.mqtt_password is None
    assert settings.log_level == "info"


def test_defaults_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    settings = load_settings()
    assert (settings.config, settings.data) == (tmp_path / "c/unclench", tmp_path / "d/unclench")


def test_a_folder_with_home_yaml_is_taken() -> None:
    Path("home.yaml").touch()
    assert load_settings().config == Path()


def test_the_command_line_beats_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UNCLENCH_CONFIG", str(tmp_path / "env"))
    assert load_settings().config == tmp_path / "env"
    assert load_settings(tmp_path / "flag").config == tmp_path / "flag"


def test_the_environment_beats_the_secrets_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.env"
    secrets.write_text(
        "UNCLENCH_MQTT_PASSWORD='from the file'\nUNCLENCH_HA_TOKEN=\nUNCLENCH_LOG_LEVEL=debug\nOTHER=1\n"
    )
    settings = load_settings(tmp_path)
    assert settings.mqtt_password is not None
    assert settings.mqtt_password.get_secret_value() == "from the file"
    assert settings.ha_token is None
    assert settings.log_level == "debug"
    monkeypatch.setenv("UNCLENCH_MQTT_PASSWORD", "from outside")
    settings = load_settings(tmp_path)
    assert settings.mqtt_password is not None
    assert settings.mqtt_password.get_secret_value() == "from outside"


def test_another_secrets_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other.env"
    other.write_text("UNCLENCH_HA_TOKEN=abc\n")
    monkeypatch.setenv("UNCLENCH_SECRETS_FILE", str(other))
    settings = load_settings(tmp_path)
    assert settings.secrets_file == other
    assert settings.ha_token is not None


def test_secrets_do_not_show() -> None:
    settings = Settings.model_validate({"mqtt_password": "hunter2", "ha_token": "hunter3", "config": Path()})
    assert "hunter" not in repr(settings)
    assert "hunter" not in str(settings.model_dump())


def test_a_wrong_level_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNCLENCH_LOG_LEVEL", "inof")
    with pytest.raises(ConfigError, match=r"UNCLENCH_LOG_LEVEL: .* Did you mean info\?"):
        load_settings()


def test_a_secrets_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_bytes(b"UNCLENCH_HA_TOKEN=\xff\xfe\n")
    with pytest.raises(ConfigError, match="cannot be read as text"):
        load_settings(tmp_path)


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_secrets_file_that_others_can_read(tmp_path: Path, mode: int, *, warned: bool) -> None:
    secrets = tmp_path / "secrets.env"
    secrets.write_text("")
    secrets.chmod(mode)
    mistakes = check_secrets_file(load_settings(tmp_path))
    assert bool(mistakes) is warned
    assert all("chmod 600" in mistake.text() for mistake in mistakes)


def test_no_secrets_file_is_no_mistake(tmp_path: Path) -> None:
    assert check_secrets_file(load_settings(tmp_path)) == []
