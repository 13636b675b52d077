# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one operation_info task costs beside one ansible.builtin.uri GET task: the median of pairs in one run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("uri", "operation_info")
LIMIT = 1.3  # times the uri task


def measure(pairs: int, simulator_file: str) -> dict[str, list[float]]:
    """Run the playbook; seconds of each task by its name."""
    with tempfile.TemporaryDirectory() as folder:
        durations = Path(folder, "durations.jsonl")
        environment = dict(
            os.environ,
            ANSIBLE_CALLBACKS_ENABLED="durations",
            ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"),
            ANSIBLE_LOCALHOST_WARNING="false",
            TASK_DURATIONS=str(durations),
        )
        variables = f"simulator_file={simulator_file} pairs={pairs}"
        command = ["ansible-playbook", str(HERE / "task_cost.yml"), "-e", variables]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        lines = [json.loads(line) for line in durations.read_text(encoding="utf-8").splitlines()]
    return {name: [line["seconds"] for line in lines if line["name"].endswith(f"with {name}")] for name in NAMES}


def main() -> int:
    """Print the table; 1 when a task of ours costs more than the limit."""
    pairs = int(os.environ.get("PAIRS", "20"))
    seconds = measure(pairs, os.environ["SIMULATOR_FILE"])
    in_pairs = zip(seconds["operation_info"], seconds["uri"], strict=True)
    ratio = statistics.median(ours / theirs for ours, theirs in in_pairs)
    print(f"One task with one GET, median of {pairs} pairs in one run; operation_info logs in with a password:")
    for name, values in seconds.items():
        low, middle, high = min(values) * 1000, statistics.median(values) * 1000, max(values) * 1000
        print(f"  {name:16} {middle:7.0f} ms   {low:.0f}..{high:.0f} ms")
    print(f"  ratio of a pair  {ratio:7.2f}      at most {LIMIT}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
