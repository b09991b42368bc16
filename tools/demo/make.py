"""Makes src/hardwon/demo/home again: real agent programs, a scripted model, a fictional project.

Run from the checkout: python tools/demo/make.py [--only N]. Needs `real_agent.py` (folder in HARDWON_AGENT_TOOLS, default
../shared/tools beside the checkout) and the agents' npm packages. The sessions are then moved to their days, cut free of the
agents' own long prompts, and stripped of everything that tells of this machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from scrub import scrub
from sessions import SESSIONS, SHELL, WRITE, Session

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
TARGET = CHECKOUT / "src" / "hardwon" / "demo" / "home"
PROJECT = Path("/srv/work/tidepool")


def runner() -> Any:
    folder = Path(os.environ.get("HARDWON_AGENT_TOOLS", CHECKOUT.parent / "shared" / "tools"))
    spec = importlib.util.spec_from_file_location("real_agent", folder / "real_agent.py")
    if spec is None or spec.loader is None or not (folder / "real_agent.py").exists():
        sys.exit(f"real_agent.py not found in {folder}; set HARDWON_AGENT_TOOLS")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lay_out() -> None:
    """The project as it was before the session, so that sessions do not depend on each other."""
    shutil.rmtree(PROJECT, ignore_errors=True)
    shutil.copytree(HERE / "project", PROJECT)


def script(agent: str, steps: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Turns of the scripted model for one prompt."""
    turns: list[dict[str, Any]] = []
    for kind, first, second in steps:
        if kind == "run":
            turns.append({"text": second, "tools": [SHELL[agent](first)]})
        elif kind == "write":
            path = first if agent == "codex" else str(PROJECT / first)
            turns.append({"tools": [WRITE[agent](path, second)]})
        else:
            turns.append({"text": first})
    return turns


def play(agents: Any, session: Session, home: Path) -> None:
    lay_out()
    for number, (prompt, steps) in enumerate(session.turns):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(script(session.agent, list(steps)), file)
            file.flush()
            done = agents.run(session.agent, home, PROJECT, prompt, file.name, resume=number > 0)
        if done.returncode:
            sys.exit(f"{session.agent}: {prompt!r} ended with {done.returncode}\n{done.stderr[-800:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, help="play one session and leave the bundled ones alone")
    only = parser.parse_args().only
    agents = runner()
    chosen = SESSIONS if only is None else [SESSIONS[only]]
    with tempfile.TemporaryDirectory() as top:
        for number, session in enumerate(chosen):
            home = Path(top) / f"{number:02}"
            play(agents, session, home)
            print(f"{number + 1:2} {session.agent:9} {session.turns[0][0]}", flush=True)
        out = Path(top) / "out"
        scrub(Path(top), chosen, out, PROJECT)
        target = TARGET if only is None else CHECKOUT / "out" / "demo-session"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(out, target)
    shutil.rmtree(PROJECT, ignore_errors=True)


if __name__ == "__main__":
    main()
