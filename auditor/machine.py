"""What the machine has to give."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def memory_bytes() -> int | None:
    """The memory that this process may use, in bytes: the machine's, or less where a container sets a limit. None: not told."""
    sizes = []
    if sys.platform == "win32":
        import ctypes

        status = (ctypes.c_ulonglong * 8)()
        ctypes.cast(status, ctypes.POINTER(ctypes.c_ulong))[0] = ctypes.sizeof(status)
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            sizes.append(int(status[1]))
    else:
        try:
            sizes.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
            sizes.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
        except (OSError, ValueError):
            pass  # no container, or one without a limit ("max")
    return min(sizes) if sizes else None
