# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command while the simulated clouds are up.

Usage: with_simulator.py COMMAND [ARGUMENT ...]

The command finds the simulator's addresses and accounts in the JSON file named by the environment variable
SIMULATOR_FILE; the word {simulator_file} in an argument becomes that name as well.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
START_SECONDS = 30.0


class SimulatorFailed(Exception):
    """The simulator ended or stayed silent instead of starting."""


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_start(process: subprocess.Popen[bytes], env_file: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not env_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SimulatorFailed(f"the simulator did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


@contextmanager
def running_simulator(python: str | Path = sys.executable, tests: Path = TESTS) -> Iterator[Path]:
    """Start the simulator, give the name of its JSON file, and stop it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="cloudgate-") as folder:
        env_file, log = Path(folder, "simulator.json"), Path(folder, "simulator.log")
        command = [python, "-m", "simulator", "--env-file", env_file]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(tests)}
            )
        try:
            _await_start(process, env_file, log)
            yield env_file
        finally:
            _stop(process)


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    # A plain `kill` must end the simulator and the command too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running_simulator() as env_file:
        command = [word.replace("{simulator_file}", str(env_file)) for word in arguments]
        process = subprocess.Popen(command, env={**os.environ, "SIMULATOR_FILE": str(env_file)})
        try:
            return process.wait()
        finally:
            _stop(process)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
