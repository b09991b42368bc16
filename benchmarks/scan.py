"""How fast a gigabyte of real sessions is scanned, beside agentsview on the same files in the same run.

    python benchmarks/scan.py [--megabytes 1000] [--baseline COMMAND] [--only full|rescan|core] [--home DIR]

Prints seconds, MB/s, peak memory (PSS of the whole process tree, sampled) and ratios. The baseline is `agentsview sync` (see
README.md); without it the ratios are left out, and a line says so. Nothing is compared across runs: machines and loads differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import corpus

SCAN = """
import sys
from pathlib import Path
if sys.argv[3] == "core":
    sys.modules["ahocorasick_rs"] = None
from hardwon.agents import Places
from hardwon.flow.scan import scan
from hardwon.store.home import Home
if __name__ == "__main__":
    r = scan(Home(Path(sys.argv[1])), places=Places(Path(sys.argv[2]), {}))
    print(f"{r.read} read, {r.unchanged} unchanged, {len(r.skipped)} skipped, {r.sessions} sessions")
"""
QUIET = {
    "AGENTSVIEW_NO_DAEMON": "1", "AGENTSVIEW_TELEMETRY_ENABLED": "0", "AGENTSVIEW_DISABLE_UPDATE_CHECK": "1", "DO_NOT_TRACK": "1",
}  # fmt: skip


ROUNDS = 3


def memory_of(root: int) -> int:
    """PSS in bytes of a process and its descendants (Linux; 0 elsewhere)."""
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(n) for n in (task / "children").read_text().split()]
        except (OSError, StopIteration, ValueError):
            continue
    return total


def measured(command: list[str], env: dict[str, str]) -> tuple[float, float, str]:
    """(wall seconds, peak MB, processor seconds and last line printed) of a command; on a busy machine the processor's time tells
    more than the wall's."""
    began, before = time.perf_counter(), os.times()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out = process.communicate()[0].decode(errors="replace").strip()
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{out}")
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, peak[0] / 1e6, f"cpu {busy:.2f} s; {out.splitlines()[-1] if out else ''}"


def hardwon(script: Path, store: Path, home: Path, kind: str = "fast") -> tuple[float, float, str]:
    """One scan in a process of its own, with its bytecode kept as an installation keeps it."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(script.parent / "bytecode")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return measured([sys.executable, str(script), str(store), str(home), kind], env)


def touch_one(home: Path) -> None:
    """Append one record to one Claude Code session, as an agent at work does."""
    path = sorted(home.glob(".claude/projects/*/*.jsonl"))[0]
    with path.open("rb") as file:
        last = [line for line in file if line.endswith(b"\n")][-1]
    with path.open("ab") as file:
        file.write(last)


def changed(script: Path, store: Path, home: Path, baseline: str, env: dict[str, str]) -> None:
    """A rescan with one changed file and one with none, each the best of ROUNDS, both programs in turn."""
    runs: dict[str, list[tuple[float, float, str]]] = {"baseline": [], "one": [], "none": []}
    for _ in range(ROUNDS):
        touch_one(home)
        if baseline:
            runs["baseline"].append(measured([baseline, "sync"], env))
        runs["one"].append(hardwon(script, store, home))
        runs["none"].append(hardwon(script, store, home))
    best = {name: min(each) for name, each in runs.items() if each}
    warm = best["baseline"][0] if baseline else None
    if baseline:
        line("baseline: one file changed", best["baseline"][0], best["baseline"][1], 0, None, best["baseline"][2])
    line("hardwon: one file changed", best["one"][0], best["one"][1], 0, warm, best["one"][2])
    line("hardwon: nothing changed", best["none"][0], best["none"][1], 0, warm, best["none"][2])


def line(name: str, seconds: float, peak: float, megabytes: float, base: float | None, said: str) -> None:
    """One row of the table."""
    speed = f"{megabytes / seconds:6.1f} MB/s" if megabytes else " " * 11
    ratio = f"{base / seconds:5.2f} x baseline" if base else ""
    print(f"{name:34s}{seconds:8.2f} s  {speed}  peak {peak:5.0f} MB  {ratio}  {said}", flush=True)


def run(home: Path, megabytes: float, baseline: str, only: str) -> None:
    """The measurements."""
    cold = None
    env = {**os.environ, **QUIET, "HOME": str(home)}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        script = folder / "scan_it.py"
        script.write_text(SCAN)
        hardwon(script, folder / "empty", folder)  # so that the bytecode is there
        if not baseline:
            print("no baseline: agentsview is not installed, ratios are left out (benchmarks/README.md says how to get it)")
        if baseline:
            env["AGENTSVIEW_DATA_DIR"] = str(folder / "baseline")
            cold, peak, said = measured([baseline, "sync"], env)
            line("baseline: cold sync", cold, peak, megabytes, None, said)
        seconds, peak, said = hardwon(script, folder / "fast", home)
        line("hardwon: full scan (fast extra)", seconds, peak, megabytes, cold, said)
        if only in ("all", "core"):
            seconds, peak, said = hardwon(script, folder / "core", home, "core")
            line("hardwon: full scan (core alone)", seconds, peak, megabytes, cold, said)
            shutil.rmtree(folder / "core")
        if only in ("all", "rescan"):
            changed(script, folder / "fast", home, baseline, env)
        size = sum(p.stat().st_size for p in (folder / "fast").rglob("*") if p.is_file())
        print(f"index and archive: {size / 1e6:.0f} MB for {megabytes:.0f} MB of sessions")


def default_baseline() -> str:
    """agentsview as HARDWON_BASELINE names it, or from PATH ("": none)."""
    return os.environ.get("HARDWON_BASELINE", shutil.which("agentsview") or "")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--baseline", default=default_baseline())
    parser.add_argument("--only", choices=("all", "full", "rescan", "core"), default="all")
    parser.add_argument("--home", type=Path, help="a home made before by corpus.py")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.home or Path(temporary)
        if not given.home:
            corpus.make(home, given.megabytes)
        size = sum(path.stat().st_size for path in home.rglob("*.jsonl"))
        run(home, size / 1e6, given.baseline, given.only)


if __name__ == "__main__":
    main()
