from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from github import Auth

from bot.github import Refused, Repository, Unavailable
from bot.github import archive as archives
from bot.github.trees import blob_sha
from bot.github.wire import Wire
from tests.bot.github.contract import check
from tests.bot.github.host import Answer, Host, host
from tests.bot.github.test_app import app, token
from tests.bot.github.test_tar import LONG, packed
from tests.bot.operations.world import World, world

FILES: dict[str, str | bytes] = {
    "app.py": "x = 1\n",
    "windows.py": b"x = 1\r\n",
    "binary.py": b"\0\xff",
    f"deep/{LONG}": "y = 1\n",
    "left_out.py": "z = 1\n",
    "altered.py": "commit = '$Format:%H$'\n",
    "large.py": "#" * 512_001,
    ".gitattributes": "left_out.py export-ignore\naltered.py export-subst\n",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("github"), FILES) as made:
        yield made
        check(made.sandbox)


@pytest.fixture
def repository(here: World) -> Iterator[Repository]:
    record = here.repository.record
    with here.github.repository(here.installation.id, record.id, record.full_name) as client:
        yield client


def read(data: bytes, wanted: dict[str, bytes], piece: int = 1000) -> dict[str, bytes]:
    pieces = (data[start : start + piece] for start in range(0, len(data), piece))
    shas = {path: blob_sha(content) for path, content in wanted.items()}
    return dict(archives.files(pieces, shas))


def test_a_commit_comes_byte_for_byte_in_one_request(here: World, repository: Repository) -> None:
    head = repository.default_branch().head
    tree = repository.tree(head)
    before = len(here.requests())
    found = dict(repository.archive(head, {path: entry.sha for path, entry in tree.items()}))
    assert here.requests()[before:] == ["GET /repos/{owner}/{repo}/tarball/{ref}"]
    missing = {"left_out.py", "altered.py", "large.py"}
    assert found == {
        path: content.encode() if isinstance(content, str) else content
        for path, content in FILES.items()
        if path not in missing
    }


def test_only_what_is_wanted_comes(repository: Repository) -> None:
    head = repository.default_branch().head
    wanted = {"app.py": repository.tree(head)["app.py"].sha, "other.py": "0" * 40}
    assert dict(repository.archive(head, wanted)) == {"app.py": b"x = 1\n"}


def test_a_private_archive_comes_as_well(here: World, repository: Repository) -> None:
    here.repository.record.private = True
    head = repository.default_branch().head
    wanted = {"app.py": repository.tree(head)["app.py"].sha}
    assert dict(repository.archive(head, wanted)) == {"app.py": b"x = 1\n"}
    here.repository.record.private = False


def redirected(*answers: Answer) -> tuple[Host, list[tuple[str, bytes]]]:
    """What comes from an archive host with these answers, and that host afterwards."""
    with host(*answers) as elsewhere:
        there = Answer(None, 302, {"location": elsewhere.url + "/archive?token=key"})
        with host(token(), there) as server:
            client = app(server).repository(5, 7, "acme/payments")
            wanted = {"app.py": blob_sha(b"x = 1\n")}
            return elsewhere, list(client.archive("1" * 40, wanted))


def test_the_archive_host_is_told_no_token() -> None:
    data = gzip.compress(packed(("top/app.py", b"x = 1\n")))
    elsewhere, found = redirected(Answer(data))
    assert found == [("app.py", b"x = 1\n")]
    ((_, path, headers, _),) = elsewhere.asked
    assert path.endswith("/archive?token=key")
    assert "authorization" not in headers


def test_no_netrc_of_the_machine_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    elsewhere, _ = redirected(Answer(gzip.compress(packed(("top/app.py", b"x = 1\n")))))
    assert "authorization" not in elsewhere.asked[0][2]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"no gzip at all"),
        Answer(b""),
        Answer(gzip.compress(packed(("top/a.py", b"x" * 5000)))[:-100]),
        Answer(gzip.compress(b"no tar" * 1000)),
        Answer(gzip.compress(packed(("top/a.py", b"x"))), short=True),
        Answer(b"", status=502),
    ],
)
def test_a_damaged_archive_is_worth_another_try(answer: Answer) -> None:
    with pytest.raises(Unavailable):
        redirected(answer)


@pytest.mark.parametrize("status", [301, 302, 404])
def test_the_archive_host_redirects_nobody_any_further(status: int) -> None:
    with pytest.raises(Refused):
        redirected(Answer(b"", status, {"location": "http://127.0.0.1:1/evil"}))


@pytest.mark.parametrize("address", ["", "/archive", "ftp://127.0.0.1/a", "file:///etc/passwd"])
def test_no_other_address_is_followed(address: str) -> None:
    with host(token(), Answer(None, 302, {"location": address})) as server:
        client = app(server).repository(5, 7, "acme/payments")
        with pytest.raises(Refused, match="not followed"):
            list(client.archive("1" * 40, {}))


def test_an_api_behind_tls_points_to_nothing_in_the_clear() -> None:
    with host(Answer(None, 302, {"location": "http://127.0.0.1:1/archive"})) as server:
        wire = Wire(Auth.Token("secret"), server.url, lambda: dt.datetime.now(dt.UTC))
        wire._in_the_clear = False
        with pytest.raises(Refused, match="not followed"):
            list(wire.download("/repos/acme/payments/tarball/main"))


@pytest.mark.parametrize("kind", [b"0", b"5", b"x", b"L", b"S"])
def test_a_bomb_takes_no_memory(kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "INFLATED_BYTES_AT_MOST", 64 << 20)
    header = bytearray(packed(("top/app.py", b""))[:512])
    header[124:136], header[156:157] = b"77777777777\0", kind  # eight gigabytes
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    bomb = packer.compress(header)
    bomb += b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    assert len(bomb) < 200_000
    tracemalloc.start()
    with pytest.raises(Refused, match="too large"):
        read(bomb, {"app.py": b""}, piece=1 << 16)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 << 20


def test_too_much_to_download_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "DOWNLOADED_BYTES_AT_MOST", 100_000)
    data = gzip.compress(packed(("top/a.bin", random.Random(1).randbytes(500_000))))
    with pytest.raises(Refused, match="too large"):
        read(data, {})


def test_whoever_forges_an_archive_gets_nothing_in() -> None:
    names = ["top/../app.py", "/app.py", "top//app.py", "../app.py", "app.py", "top/app.py"]
    data = gzip.compress(packed(*((name, b"evil") for name in names)))
    assert read(data, {"app.py": b"x = 1\n"}) == {}


@pytest.mark.parametrize("piece", [1, 7, 511, 100_000])
def test_it_does_not_matter_how_the_bytes_come(piece: int) -> None:
    contents = {f"d/{n}.py": b"%d\n" % n * n for n in range(300)}
    tarball = packed(*((f"top/{path}", content) for path, content in contents.items()))
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as packer:
        packer.write(tarball)
    assert read(stream.getvalue(), contents, piece) == contents
