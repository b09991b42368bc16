"""Failure lines of language runtimes: uncaught exceptions. They prove nothing inside a test run, which prints such lines on
purpose."""

from __future__ import annotations

from hardwon.signals.failures.forms import CAUSE, COUNT, ECHO, Tool, form, tool

TOOLS: tuple[Tool, ...] = (
    tool(
        "python",
        "python python3 python2 uv poetry pdm",
        "",
        form(CAUSE, "no module named", r"ModuleNotFoundError: No module named '(?P<module>[^']+)'.*"),
        form(CAUSE, "filenotfounderror", r"FileNotFoundError: .*?(?:: '(?P<path>[^']+)')?$"),
        form(CAUSE, "can't open file", r"\S*python[\d.]*: can't open file '(?P<path>[^']+)'.*"),
        *(
            form(CAUSE, f"{end.lower()}: ", rf"(?:[a-z_]\w*\.)*[A-Z]\w*{end}: \S.*")
            for end in ("Error", "Exception", "NotAvailable", "NotFound", "AlreadyExists", "Timeout", "Interrupt")
        ),
        form(CAUSE, "error", r"(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)$", False),
        form(ECHO, "traceback", r"Traceback \(most recent call last\):"),
    ),
    tool(
        "node",
        "node bun deno tsx ts-node npx bunx",
        "",
        form(CAUSE, "cannot find module", r"(?:Uncaught )?(?:Error: |error: )?Cannot find module '(?P<module>[^']+)'.*"),
        form(CAUSE, "cannot find package", r"(?:Error(?: \[\w+\])?: |error: )?Cannot find package '(?P<module>[^']+)'.*"),
        form(CAUSE, "export named", r"SyntaxError: Export named '[^']+' not found in module '(?P<module>[^']+)'.*"),
        form(CAUSE, "error", r"(?:Uncaught |\[?[Ee]rror\]?: )?(?:\w+\.)*[A-Z]\w*Error(?: \[(?P<code>[A-Z_]+)\])?: \S.*"),
        form(CAUSE, "\nerror: ", r"Error: (?P<code>E[A-Z]{3,})?\S.*"),
        form(COUNT, "code: '", r"\s+code: '(?P<code>[A-Z][A-Z_0-9]+)',?$", False),
    ),
    tool("ruby", "ruby rails rake bundle", "", form(CAUSE, "error)", r"\S+\.rb:\d+:in .*: .+ \((?P<code>[\w:]+Error)\)$")),
    tool("java", "java", "", form(CAUSE, "exception in thread", r"Exception in thread \"[^\"]+\" .+")),
    tool("rust", "cargo", "", form(CAUSE, "panicked at", r"thread '.*' panicked at .*")),
    tool("go", "go", "", form(CAUSE, "\npanic: ", r"panic: .+")),
)
