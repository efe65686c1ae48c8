"""What is permitted: the agreement as a file that a lawyer can read, and as typed objects that the checks are asked against."""

from auditor.agreement.model import Agreement
from auditor.agreement.reading import Assumption, LoadedAgreement, load_agreement
from auditor.agreement.sentences import Section, plain_text, sentences

__all__ = ["Agreement", "Assumption", "LoadedAgreement", "Section", "load_agreement", "plain_text", "sentences"]
