"""Instruction files split into single instructions with their lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardwon.formats.instructions import split

FILE = """# Project

Some words about what it is. Always run the formatter before you commit.

## Commands

- Use `make check` for everything
  that is on a branch
- [ ] keep the list short
1. Then push

```bash
# a comment
make test   # fast
$ make deploy
```

```python
print("not a command")
```

| task | command |
|---|---|
| lint | `make lint` |

<!-- hardwon:begin -->
- ours
<!-- hardwon:end -->
"""


def test_bullets_sentences_commands_and_rows_with_their_lines() -> None:
    assert [(s.line, s.text) for s in split(FILE, "X.md")] == [
        (3, "Always run the formatter before you commit."),
        (7, "Use `make check` for everything that is on a branch"),
        (9, "keep the list short"),
        (10, "Then push"),
        (14, "`make test`"),
        (15, "`make deploy`"),
        (22, "task | command"),
        (24, "lint | `make lint`"),
    ]


def test_line_numbers_of_a_read_tool_are_taken_off() -> None:
    listing = "\n".join(f"     {i}\t{line}" for i, line in enumerate(["# Rules", "", "- Never push to main"], 1))
    assert [s.text for s in split(listing, "X.md")] == ["Never push to main"]


@given(st.text())
def test_any_text_can_be_split(text: str) -> None:
    for s in split(text, "X.md"):
        assert s.text
        assert s.line >= 1
