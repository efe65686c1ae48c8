"""Recall and precision of the rules of free text on a labelled corpus, by kind (``python -m tests.release_figures FILE``)."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from auditor.release.identifiers import find_identifiers
from auditor.release.plain_text import made_plain


@dataclass
class Figures:
    """Counts of one kind: planted, of them found (surely, or as doubtful), and what was surely found but not planted."""

    planted: int = 0
    found: int = 0
    doubtful: int = 0
    invented: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of what was planted that was surely found."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """The share of what was surely found that was planted."""
        return self.found / (self.found + self.invented) if self.found + self.invented else 1.0


def figures(corpus: Path) -> dict[str, Figures]:
    """The figures of every kind that was planted or found. A find counts where it shares characters with what was planted."""
    result: dict[str, Figures] = {}
    for line in corpus.read_text(encoding="utf-8").splitlines():
        sentence = json.loads(line)
        text = made_plain(sentence["text"])
        left = Counter[tuple[str, str]]((kind, made_plain(written)) for kind, written in sentence["planted"])
        for kind, _written in left:
            result.setdefault(kind, Figures()).planted += left[kind, _written]
        doubtful = []
        for found in find_identifiers(text):
            key = next((k for k in left if k[0] == found.kind and left[k] and _same(k[1], text[found.start : found.end])), None)
            numbers = result.setdefault(found.kind, Figures())
            if key and found.sure:
                left[key] -= 1
                numbers.found += 1
            elif key:
                doubtful.append(key)
            elif found.sure:
                numbers.invented += 1
                numbers.wrong.append(sentence["text"])
        for key in left.elements():
            result[key[0]].missed.append(sentence["text"])
            result[key[0]].doubtful += key in doubtful
    return result


def _same(planted: str, found: str) -> bool:
    return planted.strip() in found or found.strip() in planted


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for kind, numbers in sorted(figures(Path(name)).items()):
            recall, precision = f"recall {numbers.recall:.3f}", f"precision {numbers.precision:.3f}"
            print(f"{kind:<22}planted {numbers.planted:>5}  {recall}  doubtful {numbers.doubtful:>3}  {precision}")
            for text in numbers.missed[:6]:
                print("   missed:", text.replace("\n", "\\n"))
            for text in numbers.wrong[:6]:
                print("   wrong: ", text.replace("\n", "\\n"))
