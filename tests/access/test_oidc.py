"""Tokens of an OpenID provider that runs, with real keys."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from provider import AUDIENCE, Provider, providing
from referentiel.access import Identity, IssuerUnavailable, issuer_of
from referentiel.access.issuer_keys import KEPT, LONGEST, PAUSE, IssuerKeys
from referentiel.access.oidc import LEEWAY, OpenIdIssuer
from referentiel.settings import BadSetting, Writing

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.start_anew()
    return running


@pytest.fixture
def issuer(provider: Provider) -> OpenIdIssuer:
    return OpenIdIssuer(provider.issuer, AUDIENCE)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_right_token_says_who_holds_it(provider: Provider, issuer: OpenIdIssuer, algorithm: str) -> None:
    identity = issuer.identify(provider.sign(algorithm, scope="openid referentiel:write:RNCP* email"))
    assert identity is not None
    assert identity.name == "anna@127.0.0.1"
    assert identity.may("write", "RNCP1")
    assert not identity.may("write", "RS1")
    assert not identity.may("withdraw", "RNCP1")
    assert not identity.may("graphs")


def test_each_scope_is_a_grant_of_its_own(provider: Provider, issuer: OpenIdIssuer) -> None:
    identity = issuer.identify(provider.sign(scope="referentiel:write:A referentiel:withdraw:B referentiel:graphs"))
    assert identity is not None
    assert [identity.may(operation, code) for operation in ("write", "withdraw") for code in "AB"] == [True, False, False, True]
    assert identity.may("graphs")


@pytest.mark.parametrize(
    "scope",
    [
        None, "", "write", "referentiel:write", "referentiel:write:", "referentiel:write:[A-Z]*", "referentiel:write:A:B",
        "referentiel:admin:*", "xreferentiel:write:*", "REFERENTIEL:WRITE:*", "referentiel:graphs:*",
        ["referentiel:write:*"], 5, {"referentiel:write:*": 1},
    ],
)  # fmt: skip
def test_other_scopes_allow_nothing(provider: Provider, issuer: OpenIdIssuer, scope: object) -> None:
    assert issuer.identify(provider.sign(scope=scope)) == Identity("anna@127.0.0.1", frozenset(), ())


def test_an_audience_among_others_is_enough(provider: Provider, issuer: OpenIdIssuer) -> None:
    assert issuer.identify(provider.sign(aud=["https://other.example", AUDIENCE])) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "https://other.example"},
        {"aud": AUDIENCE + "/"},
        {"aud": None},
        {"exp": None},
        {"exp": int(time.time()) - LEEWAY - 60},
        {"exp": "never"},
        {"nbf": int(time.time()) + LEEWAY + 600},
        {"sub": None},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "x" * 201},
    ],
)
def test_a_claim_that_is_not_right_makes_it_nobody_s(provider: Provider, issuer: OpenIdIssuer, changes: dict[str, Any]) -> None:
    assert issuer.identify(provider.sign(**changes)) is None


@pytest.mark.parametrize("seconds", [-LEEWAY + 30, 5])
def test_clocks_may_differ_a_little(provider: Provider, issuer: OpenIdIssuer, seconds: int) -> None:
    now = int(time.time())
    assert issuer.identify(provider.sign(exp=now + seconds, nbf=now + LEEWAY - 30)) is not None


def _encoded(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def _unsigned(provider: Provider) -> str:
    return f"{_encoded({'alg': 'none', 'kid': 'RS256'})}.{_encoded(provider.claims())}."


def _keyed_with_the_public_key(provider: Provider) -> str:
    """The attack that confuses a public key with a secret one: whoever reads the public key could sign."""
    text = f"{_encoded({'alg': 'HS256', 'kid': 'RS256'})}.{_encoded(provider.claims())}"
    public = jwt.PyJWK(provider.public[0]).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signature = base64.urlsafe_b64encode(hmac.digest(public, text.encode(), "sha256")).rstrip(b"=").decode()
    return f"{text}.{signature}"


def _of_another_key(provider: Provider) -> str:
    return jwt.encode(provider.claims(), rsa.generate_private_key(65537, 2048), "RS256", {"kid": "RS256"})


def _with_a_key_of_its_own(provider: Provider) -> str:
    key = rsa.generate_private_key(65537, 2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return jwt.encode(provider.claims(), key, "RS256", {"kid": "own", "jwk": jwk, "jku": f"{provider.address}/own"})


def _changed(provider: Provider) -> str:
    head, _, signature = provider.sign().split(".")
    return f"{head}.{_encoded(provider.claims(sub='admin'))}.{signature}"


@pytest.mark.parametrize(
    "forge",
    [
        _unsigned,
        _keyed_with_the_public_key,
        _of_another_key,
        _with_a_key_of_its_own,
        _changed,
        lambda provider: provider.sign("RS256", {"crit": ["exp"], "exp": 1}),
        lambda provider: provider.sign("RS256", {"kid": "ES256"}),
        lambda provider: provider.sign("RS256", {"kid": "unheard-of"}),
        lambda provider: provider.sign(scope="x" * 8192),
        lambda provider: provider.sign()[:-2],
        lambda _provider: "a.b.c",
        lambda _provider: f"{_encoded([])}..",
        lambda _provider: f"{_encoded({'alg': ['RS256']})}..",
        lambda _provider: f"{_encoded({'alg': 'RS256', 'kid': {}})}..",
        lambda _provider: "",
        lambda _provider: "é",
    ],
)
def test_a_forged_token_is_nobody_s(provider: Provider, issuer: OpenIdIssuer, forge: Callable[[Provider], str]) -> None:
    assert issuer.identify(forge(provider)) is None
    assert f"{provider.address}/own" not in provider.asked
    assert issuer.identify(provider.sign()) is not None


@pytest.mark.parametrize("change", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}, {"n": "!"}, {"n": None}])
def test_a_key_for_something_else_verifies_nothing(provider: Provider, issuer: OpenIdIssuer, change: dict[str, object]) -> None:
    provider.say("/keys", {"keys": [provider.public[0] | change]})
    assert issuer.identify(provider.sign()) is None


def test_a_token_that_names_no_key_is_verified_by_the_one_of_its_kind(provider: Provider, issuer: OpenIdIssuer) -> None:
    token = jwt.encode(provider.claims(), provider.private["ES256"][1], "ES256")
    assert issuer.identify(token) is not None


def test_keys_are_asked_for_once(provider: Provider, issuer: OpenIdIssuer) -> None:
    for _ in range(3):
        assert issuer.identify(provider.sign()) is not None
    assert provider.asked == [DISCOVERY, "/keys"]


def test_many_who_come_at_once_have_keys_asked_for_once(provider: Provider, issuer: OpenIdIssuer) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(issuer.identify, [provider.sign()] * 8))
    assert all(found)
    assert provider.asked == [DISCOVERY, "/keys"]


def test_a_new_key_is_found_and_an_old_one_forgotten(provider: Provider) -> None:
    clock = Clock()
    issuer = OpenIdIssuer(provider.issuer, AUDIENCE, IssuerKeys(provider.issuer, clock))
    old = provider.sign()
    assert issuer.identify(old) is not None
    provider.public[:] = provider.public[1:3]
    provider.add_key("next", "RS256")
    provider.publish()
    clock.now += PAUSE
    assert issuer.identify(provider.sign("next")) is not None
    assert issuer.identify(old) is None


def test_a_withdrawn_key_opens_nothing_once_keys_are_old(provider: Provider) -> None:
    clock = Clock()
    issuer = OpenIdIssuer(provider.issuer, AUDIENCE, IssuerKeys(provider.issuer, clock))
    assert issuer.identify(provider.sign()) is not None
    provider.say("/keys", {"keys": provider.public[1:3]})
    clock.now += KEPT
    assert issuer.identify(provider.sign()) is None


def test_unknown_keys_make_nobody_ask_again_and_again(provider: Provider) -> None:
    clock = Clock()
    issuer = OpenIdIssuer(provider.issuer, AUDIENCE, IssuerKeys(provider.issuer, clock))
    for _ in range(20):
        assert issuer.identify(provider.sign("RS256", {"kid": "unheard-of"})) is None
    assert provider.asked == [DISCOVERY, "/keys"]
    clock.now += PAUSE
    assert issuer.identify(provider.sign("RS256", {"kid": "unheard-of"})) is None
    assert provider.asked == [DISCOVERY, "/keys"] * 2


@pytest.mark.parametrize(
    "fail",
    [
        lambda provider: provider.answers.clear(),
        lambda provider: provider.answers.update({"/keys": (503, {}, provider.answers["/keys"][2])}),
        lambda provider: provider.answers.update({"/keys": (302, {"Location": "/moved"}, provider.answers["/keys"][2])}),
        lambda provider: provider.answers.update({"/keys": (200, {}, b"{")}),
        lambda provider: provider.answers.update({"/keys": (200, {}, b"[" * 100_000)}),
        lambda provider: provider.answers.update({"/keys": (200, {}, provider.answers["/keys"][2] + b" " * LONGEST)}),
        lambda provider: provider.answers.update(
            {"/keys": (200, {"Content-Length": None}, provider.answers["/keys"][2] + b" " * LONGEST)}
        ),
        lambda provider: provider.answers.update({"/keys": (200, {"Content-Length": "100"}, b'{"keys": []}')}),
        lambda provider: provider.say("/keys", {"keys": 5}),
        lambda provider: provider.say("/keys", []),
        lambda provider: provider.publish(issuer="https://other.example"),
        lambda provider: provider.publish(jwks_uri=5),
        lambda provider: provider.publish(jwks_uri=provider.address.replace("127.0.0.1", "0.0.0.0") + "/keys"),
        lambda provider: provider.publish(jwks_uri="file:///etc/passwd"),
        lambda provider: provider.publish(jwks_uri="https://[bad/keys"),
    ],
)
def test_without_its_keys_nothing_can_be_said_and_it_is_asked_again_later(
    provider: Provider, caplog: pytest.LogCaptureFixture, fail: Callable[[Provider], object]
) -> None:
    clock = Clock()
    issuer = OpenIdIssuer(provider.issuer, AUDIENCE, IssuerKeys(provider.issuer, clock))
    fail(provider)
    for _ in range(3):
        with pytest.raises(IssuerUnavailable) as told:
            issuer.identify(provider.sign())
        assert told.value.seconds == PAUSE
    assert provider.asked.count(DISCOVERY) == 1
    assert "/moved" not in provider.asked
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    provider.publish()
    clock.now += PAUSE
    assert issuer.identify(provider.sign()) is not None


def test_known_keys_serve_while_the_provider_is_down(provider: Provider) -> None:
    clock = Clock()
    issuer = OpenIdIssuer(provider.issuer, AUDIENCE, IssuerKeys(provider.issuer, clock))
    assert issuer.identify(provider.sign()) is not None
    provider.answers.clear()
    clock.now += KEPT - 1
    assert issuer.identify(provider.sign()) is not None
    assert issuer.identify(provider.sign("RS256", {"kid": "unheard-of"})) is None
    clock.now += 1 + PAUSE
    with pytest.raises(IssuerUnavailable):
        issuer.identify(provider.sign())


def test_a_provider_that_has_gone_is_unavailable() -> None:
    with providing() as gone:
        token = gone.sign()
    with pytest.raises(IssuerUnavailable):
        OpenIdIssuer(gone.issuer, AUDIENCE).identify(token)


def certificate(folder: Path) -> Path:
    """A file with a certificate for this machine, which nobody else has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


def test_https_is_spoken_with_those_whose_certificate_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    with providing(tls) as provider:
        token = provider.sign()
        with pytest.raises(IssuerUnavailable):
            OpenIdIssuer(provider.issuer, AUDIENCE).identify(token)
        assert not provider.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert OpenIdIssuer(provider.issuer, AUDIENCE).identify(token) is not None


def test_a_provider_that_drips_is_not_waited_for(provider: Provider) -> None:
    provider.drips = True
    with pytest.raises(IssuerUnavailable):
        OpenIdIssuer(provider.issuer, AUDIENCE, IssuerKeys(provider.issuer, seconds=0.3)).identify(provider.sign())


@pytest.mark.parametrize("address", ["http://issuer.example", "http://127.0.0.1.example/", "http://10.0.0.1/", "ftp://localhost/"])
def test_a_provider_must_be_reached_safely(address: str) -> None:
    with pytest.raises(ValueError, match="neither https"):
        IssuerKeys(address)


@pytest.mark.parametrize(
    "address", ["https://issuer.example/realms/a", "http://localhost:8080/", "http://[::1]/", "http://127.0.0.2"]
)
def test_https_and_this_machine_are_safe(address: str) -> None:
    IssuerKeys(address)


def test_the_settings_name_the_provider(provider: Provider) -> None:
    assert issuer_of(Writing()) is None
    found = issuer_of(Writing(oidc_issuer=provider.issuer, oidc_audience=AUDIENCE))
    assert found is not None
    assert found.identify(provider.sign()) is not None


def test_settings_that_are_not_safe_are_refused() -> None:
    with pytest.raises(BadSetting, match=r"REFERENTIEL_OIDC_ISSUER.*https"):
        issuer_of(Writing(oidc_issuer="http://issuer.example", oidc_audience=AUDIENCE))


WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None  # as if it were not installed
from referentiel.access import issuer_of
from referentiel.settings import BadSetting, Writing
assert issuer_of(Writing()) is None
try:
    issuer_of(Writing(oidc_issuer="https://issuer.example", oidc_audience="a"))
except BadSetting as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("library", ["jwt", "cryptography"])
def test_a_library_that_is_missing_is_named(library: str) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT, library], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert library in done.stderr
    assert "pip install 'referentiel[oidc]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_issuer_no_library_is_loaded() -> None:
    code = "import sys, referentiel.access, referentiel.web.authentication; sys.exit('jwt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
