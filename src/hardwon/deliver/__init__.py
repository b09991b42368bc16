"""Accepted skills to where agents find them, and away again, as folders (`install`) or as managed sections (`sync`).

    plan = plan_install(library, "commit", project=Path.cwd(), places=Places(Path.home(), os.environ))
    print(plan.describe())                    # what would be written, and warnings; plan.diff() is a unified diff
    apply(plan, library)                      # -> the copies that are there now, remembered in the library
    apply(plan_uninstall(library, "commit"), library)

    apply(plan_sync(library, "commit", project=Path.cwd()), library)      # CLAUDE.md and AGENTS.md; agents=["gemini"] for GEMINI.md
    apply(plan_unsync(library, "commit"), library)
    copies(library)                           # where copies are: current, outdated, edited, missing

`project=None` with `places` installs for the user. A plan writes nothing; `apply` writes it or says which file stood in the way.
Nothing that Hardwon did not write is overwritten, nothing that a person edited is overwritten without `force`, and what was there
before is there again after the way back, byte for byte, with no folder left over.
"""

from hardwon.deliver.install import plan_install, plan_uninstall
from hardwon.deliver.plans import FileChange, FolderChange, Plan, apply
from hardwon.deliver.status import Copy, copies
from hardwon.deliver.sync import plan_sync, plan_unsync

__all__ = [
    "Copy",
    "FileChange",
    "FolderChange",
    "Plan",
    "apply",
    "copies",
    "plan_install",
    "plan_sync",
    "plan_uninstall",
    "plan_unsync",
]
