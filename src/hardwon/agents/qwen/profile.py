"""Qwen Code as data (0.15): folders, instruction files, skills, tools, its own errors.

Folders and skills: seen by running it with a marker in each candidate. Tool names and error texts: from its program. `QWEN_HOME`
moves everything, `QWEN_RUNTIME_DIR` what it writes while running (the sessions) and wins over `QWEN_HOME` for that.
"""

from __future__ import annotations

from hardwon.agents.contract import Folder, HarnessError, Profile

PROFILE = Profile(
    id="qwen",
    name="Qwen Code",
    program="qwen",
    homes=(Folder(".qwen", "QWEN_HOME"),),
    sessions=(Folder(".qwen/projects", "QWEN_RUNTIME_DIR", "projects"), Folder(".qwen/projects", "QWEN_HOME", "projects")),
    instruction_files=("QWEN.md", "AGENTS.md"),
    user_instruction_files=(".qwen/QWEN.md", ".qwen/AGENTS.md"),
    project_skills=(".agents/skills", ".qwen/skills"),
    user_skills=(".agents/skills", ".qwen/skills"),
    tools={
        "run_shell_command": "shell",
        "monitor": "shell",
        "read_file": "read",
        "read_many_files": "read",
        "list_directory": "search",
        "glob": "search",
        "grep_search": "search",
        "search_file_content": "search",
        "lsp": "search",
        "tool_search": "search",
        "write_file": "write",
        "edit": "edit",
        "replace": "edit",
        "ask_user_question": "ask",
        "todo_write": "plan",
        "exit_plan_mode": "plan",
        "agent": "delegate",
        "task": "delegate",
        "send_message": "delegate",
        "task_stop": "other",
        "skill": "skill",
        "web_fetch": "web",
        "web_search": "web",
        "save_memory": "other",
        "cron_create": "other",
        "cron_list": "other",
        "cron_delete": "other",
        "structured_output": "other",
    },
    tool_prefixes={"mcp__": "mcp"},
    path_keys=("file_path", "absolute_path", "path", "paths", "dir_path", "filePath"),
    skill_keys=("skill", "name"),
    harness_errors=(
        HarnessError("edit did not match", r"Failed to edit, (?:0 occurrences|could not find)"),
        HarnessError("edit is ambiguous", r"Failed to edit(?:\. Found \d+ occurrences| because the text matches|, expected \d+)"),
        HarnessError("edit changes nothing", r"No changes to apply"),
        HarnessError("file exists already", r"(?:Failed to edit\. Attempted to create a|File already exists, cannot create)"),
        HarnessError("file not read yet", r"(?:File .{1,300} has not been read|You must read )"),
        HarnessError("invalid arguments", r"params(?:\.|/| )?.*must (?:have|be|NOT)|Invalid parameters? provided|Missing required"),
        HarnessError("waiting is blocked", r"Blocked: "),
        HarnessError("unknown tool", r"Tool \".*?\" not found"),
        HarnessError("forbidden by policy", r"Tool \".*?\" (?:is denied|requires permission|requires user approval)"),
        HarnessError("outside the workspace", r"(?:Error: )?(?:Path not in workspace|File path must be within)"),
        HarnessError("unknown skill", r"Skill \".*?\" (?:not found|is gated)"),
        HarnessError("unknown agent", r"Subagent \".*?\" not found"),
        HarnessError("cancelled with its siblings", r"\[Operation Cancelled\]"),
        HarnessError("MCP", r"(?:MCP tool '.*?' reported|MCP error )"),
    ),
    marks=("QWEN_CODE",),
    variables=("QWEN_HOME", "QWEN_RUNTIME_DIR"),
)
