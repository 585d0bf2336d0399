"""An OpenID provider on this machine, with keys of its own: publishes them over HTTP and signs tokens."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

AUDIENCE: Final = "https://certif.example/graphe"
_MAKERS: Final[dict[str, tuple[Callable[[], Any], Any]]] = {
    "RS256": (lambda: rsa.generate_private_key(65537, 2048), jwt.algorithms.RSAAlgorithm),
    "ES256": (lambda: ec.generate_private_key(ec.SECP256R1()), jwt.algorithms.ECAlgorithm),
    "EdDSA": (ed25519.Ed25519PrivateKey.generate, jwt.algorithms.OKPAlgorithm),
}
PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Provider:
    """Answers what `answers` holds by path (status, headers, body), a byte at a time if it `drips`; notes what is asked for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.issuer = address
        self.answers: dict[str, tuple[int, dict[str, str | None], bytes]] = {}
        self.asked: list[str] = []
        self.private: dict[str, tuple[str, PrivateKey]] = {}
        self.public: list[dict[str, Any]] = []
        for algorithm in _MAKERS:
            self.add_key(algorithm, algorithm)
        self._first = tuple(self.public)
        self.start_anew()

    def start_anew(self) -> None:
        """Be as if nobody had asked or changed anything: keys take long to make."""
        self.drips = False
        self.public[:] = self._first
        self.asked.clear()
        self.answers.clear()
        self.publish()

    def add_key(self, kid: str, algorithm: str) -> None:
        make, kind = _MAKERS[algorithm]
        key: PrivateKey = make()
        self.private[kid] = (algorithm, key)
        self.public.append(json.loads(kind.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"})

    def publish(self, **changes: object) -> None:
        document = {"issuer": self.issuer, "jwks_uri": f"{self.address}/keys"} | changes
        self.say("/.well-known/openid-configuration", document)
        self.say("/keys", {"keys": self.public})

    def say(self, path: str, document: object) -> None:
        self.answers[path] = (200, {}, json.dumps(document).encode())

    def sign(self, kid: str = "RS256", headers: dict[str, Any] | None = None, **changes: Any) -> str:
        """A token that is right but for the changes; a claim that is None is left out."""
        algorithm, key = self.private[kid]
        return jwt.encode(self.claims(**changes), key, algorithm, {"kid": kid} | (headers or {}))

    def claims(self, **changes: object) -> dict[str, object]:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": AUDIENCE, "sub": "anna", "iat": now, "exp": now + 300} | changes
        return {name: value for name, value in claims.items() if value is not None}


@contextmanager
def providing(tls: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """A provider that answers on a free port, by https where it is given how."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            status, headers, body = provider.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                for byte in body if provider.drips else ():
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
                self.wfile.write(b"" if provider.drips else body)

        def handle(self) -> None:
            with suppress(OSError):  # a client that does not believe the certificate
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        provider = Provider(f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join(10)
