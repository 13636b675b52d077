# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on loopback addresses, with a certificate authority for the SDKs that refuse plain HTTP."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
from definition_oracles.oracle import Oracle
from scripted import Api, run_module

__all__ = ("run_module",)  # a fixture
Begin = Callable[[type[Oracle]], Oracle]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the environment of the machine's user from SDKs and modules."""
    for name in os.environ:
        if name.startswith(("REQUESTS_", "CURL_", "SSL_", "AZURE_", "GOOGLE_", "OVH_", "LINODE_", "IONOS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """Return what a server shows, and the file of the authority."""
    authority, file = trustme.CA(), tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context, str(file)


@pytest.fixture
def begin(certificates: tuple[ssl.SSLContext, str]) -> Iterator[Begin]:
    """Start an operation with an SDK on a server of its own."""
    context, authority = certificates
    with ExitStack() as servers:

        def started(kind: type[Oracle]) -> Oracle:
            oracle = kind(servers.enter_context(Api(context if kind.tls else None)), authority)
            oracle.api.started = oracle.started()
            oracle.start()
            servers.callback(oracle.stop)
            return oracle

        yield started
