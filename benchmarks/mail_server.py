"""An SMTP server on loopback that writes down every message it accepts, and can behave badly.

python -m benchmarks.mail_server PORT FILE MODE, where MODE is good, refusing, hanging or silent.
"""

import asyncio
import email
import os
import random
import sys
from typing import Any

from aiosmtpd.controller import Controller

#: How often, of a hundred messages, the server misbehaves in its way.
SHARE = 12


class Counting:
    def __init__(self, file: str, mode: str) -> None:
        self.log = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self.mode = mode

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.mode == "refusing" and random.randrange(100) < SHARE:
            return random.choice(["451 4.3.0 Try again later", "550 5.1.1 No such user"])
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        bad = random.randrange(100) < SHARE
        if bad and self.mode == "hanging":
            await asyncio.sleep(30)  # and never takes it
            return "421 4.4.2 Too slow"
        message = email.message_from_bytes(envelope.content)
        os.write(self.log, f"{message['Message-ID']}\n".encode())
        if bad and self.mode == "silent":
            await asyncio.sleep(30)  # took it, and never says so
        await asyncio.sleep(0.005)
        return "250 OK"


def main() -> None:
    port, file, mode = sys.argv[1:]
    controller = Controller(Counting(file, mode), hostname="127.0.0.1", port=int(port))
    controller.start()
    print("ready", flush=True)
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main()
