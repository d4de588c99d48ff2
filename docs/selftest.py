"""Write the self-test's table into check.md: `python docs/selftest.py` (some minutes).

`tests/test_check_selftest.py` fails where the table is not what this would write.
"""

from pathlib import Path

from convolab.verify.selftest import table_text, test_checker

PAGE = Path(__file__).with_name("check.md")
BEGIN, END = "<!-- self-test -->\n", "<!-- end -->"

if __name__ == "__main__":
    head, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{table_text(test_checker())}\n\n{END}{rest.split(END)[1]}")
