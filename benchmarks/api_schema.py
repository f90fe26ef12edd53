"""The API against its own description, with hundreds of requests for each address and system: what `docs/proofs.md` tells of.

`python -m benchmarks.api_schema [EXAMPLES]`; the suite tries two of each.
"""

import os
import subprocess
import sys
import time


def main(examples: str = "100") -> int:
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--no-header", "-p", "no:warnings", "tests/registration/api/test_schema.py"]
    done = subprocess.run(command, env=os.environ | {"API_EXAMPLES": examples}, capture_output=True, text=True)
    print(
        "\n".join(line for line in done.stdout.splitlines() if line.startswith(("FAILED", "E  ")) or "passed" in line or "failed" in line)
    )
    print(f"{examples} examples of each address, right and wrong, each as ten systems: {time.monotonic() - began:.0f} s")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
