"""A page of this program, made ready for printing: no scripts, running heads, and a policy that lets nothing be fetched.

Pages are recognised by ``<meta name="generator" content="en-ingang-auditor ...">``, which every page gets when its template
is filled. The copy that is printed holds the page's own style and nothing else that could act.
"""

from __future__ import annotations

import contextvars
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import UserError
from auditor.output_folder import MANIFEST
from auditor.privacy import shown_path
from auditor.report.filling import GENERATOR, hash_of
from auditor.words import LANGUAGES, _, speak

#: A report is at most some megabytes; what is larger is none.
LARGEST = 64 * 1024**2

_HEAD = re.compile(
    r'\s*<!doctype html>\s*<html lang="(?P<lang>[a-z]{2})">\s*<head>\s*<meta charset="utf-8">\s*'
    rf'<meta name="generator" content="{re.escape(GENERATOR)}[^"]*">',
    re.IGNORECASE,
)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_LINK = re.compile(r'<a\b[^>]*\bhref="#([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
# Cells that a browser would leave out of the structure: empty, or with a picture alone that is there for the eye only
_EMPTY_CELL = re.compile(r'(<t[dh]\b[^>]*>\s*(?:<svg\b[^>]*aria-hidden="true"(?:(?!</svg>).)*</svg>)?)\s*(</t[dh]>)', re.DOTALL)

# What is there for the ear alone stands in a box of one pixel; a table's heads that do not fit in it would not be tagged
_UNSEEN = """thead.unseen { position: static; clip-path: none; width: auto; height: auto; margin: 0; overflow: visible; }
thead.unseen tr { display: block !important; border: 0 !important; padding: 0 !important; }
thead.unseen th { display: inline !important; font-size: 1px; line-height: 1px; color: #fff; background: none; }
"""


@dataclass(frozen=True)
class Page:
    """A page of this program: its text, title and language (``sv`` or ``en``), and what each link within it is called."""

    text: str
    title: str
    language: str
    links: dict[str, str]
    secret: bool

    def for_print(self, dnr: str) -> str:
        """The page as it is printed, with ``dnr`` (may be empty) in the head of every sheet."""
        spoken = contextvars.copy_context()
        style = spoken.run(self._style, dnr)
        policy = f"default-src 'none'; style-src 'sha256-{hash_of(style)}'; base-uri 'none'; form-action 'none'"
        text = _SCRIPT.sub("", self.text)
        text = _POLICY.sub(lambda _found: f'<meta http-equiv="Content-Security-Policy" content="{policy}">', text, count=1)
        text = _STYLE.sub(lambda _found: f"<style>{style}</style>", text, count=1)
        return _EMPTY_CELL.sub("\\1\u00a0\\2", text)

    def _style(self, dnr: str) -> str:
        speak(self.language)
        own = _STYLE.search(self.text)
        marking = _("Secrecy under chapter 26, section 1 of the Public Access to Information and Secrecy Act (2009:400)")
        boxes = {
            "top-left": css_text(marking) if self.secret else "",
            "top-right": css_text(_("Case number {dnr}").format(dnr=dnr)) if dnr else "",
            "bottom-left": css_text(self.title),
            "bottom-right": f"{css_text(_('Page'))} counter(page) {css_text('/')} counter(pages)",
        }
        font = "font: 7.5pt Arial, sans-serif; color: #333;"
        margins = " ".join(f"@{place} {{ {font} content: {content}; }}" for place, content in boxes.items() if content)
        # What a page says itself of its paper comes after the first rule and stands; the boxes come last
        paper = "@page { size: A4; margin: 18mm 14mm 16mm; }\n"
        return f"{paper}{own.group(1) if own else ''}\n@page {{ {margins} }}\n{_UNSEEN}"


def read_page(path: Path) -> Page:
    """Read a page that this program made. Raises UserError for anything else, and for one that was changed since.

    A page is known to be changed when a manifest lies beside it that has another SHA-256 for it.
    """
    shown = shown_path(path.name)
    try:
        if not path.is_file():
            raise UserError(_("There is no such file."), hint=_("Name a report of this program (HTML)."), file=shown)
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _not_ours(shown) from error
    head, title = _HEAD.match(text), _TITLE.search(text)
    if head is None or title is None or head["lang"] not in LANGUAGES or len(_STYLE.findall(text)) != 1:
        raise _not_ours(shown)
    if len(_POLICY.findall(text)) != 1:
        raise _not_ours(shown)
    _refuse_changed(path, content)
    return Page(
        text=text,
        title=_words_of(title[1]),
        language=head["lang"],
        links={target: _words_of(words) for target, words in reversed(_LINK.findall(text))},
        secret='class="secrecy"' in text,
    )


def css_text(text: str) -> str:
    """A text as a string of a style sheet, spaced on both sides."""
    return '" ' + "".join(c if c.isalnum() or c in " .,:()§/–" else f"\\{ord(c):x} " for c in text) + ' "'


def _words_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def _refuse_changed(path: Path, content: bytes) -> None:
    import hashlib

    try:
        manifest = json.loads((path.parent / MANIFEST).read_text(encoding="utf-8"))
        known = {entry["file"]: entry["sha256"] for entry in manifest["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return  # a page by itself
    if path.name in known and known[path.name] != hashlib.sha256(content).hexdigest():
        raise UserError(
            _("The page has been changed since it was written."),
            hint=_("Make the report anew, or see what 'auditor verify' says of its folder."),
            file=shown_path(path.name),
        )


def _not_ours(shown: str) -> UserError:
    return UserError(
        _("This is not a page that this program made."),
        hint=_("Name a report of this program (HTML), such as report.html; make one of an older version anew."),
        file=shown,
    )
