"""`unclench check`: every mistake at once, then the broker, Home Assistant and every mapped entity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.exits import FINE, PEER_UNAVAILABLE, WRONG
from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from config.load import Configuration
    from config.mistakes import Mistake
    from config.settings import Settings
    from integration.probe.findings import Finding


def check(
    ctx: typer.Context,
    config: ConfigOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Look at the files only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find every mistake in your files, then try the broker, Home Assistant and every device that they name.

    Nothing in your home is switched.
    """
    from config.errors import ConfigError
    from config.load import load
    from config.settings import check_secrets_file
    from integration.probe.advice import notes
    from integration.rulebooks import load_books

    settings = settings_for(ctx, config)
    warnings = check_secrets_file(settings)
    try:
        configuration = load(settings.config)
        load_books(configuration)
    except ConfigError as error:
        _report(settings.config, [*error.mistakes, *warnings], [], as_json=as_json)
        raise typer.Exit(WRONG) from None
    findings = [*([] if offline else look(configuration, settings)), *notes(configuration)]
    _report(settings.config, warnings, findings, as_json=as_json)
    raise typer.Exit(exit_code(warnings, findings))


def look(configuration: Configuration, settings: Settings) -> list[Finding]:
    """Try everything outside."""
    from config.crosscheck import sources
    from devices.direct import DirectDevice
    from integration.probe.broker import MappedDevice, probe_broker

    home = configuration.home
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    topics = [source.topic for _, source in sources(home) if source.topic]
    devices = [
        MappedDevice(DirectDevice(entity, each), configuration.place_in_home(("mqtt_devices", entity, "topic")))
        for entity, each in home.mqtt_devices.items()
    ]
    findings = probe_broker(
        home.mqtt, password, topics, lambda key: configuration.place_in_home(("mqtt", key)), devices
    )
    return findings + _look_at_home_assistant(configuration, settings)


def _look_at_home_assistant(configuration: Configuration, settings: Settings) -> list[Finding]:
    from config.errors import PeerError, PeerUnavailableError
    from integration.probe.entities import entity_findings
    from integration.probe.findings import Finding, Verdict
    from integration.probe.home_assistant import PEER, read_inventory
    from integration.probe.mapped import mapped_entities

    home_assistant = configuration.home.home_assistant
    if home_assistant is None:
        left = configuration.home.unswitched
        switched = "is not in home.yaml; what is said to you is printed and published"
        some = f"is not in home.yaml, so nothing switches {', '.join(left)}"
        none = "is not in home.yaml, so actions are printed and published, not carried out"
        says = none if not configuration.home.mqtt_devices else some if left else switched
        return [Finding(about=PEER, verdict=Verdict.NOTE, says=says)]
    token = settings.ha_token.get_secret_value() if settings.ha_token else None
    about = f"{PEER} {home_assistant.url}"
    try:
        inventory = read_inventory(home_assistant, token)
    except PeerError as error:
        verdict = Verdict.AWAY if isinstance(error, PeerUnavailableError) else Verdict.WRONG
        place = configuration.place_in_home(("home_assistant", "url"))
        return [Finding(about=about, verdict=verdict, says=error.problem, place=place, advice=f"{error.remedy}.")]
    fine = Finding(about=about, verdict=Verdict.FINE, says="lets us in")
    return [fine, *entity_findings(mapped_entities(configuration), inventory)]


def exit_code(warnings: list[Mistake], findings: list[Finding]) -> int:
    """What is wrong counts before what is away: it does not go away by itself."""
    verdicts = {finding.verdict.value for finding in findings}
    if warnings or "wrong" in verdicts:
        return WRONG
    return PEER_UNAVAILABLE if "away" in verdicts else FINE


def _report(folder: Path, mistakes: list[Mistake], findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_facts(folder, mistakes, findings), indent=2, ensure_ascii=False))
        return
    from integration.cli.show import counted, show_findings, show_mistakes

    if mistakes:
        show_mistakes(mistakes, folder)
    else:
        typer.echo(f"The files in {folder} are fine.")
    show_findings(findings)
    open_ends = [finding for finding in findings if finding.verdict.value in {"wrong", "away"}]
    if findings:
        typer.echo(f"\n{counted(len(open_ends))} to put right." if open_ends else "\nAll is well.")


def _facts(folder: Path, mistakes: list[Mistake], findings: list[Finding]) -> dict[str, object]:
    return {
        "folder": str(folder),
        "ok": exit_code(mistakes, findings) == FINE,
        "mistakes": [mistake.as_json() for mistake in mistakes],
        "findings": [finding.as_json() for finding in findings],
    }
