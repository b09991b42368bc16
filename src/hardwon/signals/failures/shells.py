"""Failure lines of the shell itself, of the usual small programs, and of wrong usage."""

from __future__ import annotations

from hardwon.signals.failures.forms import CAUSE, ECHO, SIGN, Tool, form, tool

_PREFIX = r"(?:(?:/\S*/)?(?:ba|z|da|k|fi)?sh(?:\[\d+\])?:|\S+\.sh:|\(eval\):|-?bash:)?\s*(?:line )?(?:\d+:)?\s*"

SHELL = tool(
    "shell", "", "",
    form(CAUSE, "command not found", _PREFIX + r"(?P<usage>[\w./+-]+): command not found\.?$"),
    form(CAUSE, "command not found: ", _PREFIX + r"command not found: (?P<usage>\S+)$"),
    form(CAUSE, ": not found", r"(?:/\S*/)?(?:da)?sh: (?:\d+: )?(?P<usage>[\w./+-]+): not found$"),
    form(CAUSE, "no matches found: ", _PREFIX + r"no matches found: .+"),
    form(CAUSE, "syntax error near", _PREFIX + r"(?:-c: (?:line \d+: )?)?syntax error near unexpected token .*"),
    form(CAUSE, "unexpected eof", _PREFIX + r"(?:-c: (?:line \d+: )?)?unexpected EOF while looking for .*"),
    form(CAUSE, "parse error near", _PREFIX + r"parse error near .*"),
    form(CAUSE, "unmatched ", _PREFIX + r"unmatched ['\"`]"),
    form(CAUSE, "unbound variable", _PREFIX + r"(?P<usage>\w+): unbound variable"),
    form(CAUSE, "parameter not set", _PREFIX + r"(?P<usage>\w+): parameter (?:not set|null or not set)"),
    form(
        CAUSE,
        "no such file or directory",
        r"(?P<prog>[\w./+-]+): (?:\S+: )*?(?:cannot [\w ]+ |can't \w+ )?['‘\"]?(?P<path>[^'’\":]+)['’\"]?"
        r": No such file or directory(?: \(os error 2\))?$",
        False,
    ),
    form(CAUSE, "no such file or directory", r".*\bno such file or directory: (?P<path>\S+)$", False),
    form(CAUSE, "permission denied", r".*: (?:Permission denied|permission denied)(?:: \S+)?$", False),
    form(CAUSE, "operation not permitted", r".*: Operation not permitted$", False),
    form(CAUSE, "is a directory", r".*: Is a directory$", False),
    form(CAUSE, "file exists", r".*: File exists$", False),
    form(CAUSE, "no space left", r".*No space left on device.*", False),
    form(CAUSE, "read-only file system", r".*Read-only file system.*", False),
    form(CAUSE, "address already in use", r".*(?:EADDRINUSE|[Aa]ddress already in use).*", False),
    form(CAUSE, "timed out after", r"[Cc]ommand timed out after .*", False),
)  # fmt: skip

USAGE = tool(
    "usage", "", "",
    form(CAUSE, "unexpected argument", r"error: unexpected argument '(?P<usage>[^']+)'.*"),
    form(CAUSE, "unrecognized subcommand", r"error: unrecognized subcommand '(?P<usage>[^']+)'.*"),
    form(CAUSE, "required arguments", r"error: the following required arguments were not provided:.*"),
    form(CAUSE, "invalid value", r"error: invalid value '[^']+' for '(?P<usage>[^']+)'.*"),
    form(CAUSE, "value is required", r"error: a value is required for '(?P<usage>[^']+)'.*"),
    form(CAUSE, "cannot be used with", r"error: the argument '(?P<usage>[^']+)' cannot be used .*"),
    form(CAUSE, "unrecognized arguments", r"(?:\S+: )?error: unrecognized arguments: (?P<usage>.+)"),
    form(CAUSE, "invalid choice", r"(?:\S+(?: \S+)?: )?error: argument .*invalid choice: '?(?P<usage>[^' ]+).*"),
    form(CAUSE, "arguments are required", r"(?:\S+(?: \S+)*: )?error: the following arguments are required: (?P<usage>.+)"),
    *(
        form(
            CAUSE,
            needs,
            r"(?P<prog>[\w./+-]+): (?:illegal|invalid|unrecognized|unknown) (?:option|flag)(?: --)? ?['`‘]?(?P<usage>[^\s'’]+).*",
        )
        for needs in ("option", "unrecognized flag")
    ),
    form(CAUSE, "unknown predicate", r"(?P<prog>find): unknown predicate [`'](?P<usage>[^']+)'.*"),
    form(CAUSE, "unknown flag", r"(?:Error: )?unknown flag: (?P<usage>\S+).*"),
    form(CAUSE, "unknown shorthand", r"(?:Error: )?unknown shorthand flag: (?P<usage>.+)"),
    form(CAUSE, "unknown command", r"(?:Error: |error: )?unknown command [\"'`](?P<usage>[^\"'`]+)[\"'`].*"),
    form(CAUSE, "unknown option", r"(?:Error: |error: )?[Uu]nknown options? ?:? ?[\"'`]?(?P<usage>--?[\w-]+).*"),
    form(CAUSE, "no such option", r"(?:Error: )?No such option:? '?(?P<usage>--?[\w-]+).*"),
    form(CAUSE, "no such command", r"(?:Error: )?No such command '(?P<usage>[^']+)'.*"),
    form(CAUSE, "missing argument", r"(?:Error: )?Missing (?:argument|option) '?(?P<usage>[^'.]+).*"),
    form(CAUSE, "unexpected extra argument", r"(?:Error: )?Got unexpected extra arguments? \((?P<usage>[^)]*)\).*"),
    form(CAUSE, "unknown argument", r"(?:Error: )?[Uu]nknown arguments?: (?P<usage>.+)"),
    form(CAUSE, "missing required", r"(?:error: )?[Mm]issing required (?:arguments?|options?|flags?)\b:? ?(?P<usage>.*)"),
    form(CAUSE, "flag provided but not", r"flag provided but not defined: (?P<usage>\S+)"),
    form(CAUSE, "bad option", r"\S+: bad option: (?P<usage>\S+)"),
    form(CAUSE, "option requires an argument", r"(?P<prog>\S+): option requires an argument.*"),
    form(SIGN, "\nusage: ", r"[Uu]sage: \S.*", False),
)  # fmt: skip

GENERAL = tool(
    "general", "", "",
    form(SIGN, "error", r"(?:\S+: )?(?:[Ee]rror|ERROR|[Ff]atal|FATAL|\[ERROR\]|\[error\]|✗ [Ee]rror|❌)(?:\[\w+\])?:? \S.*", False),
    form(SIGN, "refus", r".*\b[Rr]efus(?:ing|ed)\b.*", False),
    form(SIGN, "not set", r".*\b(?:is|are|was|must be|not) (?:not )?set\b.*", False),
    form(SIGN, "unset", r".*\bunset\b.*", False),
    form(SIGN, "must ", r".*\bmust (?:be|have|not|specify|provide|run|set)\b.*", False),
    form(SIGN, "require", r".*\b(?:requires?|is required|are required)\b.*", False),
    form(SIGN, "cannot", r".*\b[Cc]annot \w+.*", False),
    form(SIGN, "could not", r".*\b[Cc]ould not \w+.*", False),
    form(SIGN, "unable to", r".*\b[Uu]nable to \w+.*", False),
    form(SIGN, "not found", r".*\bnot found\b.*", False),
    form(SIGN, "does not exist", r".*\bdoes not exist\b.*", False),
    form(SIGN, "already ", r".*\balready (?:in use|exists?|running|locked)\b.*", False),
    form(SIGN, "denied", r".*\b[Dd]enied\b.*", False),
    form(SIGN, "not allowed", r".*\bnot allowed\b.*", False),
    form(SIGN, "unsupported", r".*\b[Uu]nsupported\b.*", False),
    form(SIGN, "timeout", r".*\b[Tt]ime(?:d )?out\b.*", False),
    form(SIGN, "missing", r".*\b[Mm]issing\b.*", False),
    form(SIGN, "\nno ", r"No \w+ (?:running|available|configured|found)\b.*", False),
    form(SIGN, "failed", r".*\b[Ff]ailed (?:to|with|because)\b.*", False),
    form(ECHO, "exit", r"(?:Process )?[Ee]xit(?:ed)?(?: with)? (?:code|status):? [1-9]\d*.*", False),
)  # fmt: skip

TOOLS: tuple[Tool, ...] = (SHELL, USAGE, GENERAL)
