"""Reports to the elected board (nämnd): public numbers from the register, of which none leads back to a few persons."""

from auditor.board.making import make_report

__all__ = ["make_report"]
