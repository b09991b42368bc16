"""Shell text into simple commands, each with its environment, directory, program, sub-command, flags and operands.

Two thirds of the shell calls of coding agents are compound (`cd x && APP_ENV=test npm test 2>&1 | tail`); what failed or worked is
one simple command in them. A pure function of the text: nothing is looked up on disk, and no text makes it raise.
"""

from __future__ import annotations

from hardwon.model import SimpleCommand
from hardwon.shell import known
from hardwon.shell.directories import Directory
from hardwon.shell.heads import head, program_name
from hardwon.shell.syntax import Raw, read_commands
from hardwon.shell.wrappers import is_assignment, peel, shell_text

LIMIT = 200_000
"""Characters of a text that are parsed; what follows is here-document or pasted data in practice."""
_NESTING = 4
_MOVES = frozenset({"cd", "pushd", "popd", "chdir"})
_PLAIN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-./:,@%+")
_KEYWORDS = frozenset(
    "if then elif else fi for while until do done case esac select function time coproc in declare typeset export readonly local "
    "unset unsetenv".split()
)


def parse(text: str, cwd: str = "") -> list[SimpleCommand]:
    """The simple commands of `text`, in order; `cwd` is where it runs, so that paths in it can be named from there.

    Filters behind a pipe are no commands of their own: they stand in `piped_into` of the command whose output they see.
    """
    context = _Context(Directory(cwd), ())
    builder = _Builder()
    builder.read(text[:LIMIT], context, "", 0)
    return builder.commands()


class _Context:
    """What a subshell inherits: the directory and the variables exported so far."""

    def __init__(self, directory: Directory, exported: tuple[str, ...]) -> None:
        self.directory, self.exported = directory, exported

    def copy(self) -> _Context:
        return _Context(self.directory.copy(), self.exported)


class _Draft:
    """A simple command that may still get filters behind it."""

    __slots__ = ("command", "pipe", "piped")

    def __init__(self, command: SimpleCommand, pipe: tuple[tuple[int, int], ...]) -> None:
        self.command, self.pipe = command, pipe
        self.piped: list[str] = []

    def done(self) -> SimpleCommand:
        if not self.piped:
            return self.command
        values = {name: getattr(self.command, name) for name in self.command.__struct_fields__}
        return SimpleCommand(**{**values, "piped_into": tuple(self.piped)})


class _Builder:
    """Makes commands of what `read_commands` found, in order, following the directory on the way."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []

    def commands(self) -> list[SimpleCommand]:
        return [draft.done() for draft in self.drafts]

    def read(self, text: str, context: _Context, joined: str, nesting: int) -> None:
        if _is_plain(text):
            raw = Raw("", (), ())
            raw.words = raw.sources = text.split()
            self._add(raw, context, joined, nesting, len(self.drafts))
            return
        first = len(self.drafts)
        contexts: dict[tuple[int, ...], _Context] = {(): context}
        for raw in read_commands(text):
            own_joined = joined if len(self.drafts) == first and not raw.joined else raw.joined
            self._add(raw, _context_of(raw.scope, contexts), own_joined, nesting, first)

    def _add(self, raw: Raw, context: _Context, joined: str, nesting: int, first: int) -> None:
        start, set_by_wrapper = peel(raw.words)
        words = raw.words[start:]
        if raw.pipe and raw.pipe[-1][1] > 0 and self._filter(raw, words, first):
            return
        inner = shell_text(words) if nesting < _NESTING else None
        environment = (*context.exported, *raw.assignments, *set_by_wrapper)
        if inner is not None and inner.strip():
            nested = context.copy() if words[0] != "eval" else context
            nested.exported = environment
            self.read(inner, nested, joined, nesting + 1)
            return
        self._emit(raw, words, environment, context, joined)

    def _filter(self, raw: Raw, words: list[str], first: int) -> bool:
        """Whether the command only passes on what the ones before it in the pipeline print; then they get its name."""
        name = program_name(words[0])
        if name not in known.FILTERS:
            return False
        pipeline, place = raw.pipe[-1]
        depth = len(raw.pipe) - 1
        before = [draft for draft in self.drafts[first:] if _stands_in(draft, depth, pipeline)]
        nearest = max((draft.pipe[depth][1] for draft in before), default=-1)
        producers = [draft for draft in before if draft.pipe[depth][1] == nearest]
        for draft in producers:
            draft.piped.append(name)
        return bool(producers) and place > 0

    def _emit(self, raw: Raw, words: list[str], environment: tuple[str, ...], context: _Context, joined: str) -> None:
        where = context.directory
        found = head(words, where.path, where.cwd)
        if not found.program:  # `''` alone: nothing that could be run
            return
        rest = [word for index, word in enumerate(words) if index not in found.used]
        sources = [*raw.assigned, *raw.sources] if raw.assigned else raw.sources
        command = SimpleCommand(
            program=found.program,
            key=found.key,
            text=("! " if raw.negated else "") + " ".join(sources),
            environment=environment,
            directory=where.path,
            subcommand=found.subcommand,
            flags=tuple([word for word in rest if len(word) > 1 and word.startswith("-") and word != "--"]),
            operands=tuple([word for word in rest if len(word) <= 1 or not word.startswith("-")]),
            joined=joined,
            redirected=raw.redirected,
        )
        self.drafts.append(_Draft(command, raw.pipe))
        if found.program in _MOVES:
            where.follow(found.program, words[1:])
        elif found.program == "export":
            context.exported += tuple(word for word in words[1:] if is_assignment(word))


def _is_plain(text: str) -> bool:
    """Whether a text is nothing but words: no quote, operator, expansion or keyword. Then splitting at spaces is parsing."""
    return _PLAIN_LETTERS.issuperset(text) and (words := text.split()) != [] and words[0] not in _KEYWORDS


def _context_of(scope: tuple[int, ...], contexts: dict[tuple[int, ...], _Context]) -> _Context:
    found = contexts.get(scope)
    if found is None:
        found = contexts[scope] = _context_of(scope[:-1], contexts).copy()
    return found


def _stands_in(draft: _Draft, depth: int, pipeline: int) -> bool:
    return len(draft.pipe) > depth and draft.pipe[depth][0] == pipeline
