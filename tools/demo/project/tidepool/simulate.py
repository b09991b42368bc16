"""Simulates a day at a station, from its gauge or from the readings on file."""
import argparse
import sys

parser = argparse.ArgumentParser(prog="simulate")
parser.add_argument("--station", default="cove")
parser.add_argument("--replay", action="store_true", help="use the readings on file, not the gauge")
options = parser.parse_args()
if not options.replay:
    print("simulate: error: no gauge attached at /dev/tide0", file=sys.stderr)
    sys.exit(3)
print(f"simulate: {options.station}: 24 hours, highest 4120, lowest 310")
