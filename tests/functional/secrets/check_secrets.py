# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plant secrets everywhere, run Ansible in every way, and search for them everywhere.

Usage: check_secrets.py [--quick]    prints each occurrence and a table; ends with 1 if there is one, or if the search
                                     does not find a leak that was planted on purpose
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from cases import (
    BROKEN_YAML,
    CRASH,
    FIRST_SLICE,
    OUTCOMES,
    SLICED,
    Outcome,
    clouds_yaml,
    environment_kinds,
    fits,
    in_groups,
    option_kinds,
    planted_tasks,
    slips,
    task_of,
)
from leaks import leaking_arguments, leaks, plant_leaks, write_leaks
from misplaced import LOGIN, ROLE, SOURCE, Plant, plants, role_variables, source_arguments
from planted import ANSWER, CREDENTIAL, PROXY, Finder, Secret, issued, plant_tails, plant_text, planted
from runs import PLACES, REQUESTS, STRANGER, Run, ad_hoc, event_source, playbook, role_playbook, runner
from simulator import Simulator
from talkative import Stranger, Talkative

_SHORT = "a"
_HOSTS = 4  # among which the tasks with misplaced options are shared
_DESCRIBED = 3  # kinds of login that only a described API has; the last ones
_AROUND = 60  # characters that are shown beside an occurrence


class Count(NamedTuple):
    """The numbers of places and of unproven cases."""

    passed: int
    failed: int


class Search:
    """Gathers what is to be searched, and searches it when all secrets are known: tokens are issued in the meantime."""

    def __init__(
        self, folder: Path, simulator: Simulator, talkative: Talkative, stranger: Stranger, planted: list[Plant]
    ) -> None:
        self.simulator = simulator
        self.plants = planted
        self.talkative = talkative
        self.stranger = stranger
        self.runs: list[Run] = []
        self._folder = folder
        self._texts: list[tuple[str, str, bytes]] = []
        self.searched: Counter[str] = Counter()  # by place
        self.problems: list[str] = []

    def run(self, name: str, secret_files: dict[str, str] | None = None) -> Run:
        """Return a new run, whose whole output is searched."""
        self.runs.append(Run(self._folder / name, lambda *found: self._texts.append(found), secret_files))
        return self.runs[-1]

    def _requests(self) -> Iterator[tuple[str, str, bytes]]:
        for heard in self.talkative.heard:
            yield REQUESTS, heard.home, heard.content
        for content in self.stranger.heard:
            yield STRANGER, "a stranger", content

    def occurrences(self, secrets: list[Secret]) -> dict[str, list[str]]:
        """Return where forbidden secrets appear, by place, and clear what was gathered."""
        finder = Finder(secrets)
        found: dict[str, list[str]] = defaultdict(list)
        for place, where, content in [*self._texts, *self._requests()]:
            self.searched[place] += 1
            for secret in finder.find(content):
                if not (place == REQUESTS and where in secret.homes):
                    found[place].append(f"{secret.name} in {where}: {_around(content, secret)}")
        self._texts.clear()
        self.talkative.heard.clear()
        self.stranger.heard.clear()
        return found


def _around(content: bytes, secret: Secret) -> str:
    start = content.find(secret.core.encode())
    if start < 0:
        return "(encoded)"
    piece = content[max(0, start - _AROUND) : start + len(secret.core) + _AROUND]
    return repr(piece.decode(errors="replace"))


def _outcomes(number: int, quick: bool) -> list[Outcome]:
    """Return all outcomes, or the two most important ones and a share of the others."""
    return [each for place, each in enumerate(OUTCOMES) if not quick or place < 2 or place % 8 == number % 8]


def _run_options(search: Search, quick: bool) -> None:
    """Secrets in options, groups and clouds.yaml, by ansible-runner with ansible-playbook."""
    sim = search.simulator
    kinds = option_kinds(sim)
    hosts: dict[str, list[dict[str, Any]]] = {}
    for number, kind in enumerate(kinds):
        hosts[kind.name] = [
            _case(each, task_of(kind, each, sim)) for each in _outcomes(number, quick) if fits(kind, each)
        ]
    pair = [kinds[0], kinds[4]]
    hosts["groups"] = [_case(each, in_groups(pair, each, sim)) for each in _outcomes(len(kinds), quick)]
    hosts["slices"] = [_case(SLICED, in_groups(kinds[-_DESCRIBED:], SLICED, sim))]
    run = search.run("options", _user_files(search))
    for number, (plant, options) in enumerate(planted_tasks(search.plants)):
        ends = "auth or input or protocol or timeout" if plant.kind == LOGIN else "any"
        hosts.setdefault(f"plants-{number % _HOSTS}", []).append(
            {"outcome": plant.name, "ends": ends, "options": options, "module": plant.module}
        )
    hosts["slips"] = [_slip(run, name, options) for name, options in slips(sim)]
    short = task_of(kinds[5], OUTCOMES[0], sim)
    hosts["short"] = [
        {"outcome": "short", "ends": "auth", "options": {**short, "auth": {"username": "azure", "password": _SHORT}}}
    ]
    playbook(run, hosts, pipelined=[name for name in hosts if name.startswith("plants-")])
    code = run.run(runner(run))
    search.problems += [*_unexpected(run, code, hosts), *_wrongly_masked(run), *_not_in_slices(run)]


def _not_in_slices(run: Run) -> list[str]:
    """Check that a state was handed from one slice to the next."""
    took = [line["result"].get("elapsed", 0.0) for line in _results(run) if line["host"] == "slices"]
    return [] if max(took, default=0.0) > FIRST_SLICE else [f"slices: one slice was enough: {took} s"]


def _wrongly_masked(run: Run) -> list[str]:
    """Check that a one-letter password is hidden where it is given, and hides that letter nowhere else."""
    results = [line["result"] for line in _results(run) if line["host"] == "short" and "failure" in line["result"]]
    if not results:
        return ["short: no result"]
    given = results[0]["invocation"]["module_args"]["auth"]
    if "***" in json.dumps(results[0]) or given["username"] != "azure" or given["password"] == _SHORT:
        return [f"short: a password of one letter is not hidden as it should be: {results[0]}"]
    return []


def _user_files(search: Search) -> dict[str, str]:
    texts = map(json.dumps, clouds_yaml(search.simulator, search.plants))
    files = dict(zip(("clouds.yaml", "secure.yaml"), texts, strict=True))
    return {**files, **{f"{name}.yaml": text for name, text in BROKEN_YAML.items()}}


def _slip(run: Run, name: str, options: dict[str, Any]) -> dict[str, Any]:
    named = {"OS_CLIENT_CONFIG_FILE": str(run.inputs / f"{name}.yaml")}
    keywords = {"environment": named} if name in BROKEN_YAML else {}
    return {"outcome": name, "ends": "any", "options": options, "keywords": keywords}


def _run_environment(search: Search, quick: bool) -> None:
    """Secrets in the environment: a task that opens its gate, and one that is refused with what it sent."""
    for number, kind in enumerate(environment_kinds(search.simulator)):
        outcomes = OUTCOMES[:2] if not quick else OUTCOMES[1:2]
        run = search.run(f"environment-{number}", _user_files(search))
        cases = [_case(each, task_of(kind, each, search.simulator)) for each in outcomes]
        code = run.run(playbook(run, {kind.name: cases}), kind.environ)
        search.problems += _unexpected(run, code, {kind.name: cases})


def _run_proxy(search: Search) -> None:
    """A password in the URL of a proxy, which does not answer."""
    kind = option_kinds(search.simulator)[0]
    run = search.run("proxy")
    cases = [
        {
            "outcome": "proxy",
            "ends": "timeout",
            "options": {**task_of(kind, OUTCOMES[0], search.simulator), "timeout": 1},
        }
    ]
    url = f"http://me:{quote(PROXY.text, safe='')}@127.0.0.1:1"
    code = run.run(playbook(run, {"proxy": cases}), {"HTTP_PROXY": url, "http_proxy": url, "NO_PROXY": "none.invalid"})
    search.problems += _unexpected(run, code, {"proxy": cases})


def _run_role(search: Search) -> None:
    """Secrets in variables of the role, all of which it refuses."""
    cases = [role_variables(each.make(plant_text(each))) for each in search.plants if each.kind == ROLE]
    run = search.run("role")
    code = run.run(role_playbook(run, cases))
    refused = {line["task"] for line in _results(run) if line["task"].endswith(" is refused")}
    if code or len(refused) != len(cases):
        count = f"{len(refused)} of {len(cases)} cases are refused"
        search.problems.append(f"role: {count}, code {code}: {run.screen[-2000:]}")


def _run_event_source(search: Search, quick: bool) -> None:
    """Secrets in the arguments of the event source, also in good ones, and in a clouds.yaml."""
    sim = search.simulator
    endings: list[str] = []
    cases: list[dict[str, Any]] = []
    for kind in option_kinds(sim)[:: 3 if quick else 1]:
        for outcome, ending in zip(OUTCOMES[:3], ("over", "SourceError", "SourceError"), strict=True):
            if fits(kind, outcome):
                arguments = {**task_of(kind, outcome, sim), "end_when_finished": True}
                del arguments["timeout"]
                cases.append(source_arguments(arguments))
                endings.append(ending)
    for plant in search.plants:
        if plant.kind == SOURCE:
            cases.append(source_arguments(plant.make(plant_text(plant))))
            endings.append("SourceError")
    run = search.run("source", _user_files(search))
    code = run.run(event_source(run, cases), screen_file="source")
    lines = [json.loads(line) for line in run.read("source").splitlines() if line.startswith('{"ended"')]
    if code or len(lines) != len(cases):
        search.problems.append(f"source: {len(lines)} of {len(cases)} cases, code {code}: {run.read('source')[-2000:]}")
    for arguments, ending, line in zip(cases, endings, lines, strict=False):
        if not line["ended"].startswith(ending) or (ending == "over") != bool(line["events"]):
            search.problems.append(f"source: {line} instead of {ending} for the arguments {list(arguments)}")


def _run_ad_hoc(search: Search) -> None:
    """Run the command line, with the API's own answer, which is shown only with `raw`."""
    kind = option_kinds(search.simulator)[0]
    run = search.run("ad-hoc")
    code = run.run(ad_hoc(run, task_of(kind, OUTCOMES[0], search.simulator)))
    if code:
        search.problems.append(f"ad-hoc: Ansible ended with code {code}: {run.screen[-2000:]}")


def _raw_is_shown(search: Search, credentials: list[Secret], answers: list[Secret]) -> dict[str, list[str]]:
    """With `raw: true` the API's own answer is shown, and still no credential."""
    kind = option_kinds(search.simulator)[0]
    run = search.run("raw")
    code = run.run(ad_hoc(run, {**task_of(kind, OUTCOMES[0], search.simulator), "raw": True}))
    found = Finder(answers).find(run.screen.encode())
    if code or not found:
        search.problems.append(f"raw: nothing of what the API tells is shown: {run.screen[-2000:]}")
    return search.occurrences([*credentials, *issued(search.simulator)])


def _leak(search: Search) -> dict[str, list[str]]:
    """Return the findings of the deliberate leaks, by place."""
    run = search.run("leaks")
    write_leaks(run, f"{search.simulator.url}/openstack/identity/", search.stranger.url, search.plants)
    code = run.run(runner(run)) or run.run(event_source(run, leaking_arguments(search.plants)), screen_file="source")
    if code:
        search.problems.append(f"leaks: ended with code {code}: {run.screen[-2000:]}")
    counted = search.searched.copy()
    of_plants = plant_leaks(search.plants)
    found = search.occurrences([*leaks().values(), *of_plants.values()])
    search.searched = counted
    lines = [line for each in found.values() for line in each]
    for plant, secret in of_plants.items():
        if not any(line.startswith(secret.name + " in ") for line in lines):
            search.problems.append(f"leaks: a leak in the place of {plant.kind}: {plant.name} is not found")
    own = {place: secret.name for place, secret in leaks().items()}
    return {place: [each for each in lines if each.startswith(own[place] + " in ")] for place, lines in found.items()}


def _case(outcome: Outcome, options: dict[str, Any]) -> dict[str, Any]:
    return {"outcome": outcome.name, "ends": outcome.ends, "options": options, "keywords": dict(outcome.keywords)}


def _unexpected(run: Run, code: int, hosts: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the runs that did not end as expected: they prove nothing."""
    results = {(line["host"], line["task"]): line["result"] for line in _results(run)}
    wrong = [] if code == 0 else [f"{run.folder.name}: Ansible ended with code {code}: {run.screen[-2000:]}"]
    for host, cases in hosts.items():
        for number, case in enumerate(cases):
            result = results.get((host, f"Task {number}"))
            ended = _ended(result) if result else "not run"
            if not _as_expected(ended, case["ends"]):
                said = (result or {}).get("msg")
                wrong.append(f"{run.folder.name}: {host}, {case['outcome']}: {ended}, not {case['ends']}: {said}")
    return wrong


def _as_expected(ended: str | None, ends: str | None) -> bool:
    if ended is None or ends is None:
        return ended is ends
    return ended != "not run" if ends == "any" else ended in ends.split(" or ")


def _results(run: Run) -> list[dict[str, Any]]:
    lines = (run.output / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _ended(result: dict[str, Any]) -> str | None:
    if "operations" not in result or "This is a defect of the collection" in str(result.get("msg")):
        return CRASH
    failure = result.get("failure")
    return str(failure["kind"]) if failure else None


def _table(search: Search, found: dict[str, list[str]], leaked: dict[str, list[str]]) -> Iterator[str]:
    yield f"{'place':<34} {'searched':>8}  {'found':>5}  leak on purpose"
    for place in PLACES:
        seen = "found" if leaked.get(place) else "NOT FOUND"
        yield f"{place:<34} {search.searched[place]:>8}  {len(found.get(place, [])):>5}  {seen}"


def check(quick: bool, folder: Path) -> Count:
    """Run everything. A place passes if the search finds only the deliberate leak there."""
    plant_tails()
    started = time.monotonic()
    with Stranger() as stranger:
        simulator = Simulator()
        talkative = Talkative(simulator.gatekeeper, stranger.url)
        simulator.put_in_front(talkative)
        with simulator:
            search = Search(folder, simulator, talkative, stranger, plants(quick))
            secrets = planted(simulator, search.plants)
            _run_options(search, quick)
            _run_environment(search, quick)
            _run_proxy(search)
            _run_role(search)
            _run_event_source(search, quick)
            _run_ad_hoc(search)
            found = search.occurrences([*secrets, *issued(simulator)])
            credentials = [each for each in secrets if each.kind == CREDENTIAL]
            answers = [each for each in secrets if each.kind == ANSWER]
            for place, lines in _raw_is_shown(search, credentials, answers).items():
                found[place] += lines
            tokens = len(issued(simulator))
            leaked = _leak(search)
    for line in (f"{place}: {each}" for place, lines in found.items() for each in lines):
        print(line)
    for problem in search.problems:
        print(f"NOT PROVEN  {problem}")
    print("\n".join(_table(search, found, leaked)))
    occurrences, missed = sum(map(len, found.values())), [place for place in PLACES if not leaked.get(place)]
    watched = [
        sum(getattr(run, name) for run in search.runs) for name in ("processes", "watched_files", "argument_files")
    ]
    print(
        f"{watched[0]} processes and {watched[1]} temporary files were checked, {watched[2]} of them the files by "
        "which Ansible hands a module its options: for their owner only, and gone at the end."
    )
    print(
        f"{len(secrets)} secrets planted, {tokens} tokens issued: {occurrences} occurrences; "
        f"{len(PLACES) - len(missed)} of {len(PLACES)} leaks on purpose found, and those of {len(search.plants)} "
        f"misplaced secrets; {time.monotonic() - started:.0f} s."
    )
    passed = sum(place not in missed and not found.get(place) for place in PLACES)
    return Count(passed, len(PLACES) - passed + len(search.problems))


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="not every outcome of every kind of login")
    parser.add_argument("--counted", type=Path, metavar="FILE", help="where to write how many places passed, as JSON")
    parser.add_argument("--keep", action="store_true", help="leave all that was written")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="secrets-"))
    # A plain `kill` must end the runs too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        count = check(options.quick, folder)
        if options.counted:
            options.counted.write_text(json.dumps(count._asdict()), encoding="utf-8")
        return 1 if count.failed else 0
    finally:
        print(folder) if options.keep else shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
