"""Failure lines of compilers and build tools."""

from __future__ import annotations

from hardwon.signals.failures.forms import CAUSE, COUNT, ECHO, SIGN, Tool, form, tool

TOOLS: tuple[Tool, ...] = (
    tool(
        "rustc",
        "cargo rustc",
        "build types lint test",
        form(CAUSE, "error[e", r"error\[(?P<rule>E\d{4})\]: .+"),
        form(CAUSE, "\nerror: ", r"error: (?!could not compile|test failed|aborting|process didn't|Recipe)\S.+", False),
        form(ECHO, "could not compile", r"error: could not compile `\S+`.*"),
        form(ECHO, "aborting due to", r"error: aborting due to .*"),
        passes=(form(COUNT, "finished ", r"\s+Finished "),),
    ),
    tool(
        "go build",
        "go",
        "build types test lint",
        form(CAUSE, ".go:", r"(?:vet: )?\.?/?(?P<path>\S+\.go):\d+:\d+: \S.+"),
        form(CAUSE, "no required module", r".*no required module provides package (?P<module>\S+?);.*"),
        form(CAUSE, "is not in std", r"package (?P<module>\S+) is not in std.*"),
        form(CAUSE, "\ngo: ", r"go: (?!downloading|finding|found|upgraded|added|extracting|downgraded)\S.+", False),
        form(COUNT, "[build failed]", r"FAIL\s+\S+ \[(?:build|setup) failed\]"),
    ),
    tool(
        "cc",
        "gcc g++ cc c++ clang clang++ make cmake ninja ld xcodebuild swift swiftc javac",
        "build",
        form(CAUSE, "error: ", r"(?P<path>\S+\.\w+):\d+(?::\d+)?: (?:fatal )?error: .+"),
        form(CAUSE, "undefined reference", r".*undefined reference to .*"),
        form(CAUSE, "cmake error", r"CMake Error(?: at .*)?:?.*"),
        form(COUNT, "** build failed", r"\*\* (?:BUILD|TEST) FAILED \*\*"),
    ),
    tool(
        "jvm build",
        "mvn mvnw gradle gradlew ./mvnw ./gradlew kotlinc",
        "build",
        form(CAUSE, "* what went wrong", r"\* What went wrong:", False),
        form(CAUSE, "\ne: ", r"e: (?:file://)?(?P<path>\S+\.kts?):\(?\d+.*"),
        form(CAUSE, "[error] ", r"\[ERROR\] (?!Tests run|\[Help|To see|Re-run|For more|->|\s*$)\S.+", False),
        form(SIGN, "> task ", r"> Task :\S+ FAILED"),
        form(COUNT, "build fail", r"(?:\[INFO\] )?BUILD (?:FAILED|FAILURE)\b.*"),
    ),
    tool("dotnet", "dotnet msbuild", "build", form(CAUSE, "error ", r".*\berror (?P<rule>(?:CS|MSB|NU|NETSDK)\d+): .+")),
    tool(
        "make",
        "make gmake",
        "",
        form(CAUSE, "no rule to make", r"g?make(?:\[\d+\])?: \*\*\* No rule to make target [`'](?P<usage>[^']+)'.*"),
        form(CAUSE, "missing separator", r".*\*\*\* missing separator.*"),
        form(ECHO, "make", r"g?make(?:\[\d+\])?: \*\*\* .*Error \d+.*"),
    ),
    tool(
        "just",
        "just task mise",
        "",
        form(CAUSE, "does not contain recipe", r"error: [Jj]ustfile does not contain recipe [`'](?P<usage>[^`']+).*"),
        form(CAUSE, "task: ", r"task: Task \"(?P<usage>[^\"]+)\" does not exist"),
        form(ECHO, "recipe ", r"error: [Rr]ecipe `[^`]+` (?:failed|was terminated).*"),
        form(ECHO, "task: failed", r"task: Failed to run task .*"),
    ),
    tool(
        "bundlers",
        "vite webpack rollup esbuild next turbo nx tsup parcel astro nuxt remix bun",
        "build",
        form(CAUSE, "[error] ", r"✘ \[ERROR\] .+"),
        form(CAUSE, "could not resolve", r"(?:error: |✘ )?Could not resolve:? [\"'](?P<module>[^\"']+)[\"'].*"),
        form(CAUSE, "error in ", r"ERROR in \S.*"),
        form(CAUSE, "can't resolve", r".*Module not found: (?:Error: )?Can't resolve '(?P<module>[^']+)'.*"),
        form(SIGN, "failed to compile", r"Failed to compile\.?"),
        form(SIGN, "build failed", r"(?:error during build:|Build failed\b|✗ Build failed).*"),
        form(ECHO, "failed", r"\s*ERROR\s+run failed: command\s+exited \(\d+\)"),
    ),
    tool("terraform", "terraform tofu", "", form(CAUSE, "error: ", r"│ Error: .+")),
)
