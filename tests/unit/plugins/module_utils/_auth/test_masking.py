# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are hidden in every encoding, and short ones do not hide harmless text."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Any, Callable, Dict, List
from urllib.parse import quote, quote_plus, unquote

import pytest
from ansible.module_utils import basic
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.masking import SHORTEST, Masking, encodings
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import printable, shortened
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule
from ansible_collections.cloudgate.operations.tests.unit.module_options import give_options
from hypothesis import example, given
from hypothesis import strategies as st

SECRET = "Pa ss\"é/+%'\\<1"
# Not "*", which replaces hidden text, nor half of a surrogate pair, which cannot be sent.
_letters = st.characters(exclude_characters="*", exclude_categories=["Cs"])
secrets = st.text(_letters, min_size=SHORTEST, max_size=40).filter(lambda text: len(text.strip()) >= SHORTEST)
around = st.text(st.sampled_from("xyz -:{}\"'\n"), max_size=8)


def json_of_go(text: str) -> str:
    escaped = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
    return "".join(escaped.get(each, each) for each in json.dumps(text)[1:-1])


ESCAPES: Dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in Unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON of PHP": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON of Go": json_of_go,
    "Python": lambda text: repr(text)[1:-1],
    "bytes of Python": lambda text: repr(text.encode())[2:-1],
    "path": quote,
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "URL in lower case": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "HTML": html.escape,
    "HTML with numbers": lambda text: html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    "one line": printable,
    "words": lambda text: " ".join(text.split()),
}


@given(
    secret=secrets,
    before=around,
    after=around,
    first=st.sampled_from(sorted(ESCAPES)),
    second=st.sampled_from(sorted(ESCAPES)),
)
@example(secret=SECRET, before="", after="", first="JSON", second="bytes of Python")
def test_no_escape_shows_a_secret(secret: str, before: str, after: str, first: str, second: str) -> None:
    written = ESCAPES[second](ESCAPES[first](secret))
    shown = Masking([secret]).clean(before + written + after)
    assert written not in shown
    assert "***" in shown or shown == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def bits_shown(secret: bytes, text: str) -> bool:
    """Return whether Base64 anywhere in a text contains the secret."""
    for run in re.findall(r"[A-Za-z0-9+/_-]+", text):
        for start in range(4):
            piece = run[start:].replace("-", "+").replace("_", "/")
            if secret in base64.b64decode(piece[: len(piece) // 4 * 4]):
                return True
            if len(piece) % 4 > 1 and secret in base64.b64decode(piece + "=" * (-len(piece) % 4)):
                return True
    return False


@given(
    secret=secrets,
    before=st.binary(max_size=7),
    after=st.binary(max_size=7),
    encode=st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]),
    quoted=st.booleans(),
)
@example(secret="password", before=b"user:", after=b"", encode=base64.b64encode, quoted=False)
@example(secret="\xff\xfe\xff\xfe", before=b"", after=b"", encode=base64.b64encode, quoted=True)
def test_base64_of_more_than_the_secret_does_not_show_it(
    secret: str, before: bytes, after: bytes, encode: Callable[[bytes], bytes], quoted: bool
) -> None:
    written = encode(before + secret.encode() + after).decode()
    assert bits_shown(secret.encode(), written), "the search finds what is not masked"
    shown = Masking([secret]).clean(f"Basic {quote(written, safe='') if quoted else written}")
    assert not bits_shown(secret.encode(), unquote(shown))


@given(secret=secrets, upper=st.booleans(), before=st.sampled_from(["", "0x", "id="]))
def test_hexadecimal_does_not_show_a_secret(secret: str, upper: bool, before: str) -> None:
    written = secret.encode().hex()
    written = written.upper() if upper else written
    assert written not in Masking([secret]).clean(f"{before}{written}!")


@given(secret=secrets, before=around, length=st.integers(0, 60))
@example(secret="a-long-token", before="refused: ", length=17)
def test_a_text_that_was_cut_within_a_secret_does_not_show_its_beginning(secret: str, before: str, length: int) -> None:
    text = shortened(before + secret + " and more", length)
    shown = Masking([secret]).clean(f"{text} (HTTP 401)")
    left = length - len(before)
    assert left < SHORTEST or length >= len(before + secret) or secret[:left] not in shown


_leaves = st.none() | st.booleans() | st.integers() | st.text(st.sampled_from("abc XYZ.-/"), max_size=9)


@given(
    st.recursive(
        _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    )
)
def test_harmless_data_stays_as_it_is(data: Any) -> None:
    assert Masking(["Hunter-22-is-secret", "a", "XY", " b \n"]).clean(data) == data


def test_keys_are_hidden_in_what_an_api_sent_only() -> None:
    cleaned = Masking(["failed"]).clean({"failed": True, "raw": {"failed": 1, "deep": [{"the failed one": 2}]}})
    assert cleaned == {
        "failed": True,
        "raw": {"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER": 1, "deep": [{"the ******** one": 2}]},
    }


@pytest.mark.parametrize(("value", "shown"), [(12345, False), (912345, False), (1.5, True), (True, True), (None, True)])
def test_a_number_that_contains_a_secret_is_hidden(value: Any, shown: bool) -> None:
    assert (Masking(["12345"]).clean([value]) == [value]) == shown


def test_data_of_any_depth_is_no_obstacle() -> None:
    deep: List[Any] = ["Hunter-22"]
    for _level in range(500):
        deep = [deep]
    assert "Hunter-22" not in str(Masking(["Hunter-22"]).clean(deep))


def test_a_line_break_at_its_end_hides_no_secret() -> None:
    assert "a-token" in encodings("a-token\n")


@pytest.mark.parametrize("short", ["", "a", "abc", " a \n"])
def test_a_short_secret_has_no_encodings(short: str) -> None:
    assert encodings(short) == frozenset()


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert "secret\udc80" in encodings("secret\udc80")


def test_an_ordinary_secret_has_few_encodings() -> None:
    """Each is searched for in each text."""
    assert len(encodings("gAAAAAB" + "xY3_9" * 40)) < 20


@pytest.mark.parametrize("token", ["line\n", "tok€n", "to\x1bken"])
def test_a_token_that_fits_in_no_header_is_refused_unseen(token: str) -> None:
    params: Dict[str, Any] = {"auth_type": "bearer", "auth": {"token": token}}
    with pytest.raises(InputError, match=r"auth\.token must be one line of ASCII") as error:
        credentials.resolve(params, {}, aksk=False)
    assert token not in str(error.value)


@pytest.mark.parametrize("kind", [kinds.BASIC, kinds.PASSWORD])
def test_a_password_that_is_no_text_is_refused_unseen(kind: str) -> None:
    """Python reads a Latin-1 environment variable in this way."""
    password = b"h\xefdden".decode("utf-8", "surrogateescape")
    auth = {"username": "me", "auth_url": "https://k/v3", "user_domain_id": "d", "project_id": "p"}
    with pytest.raises(InputError, match=r"auth\.password must be text in UTF-8") as error:
        credentials.resolve({"auth_type": kind, "auth": {**auth, "password": password}}, {}, aksk=False)
    assert password not in str(error.value)


def test_a_defect_is_reported_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"provider": "openstack", "auth": {"password": SECRET}, "_ansible_no_log": True}
    give_options(monkeypatch, options)

    def work(module: GateModule) -> Dict[str, Any]:
        raise RuntimeError(json.dumps({"password": module.params["auth"]["password"]}))

    with pytest.raises(SystemExit):
        GateModule({}).run(work)
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] and "defect of the collection: RuntimeError" in result["msg"]
    assert "Pa ss" not in json.dumps(result)


def test_the_syslog_gets_the_names_of_options_only(monkeypatch: pytest.MonkeyPatch) -> None:
    logged = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, msg, **_more: logged.append(msg))
    options = {"provider": "openstack", "auth": {"password": SECRET, "username": "me"}}
    give_options(monkeypatch, options)
    GateModule({})
    assert logged == ["Invoked with the options auth, hyperinstance, provider, raw"]
