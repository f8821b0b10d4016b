from __future__ import annotations

import io
import random
import tarfile
from collections.abc import Callable

import pytest

from bot.github import tar


def packed(
    *members: tuple[str, bytes], layout: int = tarfile.PAX_FORMAT, **fields: object
) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=layout) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for field, value in fields.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def unpacked(data: bytes, wanted: Callable[[str, int], bool] = lambda *_: True) -> dict[str, bytes]:
    return dict(tar.files(io.BytesIO(data).read, wanted))


LONG = "a" * 90 + "/" + "b" * 90 + "/" + "c" * 90 + ".py"


@pytest.mark.parametrize("layout", [tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("name", ["top/app.py", "top/" + "d" * 90 + "/" + "e" * 90 + ".py"])
@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 70_000])
def test_files_come_as_they_went_in(name: str, size: int, layout: int) -> None:
    content = random.Random(size).randbytes(size)
    after = ("top/after.py", b"x = 1\n")
    assert unpacked(packed((name, content), after, layout=layout)) == {
        name: content,
        "top/after.py": b"x = 1\n",
    }


def test_names_longer_than_a_header_and_beyond_ascii_come_whole() -> None:
    data = packed((f"top/{LONG}", b"x"), ("top/größe\n.py", b"y"))
    assert unpacked(data) == {f"top/{LONG}": b"x", "top/größe\n.py": b"y"}


def test_what_nobody_wants_is_passed_over() -> None:
    data = packed(("a.py", b"x" * 1000), ("b.bin", b"y" * 100_000), ("c.py", b"z"))
    assert unpacked(data, lambda path, size: path.endswith(".py") and size < 500) == {"c.py": b"z"}


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.LNKTYPE,
        tarfile.SYMTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.DIRTYPE,
        tarfile.FIFOTYPE,
        tarfile.CONTTYPE,
        tarfile.GNUTYPE_SPARSE,
        b"Z",
    ],
)
def test_links_devices_and_sparse_files_are_no_files(kind: bytes) -> None:
    data = packed(("etc", b""), type=kind, linkname="/etc/passwd") + packed(("a.py", b"x"))
    assert unpacked(data[:512] + data[-10240:]) == {"a.py": b"x"}


def test_a_pax_header_of_any_size_is_not_taken_in() -> None:
    data = packed(("a.py", b"x"), pax_headers={"comment": "y" * 1_000_000, "path": "evil.py"})
    assert unpacked(data) == {"a.py": b"x"}


@pytest.mark.parametrize(
    "records",
    [b"", b"9", b"x path=a\n", b"999 path=a\n", b"0 path=a\n", b"-5 path=a\n", b"\xff" * 40],
)
def test_pax_records_that_are_none_change_no_name(records: bytes) -> None:
    pax = packed(("pax", records), type=b"x", layout=tarfile.USTAR_FORMAT)[:1024]
    assert unpacked(pax[: 1024 if records else 512] + packed(("a.py", b"x"))) == {"a.py": b"x"}


def test_an_archive_that_ends_too_early_is_damaged() -> None:
    data = packed(("a.py", b"x" * 1000), ("b.py", b"y" * 1000))
    for length in (0, 100, 511, 600, 1536, 2100, len(data) - 10_240 + 1):
        with pytest.raises(tar.DamagedError):
            unpacked(data[:length])


def test_noise_is_damaged_and_nothing_worse() -> None:
    noise = random.Random(7)
    for _ in range(500):
        data = bytearray(packed(("a.py", b"x" * 600), ("b.py", b"y")))
        for _ in range(noise.randrange(1, 40)):
            data[noise.randrange(2048)] = noise.randrange(256)
        try:
            found = unpacked(bytes(data), lambda _, size: size < 100_000)
        except tar.DamagedError:
            continue
        assert all(len(content) < 100_000 for content in found.values())


def test_a_size_that_octal_digits_cannot_hold_is_too_large_for_anybody() -> None:
    data = bytearray(packed(("a.py", b"x")))
    data[124:136] = b"\x80" + (1 << 40).to_bytes(11, "big")
    seen: list[int] = []

    def wanted(_: str, size: int) -> bool:
        seen.append(size)
        return False

    with pytest.raises(tar.DamagedError):
        unpacked(bytes(data), wanted)
    assert seen == [1 << 40]
