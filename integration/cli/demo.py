"""``unclench demo``: a hot evening in a simulated bedroom, played by the real service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.options import JsonOption

if TYPE_CHECKING:
    from integration.demo.director import Pace
    from integration.demo.scene import Scene


def demo(
    speed: Annotated[
        float, typer.Option(min=1, max=100_000, help="How many times faster than life; 400 takes 40 s.")
    ] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Another number is another hot evening.")] = 1,
    headless: Annotated[bool, typer.Option("--headless", help="No screen: plain lines, as fast as it goes.")] = False,
    without: Annotated[bool, typer.Option("--without", help="The same evening with nobody to cool it.")] = False,
    json: JsonOption = False,
) -> None:
    """Play one hot evening in a simulated bedroom, through the same MQTT, rules and Home Assistant calls as `run`.

    Nothing to set up, nothing is kept, nothing of your own home is touched. Ctrl-C ends it with the summary so far.
    """
    import logging
    import signal
    import time
    from json import dumps

    from rich.console import Console

    from integration.cli.demo_screen import on_screen
    from integration.cli.demo_view import CHART_HEIGHT, plain_story, summary
    from integration.demo.chart import draw
    from integration.demo.scene import Scene, result
    from integration.demo.story import evening

    logging.getLogger().addHandler(logging.NullHandler())  # warnings would land in the middle of the screen
    logging.captureWarnings(capture=True)
    scene = Scene.opening(evening(seed), with_us=not without)
    console = Console(highlight=False)
    began = time.monotonic()
    with_screen = not (headless or json) and console.is_terminal and not console.is_dumb_terminal
    try:
        if with_screen:
            for number in (signal.SIGTERM, signal.SIGHUP):  # a closed window too must leave nothing behind
                signal.signal(number, signal.default_int_handler)
            with on_screen(scene, console, speed) as pace:
                _play(scene, pace)
        else:
            _play(scene)
    except KeyboardInterrupt:
        pass  # the evening so far is worth a summary
    if json:
        print(dumps(result(scene, time.monotonic() - began), ensure_ascii=False))
        return
    if with_screen:
        console.print(draw(scene, min(console.width, 100), CHART_HEIGHT))
    else:
        console.print(plain_story(scene), soft_wrap=True)
    for part in summary(scene):
        console.print(part)


def _play(scene: Scene, pace: Pace = lambda _: None) -> None:
    from integration.demo.director import play_without_us, playing

    if not scene.with_us:
        play_without_us(scene, pace)
        return
    with playing(scene, pace) as director:
        director.play()
