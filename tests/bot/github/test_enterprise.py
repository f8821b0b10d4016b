"""A GitHub Enterprise Server behind its own CA and behind a proxy, as real servers show it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import github
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.github import Unavailable
from bot.github.wire import Wire
from tests.bot.github.host import Answer, Host, host


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def to(url: str) -> Wire:
    return Wire(github.Auth.Token("secret"), url, now)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - dt.timedelta(days=1))
        .not_valid_after(now() + dt.timedelta(days=1))
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `ca.pem`, and with `server.pem` that it signed for the loopback."""
    folder = tmp_path_factory.mktemp("authority")
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = (
        _begun("Our CA", "Our CA", ca_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    server = (
        _begun("ghes.example", "Our CA", key)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "server.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + server.public_bytes(pem)
    )
    return folder


@contextmanager
def secure(authority: Path, *answers: Answer) -> Iterator[Host]:
    """A host that speaks TLS with the certificate that the CA signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem")
    with host(*answers, tls=context) as server:
        yield server


@pytest.fixture
def trusting(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names the CA, and no proxy."""
    _without_proxy(monkeypatch)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority / "ca.pem"))


def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("trusting")
def test_a_server_of_the_own_ca_is_trusted_where_the_bundle_names_it(authority: Path) -> None:
    with secure(authority, Answer({"a": 1})) as server:
        assert to(server.url).get("/repos/x/y") == {"a": 1}


def test_without_the_bundle_it_is_not(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_proxy(monkeypatch)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with secure(authority, Answer({"a": 1})) as server:
        with pytest.raises(Unavailable, match="SSLError"):
            to(server.url).get("/repos/x/y")
        assert server.asked == []


@pytest.mark.usefixtures("trusting")
def test_graphql_is_beside_rest_on_the_same_host(authority: Path) -> None:
    with secure(authority, Answer({"data": {"a": 1}})) as server:
        to(server.url).query("{a}", {})
        assert server.asked[0][1] == "/api/graphql"


@pytest.mark.usefixtures("trusting")
def test_a_proxy_is_taken_and_sees_only_a_tunnel(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secure(authority, Answer({"a": 1})) as server, tunnelling() as (proxy, seen):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        assert to(server.url).get("/repos/x/y") == {"a": 1}
    port = server.url.split(":")[2].partition("/")[0]
    assert seen[0].startswith(f"CONNECT 127.0.0.1:{port} ".encode())
    assert b"secret" not in b"".join(seen)


@pytest.mark.usefixtures("trusting")
def test_a_redirect_to_plain_http_is_no_rename(authority: Path) -> None:
    elsewhere = {"Location": "http://127.0.0.1/api/v3/repositories/1"}
    with secure(authority, Answer({}, 301, elsewhere)) as server:
        with pytest.raises(Exception, match="redirect"):
            to(server.url).get("/repos/x/y")
        assert len(server.asked) == 1


@contextmanager
def tunnelling() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy on a free port that opens tunnels, and the bytes that went from client to server."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            head = client.recv(4096)
            seen.append(head)
            address, _, port = head.split()[1].decode().rpartition(":")
            with socket.create_connection((address, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _carry(client, server, seen)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        listener.close()


def _carry(client: socket.socket, server: socket.socket, seen: list[bytes]) -> None:
    other: dict[Any, socket.socket] = {client: server, server: client}
    while True:
        ready, _, _ = select.select([client, server], [], [], 10)
        for end in ready:
            piece = end.recv(1 << 16)
            if not piece:
                return
            if end is client:
                seen.append(piece)
            other[end].sendall(piece)
        if not ready:
            return
