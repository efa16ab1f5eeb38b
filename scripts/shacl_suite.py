"""Fetches the tests of W3C for SHACL, which the source distribution of pyshacl brings, into `.suites/shacl/`.

The distribution is that of `requirements.lock`: its version, and one of its hashes.
"""

import re
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
SUITE = ROOT / ".suites" / "shacl"
_INSIDE = "test/resources/sht_tests/"


def main() -> None:
    """Fetch the tests, unless they are there."""
    if SUITE.exists():
        return
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.search(r"^pyshacl==(\S+)((?: *\\\n *--hash=sha256:[0-9a-f]{64})+)", lock, re.MULTILINE)
    if pinned is None:
        sys.exit("requirements.lock does not pin pyshacl")
    with tempfile.TemporaryDirectory() as place:
        fetch = [
            sys.executable,
            "-m",
            "pip",
            "download",
            f"pyshacl=={pinned[1]}",
            "--no-binary=pyshacl",
            "--no-deps",
        ]
        subprocess.run([*fetch, "--quiet", "--disable-pip-version-check", "--dest", place], check=True)
        [archive] = Path(place).glob("*.tar.gz")
        if sha256(archive.read_bytes()).hexdigest() not in pinned[2]:
            sys.exit(f"{archive.name} is not what requirements.lock pins")
        with tarfile.open(archive) as files:
            for member in files:
                _, _, path = member.name.partition("/")
                if path.startswith(_INSIDE) and member.isfile() and (held := files.extractfile(member)):
                    target = SUITE / PurePosixPath(path.removeprefix(_INSIDE))
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(held.read())


if __name__ == "__main__":
    main()
