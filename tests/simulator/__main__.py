# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the simulator until SIGTERM or SIGINT: python -m simulator --env-file FILE"""

from __future__ import annotations

import argparse
import json
import os
import signal
from pathlib import Path

from .server import Simulator

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--env-file", type=Path, required=True, help="where to write the URLs and accounts, as JSON")
    parser.add_argument("--token-life", type=float, default=3600, help="seconds until a token expires")
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster than real time operations run")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls-port", type=int, default=0)
    parser.add_argument("--pid-file", type=Path)
    return parser.parse_args()


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def main() -> None:
    arguments = parse_arguments()
    # Blocked before any thread starts, so that only sigwait() receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    simulator = Simulator(arguments.token_life, arguments.speed, port=arguments.port, tls_port=arguments.tls_port)
    with simulator:
        if arguments.pid_file:
            write_atomically(arguments.pid_file, f"{os.getpid()}\n")
        write_atomically(arguments.env_file, json.dumps(simulator.describe(), indent=2) + "\n")
        signal.sigwait(STOP_SIGNALS)
    if arguments.pid_file:
        arguments.pid_file.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
