"""A second verifier of ledgers, written from docs/ledger.md alone. Needs the module cryptography.

verify_ledger.py KEY.pub FOLDER [KEPT [RECORDINGS]]: prints "ok LAST" or "bad ENTRY why"; exit status 0 or 1.
FOLDER is a copy of a ledger's folder; KEPT a file of checkpoints that were kept elsewhere, as notes or as
lines with JSON, or "-" for none; RECORDINGS the folder of the recordings.
"""

import base64
import hashlib
import json
import os
import re
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ZEROS = bytes(32)
FOREVER = 1 << 63
bad = []


def crc32c_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = (n >> 1) ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    return table


TABLE = crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def read(path):
    return open(path, "rb").read() if os.path.exists(path) else b""


class Key:
    def __init__(self, text):
        self.text = text
        self.name, self.id, data = text.split("+", 2)
        self.raw = base64.b64decode(data)
        digest = hashlib.sha256(self.name.encode() + b"\n" + self.raw).hexdigest()
        if self.raw[0] != 1 or len(self.raw) != 33 or digest[:8] != self.id:
            raise ValueError("no public key")

    def signed(self, note):
        for name, key_id, signature in note.marks:
            if name == self.name and key_id == self.id:
                try:
                    Ed25519PublicKey.from_public_bytes(self.raw[1:]).verify(signature, note.text.encode())
                    return True
                except InvalidSignature:
                    return False
        return False


class Note:
    def __init__(self, text, marks):
        self.text = text
        self.marks = []
        for line in marks.split("\n"):
            dash, name, data = line.split(" ")
            if dash != "\u2014":
                raise ValueError("no signature")
            raw = base64.b64decode(data)
            self.marks.append((name, raw[:4].hex(), raw[4:]))
        lines = text.rstrip("\n").split("\n")
        self.kind = lines[0].split("/", 2)[2] if lines[0].count("/") > 1 else ""
        self.entry = int(lines[1])
        self.hash = base64.b64decode(lines[2], validate=True)
        self.fields = dict(line.split(" ", 1) for line in lines[3:])


def notes(data):
    """Notes of a file; None for one that is none. The torn end is left out."""
    parts = data.decode(errors="replace").split("\n\n")
    for i in range(0, len(parts) - 2, 2):
        try:
            yield Note(parts[i] + "\n", parts[i + 1])
        except (ValueError, IndexError):
            yield None


def keys_of(trusted, data):
    """Ranges of entries by key."""
    changes = []
    for note in notes(data):
        try:
            key = Key(note.fields["key"])
            before = note.fields["previous"]
            before = None if before == "none" else Key(before)
            if note.kind != "key" or not key.signed(note) or (before and not before.signed(note)):
                raise ValueError
            changes.append((note, key, before))
        except (ValueError, AttributeError, KeyError):
            bad.append((1, "keys"))
    known = {trusted.text: trusted}
    for _ in changes:
        for _, key, before in changes:
            if before and (key.text in known or before.text in known):
                known[key.text], known[before.text] = key, before
    ranges = []
    for key in known.values():
        since, until = 0, FOREVER
        for note, new, before in changes:
            if new.text == key.text:
                since = note.entry
            if before and before.text == key.text:
                until = note.entry
        ranges.append((key, since, until))
    return ranges, [(n.entry, n.hash) for n, k, _ in changes if k.text in known]


def may_sign(ranges, note):
    return any(key.signed(note) and since <= note.entry <= until for key, since, until in ranges)


def entry_at(data, at, number, before):
    """The end of the entry and its hash, or why there is none."""
    if at + 28 > len(data):
        return None, "ends"
    size, sequence = struct.unpack(">iq", data[at : at + 12])
    if crc32c(data[at : at + 24]) != struct.unpack(">I", data[at + 24 : at + 28])[0] or not 1 <= size <= 8 << 20:
        return None, "head"
    end = at + 28 + size + 36
    if end > len(data) or crc32c(data[at : end - 4]) != struct.unpack(">I", data[end - 4 : end])[0]:
        return None, "checksum"
    if sequence != number:
        return None, "number"
    chain = hashlib.sha256(before + data[at : at + 24] + data[at + 28 : end - 36]).digest()
    return (end, chain) if chain == data[end - 36 : end - 4] else (None, "chain")


class Recordings:
    """Step 5: the files of a folder against what entries say of them."""

    def __init__(self, folder):
        self.folder = folder
        self.unnamed = {n: 0 for n in os.listdir(folder) if n.endswith(".recording")} if folder else {}
        self.missing = {}

    def entry(self, number, record):
        fields = json.loads(record) if self.folder and record[:9] == b'{"type":"' else {}
        name = fields.get("file")
        if fields.get("type") == "session-start":
            if fields["session"] + ".recording" in self.unnamed:
                self.unnamed[fields["session"] + ".recording"] = number
        elif fields.get("type") == "recording-removed":
            self.missing.pop(name, None)
        elif fields.get("type") == "recording":
            self.unnamed.pop(name, None)
            path = os.path.join(self.folder, os.path.basename(name))
            if not os.path.exists(path):
                self.missing[name] = number
                return
            data = read(path)
            if len(data) != fields["bytes"] or hashlib.sha256(data).hexdigest() != fields["sha256"]:
                bad.append((number, "recording"))

    def end(self, last):
        bad.extend((number, "recording") for number in self.missing.values())
        for name, number in self.unnamed.items():
            if not whole_frames(read(os.path.join(self.folder, name))):
                bad.append((number or last, "recording"))


def whole_frames(data):
    """Whether header and frames have the checksums that docs/recordings.md tells of, as far as they are whole."""
    if len(data) < 48 or not any(data[:48]):
        return True
    if data[:12] != b"BASTRECO" + struct.pack(">i", 1):
        return False
    at = 48 + struct.unpack(">i", data[12:16])[0]
    if len(data) < at + 4:
        return True
    if crc32c(data[:at]) != struct.unpack(">I", data[at : at + 4])[0]:
        return False
    at, number = at + 4, 0
    while len(data) - at >= 44:
        size, kind = struct.unpack(">iB", data[at : at + 5])
        if crc32c(data[at : at + 40]) != struct.unpack(">I", data[at + 40 : at + 44])[0]:
            return False
        if struct.unpack(">q", data[at + 8 : at + 16])[0] != number:
            return False
        end = at + 44 + size
        if len(data) < end + 4:
            return True
        if crc32c(data[at + 44 : end]) != struct.unpack(">I", data[end : end + 4])[0]:
            return False
        if kind == 2:
            return True
        at, number = end + 4, number + 1
    return True


def kept_notes(data):
    """Notes as they were written, or of lines that have in them, or are, the JSON {"checkpoint":"..."}."""
    if b'{"checkpoint":' not in data:
        yield from notes(data)
        return
    for line in data.decode(errors="replace").split("\n"):
        if '{"checkpoint":' in line:
            text = json.JSONDecoder().raw_decode(line[line.index('{"checkpoint":') :])[0]["checkpoint"]
            yield from notes((text.rstrip("\n") + "\n\n").encode())


def torn(data, at, number):
    """Whether what stands after the last entry is the rest of a write that was torn."""
    rest = data[at:].rstrip(b"\0")
    if not rest:
        return True
    for i in range(1, len(rest) - 27):
        if rest[i] == 0 and crc32c(rest[i : i + 24]) == struct.unpack(">I", rest[i + 24 : i + 28])[0]:
            size, sequence, place = struct.unpack(">iqi", rest[i : i + 16])
            if 1 <= size <= 8 << 20 and sequence - place > number:
                return False
    whole = 28
    if len(data) >= at + 28 and crc32c(data[at : at + 24]) == struct.unpack(">I", data[at + 24 : at + 28])[0]:
        whole = struct.unpack(">i", data[at : at + 4])[0] + 64
    if len(rest) < whole:
        return True
    first = -at % 512
    return any(not any(rest[i : i + 512]) for i in range(first, len(rest) - 511, 512))


def walk(folder, segments, number, chain, known, recordings):
    """Checks the chain; the last entry, or None when it is bad."""
    names = sorted(n for n in os.listdir(folder) if re.fullmatch(r"[0-9]{10}\.segment", n))
    names = [n for n in names if int(n[:10]) > segments]
    headers = []
    for place, name in enumerate(names):
        data = read(os.path.join(folder, name))
        good = len(data) >= 72 and data[:8] == b"BASTLEDG" and crc32c(data[:68]) == struct.unpack(">I", data[68:72])[0]
        if not good or int(name[:10]) != segments + place + 1 or struct.unpack(">q", data[12:20])[0] != int(name[:10]):
            headers.append(None)
            break
        headers.append((struct.unpack(">q", data[20:28])[0], data[28:60], data))
    for i, header in enumerate(headers):
        if header is None or header[0] != number or header[1] != chain:
            bad.append((number, "segment"))
            return None
        following = headers[i + 1] if i + 1 < len(headers) else None
        at = 72
        while following is None or number < following[0]:
            end, found = entry_at(header[2], at, number, chain)
            if end is None:
                if following is None and torn(header[2], at, number):
                    break
                bad.append((number, found))
                return None
            recordings.entry(number, header[2][at + 28 : end - 36])
            chain, at = found, end
            for wanted in known.get(number, []):
                if wanted != chain and not any(why == "anew" for _, why in bad):
                    bad.append((max([0] + [n for n in known if n < number]) + 1, "anew"))
            number += 1
    return number - 1


def main():
    trusted = Key(read(sys.argv[1]).decode().strip())
    folder = sys.argv[2]
    ranges, positions = keys_of(trusted, read(os.path.join(folder, "keys")))
    segments, removed, chain, checkpoint = 0, 0, ZEROS, 0
    for note in notes(read(os.path.join(folder, "removed"))):
        signed = note is not None and note.kind == "removed" and any(k.signed(note) for k, _, _ in ranges)
        if not signed or int(note.fields["first"]) != removed + 1:
            bad.append((removed + 1, "removed"))
            break
        segments, removed, chain = int(note.fields["segments"]), note.entry, note.hash
        checkpoint = int(note.fields["checkpoints"])
    known, covered, count, gone = {}, removed, 0, checkpoint
    for entry, found in positions:
        known.setdefault(entry, []).append(found)
    for note in notes(read(os.path.join(folder, "checkpoints"))):
        if note and int(note.fields.get("checkpoint", FOREVER)) <= gone:
            continue
        checkpoint += 1
        if note is None or note.kind or not may_sign(ranges, note):
            bad.append((covered + 1, "checkpoint"))
            continue
        number = int(note.fields["checkpoint"])
        if number != checkpoint or note.entry <= covered:
            bad.append((min(covered, note.entry) + 1, "checkpoints"))
        checkpoint, covered, count = number, note.entry, count + 1
        known.setdefault(note.entry, []).append(note.hash)
    for note in kept_notes(read(sys.argv[3])) if len(sys.argv) > 3 else []:
        if note is None or not may_sign(ranges, note):
            bad.append((note.entry if note else 1, "kept"))
            continue
        if int(note.fields["checkpoint"]) > checkpoint:
            bad.append((covered + 1, "kept"))
        known.setdefault(note.entry, []).append(note.hash)
    if any(found != chain for found in known.get(removed, [])):
        bad.append((max(1, removed), "anew"))
    recordings = Recordings(sys.argv[4] if len(sys.argv) > 4 else "")
    last = walk(folder, segments, removed + 1, chain, known, recordings)
    if last is not None:
        recordings.end(last)
        if any(entry > last for entry in known):
            bad.append((last + 1, "missing"))
        if count == 0 and last > removed:
            bad.append((removed + 1, "no checkpoint"))
    if bad:
        print("bad %d %s" % min(bad, key=lambda each: each[0]))
        sys.exit(1)
    print("ok %d" % last)


main()
