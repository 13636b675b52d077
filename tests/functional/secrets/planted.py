# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The planted secrets, and the encodings in which a search finds them."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from misplaced import LOGIN, Plant
from simulator import Simulator, accounts

# A suffix of passwords: JSON, URLs, shells and YAML write it differently. It is not part of the search, the
# start is, so that no way of writing it can hide a secret.
TAIL = "\"é/+%'\\<"
HEADER_TAIL = TAIL.replace("é", "")  # of a secret that is sent in a header
CREDENTIAL, ANSWER = "credential", "answer"  # given by a user or issued by Keystone; others come from an API
_SECRET = ("password", "admin_password", "application_credential_secret", "secret_key", "security_token", "token")
_ALIKE = 6  # characters
_MIN = 12  # characters: shorter ones are found by chance


class Secret(NamedTuple):
    """A planted secret. homes: the first segments of the paths to which it may be sent."""

    name: str
    text: str
    homes: tuple[str, ...] = ()
    kind: str = CREDENTIAL

    @property
    def core(self) -> str:
        """Return the part that is the same in each encoding."""
        return self.text.removesuffix(TAIL).removesuffix(HEADER_TAIL)


# Undocumented fields of an API; talkative.py adds them.
GOSSIP = {
    name: f"Gossip-{name}-{mark}"
    for name, mark in (
        ("adminPass", "8c1f52d07be94a"),
        ("user_data", "5e27c3a91f60db"),
        ("request_body", "b7304e9d1c82f5"),
        ("traceback", "d2a96b07f4315e"),
    )
}
SLIPS = {
    name: f"Slip-{name}-{mark}"
    for name, mark in (
        ("misspelled", "1f0a7c5592e3"),
        ("in-url", "72bd03c8e1f4"),
        ("in-header", "9b46e1d5073a"),
        ("alias", "c05d2e871b9f"),
        ("tag", "3ae94f7d6012"),
        ("newline", "e81b5c90d3f7"),
        ("odd-token", "46f2a0b9c7d1"),
        ("in-list", "0d7be3128f5c"),
        ("broken-group", "a93c15e0f84b"),
        ("as-text", "58f0d1b6c27e"),
    )
}
NETRC = Secret("~/.netrc", "Netrc-Password-7d20f6c1a94b")


def plant_tails() -> None:
    """Give the simulated clouds passwords that are hard to write. To be called before a Simulator is made."""
    for name, cloud in accounts.CLOUDS.items():
        accounts.CLOUDS[name] = dataclasses.replace(cloud, tail=TAIL)


# Issued by identity providers and login requests; talkative.py does it.
ISSUED = {
    home: Secret(f"a token that {home} issues", f"Issued-{home}-token-{mark}{HEADER_TAIL}", (home,))
    for home, mark in (("openstack", "41c7d90be2"), ("azure", "b05f1c97d3"), ("google", "7ea2840d6f"))
}
LOGINS = {
    "azure": Secret("password of a login request", f"Login-password-0d96f2b8ea{TAIL}", ("azure",)),
    "google": Secret("OAuth2: client_secret", f"Client-secret-c7413ad05e{TAIL}", ("google",)),
}
API_KEY = Secret("a token in a header", f"Api-key-5b80e1f7d29c{HEADER_TAIL}", ("google",))
PROXY = Secret("a proxy's password", f"Proxy-password-6e03b7f9c1{TAIL}")


def plant_text(plant: Plant) -> str:
    """Return the secret as it is planted, with as many special characters as its place allows."""
    return plant.text() + ("" if plant.name in ("endpoint", "text as a group", "token_url") else TAIL)


def planted(simulator: Simulator, plants: Iterable[Plant]) -> list[Secret]:
    """Return all that is planted before a run."""
    secrets = [
        Secret(f"{name}: {field}", text, (name,))
        for name, account in {**simulator.clouds, **simulator.services}.items()
        for field, text in _fields(account)
    ]
    secrets += [Secret(f"an API's {name}", text, kind=ANSWER) for name, text in GOSSIP.items()]
    # A list in place of a password is text to Ansible, and sent as such.
    secrets += [Secret(f"slip: {name}", text, ("openstack",) * (name == "in-list")) for name, text in SLIPS.items()]
    # Only a login of clouds.yaml sends planted secrets, and only to its own cloud.
    secrets += [
        Secret(f"{each.kind}: {each.name}", plant_text(each), ("openstack",) * (each.kind == LOGIN)) for each in plants
    ]
    return [*secrets, NETRC, PROXY, API_KEY, *ISSUED.values(), *LOGINS.values()]


def issued(simulator: Simulator) -> list[Secret]:
    """Return the tokens that the simulated Keystones have issued."""
    return [
        Secret(f"{name}: issued token", token, (name,))
        for name, state in simulator.store.clouds.items()
        for token in state.tokens
    ]


def _fields(account: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in account.items():
        if isinstance(value, dict):
            yield from ((f"{name} {inner}", text) for inner, text in _fields(value))
        elif name in _SECRET:
            yield name, value


@cache
def forms(text: str) -> tuple[bytes, ...]:
    """Return the encodings of a secret: plain, hexadecimal, and Base64 at each offset."""
    raw = text.encode()
    if len(raw) < _MIN:
        raise ValueError(f"{text!r} is too short to be searched for")
    found = [raw, raw.hex().encode()]
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        # Without the characters that depend on the surrounding bytes.
        found.append(encoded[(0, 2, 3)[before] : len(encoded.rstrip("=")) - 1].encode())
    return tuple(dict.fromkeys(found))


class Finder:
    """Finds the secrets in bytes, and says which."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names = {form: secret for secret in secrets for form in forms(secret.core)}
        begins: dict[bytes, list[bytes]] = defaultdict(list)  # the same for all, to skip most places quickly
        for form in sorted(self._names, key=len, reverse=True):
            begins[form[:_ALIKE]].append(re.escape(form[_ALIKE:]))
        self._pattern = re.compile(
            b"|".join(re.escape(begin) + b"(?:" + b"|".join(rest) + b")" for begin, rest in begins.items())
        )

    def find(self, content: bytes) -> list[Secret]:
        """Return each occurrence of a secret, in order."""
        return [self._names[match] for match in self._pattern.findall(content)]
