"""Reads the pixels of a PNG, so that tests see what a picture shows (https://www.w3.org/TR/png-3/)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

Pixel = tuple[int, int, int]


@dataclass(frozen=True)
class Pixels:
    """Rows of red, green, blue, alpha bytes."""

    width: int
    height: int
    rows: list[bytes]

    def at(self, x: float, y: float) -> Pixel:
        start = int(x) * 4
        red, green, blue, alpha = self.rows[int(y)][start : start + 4]
        assert alpha == 255, "the sheet covers everything"
        return red, green, blue

    def within(self, x: float, y: float, width: float, height: float) -> set[Pixel]:
        return {self.at(a, b) for a in range(int(x), int(x + width)) for b in range(int(y), int(y + height))}


def size_of(contents: bytes) -> tuple[int, int]:
    """Width and height."""
    width, height = struct.unpack(">II", contents[16:24])
    return width, height


def read(contents: bytes) -> Pixels:
    """The pixels of a picture with eight bits a channel, red, green, blue and alpha."""
    assert contents[:8] == b"\x89PNG\r\n\x1a\n"
    data, at, header = b"", 8, b""
    while at < len(contents):
        (length,) = struct.unpack(">I", contents[at : at + 4])
        kind, body = contents[at + 4 : at + 8], contents[at + 8 : at + 8 + length]
        assert struct.unpack(">I", contents[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        header = body if kind == b"IHDR" else header
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, *how = struct.unpack(">IIBBBBB", header)
    assert how == [8, 6, 0, 0, 0], "RGBA, not interlaced"
    return Pixels(width, height, _unfiltered(zlib.decompress(data), width * 4, height))


def _unfiltered(raw: bytes, stride: int, height: int) -> list[bytes]:
    rows, above = [], bytes(stride)
    for number in range(height):
        start = number * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        kind = raw[start]
        for i in range(stride if kind else 0):
            left, up = line[i - 4] if i >= 4 else 0, above[i]
            corner = above[i - 4] if i >= 4 else 0
            line[i] = (line[i] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
        above = bytes(line)
        rows.append(above)
    return rows


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
