"""The data contract: is this export fit to be audited?

One suite of expectations per canonical table (``expectations/suites``), and the user's own (``--suite``). The engine makes a
small profile of each table (``profile``), great-expectations judges it in a process of its own (``worker``, ``judge``), and
the answers come back as counts (``answering``). No value of a cell leaves that process.
"""
