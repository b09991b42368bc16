"""opencode as data (1.18): folders, instruction files, skills, tools, its own errors.

Folders and skills: seen by running it with a marker in each candidate. Tools and error texts: from its program and from real
exports. `XDG_DATA_HOME` moves the database's folder, `OPENCODE_DB` names another database file (relative: within that folder).
"""

from __future__ import annotations

from hardwon.agents.contract import Folder, HarnessError, Profile

PROFILE = Profile(
    id="opencode",
    name="opencode",
    program="opencode",
    homes=(Folder(".config/opencode", "XDG_CONFIG_HOME", "opencode"), Folder(".local/share/opencode", "XDG_DATA_HOME", "opencode")),
    sessions=(Folder(".local/share/opencode", "XDG_DATA_HOME", "opencode"),),
    instruction_files=("AGENTS.md",),
    user_instruction_files=(".config/opencode/AGENTS.md",),
    project_skills=(".agents/skills", ".claude/skills", ".opencode/skills", ".opencode/skill"),
    user_skills=(".agents/skills", ".claude/skills", ".config/opencode/skills", ".config/opencode/skill"),
    tools={
        "bash": "shell",
        "shell": "shell",
        "read": "read",
        "write": "write",
        "edit": "edit",
        "multiedit": "edit",
        "patch": "edit",
        "apply_patch": "edit",
        "grep": "search",
        "glob": "search",
        "list": "search",
        "ls": "search",
        "lsp": "search",
        "codesearch": "search",
        "question": "ask",
        "todowrite": "plan",
        "todoread": "plan",
        "plan_enter": "plan",
        "plan_exit": "plan",
        "submit_plan": "plan",
        "task": "delegate",
        "skill": "skill",
        "webfetch": "web",
        "websearch": "web",
        "invalid": "other",
        "batch": "other",
    },
    path_keys=("filePath", "path", "file"),
    skill_keys=("name",),
    harness_errors=(
        HarnessError("edit did not match", r"(?:Error: )?(?:Could not find oldString|oldString not found|Found multiple matches)"),
        HarnessError("edit changes nothing", r"(?:Error: )?(?:oldString and newString|No changes to apply)"),
        HarnessError("patch did not apply", r"(?:Error: )?apply_patch verification failed"),
        HarnessError("file not read yet", r"(?:Error: )?(?:You must read (?:the )?file|File .+ has been modified since)"),
        HarnessError("invalid arguments", r"The \S+ tool was called with invalid arguments"),
        HarnessError("unknown tool", r"(?:Error: )?Model tried to call unavailable tool"),
        HarnessError("aborted", r"Tool execution aborted|(?:Error: )?The operation was aborted"),
        HarnessError("forbidden by a rule", r"The user has specified a rule which prevents you"),
        HarnessError("unknown skill", r"(?:Error: )?Skill \".*\" not found"),
        HarnessError("unknown agent", r"(?:Error: )?Unknown agent type"),
        HarnessError("search tool missing", r"(?:Error: )?ripgrep execution failed"),
        HarnessError("MCP", r"MCP error "),
    ),
    marks=("OPENCODE", "OPENCODE_PID"),
    variables=("XDG_DATA_HOME", "OPENCODE_DB", "XDG_CONFIG_HOME"),
)
