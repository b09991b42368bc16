"""The one line that tells what is wrong."""

from __future__ import annotations

from hardwon.signals.failures.messages import LIMIT, fingerprint, telling
from hardwon.signals.failures.search import hits
from hardwon.signals.failures.transient import is_network, is_transient


def told(text: str, noisy: bool = False, program: str = "") -> str:
    return telling(hits(text), text, noisy, program)[0]


def test_a_cause_beats_a_count_and_an_echo() -> None:
    text = "Found 2 errors.\nsrc/a.ts(3,1): error TS2322: no\nnpm error Lifecycle script `build` failed\nFound 3 errors."
    assert told(text) == "src/a.ts(3,1): error TS2322: no"


def test_the_noise_of_checks_counts_less_than_their_verdict() -> None:
    text = "error: Item 3 failed\n[parser] could not parse\n 12 pass\n 2 fail"
    found = [hit for hit in hits(text) if hit.tool.name in ("bun test", "general")]
    assert telling(found, text, noisy=True)[0] == "2 fail"
    assert telling(found, text, noisy=False)[0] == "error: Item 3 failed"


def test_no_stack_frame_and_no_exit_note() -> None:
    assert told("Exit code 1\n    at main (a.js:1:2)\nthe gate is shut") == "the gate is shut"


def test_the_programs_own_complaint_comes_first() -> None:
    assert told("a\nb\nc\nd\ne\nmytool: no gate\nz", program="mytool") == "mytool: no gate"


def test_messages_are_cut_and_verbatim() -> None:
    text = "error: unexpected argument '-x' found " + "x" * 500
    assert len(told(text)) == LIMIT
    assert told(text) in text


def test_nothing_to_say() -> None:
    assert told("") == ""
    assert fingerprint("", "x") is None


def test_a_fingerprint_forgets_what_varies() -> None:
    one, two = fingerprint("cannot open /srv/a/b.txt:12", "cat"), fingerprint("cannot open /srv/other/c.txt:99", "cat")
    assert one is not None and two is not None
    assert one.id == two.id
    assert one.id != (fingerprint("cannot open /srv/a/b.txt:12", "other") or one).id


def test_transient_and_network() -> None:
    assert is_transient("npm error code ECONNRESET")
    assert is_transient("HTTP 503: Service Unavailable")
    assert not is_transient("canceling statement due to lock timeout")
    assert not is_transient("expected 503 rows, got 4")
    assert is_network("Error: getaddrinfo ENOTFOUND update.example.com")
