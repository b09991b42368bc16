"""What `make bench` runs: the scan benchmark, small by default.

    python benchmarks/run.py [--full] [--baseline COMMAND]

Small: 60 MB, enough to see a ratio move. `--full`: the gigabyte of docs/performance.md (some minutes, 2.5 GB of disk for a while).
Without agentsview the ratios are left out; without the sample sessions (HARDWON_SAMPLES) there is nothing to measure.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import scan

import corpus

SMALL, FULL = 60, 1000


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help=f"{FULL} MB instead of {SMALL}")
    parser.add_argument("--baseline", default=scan.default_baseline(), help="agentsview's executable")
    given = parser.parse_args()
    if given.baseline and not shutil.which(given.baseline):
        parser.error(f"there is no {given.baseline}")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        size = corpus.make(home, FULL if given.full else SMALL)
        print(f"{size / 1e6:.0f} MB of sessions")
        scan.run(home, size / 1e6, given.baseline, "all")


if __name__ == "__main__":
    main()
