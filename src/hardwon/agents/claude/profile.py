"""Claude Code as data: folders, instruction files, skills, tools, and the program's own errors.

Folders and skills as seen with 2.1.197; error texts from its program and from real sessions of 2.1.39 to 2.1.197.
"""

from __future__ import annotations

from hardwon.agents.contract import Folder, HarnessError, Profile

_ERROR = r"(?:<tool_use_error>)?(?:Error: )?"

HARNESS_ERRORS = (
    HarnessError("edit did not match", _ERROR + r"String to replace not found in file"),
    HarnessError("edit not unique", _ERROR + r"Found \d+ matches of the string to replace"),
    HarnessError("edit changes nothing", _ERROR + r"No changes to make: old_string and new_string"),
    HarnessError("file not read yet", _ERROR + r"File has not been read yet"),
    HarnessError(
        "file changed since read",
        _ERROR + r"(?:File has been (?:modified since read|unexpectedly modified)|File content has changed since it was last read)",
    ),
    HarnessError(
        "sibling call cancelled",
        _ERROR + r"(?:Sibling tool call errored|Cancelled: parallel tool call|Tool execution cancelled)",
    ),
    HarnessError("unknown skill", _ERROR + r"Unknown skill: "),
    HarnessError("skill not usable", _ERROR + r"Skill \S+ (?:cannot be used|is not (?:a prompt|loaded))"),
    HarnessError("unknown agent", _ERROR + r"Agent type '[^']*' (?:not found|is ambiguous|has been denied)"),
    HarnessError("unknown tool", _ERROR + r"No such tool available"),
    HarnessError("wrong arguments", _ERROR + r"InputValidationError"),
    HarnessError("result too large", r"(?:Error: result|File content|MCP tool) .{0,80}exceeds maximum allowed"),
    HarnessError("not a notebook edit", _ERROR + r"File is a Jupyter Notebook"),
    HarnessError(
        "unknown task", _ERROR + r"(?:No (?:task|shell) found with ID|Task .{0,40} is not running|Shell .{0,40} is not running)"
    ),
    HarnessError("not permitted", r"Permission (?:to|for this) .{0,400}(?:has been|was) denied"),
    HarnessError("not granted", r"Claude requested permissions to .{0,400}haven't granted it yet"),
    HarnessError("blocked by the program", _ERROR + r"Blocked: "),
    HarnessError("needs approval", r"(?:This (?:Bash )?command .{0,200}requires? approval|.{0,60} command requires approval)"),
    HarnessError("outside the working directory", r".{0,300} was blocked\. For security, Claude Code may only"),
    HarnessError("result lost", r"\[Tool result missing due to internal error\]"),
    HarnessError("MCP hiccup", _ERROR + r"(?:MCP error -\d+|MCP server .{0,80}(?:not connected|disconnected))"),
    HarnessError("program replaced", r"ENOENT: no such file or directory, posix_spawn '[^']*[/\\]claude[/\\]versions[/\\]"),
    HarnessError("worktree", _ERROR + r"(?:Must not already be in a worktree|No active worktree session)"),
)

PROFILE = Profile(
    id="claude",
    name="Claude Code",
    program="claude",
    homes=(Folder(".claude", "CLAUDE_CONFIG_DIR"),),
    sessions=(Folder(".claude/projects", "CLAUDE_CONFIG_DIR", "projects"),),
    instruction_files=("CLAUDE.md", "CLAUDE.local.md", ".claude/CLAUDE.md", ".claude/rules/*.md"),
    user_instruction_files=(".claude/CLAUDE.md", ".claude/rules/*.md"),
    project_skills=(".claude/skills",),
    user_skills=(".claude/skills",),
    tools={
        "Bash": "shell",
        "PowerShell": "shell",
        "BashOutput": "shell",
        "TaskOutput": "shell",
        "KillShell": "shell",
        "KillBash": "shell",
        "TaskStop": "shell",
        "Monitor": "shell",
        "Read": "read",
        "NotebookRead": "read",
        "Write": "write",
        "Edit": "edit",
        "MultiEdit": "edit",
        "NotebookEdit": "edit",
        "Grep": "search",
        "Glob": "search",
        "LS": "search",
        "LSP": "search",
        "ToolSearch": "search",
        "AskUserQuestion": "ask",
        "EnterPlanMode": "plan",
        "ExitPlanMode": "plan",
        "TodoWrite": "plan",
        "TodoRead": "plan",
        "TaskCreate": "plan",
        "TaskUpdate": "plan",
        "TaskList": "plan",
        "TaskGet": "plan",
        "Task": "delegate",
        "Agent": "delegate",
        "SendMessage": "delegate",
        "TeamCreate": "delegate",
        "TeamDelete": "delegate",
        "AgentOutputTool": "delegate",
        "Skill": "skill",
        "SlashCommand": "skill",
        "WebFetch": "web",
        "WebSearch": "web",
        "ListMcpResourcesTool": "mcp",
        "ReadMcpResourceTool": "mcp",
    },
    tool_prefixes={"mcp__": "mcp"},
    path_keys=("file_path", "notebook_path", "path"),
    command_keys=("command",),
    skill_keys=("skill", "command"),
    harness_errors=HARNESS_ERRORS,
    marks=("CLAUDECODE",),
    variables=("CLAUDE_CONFIG_DIR",),
)
