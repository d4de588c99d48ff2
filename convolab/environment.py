"""Where was this measured? The machine, the versions and the commit behind a run or a benchmark.

Nothing here loads a library to ask for its version.
"""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

LIBRARIES = (
    "convolab numpy torch halide scipy scikit-image opencv-python-headless pillow dask onnxruntime safetensors".split()
)
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME", "HL_NUM_THREADS")


def environment() -> dict:
    """Machine, versions, commit and thread settings as plain values, ready for JSON or TOML."""
    return {
        "machine": machine(),
        "load": _load_average(),
        "versions": versions(),
        "commit": commit(),
        "settings": _thread_settings(),
    }


def _load_average() -> list[float]:
    """Programs that wanted a core on average over the last 1, 5 and 15 minutes, this one among them."""
    return [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else []


def machine() -> dict:
    """Processor, usable cores, memory (GiB) and system."""
    return {
        "cpu": cpu_name(),
        "cores": usable_cores(),
        "memory_gib": memory_gib(),
        "features": cpu_features(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def usable_cores() -> int:
    """The cores that this process may run on, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_name() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def cpu_features() -> list[str]:
    """The vector instructions that decide how fast convolutions run."""
    wanted = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "bf16")
    flags = (_cpuinfo("flags") or _cpuinfo("Features") or "").split()
    return [name for name in wanted if name in flags]


def memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None


def _cpuinfo(key: str) -> str | None:
    """The first value of a key of /proc/cpuinfo, where there is one."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.split(":")[0].strip() == key), None)


def versions() -> dict[str, str]:
    """The installed versions of the libraries that a figure can depend on."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str | None:
    """The commit of the source tree this runs from, `-dirty` where it was changed, None outside a repository."""
    root = Path(__file__).resolve().parents[1]
    if not (root / ".git").exists():
        return None
    try:
        asked = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def _thread_settings() -> dict[str, str]:
    return {name: os.environ[name] for name in THREAD_SETTINGS if name in os.environ}
