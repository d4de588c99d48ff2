"""What does an instructor hand out? A folder with the files to write in and the notebooks, without any solution."""

from collections.abc import Callable
from pathlib import Path

from convolab.errors import OutputError
from convolab.files import make_folder, write_whole
from convolab.lab.exercises import Exercise, beginning, solution
from convolab.lab.twins import twin

README = """# The lab

{exercises}

In the browser, with everything to see and to touch, offline: `pip install "convolab[student]"`, then in this folder

```
{commands}
```

What you write there is kept in `exercise*.py`, which is what you hand in; `convolab check exercise2.py` judges it. The
same as ordinary notebooks, for JupyterLab, VS Code and Colab: `exercise*.ipynb`.
"""


def hand_out(folder: Path, exercises: list[Exercise], *, solutions: bool = False, force: bool = False) -> list[Path]:
    """Write the folder, and return its files.

    Raises
    ------
    OutputError
        Where a file is there already, without `force`.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"--copy: {folder} is a file. Expected a folder")
    files: dict[str, Callable[[], str]] = {"README.md": lambda: readme(exercises)}
    for one in exercises:
        text = solution if solutions else beginning
        files[one.file] = lambda one=one, text=text: text(one.number)  # type: ignore[misc]
        files[f"exercise{one.number}.ipynb"] = lambda one=one: twin(one, solved=solutions)  # type: ignore[misc]
    for name in files:
        if (folder / name).exists() and not force:
            raise OutputError(f"--copy: {folder / name} exists. Give --force to replace it")
    make_folder(folder)
    return [write_whole(folder / name, make()) for name, make in files.items()]


def readme(exercises: list[Exercise]) -> str:
    """Return what stands beside the exercises."""
    return README.format(
        exercises="\n".join(f"- Exercise {e.number}: {e.title}." for e in exercises),
        commands="\n".join(f"convolab lab {e.number}" for e in exercises),
    )
