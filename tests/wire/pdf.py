"""Pages as PDF, from outside: the processes that make them, on servers of their own.

Most checks put a stand-in where WeasyPrint's Python would be: the server finds it as it finds the
true one, by the first line of a command weasyprint on PATH.
"""
import concurrent.futures
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import regia

CHECKS = []
PLENTY_S = 60
AT_ONCE, WAITING = 2, 6  # WEB_PDF_AT_ONCE and WEB_PDF_WAITING_MAX of src/web/pdf.h
SHELL_PDF = r"""printf '%%PDF-1.7 %080d\n%%%%EOF\n' 0"""
TRUE_PYTHON = "/usr/bin/python3"


class Unmet(Exception):
    pass


def demand(claim, found):
    if not claim:
        raise Unmet(str(found))


def check(function):
    CHECKS.append(function)
    return function


class Place:
    """A server whose PDFs are made by the given script, in a folder that goes with it."""

    def __init__(self, binary, script):
        self.folder = tempfile.mkdtemp(prefix="regia-pdf-")
        bin_folder = os.path.join(self.folder, "stand-in", "bin")
        os.makedirs(bin_folder)
        python = os.path.join(bin_folder, "python")
        if script is not None:
            self.write(python, script)
            self.write(os.path.join(bin_folder, "weasyprint"), f"#!{python}\n")
        os.makedirs(os.path.join(self.folder, "data"))
        self.server = regia.Server(binary, os.path.join(self.folder, "data", "regia.db"),
                                   os.path.join(self.folder, "data"),
                                   extra_env={"PATH": bin_folder})

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, 0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            if self.server.process.poll() is None:
                self.server.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, path):
        """(status, headers, body)"""
        with socket.create_connection(("127.0.0.1", self.server.port), PLENTY_S) as s:
            s.settimeout(PLENTY_S)
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                      .encode())
            raw = b""
            while piece := s.recv(65536):
                raw += piece
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict((k.lower(), v.strip()) for k, _, v in
                       (line.partition(":") for line in lines[1:]))
        return int(lines[0].split()[1]) if lines[0] else 0, headers, body

    def children(self):
        """Processes of the server, those that ended and were not asked for among them."""
        found = []
        for task in os.listdir(f"/proc/{self.server.process.pid}/task"):
            with open(f"/proc/{self.server.process.pid}/task/{task}/children",
                      encoding="ascii") as f:
                found += [int(pid) for pid in f.read().split()]
        return found

    def wait_children(self, n):
        end = time.monotonic() + 10
        while len(self.children()) != n and time.monotonic() < end:
            time.sleep(0.02)
        demand(len(self.children()) == n, f"{len(self.children())} processes, not {n}")

    def nothing_stays(self):
        self.wait_children(0)
        left = [n for n in os.listdir(os.path.join(self.folder, "data", "regia.db.spool"))]
        demand(not left, f"in the spool: {left}")


def page(i=0):
    return f"/piano/sintesi.pdf?volta={i}"


def gone(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rpartition(")")[2].split()[0] == "Z"  # its new parent is slow to look
    except FileNotFoundError:
        return True


@check
def other_pages_do_not_wait_for_pdfs_and_the_ninth_is_told(binary):
    with Place(binary, f"#!/bin/sh\ncat >/dev/null; sleep 1.5; {SHELL_PDF}\n") as place, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE + WAITING + 3) as pool:
        asked = []
        for i in range(AT_ONCE + WAITING + 3):
            asked.append(pool.submit(place.get, page(i)))
            time.sleep(0.05)  # so that two of them are taken up before the others wait
        slowest = 0.0
        for _ in range(100):
            began = time.monotonic()
            demand(place.get("/piano")[0] == 200, "a page is not answered meanwhile")
            slowest = max(slowest, time.monotonic() - began)
        demand(not any(job.done() and job.result()[0] == 200 for job in asked[2:]),
               "the pages were not asked while PDFs were made")
        answers = [job.result() for job in asked]
        told = [headers for status, headers, _ in answers if status == 503]
        demand([a[0] for a in answers].count(200) == AT_ONCE + WAITING and len(told) == 3,
               [a[0] for a in answers])
        demand(all(h.get("retry-after") == "20" for h in told), told)
        demand(slowest < 1.0, f"a page took {slowest:.2f} s meanwhile")
        place.nothing_stays()
        print(f"# slowest of 100 pages beside the PDFs: {slowest * 1000:.0f} ms")


@check
def a_process_killed_in_the_middle_is_told_and_the_next_is_made(binary):
    with Place(binary, f"#!/bin/sh\ncat >/dev/null; sleep 2; {SHELL_PDF}\n") as place, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(place.get, page())
        place.wait_children(1)
        os.kill(place.children()[0], signal.SIGKILL)
        status, headers, body = asked.result()
        demand(status == 500 and "Il PDF non è riuscito".encode() in body, (status, body[:200]))
        demand(headers["content-type"].startswith("text/html"), headers)
        place.nothing_stays()
        demand(place.get(page())[0] == 200, "the next one is not made")


@check
def a_server_that_stops_takes_its_processes_along(binary):
    with Place(binary, "#!/bin/sh\nexec sleep 60\n") as place, \
            concurrent.futures.ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(place.get, page(i)) for i in range(4)]
        place.wait_children(AT_ONCE)
        pids = place.children()
        began = time.monotonic()
        place.server.stop()
        demand(time.monotonic() - began < 10, "it took more than 10 s")
        demand(all(gone(pid) for pid in pids), "a process is still there")
        statuses = [job.result()[0] for job in asked]
        demand(set(statuses) == {503}, statuses)
        demand(not os.listdir(os.path.join(place.folder, "data", "regia.db.spool")), "spool")


@check
def a_server_killed_leaves_no_process_behind(binary):
    with Place(binary, "#!/bin/sh\nexec sleep 60\n") as place, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(place.get, page())
        place.wait_children(1)
        pid = place.children()[0]
        place.server.kill()
        end = time.monotonic() + 5
        while not gone(pid) and time.monotonic() < end:
            time.sleep(0.02)
        demand(gone(pid), "its process lives on")
        try:
            asked.result()
        except (OSError, IndexError):
            pass


@check
def who_leaves_before_the_pdf_is_ready_harms_nobody(binary):
    with Place(binary, f"#!/bin/sh\ncat >/dev/null; sleep 0.5; {SHELL_PDF}\n") as place:
        for i in range(3):
            s = socket.create_connection(("127.0.0.1", place.server.port), PLENTY_S)
            s.sendall(f"GET {page(i)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            time.sleep(0.1)
            s.close()
        demand(place.get(page(9))[0] == 200, "the next one is not made")
        place.nothing_stays()


@check
def without_weasyprint_nothing_is_offered_and_the_address_says_why(binary):
    with Place(binary, None) as place:
        status, headers, body = place.get(page())
        demand(status == 501 and b"weasyprint" in body, (status, body[:200]))
        demand(headers["content-type"].startswith("text/html"), headers)
        demand(b"sintesi.pdf" not in place.get("/piano/sintesi")[2], "the page offers its PDF")


PRISONER = """#!/usr/bin/python3
import os, socket, sys
sys.stdin.buffer.read()
def tries(name, what):
    try:
        what()
        print(name, "done")
    except BaseException as error:
        print(name, type(error).__name__)
print("%PDF-1.7")
tries("passwd", lambda: open("/etc/passwd").read())
tries("database", lambda: open("{data}/regia.db", "rb").read())
tries("folder", lambda: os.listdir("{data}"))
tries("write", lambda: open("{data}/planted", "w"))
tries("truncate", lambda: os.truncate("{data}/regia.db", 0))
tries("own", lambda: open(os.path.join(os.environ["TMPDIR"], "x"), "w").write("x"))
tries("inet", lambda: socket.socket())
tries("unix", lambda: socket.socket(socket.AF_UNIX))
tries("kill", lambda: os.kill(os.getppid(), 0))
tries("memory", lambda: bytearray(2 << 30))
tries("large", lambda: open(os.path.join(os.environ["TMPDIR"], "y"), "wb").write(b"x" * (9 << 20)))
print("environment", sorted(os.environ))
print("%%EOF")
"""


@check
def the_process_reaches_no_file_no_network_and_no_more_memory(binary):
    place = Place(binary, "")
    with place:
        data = os.path.join(place.folder, "data")
        Place.write(os.path.join(place.folder, "stand-in", "bin", "python"),
                    PRISONER.replace("{data}", data))
        status, _, body = place.get(page())
        demand(status == 200, (status, body[:300]))
        said = dict(line.split(" ", 1) for line in body.decode().splitlines() if " " in line)
        wanted = {"own": "done", "inet": "PermissionError", "unix": "PermissionError",
                  "kill": "PermissionError", "truncate": "PermissionError",
                  "memory": "MemoryError", "large": "OSError"}
        if ctypes.CDLL(None).syscall(444, None, 0, 1) > 0:
            wanted |= {name: "PermissionError"
                       for name in ("passwd", "database", "folder", "write")}
        else:
            print("# no Landlock in this kernel: files are not tried")
        wrong = {n: said.get(n) for n, what in wanted.items() if said.get(n) != what}
        demand(not wrong, f"{wrong} of {said}")
        demand("PGURL" not in said["environment"] and "USER" not in said["environment"],
               said["environment"])


HOSTILE = """<!DOCTYPE html><html lang="it"><head><title>x</title>
<link rel="stylesheet" href="{web}/a.css"><link rel="stylesheet" href="file://{secret}">
<link rel="attachment" href="file://{secret}"><style>@import url({web}/b.css);
@font-face {{ font-family: F; src: url({web}/f.woff2), url(file://{secret}) }}
p {{ font-family: F; background: url({web}/c.png); content: url(file://{secret}) }}</style></head>
<body><p>parola</p><img src="{web}/d.png" alt="x"><img src="file://{secret}" alt="x">
<object data="file://{secret}"></object><embed src="{web}/e"><iframe src="{web}/g"></iframe>
<svg width="9" height="9"><image href="file://{secret}"/><use href="{web}/h.svg#a"/></svg>
<a rel="attachment" href="file://{secret}">a</a></body></html>"""


@check
def even_hostile_markup_reads_no_file_and_calls_nobody(binary):
    if not shutil.which("weasyprint"):
        print("# skipped: weasyprint is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="regia-pdf-") as folder, socket.socket() as heard:
        heard.bind(("127.0.0.1", 0))
        heard.listen()
        heard.settimeout(0.2)
        secret = os.path.join(folder, "secret.txt")
        with open(secret, "w", encoding="utf-8") as f:
            f.write("p { content: 'segretissimo' }")
        os.mkdir(os.path.join(folder, "tmp"))
        markup = HOSTILE.format(secret=secret, web=f"http://127.0.0.1:{heard.getsockname()[1]}")
        made = subprocess.run([binary, "pdf-worker", TRUE_PYTHON], input=b"\0" + markup.encode(),
                              capture_output=True, timeout=PLENTY_S,
                              env={"TMPDIR": os.path.join(folder, "tmp"), "LANG": "C.UTF-8",
                                   "HOME": os.path.join(folder, "tmp")})
        demand(made.stdout.startswith(b"%PDF-"), made.stderr[-300:])
        plain = subprocess.run(["qpdf", "--stream-data=uncompress", "-", "-"], input=made.stdout,
                               capture_output=True, timeout=PLENTY_S).stdout \
            if shutil.which("qpdf") else made.stdout
        demand(b"segretissimo" not in plain and b"EmbeddedFile" not in plain, "it read the file")
        try:
            heard.accept()
            raise Unmet("it called")
        except socket.timeout:
            pass
