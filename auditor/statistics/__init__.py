"""Statistics before they leave: may a table of numbers, or microdata without names, point at somebody?

The rules are those of statistical disclosure control (Hundepool et al., *Statistical Disclosure Control*, 2012; the handbook
of the ESSnet SDC): small counts, dominance, group disclosure, suppressed cells that totals give back, differences between
releases, k-anonymity (Samarati and Sweeney 1998) and l-diversity (Machanavajjhala et al. 2007).
"""
