"""Instruction files split into single instructions with their lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardwon.formats.instructions import demands, split

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


TAUGHT = """---
name: shop
description: Use when in doubt.
---
# Shop

At the end, run the linter:
```bash
make lint  # slow

# ❌ Wrong
make all

# ✅ Right
make some
```

### Don't
- Push to `main`
"""


def test_what_leads_up_to_a_command_and_what_is_shown_as_wrong() -> None:
    found = [(s.line, s.text, s.context, s.against) for s in split(TAUGHT, "SKILL.md")]
    assert found == [
        (7, "At the end, run the linter:", "", False),
        (9, "`make lint`", "At the end, run the linter:", False),
        (12, "`make all`", "At the end, run the linter:", True),
        (15, "`make some`", "At the end, run the linter:", False),
        (19, "Push to `main`", "", True),
    ]


def test_the_files_own_lines_are_kept_and_a_part_keeps_its_numbers() -> None:
    (one,) = split("- Use `make check`\n  on a branch\n", "X.md", first=40)
    assert (one.line, one.text, one.raw) == (40, "Use `make check` on a branch", "- Use `make check`\n  on a branch")
    assert split("- Use `make`", "X.md", first=0)[0].line == 0


def test_code_demands_nothing_the_words_around_it_do() -> None:
    assert [demands(s) for s in split("- `npm run dev`\n- Run `npm test`\n", "X.md")] == [False, True]
