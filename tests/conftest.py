"""What holds for every test: on a busy machine an example may take as long as it takes, and the threads of one test do
not get in the way of another's.

`pytest` alone leaves out what is marked slow or browser; a file that is named, or a mark that is asked for, is run.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

LEFT_OUT = "not slow and not browser"

# As many processes as processors run tests, on small arrays: threads of theirs would wait for each other. Halide's are
# left as they are, for its loops are parallel by what a schedule says, and that is tested.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


# The files that take longest begin, the longest of them first, and the processes end at about the same time.
FIRST = (
    "engines", "filters", "documentation", "training", "check_true_names", "halide", "check",
    "check_strangers_kinds", "fitting", "predict", "check_faults", "check_sobel", "lab", "check_network",
    "check_evidence", "check_programs", "check_kinds", "check_conventions", "mistakes", "large_edges", "student",
    "widgets", "autograd", "additions", "layers", "gradcheck", "canny", "edges_command", "properties",
    "preprocessing", "box", "gradcheck_zero", "check_student", "check_hostile", "python_twins", "check_courses",
    "new_filter", "precision", "gradcheck_command", "stopping", "adding_an_engine", "check_selftest", "notebooks",
    "processes", "wheel", "ways", "mutants", "gradient_figures",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    place = {f"test_{name}.py": n for n, name in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def pytest_configure(config):
    if config.args_source != pytest.Config.ArgsSource.ARGS and not config.option.markexpr:
        config.option.markexpr = LEFT_OUT


@pytest.fixture(scope="session", autouse=True)
def _keepers_that_wait():
    """Python and NumPy are loaded once, not for each of a thousand hand-ins, as in a class's worker; commands, which are
    processes of their own, start as they always do."""
    from convolab.verify import starting

    starting.keep_idle()
    yield
    # What is closed later still, by an explorer that lives as long as Python, ends at once and waits for no other.
    waiting, starting._idle = starting._idle, None
    for kept in (waiting or {}).values():
        kept.close()
