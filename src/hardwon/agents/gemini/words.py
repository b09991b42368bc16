"""Who wrote what in a user message of Gemini CLI.

What stands in one (seen by running 0.61, and in its source):
- `<session_context>…`: the environment, in the first message of a session; `<state_snapshot>…`: a compaction's summary.
- `<hook_context>…</hook_context>` before the words in the same text (SessionStart hook) or as a part of its own (BeforeAgent).
- `displayContent`: what the user saw himself typing, written only where it differs from `content`: his words where hook text or
  files were glued to them (a SessionStart hook's context stands before them here too), `/name args` where a command was expanded.
  But when an AfterAgent hook, the next-speaker check or the loop recovery makes the agent go on, the message holds the program's
  text and `displayContent` repeats the *previous* prompt: nobody said it again.
- `--- Content from referenced files ---` and all parts after it: files that the words name with `@`.
- texts that begin with `System: `: the program speaks.
"""

from __future__ import annotations

import re
from hashlib import blake2b

import msgspec

from hardwon.agents.gemini.content import is_image, opens_files, parts_of, texts_of
from hardwon.agents.gemini.records import Content
from hardwon.model import Origin, Part

_HOOK = re.compile(r"\s*<hook_context>.*?</hook_context>\s*", re.DOTALL)
_REFERENCE = re.compile(r"@\S*")
_PROGRAM = re.compile(
    r"\s*(?:<(?:session_context|system-reminder|state_snapshot|hook_context)\b"
    r"|This is the Gemini CLI\. We are setting up the context"
    r"|System: (?:Please continue\.|Potential loop detected))"
)
_COMMAND = re.compile(r"/[\w:.-]+(?:\s|\Z)")


class Said(msgspec.Struct, frozen=True):
    """The last prompt, as keyed by content: what the user saw (`shown`) and what was sent (`sent`). No text, so that it may stand
    in a cursor."""

    shown: str = ""
    sent: str = ""


class Split(msgspec.Struct, frozen=True):
    """A user message split by origin. place: message or command_args. said: the prompt it was, None if the program spoke."""

    parts: tuple[Part, ...]
    place: str = "message"
    said: Said | None = None


def split_user(content: Content, display: Content, last: Said) -> Split:
    """The parts of a user message with their origins; `last` is the prompt before it."""
    texts, files, images = _sort(content)
    shown = _HOOK.sub("", "".join(texts_of(display))).strip()
    sent = _sent(texts)
    said = Said(_key(shown or sent), _key(sent))
    if not shown:
        parts = [part for text in texts for part in _by_marks(text)]
        own = any(part.origin == "user" for part in parts)
        return Split((*parts, *files, *images), said=said if own else None)
    if said.shown == last.shown and said.sent != last.sent and not any(_same(_HOOK.sub("", t).strip(), shown) for t in texts):
        return Split((*(Part("text", text, "harness") for text in texts), *files, *images))
    place = "command_args" if _COMMAND.match(shown) else "message"
    rest: list[Part] = _rest(texts, shown, "echo" if place == "command_args" else "harness")
    return Split((Part("text", shown, "user"), *rest, *files, *images), place, said)


def _sort(content: Content) -> tuple[list[str], list[Part], list[Part]]:
    """Texts before the files, the files' contents, and pictures."""
    texts: list[str] = []
    files: list[Part] = []
    images: list[Part] = []
    for part in parts_of(content):
        if is_image(part):
            images.append(Part("image", origin="user"))
        elif part.text is not None and not part.thought:
            if files or opens_files(part.text):
                files.append(Part("text", part.text, "file"))
            elif part.text.strip():
                texts.append(part.text)
    return texts, files, images


def _by_marks(text: str) -> list[Part]:
    """A text without `displayContent`: hook contexts and the program's own texts told by their marks, the rest the user's."""
    if not _HOOK.match(text):
        origin: Origin = "harness" if _PROGRAM.match(text) else "user"
        kind = "compaction" if "<state_snapshot>" in text[:200] else "text"
        return [Part("compaction", text, "harness") if kind == "compaction" else Part("text", text, origin)]
    found: list[Part] = []
    position = 0
    while mark := _HOOK.match(text, position):
        found.append(Part("text", mark[0].strip(), "harness"))
        position = mark.end()
    words = text[position:].strip()
    return [*found, Part("text", words, "user")] if words else found


def _rest(texts: list[str], shown: str, origin: Origin) -> list[Part]:
    """What was sent besides the words that are shown."""
    rest: list[Part] = []
    for text in texts:
        stripped = text.strip()
        if _same(stripped, shown):
            continue
        glued = re.search(rf"(?:\A|\n){re.escape(shown)}(?:\Z|\n)", stripped)
        if glued is not None:
            pieces = (stripped[: glued.start()].strip(), stripped[glued.end() :].strip())
            rest += [Part("text", piece, "harness" if _HOOK.match(piece) else origin) for piece in pieces if piece]
        else:
            rest.append(Part("text", text, "harness" if _HOOK.match(text) else origin))
    return rest


def _same(a: str, b: str) -> bool:
    """Equal but for how `@file` references were expanded."""
    return a == b or _REFERENCE.sub("@", a) == _REFERENCE.sub("@", b)


def _sent(texts: list[str]) -> str:
    """What was sent without what hooks added: their text differs from time to time."""
    return "".join(_HOOK.sub("", text) for text in texts).strip()


def _key(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest() if text else ""
