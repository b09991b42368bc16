"""A home of real sessions, as large as wanted, made by repeating samples with fresh ids.

    python benchmarks/corpus.py DIR [--megabytes 1000] [--samples PATH]

Claude Code files go to DIR/.claude/projects, Codex files to DIR/.codex/sessions. In each copy every UUID (and Codex's and the
API's other ids) is replaced by one that depends on the old one and the number of the copy, of the same length, so that records of
one session still point to each other and no two copies share one.
"""

from __future__ import annotations

import argparse
import os
import re
from hashlib import blake2b
from pathlib import Path

SAMPLES = Path(os.environ.get("HARDWON_SAMPLES", Path(__file__).parents[1].parent / "shared" / "samples"))
_UUID = re.compile(rb"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_ID = re.compile(rb"\b((?:msg|req|toolu|call|fc|rs|item)_)([A-Za-z0-9]{16,})\b")


def session_files(samples: Path) -> list[tuple[str, Path]]:
    """(agent, file) of the Claude Code and Codex sessions among the samples, told apart by their first bytes, sorted."""
    files = [*samples.glob("real-lessons/*/sessions/*.jsonl"), *samples.glob("real/*/*/*.jsonl")]
    return [(agent, path) for path in sorted(files) if (agent := agent_of(path))]


def agent_of(path: Path) -> str:
    """claude, codex or "" by content."""
    with path.open("rb") as file:
        head = file.read(65536)
    if b'"payload"' in head and b'"session_meta"' in head:
        return "codex"
    return "claude" if b'"sessionId"' in head and b'"parentUuid"' in head else ""


def refreshed(data: bytes, copy: int) -> bytes:
    """The file with every id replaced."""
    key = str(copy).encode()

    def uuid(match: re.Match[bytes]) -> bytes:
        digest = blake2b(match[0] + key, digest_size=16).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}".encode()

    def other(match: re.Match[bytes]) -> bytes:
        digest = blake2b(match[2] + key, digest_size=32).hexdigest().encode()
        return match[1] + (digest * 4)[: len(match[2])]

    return _ID.sub(other, _UUID.sub(uuid, data))


def place(home: Path, agent: str, name: str, data: bytes, copy: int) -> Path:
    """Write one session where its agent would."""
    found = _UUID.search(refreshed(name.encode(), copy))
    native = (
        found[0].decode()
        if found
        else refreshed(b"00000000-0000-0000-0000-" + blake2b(name.encode(), digest_size=6).hexdigest().encode(), copy).decode()
    )
    if agent == "claude":
        path = home / ".claude" / "projects" / f"-srv-work-p{copy % 7}" / f"{native}.jsonl"
    else:
        path = (
            home
            / ".codex"
            / "sessions"
            / "2026"
            / "11"
            / f"{copy % 28 + 1:02}"
            / f"rollout-2026-11-{copy % 28 + 1:02}T00-00-00-{native}.jsonl"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def make(home: Path, megabytes: float, samples: Path = SAMPLES) -> int:
    """Fill `home` with at least `megabytes` of sessions. Returns the bytes written."""
    files = session_files(samples)
    if not files:
        raise SystemExit(f"no sample sessions under {samples}: set HARDWON_SAMPLES")
    size = copy = 0
    while size < megabytes * 1e6:
        for agent, path in files:
            data = refreshed(path.read_bytes(), copy)
            place(home, agent, path.name, data, copy)
            size += len(data)
            if size >= megabytes * 1e6:
                break
        copy += 1
    return size


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    given = parser.parse_args()
    print(f"{make(given.home, given.megabytes, given.samples) / 1e6:.0f} MB under {given.home}")


if __name__ == "__main__":
    main()
