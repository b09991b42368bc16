"""Failure lines of linters, formatters and type checkers."""

from __future__ import annotations

from hardwon.signals.failures.forms import CAUSE, COUNT, ECHO, SIGN, Tool, form, tool

TOOLS: tuple[Tool, ...] = (
    tool(
        "eslint",
        "eslint next xo standard oxlint",
        "lint",
        form(CAUSE, "error", r"\s+\d+:\d+\s+error\s+.+?\s{2,}(?P<rule>[@\w/-]+)\s*$"),
        form(CAUSE, "error", r"\s+\d+:\d+\s+error\s+(?:Parsing error: )?\S.*$"),
        form(CAUSE, "eslint couldn", r"(?:ESLint couldn't|Error: Could not find config|Oops! Something went wrong).*"),
        form(CAUSE, "no files matching", r"(?:Error: )?No files matching .*"),
        form(COUNT, "problem", r"✖ \d+ problems? \((?:[1-9]\d*) errors?"),
        passes=(form(COUNT, "0 errors", r"✖ \d+ problems? \(0 errors"),),
    ),
    tool(
        "biome",
        "biome",
        "lint format",
        form(CAUSE, "lint/", r"\s*(?:at )?(?:\S+ )?(?P<rule>lint/\w+/\w+)\b.*[━─]{3}", False),
        form(
            CAUSE,
            "━━",
            r"\s*(?:at )?(?P<path>\S+?)?(?::\d+:\d+)? ?(?P<rule>assist/\w+/\w+|organizeImports|format|parse|"
            r"suppressions/\w+|deserialize)\b.*━{3}",
            False,
        ),
        form(SIGN, "× ", r"\s+× (?!Some errors|The number of)\S.*"),
        form(CAUSE, "no files were processed", r".*No files were processed in the specified paths.*"),
        form(COUNT, "found ", r"Found [1-9]\d* errors?\."),
        form(ECHO, "some errors were emitted", r"\s*× Some errors were emitted .*"),
        passes=(form(COUNT, "checked ", r"Checked [1-9]\d* files? in .*(?:No fixes applied|Fixed \d+ files?)"),),
    ),
    tool(
        "ruff",
        "ruff flake8 pylint pycodestyle",
        "lint format",
        form(CAUSE, ".py:", r"\S+:\d+:\d+: (?P<rule>[A-Z]{1,4}\d{2,5})(?: \[\*\])?:? .+"),
        form(CAUSE, "--> ", r"(?P<rule>[A-Z]{1,4}\d{3,4})(?: \[\*\])? \S.+", near=True),
        form(CAUSE, "invalid-syntax", r"(?P<rule>invalid-syntax): .+"),
        form(CAUSE, "would reformat", r"[Ww]ould reformat:? (?P<path>\S+)"),
        form(COUNT, "would be reformatted", r"[1-9]\d* files? would be reformatted.*"),
        form(COUNT, "found ", r"Found [1-9]\d* errors?(?:\.| \()"),
        passes=(
            form(COUNT, "all checks passed", r"All checks passed!"),
            form(COUNT, "left unchanged", r"\d+ files? left unchanged"),
        ),
    ),
    tool(
        "mypy",
        "mypy dmypy pyright basedpyright ty",
        "types",
        form(CAUSE, "error: ", r"\S+?:\d+(?::\d+)?: error: .+?\s+\[(?P<rule>[\w-]+)\]\s*$"),
        form(CAUSE, "error: ", r"\s*\S+:\d+:\d+ - error: .+?(?: \((?P<rule>report\w+)\))?$"),
        form(CAUSE, "error[", r"error\[(?P<rule>[\w-]+)\]:? .+", False),
        form(COUNT, "found ", r"Found [1-9]\d* errors? in \d+ files?"),
        form(COUNT, " errors, ", r"[1-9]\d* errors?, \d+ warnings?.*"),
        passes=(form(COUNT, "no issues found", r"Success: no issues found"), form(COUNT, "0 errors, ", r"0 errors, ")),
    ),
    tool(
        "tsc",
        "tsc vue-tsc tsgo",
        "types build",
        form(CAUSE, "error ts", r"(?:\S+[(:]\d+[,:]\d+\)?(?: -|:) )?error (?P<rule>TS\d+): .+"),
        form(COUNT, "found ", r"Found [1-9]\d* errors?(?: in .*|\.)$"),
        passes=(form(COUNT, "found 0 errors", r"Found 0 errors"),),
    ),
    tool(
        "prettier",
        "prettier black gofmt rustfmt isort",
        "format lint",
        form(CAUSE, "[warn] ", r"\[warn\] (?P<path>\S+\.\w+)$", False),
        form(CAUSE, "would reformat", r"would reformat (?P<path>\S+)"),
        form(CAUSE, "imports are incorrectly", r"ERROR: (?P<path>\S+) Imports are incorrectly sorted.*"),
        form(CAUSE, "diff in ", r"Diff in (?P<path>\S+?):?\d+:?$"),
        form(COUNT, "code style issues", r"(?:\[warn\] )?Code style issues (?:found|in).*"),
    ),
    tool(
        "clippy",
        "cargo",
        "lint",
        form(CAUSE, "clippy::", r"\s+= (?:note|help): .*`(?:#\[deny\()?(?P<rule>clippy::\w+)", False),
    ),
    tool(
        "golangci-lint",
        "golangci-lint staticcheck vet",
        "lint",
        form(CAUSE, ".go:", r"\S+\.go:\d+:\d+: .+ \((?P<rule>[\w-]+)\)$"),
    ),
    tool(
        "shellcheck",
        "shellcheck hadolint",
        "lint",
        *(form(CAUSE, needs, r".*\b(?P<rule>SC\d{4})\b.*", False) for needs in ("sc1", "sc2", "sc3")),
        form(CAUSE, " dl", r"\S+:\d+ (?P<rule>DL\d{4}) .*"),
    ),
    tool(
        "rubocop", "rubocop standardrb", "lint", form(CAUSE, ".rb:", r"\S+:\d+:\d+: [CWEF]: (?:\[Corr\w+\] )?(?P<rule>[\w/]+): .+")
    ),
    tool(
        "pre-commit",
        "pre-commit prek lefthook husky lint-staged",
        "lint",
        form(SIGN, "...failed", r"(?P<rule>\S.*?)\.{3,}Failed$"),
        form(SIGN, "- hook id", r"- hook id: (?P<rule>\S+)", False),
        form(SIGN, "✖ ", r"\s*✖ (?P<rule>[^\W\d].{2,100}?):?$", False),
        form(ECHO, "husky - ", r"husky - \S+ (?:script|hook) (?:failed|exited with code).*"),
        form(ECHO, "lint-staged", r".*lint-staged (?:prevented|could not).*"),
    ),
    tool(
        "lint scripts",
        "",
        "lint types format",
        form(
            COUNT,
            "error",
            r"\W*(?:Lint|Linting|Typecheck|Check|ESLint|Biome|TypeScript|Prettier)\W+[1-9]\d* (?:errors?|problems?|issues?)\b.*",
        ),
        form(CAUSE, "0 files", r"\W*(?:Checked|Linted|Formatted|Processed) 0 files?\b.*"),
    ),
)
