# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzz with atheris, which creates inputs that reach new code.

Usage: coverage_guided.py SECONDS

An input is a name, a question, and then the answer's own bytes, or the choices of one of the other targets.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ansible_collections.cloudgate"]):
    from fuzz.bodies import Bodies
    from fuzz.choices import Choices
    from fuzz.scenes import KINDS, scenes
    from fuzz.targets import TARGETS, Target

BODIES = [Bodies(scenes(name, few=True)) for name in KINDS]
OTHERS = [Target(read) for read in TARGETS.values()]


def run(data: bytes) -> None:
    """Give one input to whom it names. Raises what breaks."""
    choices = Choices(data)
    number = choices.below(len(BODIES) + len(OTHERS))
    if number >= len(BODIES):
        OTHERS[number - len(BODIES)].run(choices.rest())
        return
    bodies = BODIES[number]
    scene = choices.pick(bodies.scenes)
    path = choices.pick(list(scene.answers))
    served = {known: text.encode() for known, text in scene.answers.items()}
    served[path] = choices.rest()
    bodies.tally.time(lambda: bodies.put(scene, served, short=True))


def corpus(folder: Path) -> None:
    """Write down the good answers, to begin with."""
    for number, bodies in enumerate(BODIES):
        for each, scene in enumerate(bodies.scenes[:256]):
            for way, text in enumerate(scene.answers.values()):
                folder.joinpath(f"{number}-{each}-{way}").write_bytes(bytes((number, each, way)) + text.encode())


def main(seconds: int) -> None:
    """Fuzz; ends the process, with 77 when something breaks."""
    with tempfile.TemporaryDirectory() as folder:
        corpus(Path(folder))
        flags = [f"-max_total_time={seconds}", "-max_len=20000", "-rss_limit_mb=2000", "-timeout=30"]
        atheris.Setup([sys.argv[0], *flags, f"-artifact_prefix={tempfile.gettempdir()}/", folder], run)
        atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]))
