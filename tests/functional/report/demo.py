# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the reports of the demonstration into a folder and, where there is a Chromium, their picture.

Usage: demo.py FOLDER SIMULATOR_FILE
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from report.browser import Browser, chromium

PLAYBOOK = Path(__file__).with_name("demo.yml")
WIDTH = 1180
# The picture shows the steps of the first operation only, so that it stays readable.
FOLD = "document.querySelectorAll('details[open]').forEach((each, number) => { each.open = number === 0 })"


def write(folder: Path, simulator_file: str) -> int:
    """Run the playbook and return its exit code."""
    variables = ["-e", f"report_folder={folder}", "-e", f"simulator_file={simulator_file}"]
    return subprocess.run(["ansible-playbook", str(PLAYBOOK), *variables], check=False).returncode


def take_picture(folder: Path) -> str:
    """Take a picture of the page, and return the line that says so."""
    if chromium() is None:
        return "no picture: there is no Chromium on this machine (Debian: chromium)"
    with Browser() as browser:
        browser.open(folder / "report.html")
        browser.resize(width=WIDTH)
        browser.value(FOLD)
        browser.picture(folder / "report.png")
    return str(folder / "report.png")


def main(folder: Path, simulator_file: str) -> int:
    """Write the reports and the picture, and print their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    code = write(folder, simulator_file)
    if code == 0:
        print(folder / "report.html", folder / "report.md", take_picture(folder), sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
