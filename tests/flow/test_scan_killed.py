"""A scan that is killed or interrupted from outside loses nothing, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.flow.homes import grow, native, write
from tests.flow.test_scan import dump

from hardwon.agents import Places
from hardwon.flow.scan import Options, scan
from hardwon.store.db import Store
from hardwon.store.home import Home

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

SCRIPT = """
import sys, time
from pathlib import Path
from hardwon.agents import Places
from hardwon.flow import batches
from hardwon.flow.scan import Options, scan
from hardwon.store.home import Home

def slow(done, whole):
    print(done, flush=True)
    time.sleep(0.02)

if __name__ == "__main__":
    batches.BATCH_SECONDS = 0.03
    try:
        scan(Home(Path(sys.argv[1])), places=Places(Path(sys.argv[2])),
             options=Options(workers=2, pool_bytes=0), progress=slow)
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.fixture
def user(tmp_path):
    for number in range(25):
        write(tmp_path / "user", number, turns=10)
    return tmp_path / "user"


def start(tmp_path, home, user, lines: int) -> subprocess.Popen[bytes]:
    """A scan in a process of its own, after it has reported `lines` files."""
    script = tmp_path / "scan_it.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, str(script), str(home.path), str(user)], stdout=subprocess.PIPE)
    assert process.stdout
    for _ in range(lines):
        process.stdout.readline()
    return process


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(n) for n in found.read_text().split()] if found.exists() else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pids: list[int]) -> None:
    end = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(alive, pids))


def whole(tmp_path, user):
    fresh = Home(tmp_path / "fresh")
    scan(fresh, places=Places(user), options=Options(workers=0))
    return dump(fresh)


def test_killed_again_and_again_it_ends_with_the_same_content(tmp_path, user):
    home = Home(tmp_path / "hardwon")
    for lines in (1, 3, 8):
        process = start(tmp_path, home, user, lines)
        workers = children(process.pid)
        process.kill()
        process.wait()
        wait_until_gone(workers)
    grown = sorted(user.rglob("*.jsonl"))[0]
    number = next(n for n in range(25) if str(grown).endswith(f"{native(n)}.jsonl"))
    grow(grown, number, turns=2, first=10)
    scan(home, places=Places(user), options=Options(workers=0))
    assert dump(home) == whole(tmp_path, user)


def test_what_was_committed_before_the_kill_is_there(tmp_path, user):
    home = Home(tmp_path / "hardwon")
    process = start(tmp_path, home, user, 10)
    process.kill()
    process.wait()
    with Store.open(home) as store:
        assert 0 < len(store.sessions()) < 25


def test_ctrl_c_stops_the_workers_and_keeps_what_was_committed(tmp_path, user):
    home = Home(tmp_path / "hardwon")
    process = start(tmp_path, home, user, 10)
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    wait_until_gone(workers)
    with Store.open(home) as store:
        assert 0 < len(store.sessions()) < 25
    assert scan(home, places=Places(user), options=Options(workers=0)).sessions == 25
    assert dump(home) == whole(tmp_path, user)
