"""No regular expression that documents, questions or requests meet takes more than linear time."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("kg.",)  # all of it


def test_time_of_each_pattern_grows_with_the_text() -> None:
    command = [sys.executable, "-m", "tests.regexes.survey", *PARTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=900)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["patterns"] > 150
    assert found["slow"] == []
