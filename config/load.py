"""Loads a whole configuration folder: home.yaml and profiles/*.yaml, or every mistake in them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from config.crosscheck import cross_check
from config.errors import ConfigError
from config.home import Home, Mqtt
from config.mistakes import Mistake, Place, shown_path
from config.profile import Profile
from config.read import Reading, read_file
from config.trigger_names import check_trigger_names
from config.types import Name
from config.yaml_file import KeyPath, YamlFile

HOME_FILE = "home.yaml"
PROFILES = "profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A folder without mistakes: the home, and the profile of each person by the name of their file."""

    folder: Path
    home: Home
    profiles: Mapping[str, Profile]
    files: Mapping[str, YamlFile] = field(default_factory=dict, repr=False, compare=False)
    """What the files say and where, by the names that messages use."""

    def place_in_home(self, path: KeyPath) -> Place:
        """Where something is written in home.yaml."""
        return self.files[HOME_FILE].value_place(path)

    def place_in_profile(self, person: str, path: KeyPath) -> Place:
        """Where something is written in a person's file."""
        return self.files[f"{PROFILES}/{person}.yaml"].value_place(path)


def load(folder: Path) -> Configuration:
    """The configuration in a folder. Raises ConfigError with every mistake of every file."""
    home = read_file(folder / HOME_FILE, Home, relative_to=folder)
    profiles, mistakes = _profiles(folder)
    mistakes += home.mistakes if (folder / HOME_FILE).exists() else [_no_home()]
    mistakes += cross_check(home, profiles)
    if mistakes or home.model is None:
        raise ConfigError(mistakes, folder)
    files = [home.file, *(reading.file for reading in profiles.values())]
    return Configuration(
        folder=folder,
        home=home.model,
        profiles={person: reading.model for person, reading in profiles.items() if reading.model},
        files={file.name: file for file in files},
    )


def load_mqtt(folder: Path) -> Mqtt:
    """The part `mqtt` of home.yaml, whatever else is wrong in there. Raises ConfigError with its own mistakes."""
    home = read_file(folder / HOME_FILE, Home, relative_to=folder)
    if home.model is not None:
        return home.model.mqtt
    if not (folder / HOME_FILE).exists():
        problem = "this file does not exist; name the broker with --broker, or write one with `unclench init`"
        raise ConfigError([Mistake.at(Place(file=HOME_FILE), problem)], folder)
    mistakes = [mistake for mistake in home.mistakes if not home.file.data or mistake.key.split(".")[0] == "mqtt"]
    if mistakes:
        raise ConfigError(mistakes, folder)
    return Mqtt.model_validate(home.file.data.get("mqtt", {}))


def _no_home() -> Mistake:
    return Mistake.at(Place(file=HOME_FILE), "this file does not exist; `unclench init` writes one")


def _profiles(folder: Path) -> tuple[dict[str, Reading[Profile]], list[Mistake]]:
    """Each profile by person, and everything that is wrong within one of them."""
    readings: dict[str, Reading[Profile]] = {}
    mistakes: list[Mistake] = []
    for path in sorted((folder / PROFILES).glob("[!.]*.y*ml")):
        reading = read_file(path, Profile, relative_to=folder)
        about_name = _name_mistakes(path, folder)
        mistakes += (*about_name, *check_trigger_names(reading))
        if not about_name:
            readings[path.stem] = reading
    if not readings and not mistakes:
        problem = "there is no profile; each person has a file here, like anna.yaml (`unclench init` writes one)"
        mistakes.append(Mistake.at(Place(file=f"{PROFILES}/"), problem))
    return readings, mistakes


def _name_mistakes(path: Path, folder: Path) -> list[Mistake]:
    place = Place(file=shown_path(path, folder))
    if path.suffix != ".yaml":
        return [Mistake.at(place, f"name this file {path.stem}.yaml")]
    try:
        TypeAdapter(Name).validate_python(path.stem)
    except ValidationError:
        allowed = "small letters, digits and _, starting with a letter, like anna.yaml"
        return [Mistake.at(place, "the file's name is the person's short name in topics", allowed=allowed)]
    return []
