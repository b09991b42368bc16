"""Builds data/tides.bin from data/tides.csv."""
from pathlib import Path

source = Path("data/tides.csv").read_bytes()
Path("data/tides.bin").write_bytes(len(source).to_bytes(4, "big") + source)
print(f"tables: {len(source.splitlines()) - 1} readings")
