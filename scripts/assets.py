"""Fetches the vendored browser bundles again, at the versions that `versions.json` names.

To renew one: change its version there, run `make assets`, look at the pages, commit what changed.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "kg" / "web" / "static" / "vendor"
VERSIONS = VENDOR / "versions.json"


def main() -> None:
    """Write the files, and their checksums into `versions.json`."""
    bundles = json.loads(VERSIONS.read_text(encoding="utf-8"))
    for bundle in bundles:
        fetch(bundle)
    VERSIONS.write_text(json.dumps(bundles, indent=2) + "\n", encoding="utf-8")


def fetch(bundle: dict[str, object]) -> None:
    """Copy the wanted files out of one npm package, and note their SHA-256."""
    files = bundle["files"]
    assert isinstance(files, dict)
    with tempfile.TemporaryDirectory() as folder:
        package = f"{bundle['package']}@{bundle['version']}"
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=sys.stderr)
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        for name, told in files.items():
            shutil.copyfile(Path(folder, "package", told["from"]), VENDOR / name)
            told["sha256"] = sha256((VENDOR / name).read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
