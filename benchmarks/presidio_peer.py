"""What stock Presidio makes of texts, with its Swedish recognisers switched on; ``exports.py`` starts it in an environment of its own:

    python3.11 -m venv /tmp/presidio && /tmp/presidio/bin/pip install presidio-analyzer==2.2.366

Standard input: one JSON object ``{"corpus": [text ...], "texts": [text ...]}``. Standard output: one with what was found in each
text of the corpus (kind, start, end, score), and the seconds that the texts took. No model is loaded (a blank Swedish pipeline)
and no public suffix list is fetched, so that nothing here reaches the network.
"""

from __future__ import annotations

import json
import sys
import time

import spacy
import tldextract.tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    PhoneRecognizer,
    SeOrganisationsnummerRecognizer,
    SePersonnummerRecognizer,
)


class BlankSwedish(NlpEngine):
    """Words of a Swedish text, without a model."""

    def __init__(self) -> None:
        self._pipeline = spacy.blank("sv")

    def load(self) -> None:
        """Nothing is loaded."""

    def is_loaded(self) -> bool:
        """It is."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The text's words."""
        words = self._pipeline(text)
        return NlpArtifacts([], words, [w.idx for w in words], [w.text.lower() for w in words], self, language)

    def process_batch(self, texts, language, **_options):
        """Text by text."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, _language: str) -> bool:
        """Whether a word says nothing."""
        return word in self._pipeline.Defaults.stop_words

    def is_punct(self, word: str, _language: str) -> bool:
        """Whether a word is a mark."""
        return not word.isalnum()

    def get_supported_entities(self) -> list[str]:
        """None."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Swedish."""
        return ["sv"]


def engine() -> AnalyzerEngine:
    """Every rule of Presidio that finds a kind that we look for too."""
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    rules = [
        SePersonnummerRecognizer(supported_language="sv"),
        SeOrganisationsnummerRecognizer(supported_language="sv"),
        PhoneRecognizer(supported_language="sv", supported_regions=("SE",)),
        EmailRecognizer(supported_language="sv"),
        IbanRecognizer(supported_language="sv"),
        IpRecognizer(supported_language="sv"),
        CreditCardRecognizer(supported_language="sv"),
    ]
    registry = RecognizerRegistry(recognizers=rules, supported_languages=["sv"])
    return AnalyzerEngine(registry=registry, nlp_engine=BlankSwedish(), supported_languages=["sv"])


def main() -> None:
    """Answer one request."""
    asked = json.load(sys.stdin)
    analyzer = engine()
    found = [
        [(hit.entity_type, hit.start, hit.end, hit.score) for hit in analyzer.analyze(text, language="sv")]
        for text in asked["corpus"]
    ]
    began = time.perf_counter()
    for text in asked["texts"]:
        analyzer.analyze(text, language="sv")
    json.dump({"found": found, "seconds": time.perf_counter() - began}, sys.stdout)


if __name__ == "__main__":
    main()
