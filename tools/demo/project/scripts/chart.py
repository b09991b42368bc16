"""Draws data/tides.bin as a chart."""
import sys
from pathlib import Path

source, tables = Path("data/tides.csv"), Path("data/tides.bin")
if not tables.exists() or int.from_bytes(tables.read_bytes()[:4], "big") != source.stat().st_size:
    print("chart: error: tide tables are stale, data/tides.bin does not match data/tides.csv", file=sys.stderr)
    sys.exit(4)
Path("data/chart.svg").write_text("<svg/>\n")
print("chart: wrote data/chart.svg")
