"""The limited process: what it must not do it cannot, and whoever calls it lives on."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core import sandbox

ROOT = Path(__file__).resolve().parents[2]
NAME = "tests.rules.sandbox_jobs:JOB"


def ask(text: str, seconds: float = 10, megabytes: int = 100) -> bytes:
    return sandbox.call(NAME, text.encode(), seconds=seconds, megabytes=megabytes)


def reason(text: str, seconds: float = 10, megabytes: int = 100) -> str:
    with pytest.raises(sandbox.SandboxFailed) as failed:
        ask(text, seconds, megabytes)
    return failed.value.reason


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


def test_one_process_answers_call_after_call() -> None:
    first = ask("pid")
    assert ask("echo әлем").decode() == "әлем"
    assert len(ask("large 3000000")) == 3_000_000
    assert ask("pid") == first != str(os.getpid()).encode()


def test_a_large_payload_goes_through() -> None:
    assert len(ask("echo " + "x" * 15_000_000, megabytes=200)) == 15_000_000


def test_an_endless_job_is_stopped_and_the_process_replaced() -> None:
    before = ask("pid")
    assert reason("endless", seconds=0.3) == "time"
    assert ask("pid") != before


def test_a_greedy_job_is_stopped_and_the_process_replaced() -> None:
    before = ask("pid")
    assert reason("greedy") == "memory"
    assert ask("pid") != before


def test_memory_is_counted_beyond_what_an_idle_process_has() -> None:
    assert len(ask("large 60000000", megabytes=200)) == 60_000_000
    assert reason("large 60000000", megabytes=20) == "memory"


@pytest.mark.parametrize("death", ["die", "crash"])
def test_a_process_that_dies_is_replaced(death: str) -> None:
    before = ask("pid")
    assert reason(death) == "crash"
    assert ask("pid") != before


def test_a_refusal_and_a_failure_leave_the_process_alone() -> None:
    before = ask("pid")
    assert reason("refuse too_large") == "too_large"
    assert reason("raise x") == "failed"
    assert ask("pid") == before


def test_what_a_library_prints_does_not_get_into_the_answer() -> None:
    assert ask("print hello") == b"printed"
    assert ask("echo next") == b"next"


@pytest.mark.parametrize("act", ["open", "write", "socket", "process", "remove", "fork"])
def test_python_code_gets_no_file_socket_or_process(act: str) -> None:
    assert ask(f"python {act}") == b"PermissionError"


@pytest.mark.parametrize("act", ["open /etc/hostname", "open /dev/null", "socket", "unix"])
def test_native_code_gets_none_either(act: str) -> None:
    assert ask(f"native {act}") == b"-1"


def test_the_environment_is_not_handed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    names = ask("environment").decode().split()
    assert "DATABASE_URL" not in names
    assert "HOME" not in names


def test_a_caller_who_finds_no_free_process_is_told_so() -> None:
    ask("echo started")
    sleeper = threading.Thread(target=lambda: ask("sleep 1.5"))
    sleeper.start()
    while not sandbox._pools[NAME].idle.empty():
        pass
    assert reason("echo x", seconds=0.1) == "busy"
    sleeper.join()


def test_threads_get_their_own_answers() -> None:
    answers: dict[int, bytes] = {}

    def work(number: int) -> None:
        answers[number] = ask(f"echo {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: str(number).encode() for number in range(24)}


ABANDONING = f"""
from backend.core import sandbox
print(sandbox.call({NAME!r}, b"pid", seconds=10).decode(), flush=True)
sandbox.call({NAME!r}, b"sleep 60", seconds=1)
"""


def test_a_job_whose_caller_was_killed_ends_by_itself() -> None:
    caller = subprocess.Popen([sys.executable, "-c", ABANDONING], stdout=subprocess.PIPE, cwd=ROOT)
    assert caller.stdout
    with caller.stdout:
        orphan = int(caller.stdout.readline())
    time.sleep(0.2)
    caller.kill()
    caller.wait()
    deadline = time.monotonic() + 20
    while running(orphan):
        assert time.monotonic() < deadline, "the orphan still runs"
        time.sleep(0.05)


def running(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")


FORKING = f"""
import os
from backend.core import sandbox
ask = lambda: sandbox.call({NAME!r}, b"pid", seconds=10).decode()
print(ask(), flush=True)
child = os.fork()
print(ask(), flush=True)
if child:
    os.waitpid(child, 0)
else:
    sandbox.close()
    os._exit(0)
"""


def test_a_forked_caller_starts_a_process_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, cwd=ROOT, check=True)
    before, *after = done.stdout.split()
    assert len(after) == 2
    assert after.count(before) == 1


# Each lock by itself, the others open; where the kernel has not got it, the code says so and the door is open.
LOCKS = {
    "shut_paths": "print(confine.shut_paths() != opens())",
    "shut_descriptors": "confine.shut_descriptors(); print(not opens() and not connects())",
    "shut_python": "confine.shut_python(); print(not opens() and not connects())",
    "leave_network": "gone = confine.leave_network(); "
    "print(not gone or [name for _, name in socket.if_nameindex()] == ['lo'])",
}
TRYING = """
import socket
from backend.core.sandbox import confine
def opens():
    try:
        with open("/dev/null"):
            return True
    except OSError:
        return False
def connects():
    try:
        socket.socket().close()
        return True
    except OSError:
        return False
"""


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_holds_alone(lock: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRYING + LOCKS[lock]], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "True"
