"""Where each key of a TOML file stands, for messages that point into the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

__all__ = ["places"]

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<mark>[=.,{}]|\[|\])
    |(?P<bare>[^\s=.,{}\[\]\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)

Path = tuple[str | int, ...]


def places(text: str) -> dict[Path, tuple[int, int]]:
    r"""Return line and column of every table, key and item of a list.

    The standard library's parser keeps no positions, and says first whether a file is TOML: this
    walk only finds the keys of a file that is.

    Parameters
    ----------
    text : str
        A file that is known to be TOML.

    Returns
    -------
    dict
        The keys that lead to a place, with line and column from 1. A place that is reached by
        several lines has that of the first.

    Examples
    --------
    >>> found = places('[figures]\na = { text = "5 t" }\n[[claims]]\nid = "k"\n')
    >>> found["figures", "a", "text"], found["claims", 0], found["claims", 0, "id"]
    ((2, 7), (3, 1), (4, 1))
    """
    return _Walk(text).found


class _Walk:
    """One walk through the tokens of a file, which notes the places of keys."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, tuple[int, int]] = {}
        self.lists: dict[Path, int] = {}
        self.tokens = _tokens(text)
        self.token, self.at = next(self.tokens)
        table: Path = ()
        while not self.sees(""):
            if self.sees("\n"):
                self.step()
            elif self.sees("["):
                table = self.header()
            else:
                self.pair(table)

    def sees(self, *tokens: str) -> bool:
        return self.token in tokens

    def step(self) -> None:
        self.token, self.at = next(self.tokens)

    def key(self, path: Path) -> Path:
        """Read a key with its dots; lists of tables on the way stand for their last table."""
        while True:
            part = self.token
            quoted = part[0] in "\"'"
            path = (*path, tomllib.loads(f"key = {part}")["key"] if quoted else part)
            self.found.setdefault(path, self.at)
            self.step()
            if not self.sees("."):
                return path
            self.step()
            if path in self.lists:
                path = (*path, self.lists[path])

    def header(self) -> Path:
        start = self.at
        self.step()
        several = self.sees("[")
        if several:
            self.step()
        path = self.key(())
        if several:
            number = self.lists[path] = self.lists.get(path, -1) + 1
            path = (*path, number)
            self.found[path] = start
            self.step()
        self.step()
        return path

    def pair(self, table: Path) -> None:
        path = self.key(table)
        self.step()
        self.value(path)

    def value(self, path: Path) -> None:
        number = 0
        if self.sees("{"):
            self.step()
            while not self.sees("}"):
                if self.sees(",", "\n"):
                    self.step()
                else:
                    self.pair(path)
            self.step()
        elif self.sees("["):
            self.step()
            while not self.sees("]"):
                if self.sees(",", "\n"):
                    self.step()
                else:
                    self.found[*path, number] = self.at
                    self.value((*path, number))
                    number += 1
            self.step()
        else:
            while not self.sees(",", "]", "}", "\n", ""):
                self.step()


def _tokens(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Go through the tokens that matter, each with line and column; an empty one ends them."""
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if match.lastgroup != "skip":
            yield token, (line, match.start() - start + 1)
        if "\n" in token:
            line += token.count("\n")
            start = match.start() + token.rindex("\n") + 1
    while True:
        yield "", (line, len(text) - start + 1)
