"""A month of the single entry to social services in Stockholm County, wholly invented.

``county`` and ``period`` say what the world looks like, ``staff``, ``cases`` and ``disclosures`` fill it with rows that break
no rule, ``faults`` spoils a small share of them, ``planters`` add one deliberate story for every check, ``assemble`` puts the
rows in order and gives them their numbers, and the modules of ``dresses`` write the same rows as three different systems would.
"""
