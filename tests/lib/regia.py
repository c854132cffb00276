"""The real program under test: start it, stop it, kill it, and never leave one behind.

Used by the stories, the wire checks and the fault loops. Python standard library only.
"""
import atexit
import glob
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START_S = 90.0  # a sanitized server that trains its model first, on a machine at work; else under a second
STOP_S = 20.0
ALARMS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:",
          "SUMMARY: UndefinedBehaviorSanitizer")

_running = set()


class Broken(Exception):
    """The program did what it must not do; the text says what."""


def default_binary():
    return os.environ.get("REGIA_BIN", os.path.join(ROOT, "build", "regia"))


def environment(extra=None):
    env = dict(os.environ)
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=99")
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1:exitcode=99")
    env.update(extra or {})
    return env


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def side_name(db):
    """What the program calls its files beside a PostgreSQL database: regia- and the hash of its
    address, as app_beside and str_hash make it."""
    mask, h = (1 << 64) - 1, 0xCBF29CE484222325
    for byte in db.encode():
        h = (h ^ byte) * 0x100000001B3 & mask
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93 & mask
    return f"regia-{(h ^ h >> 32) & 0xFFFFFFFF:08x}"


def _models(binary, db, folder):
    """(where the model of this very program is kept, where the program looks for it)."""
    with open(binary, "rb") as f:
        name = hashlib.sha256(f.read()).hexdigest()[:16]
    side = os.path.join(folder, side_name(db)) if "://" in db else db
    return os.path.join(os.path.dirname(binary), f".model-of-tests-{name}"), side + ".model"


def lend_model(binary, db, folder):
    """Training takes ten seconds with sanitizers: what the same program learned before is put where
    it looks, and it judges by itself whether it is of these packs."""
    kept, wanted = _models(binary, db, folder)
    if os.path.exists(kept) and not os.path.exists(wanted):
        shutil.copyfile(kept, wanted)


def keep_model(binary, db, folder):
    kept, made = _models(binary, db, folder)
    if os.path.exists(kept) or not os.path.exists(made):
        return
    for old in glob.glob(os.path.join(os.path.dirname(kept), ".model-of-tests-*")):
        os.unlink(old)
    fresh = f"{kept}.{os.getpid()}"
    shutil.copyfile(made, fresh)
    os.replace(fresh, kept)


class Server:
    """One `regia serve` on a loopback port of its own."""

    def __init__(self, binary, db, folder, options=(), port=None, extra_env=None):
        self.port = port or free_port()
        self.log_path = os.path.join(folder, "server.log")
        self._log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [binary, "serve", "--db", db, "--listen", f"127.0.0.1:{self.port}", *options],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env=environment(extra_env))
        _running.add(self.process)
        self._wait_until_it_answers()

    def _wait_until_it_answers(self):
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Broken(f"the server left at start with status {self.process.returncode}\n"
                             + self.log_tail())
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        self.kill()
        raise Broken(f"the server did not listen within {START_S:.0f} s\n" + self.log_tail())

    def log_text(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def log_tail(self, lines=25):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def alarms(self):
        """The lines in which a sanitizer complained."""
        return [line for line in self.log_text().splitlines()
                if any(alarm in line for alarm in ALARMS)]

    def _gone(self):
        _running.discard(self.process)
        self._log.close()

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._gone()

    def stop(self):
        """Ask it to end and demand that it ends well."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken(f"the server did not end within {STOP_S:.0f} s of SIGTERM") from None
        self._gone()
        if status != 0 or self.alarms():
            raise Broken(f"the server ended with status {status}\n" + self.log_tail())


@atexit.register
def _leave_nothing_behind():
    for process in list(_running):
        if process.poll() is None:
            process.kill()
            process.wait()
