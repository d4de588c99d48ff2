"""A class: whose a file is, what is unpacked, what a hand-in is worth, and what goes back to Moodle and Canvas."""

import csv
import io
import stat
import struct
import zipfile
from pathlib import Path, PurePath

import pytest
import room

from convolab.cli import main
from convolab.errors import InputError
from convolab.verify.classroom import unpack
from convolab.verify.classroom.canvas import fill_gradebook
from convolab.verify.classroom.feedback import feedback_files, write_feedback
from convolab.verify.classroom.hand_ins import HandedFile, HandIn, handed_in
from convolab.verify.classroom.marks import marked
from convolab.verify.classroom.moodle import fill_worksheet
from convolab.verify.classroom.owners import owners
from convolab.verify.classroom.page import class_page
from convolab.verify.classroom.problems import problems
from convolab.verify.classroom.student_page import student_page
from convolab.verify.classroom.tables import as_csv, as_junit, harmless
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.judge import FILE
from convolab.verify.report import Report
from convolab.verify.verdict import FunctionReport

RIGHT = "def apply_convolution(img, kernel):\n    return img\n"
FUNCTION = "apply_convolution"


def archive(path, files):
    path.write_bytes(room.zipped({n: c if isinstance(c, bytes) else c.encode() for n, c in files.items()}))
    return path


def opened(path):
    with handed_in(path) as found:
        return {h.student: [(f.path.read_bytes().decode(), f.name, f.problem) for f in h.files] for h in found}


def students_of(path):
    with handed_in(path) as found:
        return found


def verdict(name=FUNCTION, points=1.0, status="", title="", code="unrecognised"):
    status = status or ("passed" if points == 1 else "failed")
    diagnosis = None if status == "passed" else Diagnosis(code, title, f"{title}, said at length.")
    return FunctionReport(name, name, status, points, diagnosis)


def student(prefix, *functions, required=None, error="", file="exercise.py"):
    """A student's results, of one file with these verdicts."""
    (owner,) = owners([PurePath(f"{prefix}{file}")])
    name = f"{prefix}{file}"
    hand_in = HandIn(owner, owner.name, [HandedFile(Path(name), name)])
    return marked(hand_in, [Report(name, list(functions), error=error)], required or {})


def moodle(name, number):
    return f"{name}_{number}_assignsubmission_file_/"


# Whose is a file?


@pytest.mark.parametrize("path, system, name, number, file", [
    ("Ada Lovelace_12345_assignsubmission_file_/a.py", "moodle", "Ada Lovelace", "12345", "a.py"),
    ("Ada Lovelace_12345_assignsubmission_file/work/a.py", "moodle", "Ada Lovelace", "12345", "work/a.py"),
    ("Ada Lovelace_12345_assignsubmission_file_a_b.py", "moodle", "Ada Lovelace", "12345", "a_b.py"),
    ("Müller, Jürgen_7_assignsubmission_file_/ü.ipynb", "moodle", "Müller, Jürgen", "7", "ü.ipynb"),
    ("all/Li_Na_7_assignsubmission_file_/a.py", "moodle", "Li_Na", "7", "a.py"),
    ("lovelaceada_12345_67890_a_b.py", "canvas", "lovelaceada", "12345", "a_b.py"),
    ("lovelaceada_LATE_12345_67890_a.py", "canvas", "lovelaceada", "12345", "a.py"),
    ("lovelaceada_12345_67890_a-2.py", "canvas", "lovelaceada", "12345", "a.py"),
    ("ada/lab/a.py", "", "ada", "", "lab/a.py"),
    ("ada.py", "", "ada", "", "ada.py"),
])  # fmt: skip
def test_a_name_says_whose_a_file_is(path, system, name, number, file):
    (owner,) = owners([PurePath(path)])
    assert owner[:3] == (system, name, number) and owner.file == file and owner.late == ("LATE" in path)


def test_a_file_of_a_folder_that_looks_like_canvas_by_chance_is_no_number():
    found = owners([PurePath(p) for p in ("lab_1_2_conv.py", "ada.py", "bob.py")])
    assert [o.system for o in found] == ["", "", ""] and found[0].name == "lab_1_2_conv"


def test_moodles_folders_are_students_with_all_their_files(tmp_path):
    ada, other, bob = (moodle("Ada Lovelace", 12), moodle("Ada Lovelace", 13), moodle("Bob, Jr.", 14))
    found = opened(archive(tmp_path / "all.zip", {
        f"{ada}a.py": RIGHT, f"{ada}src/b.py": "", f"{other}a.ipynb": "{}", f"{bob}report.docx": "x",
        "__MACOSX/._a.py": "\0", f"{ada}.DS_Store": "", f"{ada}__pycache__/a.py": "",
    }))  # fmt: skip
    assert list(found) == ["Ada Lovelace (12)", "Ada Lovelace (13)", "Bob, Jr."]
    assert [name for _, name, _ in found["Ada Lovelace (12)"]] == [f"{ada}a.py", f"{ada}src/b.py"]
    assert found["Bob, Jr."] == []
    (bobs,) = (h for h in students_of(tmp_path / "all.zip") if h.student == "Bob, Jr.")
    assert bobs.notes == ["report.docx is no Python file and no notebook"]


@pytest.mark.parametrize("prefixes", [
    ("Ada_12_assignsubmission_file_", "Bob_13_assignsubmission_file_"), ("ada_12_90_", "bob_LATE_13_91_"),
], ids=["moodle", "canvas"])  # fmt: skip
@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_files_that_lie_beside_each_other_get_their_own_names_and_neighbours_back(tmp_path, prefixes, as_zip):
    files = {f"{p}{name}": f"# {p}" for p in prefixes for name in ("main.py", "helper.py")}
    if as_zip:
        path = archive(tmp_path / "all.zip", files)
    else:
        path = tmp_path / "all"
        path.mkdir()
        for name, text in files.items():
            (path / name).write_text(text)
    with handed_in(path) as found:
        assert len(found) == 2
        for hand_in, prefix in zip(found, prefixes, strict=True):
            paths = [f.path for f in hand_in.files]
            assert sorted(p.name for p in paths) == ["helper.py", "main.py"] and len({p.parent for p in paths}) == 1
            assert all(p.read_text() == f"# {prefix}" for p in paths) and not any(f.alone for f in hand_in.files)
            assert [p.name for p in paths[0].parent.iterdir()].__len__() == 2
    assert not any(p.exists() for p in paths)


def test_a_zip_with_one_folder_around_all_is_opened_to_the_students(tmp_path):
    path = archive(tmp_path / "all.zip", {"class/ada/a.py": "", "class/bob.py": "", "__MACOSX/class/._x": "x"})
    assert list(opened(path)) == ["ada", "bob"]


def test_a_students_zip_is_unpacked_and_a_zip_in_it_too(tmp_path):
    inner = room.zipped({"deep.py": b"# deep"})
    files = {
        f"{moodle('Ada', 1)}work.zip": room.zipped(
            {"w/a.py": b"# a", "w/more.zip": inner, "__MACOSX/w/._a.py": b"", "x.png": b""}
        )
    }
    ((_, found),) = opened(archive(tmp_path / "all.zip", files)).items()
    assert [text for text, *_ in found] == ["# a", "# deep"]
    assert found[1][1].endswith("work.zip/w/more.zip/deep.py")


# What is refused


def with_link(path):
    member = zipfile.ZipInfo("link.py")
    member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(member, "/etc/passwd")


def encrypted(path):
    archive(path, {"a.py": RIGHT})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\1\2")
    for place in (6, at + 8):
        struct.pack_into("<H", content, place, struct.unpack_from("<H", content, place)[0] | 1)
    path.write_bytes(content)


HOSTILE = {
    "a path outside": (lambda p: archive(p, {"../a.py": RIGHT}), "'../a.py' lies outside of it"),
    "a path outside, as Windows writes it": (lambda p: archive(p, {"..\\a.py": RIGHT}), "lies outside of it"),
    "an absolute path": (lambda p: archive(p, {"/tmp/a.py": RIGHT}), "lies outside of it"),
    "a drive": (lambda p: archive(p, {"C:/a.py": RIGHT}), "lies outside of it"),
    "a link": (with_link, "'link.py' is a link"),
    "encrypted": (encrypted, "encrypted"),
    "no zip": (lambda p: p.write_bytes(b"hello"), "not a zip file"),
    "cut off": (lambda p: archive(p, {"a.py": RIGHT}) and p.write_bytes(p.read_bytes()[:-8]), "cannot be unpacked"),
    "too long a name": (lambda p: archive(p, {"a" * 300 + ".py": RIGHT}), "cannot be unpacked"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_zip_is_refused_in_one_line_and_leaves_nothing(tmp_path, capsys, what):
    make, words = HOSTILE[what]
    (tmp_path / "here").mkdir()
    make(tmp_path / "here" / "all.zip")
    assert main(["check", str(tmp_path / "here" / "all.zip")]) == 1
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1 and said.startswith("convolab: check: ")
    assert [p.name for p in tmp_path.rglob("*")] == ["here", "all.zip"]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_zip_of_one_student_costs_that_student_alone(tmp_path, what):
    HOSTILE[what][0](tmp_path / "in.zip")
    files = {f"{moodle('Ada', 1)}a.py": RIGHT, f"{moodle('Eve', 2)}a.zip": (tmp_path / "in.zip").read_bytes()}
    found = students_of(archive(tmp_path / "all.zip", files))
    ada, eve = found
    assert ada.files[0].problem == "" and HOSTILE[what][1] in eve.files[0].problem


def test_a_zip_bomb_is_refused_by_its_announced_size_before_it_is_unpacked(tmp_path):
    path = archive(tmp_path / "bomb.zip", {"a.py": b"\0" * 3_000_000})
    assert path.stat().st_size < 10_000
    with pytest.raises(InputError, match=r"it unpacks to 1 files and 3 MB\. Expected at most 20,000 files and 2 MB"):
        unpack.unpack(path, tmp_path / "out", unpack.Room(bytes=2_000_000))
    with pytest.raises(InputError, match="Expected at most 0 files"):
        unpack.unpack(path, tmp_path / "out", unpack.Room(files=0))
    assert not (tmp_path / "out").exists()


def test_a_students_zip_takes_no_room_from_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr("convolab.verify.classroom.hand_ins.MOST_BYTES", 1000)
    large, small = room.zipped({"a.py": b"#" * 900}), room.zipped({"a.py": b"#" * 90})
    files = {
        f"{moodle(n, k)}{m}.zip": z
        for k, (n, *zs) in enumerate((("Ada", large, small), ("Bob", large, large)))
        for m, z in enumerate(zs)
    }
    ada, bob = students_of(archive(tmp_path / "all.zip", files))
    assert [f.problem for f in ada.files] == ["", ""]
    assert bob.files[0].problem == "" and "Expected at most 1,999 files and 0 MB" in bob.files[1].problem


def test_a_zip_that_is_larger_than_it_announces_is_cut_off_and_refused(tmp_path):
    path = archive(tmp_path / "liar.zip", {"a.py": b"\0" * 3_000_000})
    content = bytearray(path.read_bytes())
    for place in (22, content.index(b"PK\1\2") + 24):
        struct.pack_into("<I", content, place, 1000)
    path.write_bytes(content)
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="cannot be unpacked"):
        unpack.unpack(path, tmp_path / "out", unpack.Room(bytes=2000))
    assert sum(p.stat().st_size for p in (tmp_path / "out").rglob("*")) <= 1000


def test_names_that_macos_writes_in_utf_8_without_saying_so_are_read(tmp_path):
    path = archive(tmp_path / "all.zip", {"Zoë.py": RIGHT})
    content = bytearray(path.read_bytes())
    for place in (6, content.index(b"PK\1\2") + 8):
        struct.pack_into("<H", content, place, struct.unpack_from("<H", content, place)[0] & ~0x800)
    path.write_bytes(content)
    assert list(opened(path)) == ["Zoë"]


def test_an_empty_folder_and_an_empty_zip_say_that_there_is_nothing(tmp_path, capsys):
    (tmp_path / "none").mkdir()
    for path in (tmp_path / "none", archive(tmp_path / "none.zip", {"readme.txt": "x"})):
        assert main(["check", str(path)]) == 1
        assert "has no Python files and no notebooks" in capsys.readouterr().err


# What a hand-in is worth


def test_of_a_function_in_several_files_the_best_verdict_counts():
    (owner,) = owners([PurePath("ada/a.py")])
    reports = [Report("ada/a.py", [verdict(points=0.2)]), Report("ada/b.py", [verdict(), verdict("other", 0.5)])]
    one = marked(HandIn(owner, "ada"), reports, {})
    assert (one.total, one.maximum, one.marks[0].file) == (1.5, 2.0, "ada/b.py") and not one.passed


def test_a_function_that_is_left_out_costs_what_it_is_worth():
    required = {FUNCTION: 2.0, "conv2d": 3.0}
    one = student("ada/", verdict(points=0.5), verdict("extra"), required=required)
    assert (one.total, one.maximum) == (1.0, 5.0)
    assert [(m.function, m.status) for m in one.marks] == [(FUNCTION, "failed"), ("conv2d", "left-out")]
    assert [p.title for p in problems([one])] == ["", "conv2d is left out"]


def test_a_required_function_is_found_by_all_its_parts_and_by_what_it_was_judged_as():
    parts = [verdict(f"conv_backward [{label}]", points) for label, points in (("dx", 1.0), ("dw", 0.5))]
    assert student("ada/", *parts, required={"conv_backward": 2.0}).total == 1.5
    mine = FunctionReport("mine", "conv2d", "passed", 1.0)
    assert student("ada/", mine, required={"conv2d": 1.0}).passed


def test_a_file_beside_is_noted_only_where_no_file_has_any_function():
    (owner,) = owners([PurePath("ada/a.py")])
    beside = Report("ada/plots.py", [], error="it defines none of the functions that are judged, but plot(x). To …")
    assert marked(HandIn(owner, "ada"), [Report("ada/a.py", [verdict()]), beside], {}).notes == []
    (note,) = marked(HandIn(owner, "ada"), [beside], {}).notes
    assert note == "plots.py: it defines none of the functions that are judged"


def test_of_a_file_that_could_not_be_loaded_nothing_is_called_left_out():
    fault = verdict(FILE, 0.0, "error", "The file is no Python: a syntax error")
    one = student("ada/", fault, required={FUNCTION: 1.0})
    assert one.marks[0].absence == "not judged" and (one.total, one.maximum) == (0, 1)
    assert [p.title for p in problems([one])] == ["The file is no Python: a syntax error"]
    assert student("ada/", verdict("other"), required={FUNCTION: 1.0}).marks[0].absence == "left out"


@pytest.mark.parametrize("text", ["NAME=", "=2", "a=0", "a=-1", "a=x", "a=inf"])
def test_points_that_are_none_are_bad_usage(text, tmp_path, capsys):
    code = main(["check", str(tmp_path), "--require", text])
    assert (code, "is not NAME or NAME=POINTS" in capsys.readouterr().err) == (
        (2, True) if text != "NAME=" else (1, False)
    )


def test_problems_are_counted_by_student_and_kinds_without_a_name_stay_apart():
    titles = ("It takes too long", "It ends the process that it runs in", "It raises TypeError")
    some = [
        student(f"s{n}/", verdict(points=0.0, title=title), verdict("b", 0.0, title=title))
        for n, title in enumerate((*titles, titles[0]))
    ]
    found = problems(some)
    assert [(p.title, len(p.students)) for p in found] == [(titles[0], 2), (titles[1], 1), (titles[2], 1)]


# What goes back


@pytest.fixture
def pair():
    """Two of the same name in Moodle, one right and one wrong, with text that would be markup and formulas."""
    wrong = verdict(points=0.4, title="=cmd() <b>& is wrong", code="flipped-kernel")
    required = {FUNCTION: 1.0}
    return [student(moodle("Müller, Jürgen", 5), verdict(), required=required),
            student(moodle("Müller, Jürgen", 6), wrong, required=required)]  # fmt: skip


def worksheet(path, rows, head=room.HEAD, ending="\r\n", delimiter=",", encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out, lineterminator=ending, delimiter=delimiter).writerows([head, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


ROWS = [
    ["Participant 5", "Müller, Jürgen", "a@example.org", "Submitted", "", "20.00", "Yes", "Monday, 1", "-", ""],
    ["Participant 6", "Müller, Jürgen", "b@example.org", "Submitted", "3", "20,00", "Yes", "Monday, 1", "-", "old"],
    ["Participant 7", "=Nobody\nYet", "c@example.org", "No submission", "", "20.00", "Yes", "-", "-", "keep"],
]


def test_the_worksheet_gets_grades_and_comments_by_its_own_numbers_and_keeps_all_else(tmp_path, pair):
    path = worksheet(tmp_path / "w.csv", ROWS)
    sheet, notes = fill_worksheet(path, pair)
    assert notes == [] and [r[4] for r in sheet.rows[1:]] == ["20", "8", ""]
    assert sheet.rows[2][9] == (
        "0.4 of 1 points.<br>apply_convolution: 0.4 of 1. =cmd() &lt;b&gt;&amp; is wrong (flipped-kernel)."
    )
    for before, after in zip(ROWS, sheet.rows[1:], strict=True):
        assert [c for n, c in enumerate(before) if n not in (4, 9)] == [
            c for n, c in enumerate(after) if n not in (4, 9)
        ]
    assert sheet.rows[3] == ROWS[2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_worksheet_without_hand_ins_comes_back_byte_for_byte(tmp_path, delimiter, ending, encoding):
    path = worksheet(tmp_path / "w.csv", ROWS, ending=ending, delimiter=delimiter, encoding=encoding)
    sheet, _ = fill_worksheet(path, [])
    assert sheet.text().encode() == path.read_bytes()


def test_what_the_worksheet_cannot_take_is_said(tmp_path, pair):
    locked = [[*ROWS[0][:6], "No", *ROWS[0][7:]]]
    sheet, notes = fill_worksheet(worksheet(tmp_path / "w.csv", locked), [*pair, student("lab/", verdict())])
    assert sheet.rows[1] == locked[0]
    assert notes == [
        "lab is not of Moodle: no row", "Müller, Jürgen: the grade cannot be changed",
        "Müller, Jürgen has no row: no participant 6",
    ]  # fmt: skip
    without = worksheet(tmp_path / "v.csv", [r[:9] for r in ROWS], room.HEAD[:9])
    assert "has no column Feedback comments" in fill_worksheet(without, pair)[1][0]


@pytest.mark.parametrize("content, words", [
    (b"a,b\n1,2\n", "has no column Identifier, Grade"), (b"", "is empty"), (b"\xff\xfe", "is not in UTF-8"),
])  # fmt: skip
@pytest.mark.parametrize("option", ["--moodle", "--canvas"])
def test_a_file_that_is_no_worksheet_is_refused_before_anything_is_judged(tmp_path, capsys, content, words, option):
    (tmp_path / "w.csv").write_bytes(content)
    (tmp_path / "a.py").write_text("while True: pass\n")
    assert main(["check", str(tmp_path), option, str(tmp_path / "w.csv"), "--timeout", "9999"]) == 1
    said = capsys.readouterr().err
    words = words.replace("Identifier, Grade", "Student, ID") if option == "--canvas" else words
    assert words in said and said.startswith(f"convolab: {option}: ") and said.count("\n") == 1


def test_a_worksheet_that_is_not_there_and_one_that_is_filled_already_are_one_line(tmp_path, capsys):
    (tmp_path / "a.py").write_text(RIGHT)
    assert main(["check", str(tmp_path), "--moodle", str(tmp_path / "w.csv")]) == 1
    assert "cannot be read (No such file" in capsys.readouterr().err
    worksheet(tmp_path / "w.csv", ROWS)
    (tmp_path / "w-graded.csv").write_text("mine")
    assert main(["check", str(tmp_path), "--moodle", str(tmp_path / "w.csv")]) == 1
    assert "w-graded.csv exists. Give --force" in capsys.readouterr().err


GRADEBOOK = [
    [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "Essay (11)",
        "Convolution (12)",
        "Convolution II (13)",
        "Final Score",
    ],
    ["", "", "", "", "", "Manual Posting", "", "", ""],
    ["    Points Possible", "", "", "", "", "5", "10", "20", "(read only)"],
    ["Lovelace, Ada", "12345", "s1", "ada", "A", "4", "", "", "80"],
    ["O'Brien, Zoë", "12346", "s2", "zoe", "A", "", "7", "", ""],
    ["Student, Test", "12347", "", "test", "A", "", "", "", ""],
]


def test_the_gradebook_is_cut_down_to_what_canvas_imports(tmp_path):
    path = worksheet(tmp_path / "g.csv", GRADEBOOK[1:], GRADEBOOK[0])
    ada = student("lovelaceada_LATE_12345_9_", verdict(points=0.25))
    sheet, notes = fill_gradebook(path, [ada], "Convolution")
    assert notes == [] and sheet.rows[0] == [*GRADEBOOK[0][:5], "Convolution (12)"]
    assert [r[5] for r in sheet.rows[1:]] == ["", "10", "2.5", "7", ""]
    assert [r[:5] for r in sheet.rows] == [r[:5] for r in GRADEBOOK]
    assert ada.notes == ["handed in late"]
    stranger = student("nobody_99_9_", verdict())
    assert fill_gradebook(path, [stranger], "Essay")[1] == ["nobody has no row: no student with ID 99"]


@pytest.mark.parametrize("assignment, words", [
    ("", "--assignment: is missing. Expected one of"), ("Conv", "is more than one assignment"), ("Lab", "is no assignment"),
])  # fmt: skip
def test_which_column_is_meant_must_be_clear(tmp_path, assignment, words):
    path = worksheet(tmp_path / "g.csv", GRADEBOOK[1:], GRADEBOOK[0])
    with pytest.raises(InputError, match=words):
        fill_gradebook(path, [], assignment)
    only = worksheet(tmp_path / "o.csv", [r[:6] for r in GRADEBOOK[1:]], GRADEBOOK[0][:6])
    assert fill_gradebook(only, [])[0].rows[0][-1] == "Essay (11)"


def test_feedback_lies_where_moodle_and_canvas_look_for_it(pair):
    others = [student("Li Na_8_assignsubmission_file/", verdict()), student("Li Na_9_assignsubmission_file_", verdict()),
              student("lovelaceada_LATE_1_2_", verdict()), student("lab/", verdict())]  # fmt: skip
    assert [path for path, _ in feedback_files([*pair, *others])] == [
        "Müller, Jürgen_5_assignsubmission_file_/feedback.html",
        "Müller, Jürgen_6_assignsubmission_file_/feedback.html",
        "Li Na_8_assignsubmission_file/feedback.html",
        "Li Na_9_assignsubmission_file_feedback.html",
        "lovelaceada_LATE_1_2_feedback.html",
        "lab.html",
    ]


def test_moodle_finds_every_participant_in_the_feedback_zip(tmp_path, pair):
    """By the rule of its importer: name, number, type, plugin and the rest, split at the underscores."""
    write_feedback(tmp_path / "f.zip", pair)
    found = []
    for name in zipfile.ZipFile(tmp_path / "f.zip").namelist():
        _, number, kind, plugin, _ = name.split("/")[0].split("_", 4)
        found.append((number, kind, plugin))
    assert found == [("5", "assignsubmission", "file"), ("6", "assignsubmission", "file")]
    first = (tmp_path / "f.zip").read_bytes()
    write_feedback(tmp_path / "f.zip", pair)
    assert (tmp_path / "f.zip").read_bytes() == first


def test_feedback_goes_into_a_folder_too_and_replaces_nothing_unasked(tmp_path, pair, capsys):
    write_feedback(tmp_path / "f", pair)
    assert len(list((tmp_path / "f").rglob("feedback.html"))) == 2
    (tmp_path / "a.py").write_text(RIGHT)
    assert main(["check", str(tmp_path / "a.py"), "--feedback", str(tmp_path / "f")]) == 1
    assert "--feedback:" in (said := capsys.readouterr().err) and "exists. Give --force" in said


def test_pages_show_what_is_wrong_and_nothing_of_it_is_markup(pair):
    for page in (class_page(pair), student_page(pair[1])):
        assert "=cmd() &lt;b&gt;&amp; is wrong" in page and "=cmd() <b>" not in page and "flipped-kernel" in page
        assert "http" not in page and "<script" not in page
    assert "conv2d" in student_page(student("a/", verdict(), required={"conv2d": 1.0}))


def test_a_spreadsheet_takes_nothing_for_a_formula(pair):
    for text in ("=1", "+1", "-1", "@a", "\t=1", "\r=1"):
        assert harmless(text) == f"'{text}"
    assert harmless("Müller-Lüdenscheidt") == "Müller-Lüdenscheidt"
    pair[1].hand_in.student = "@SUM(A1)"
    rows = list(csv.reader(io.StringIO(as_csv(pair).removeprefix("\ufeff"))))
    assert rows[2][0] == "'@SUM(A1)" and rows[2][4] == "'=cmd() <b>& is wrong (flipped-kernel)"
    assert rows[2][5:7] == ["0.4", "1.0"] and as_csv(pair).endswith("\r\n")


def test_junit_counts_a_function_that_is_left_out_as_a_failure():
    text = as_junit([student("ada/", verdict(), required={FUNCTION: 1.0, "conv2d": 1.0})])
    assert 'tests="2" failures="1" errors="0"' in text and 'message="left out"' in text


def test_one_file_has_points_rows_and_pages_too(tmp_path, capsys):
    (tmp_path / "handin.py").write_text(room.program("vectorised"))
    options = [
        "--require",
        f"{FUNCTION}=2,conv2d",
        "--csv",
        str(tmp_path / "p.csv"),
        "--feedback",
        str(tmp_path / "f.zip"),
    ]
    assert main(["check", str(tmp_path / "handin.py"), *options]) == 1
    assert "3 of 4 right, 2 of 3 points" in (said := capsys.readouterr().out) and "conv2d: left out" in said
    assert "handin,,handin.py,2.0,,0.0,left out,2.0,3.0," in (tmp_path / "p.csv").read_text(encoding="utf-8-sig")
    assert zipfile.ZipFile(tmp_path / "f.zip").namelist() == ["handin.html"]


# The whole way


@pytest.mark.parametrize("count", [pytest.param(6, id="six"), pytest.param(40, id="forty", marks=pytest.mark.slow)])
def test_a_class_goes_from_moodles_zip_to_its_worksheet_and_back(tmp_path, count):
    played = room.play(tmp_path, count, "--timeout", "5")
    students, persons = played["result"]["students"], played["persons"]
    assert played["code"] == 1 and {s["number"] for s in students} == {str(p.number) for p in persons}
    codes = room.named(persons, played["result"])
    assert codes and all(key.endswith(f" {code}") for key, code in codes.items()), codes
    right = {str(p.number) for p in persons[: round(count / 4)]}
    assert {s["number"] for s in students if s["passed"]} == right
    text = (tmp_path / "worksheet-graded.csv").read_text(encoding="utf-8-sig")
    grades = {row["Identifier"].split()[1]: row for row in csv.DictReader(io.StringIO(text))}
    assert {n for n, row in grades.items() if row["Grade"] == "20"} == right
    assert grades["99999"]["Grade"] == grades["99999"]["Feedback comments"] == ""
    assert "no row" not in played["said"] and "cannot be" not in played["said"]
    assert len(zipfile.ZipFile(tmp_path / "feedback.zip").namelist()) == count
    assert not (tmp_path.parent / "exercise.py").exists()
