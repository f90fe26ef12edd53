"""`make bench`: everything that is measured in minutes."""

import tempfile
from pathlib import Path

from benchmarks import pages, registering
from benchmarks.database import postgres


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, postgres(["portal", "thin"]) as urls:
        registering.run(urls, Path(folder))
        print()
        pages.run(urls, Path(folder))


if __name__ == "__main__":
    main()
