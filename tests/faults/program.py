"""Faults on purpose, on the program itself: loading, importing and serving that are cut short.

What must hold, whatever was cut and wherever: the records are sound (`regia verify`), the change
feed has no gap, a step is there whole or not at all, doing it again ends where an untroubled run
ends, and a failure is told in one sentence with exit status 3. Used by tests/faults/run.
"""
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests", "lib"), os.path.join(ROOT, "tests", "story")]
import regia               # noqa: E402
from client import Client  # noqa: E402

PACK = os.path.join(ROOT, "packs", "torino")
FAULTS = (("malloc", 12), ("write", 28), ("fsync", 5), ("open", 24))
COMMAND_S = 120
RESUME_S = 20
TABLES = ("territory_area", "territory_membership", "network_organization", "network_service",
          "network_location", "network_service_at_location", "network_taxonomy_term")


class Program:
    def __init__(self, trials, binary):
        self.trials, self.regia = trials, os.path.abspath(binary)
        self.random, self.services = trials.random, os.path.join(trials.work, "services.ndjson")

    def make_services(self):
        demogen = os.path.join(os.path.dirname(self.regia), "src", "finder", "demogen")
        with open(self.services, "wb") as out:
            subprocess.run([demogen, *(os.path.join(PACK, name) for name in (
                "comuni.csv", "zones.csv", "needs.csv"))], stdout=out, check=True)

    def all(self, n_kills, n_faults, n_cuts):
        self.make_services()
        self.trial("load", ("load", PACK), None, n_kills, n_faults)
        loaded = self.trials.folder("loaded")
        self.command(loaded, "load", PACK)
        self.trial("import hsds", ("import", "hsds", self.services, "--source", "prova"), loaded,
                   n_kills, n_faults)
        self.resumed(loaded, max(n_kills // 4, 2))
        self.saves(loaded, n_cuts, 30)

    def command(self, folder, *words, env=None):
        """(exit status or None for a hang, what it said on standard error)"""
        try:
            run = subprocess.run([self.regia, *words, "--db", f"{folder}/regia.db"], cwd=ROOT,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 errors="replace", timeout=COMMAND_S,
                                 env={**os.environ, **(env or {})})
            return run.returncode, run.stderr[-300:]
        except subprocess.TimeoutExpired:
            return None, "it hangs"

    def fresh(self, name, begin):
        """A folder whose records are those of begin; empty when begin is None."""
        folder = self.trials.folder(name)
        if begin:
            shutil.copy(os.path.join(begin, "regia.db"), folder)
        return folder

    @staticmethod
    def rows(folder):
        """How many rows stand in each table; nothing where there are no records yet."""
        path = f"{folder}/regia.db"
        if not os.path.exists(path):
            return {}
        db = sqlite3.connect(path)
        try:
            there = {name for name, in db.execute("SELECT name FROM sqlite_master")}
            return {t: db.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0]
                    for t in TABLES if t in there}
        finally:
            db.close()

    def left(self, folder, words, clean):
        """What is wrong with the records that were left behind; "" for nothing."""
        if os.path.exists(f"{folder}/regia.db"):
            status, said = self.command(folder, "verify")
            if status != 0:
                return f"regia verify on what was left: {status} {said}"
        areas = self.rows(folder).get("territory_area", 0)
        if areas not in (0, clean["territory_area"]):
            return f"{areas} areas of {clean['territory_area']} are there: half a pack"
        status, said = self.command(folder, *words)
        if status != 0:
            return f"regia {words[0]} once more: {status} {said}"
        status, said = self.command(folder, "verify")
        if status != 0:
            return f"regia verify at the end: {status} {said}"
        rows = self.rows(folder)
        return "" if rows == clean else f"ends with {rows}, untroubled with {clean}"

    def trial(self, name, words, begin, n_kills, n_faults):
        """The command untroubled; killed at random moments; with its n-th calls failing."""
        say = self.trials.say
        folder, began = self.fresh("clean", begin), time.monotonic()
        status, said = self.command(folder, *words)
        whole_s, clean = time.monotonic() - began, self.rows(folder)
        say(status == 0 and sum(clean.values()) > 300, f"regia {name}, untroubled {said}")
        bad, cut_short = "", 0
        for _ in range(n_kills):
            folder = self.fresh("killed", begin)
            cut_short += self.kill(folder, words, whole_s)
            bad = bad or self.left(folder, words, clean)
        say(not bad and cut_short > 0, f"regia {name} killed {cut_short} times of {n_kills}: sound"
            f" after it, whole when done again {bad}")
        bad, fired, told = "", 0, 0
        for call, error in FAULTS:
            n = 1
            for _ in range(n_faults):
                folder, report = self.fresh("nth", begin), f"{self.trials.work}/fired"
                if os.path.exists(report):
                    os.unlink(report)
                status, said = self.command(folder, *words, env={
                    "LD_PRELOAD": self.trials.nth, "FAULT_CALL": call, "FAULT_ERRNO": str(error),
                    "FAULT_N": str(n), "FAULT_DIR": folder + "/", "FAULT_REPORT": report})
                if not os.path.exists(report):
                    break
                fired += 1
                told += status == 3
                if status not in (0, 3) or (status == 3 and len(said) < len("regia: no.")):
                    bad = bad or f"{call} {n}: exit {status}, saying \"{said}\""
                wrong = self.left(folder, words, clean)
                bad = bad or (wrong and f"{call} {n}: {wrong}")
                n += 1 + self.random.randrange(1 + 2 * n)
        say(not bad and told > 0, f"regia {name} with {fired} calls failing: {told} told with exit"
            f" 3, the others overcome; sound after it, whole when done again {bad}")

    def kill(self, folder, words, whole_s):
        process = subprocess.Popen([self.regia, *words, "--db", f"{folder}/regia.db"], cwd=ROOT,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(self.random.random() * whole_s)
        early = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        return early

    def account(self, folder):
        """A new administrator's password."""
        run = subprocess.run([self.regia, "account", "add", "anna", "--roles", "admin", "--db",
                              f"{folder}/regia.db"], capture_output=True, text=True, check=True)
        return run.stdout.split()[-1]

    @staticmethod
    def enter(server, password):
        client = Client("anna")
        client.request(server.port, "GET", "/accedi")
        answer = client.post(server.port, "/accedi", [("login", "anna"), ("password", password)])
        if answer.status != 303:
            raise regia.Broken(f"anna could not sign in: {answer.status}")
        return client

    def resumed(self, begin, n_kills):
        """A server is killed while it imports what was handed in; the next one ends the work."""
        open_jobs = "SELECT COUNT(*) FROM jobs_job WHERE state IN ('queued', 'running')"
        folder = self.fresh("clean", begin)
        self.command(folder, "import", "hsds", self.services, "--source", "prova")
        clean, bad, taken_up = self.rows(folder), "", 0
        with open(self.services, "rb") as services:
            upload = ("services.ndjson", services.read())
        for _ in range(n_kills):
            folder = self.fresh("resumed", begin)
            password = self.account(folder)
            server = regia.Server(self.regia, f"{folder}/regia.db", folder)
            client = self.enter(server, password)
            client.request(server.port, "GET", "/gestione/importa")
            answer = client.post(server.port, "/gestione/importa", [
                ("tipo", "hsds"), ("file", upload), ("titolo", "Prova"), ("fonte", "prova")])
            time.sleep(self.random.random() * 0.5)
            server.kill()
            if answer.status != 303 or self.command(folder, "verify")[0] != 0:
                bad = bad or f"the upload was answered {answer.status}, or is not sound after it"
            taken_up += self.ask(folder, open_jobs) > 0
            server = regia.Server(self.regia, f"{folder}/regia.db", folder)
            end = time.monotonic() + RESUME_S
            while self.ask(folder, open_jobs) and time.monotonic() < end:
                time.sleep(0.05)
            server.stop()
            rows = self.rows(folder)
            if rows != clean or self.command(folder, "verify")[0] != 0:
                bad = bad or f"ends with {rows}, untroubled with {clean}"
        self.trials.say(not bad and taken_up > 0, f"a server killed in the middle of {taken_up}"
                        f" imports: the next one finishes them {bad}")

    @staticmethod
    def ask(folder, sql):
        db = sqlite3.connect(f"{folder}/regia.db", timeout=10)
        try:
            return db.execute(sql).fetchone()[0]
        finally:
            db.close()

    def saves(self, begin, n_cuts, n_saves):
        """Cards saved through the web while the recorder looks on; then the power goes."""
        folder, log = self.fresh("saves", begin), f"{self.trials.work}/saves.log"
        few = f"{self.trials.work}/few.ndjson"
        with open(self.services, encoding="utf-8") as whole, open(few, "w", encoding="utf-8") as out:
            out.writelines(line for _, line in zip(range(20), whole))
        self.command(folder, "import", "hsds", few, "--source", "prova")
        service = self.ask(folder, "SELECT MIN(id) FROM network_service")
        password = self.account(folder)
        with open(log, "wb") as noted:
            note(noted, b"N", b"/promises/acks")
        server = regia.Server(self.regia, f"{folder}/regia.db", folder, extra_env={
            "LD_PRELOAD": self.trials.recorder, "POWERCUT_DIR": folder + "/regia.db",
            "POWERCUT_LOG": log})
        client, path, refused = self.enter(server, password), f"/servizi/{service}/modifica", ""
        with open(log, "ab") as noted:
            for n in range(1, n_saves + 1):
                client.request(server.port, "GET", path)
                answer = client.post(server.port, path, [("avviso", f"prova {n}"),
                                                         ("motivo", "prova")])
                if answer.status != 303:
                    refused = refused or f"save {n} was answered {answer.status}"
                else:
                    note(noted, b"W", f"0 {n}\n".encode())
        server.stop()
        saved = ("SELECT COALESCE(MAX(CAST(SUBSTR(json_extract(doc, '$.alert'), 7) AS INTEGER)), 0)"
                 f" FROM network_service WHERE id = {service}")
        cut = ("cut", log, self.trials.folder("saves-cut"), str(n_cuts),
               str(self.random.randrange(1 << 32)))
        careless, counts, _ = self.trials.judge(*cut, f"SELECT ({saved}) - 1")
        self.trials.say(careless == 1 and counts.get("lost", 0) > 0,
                        f"power cuts would see a server that forgets a save: {counts}")
        status, counts, said = self.trials.judge(*cut, saved)
        os.unlink(log)
        self.trials.say(status == 0 and not refused and counts.get("promises") == n_saves
                        and counts.get("cuts", 0) > n_cuts // 4,
                        f"power cuts over a server that saves cards: {counts} {refused}"
                        + ("" if status == 0 else f"\n# {said[-600:]}"))


def note(log, op, words):
    """A line of the client's in the recorder's log: what it has been promised, and when."""
    log.write(struct.pack("=cBHIq", op, 64, 0, len(words), 0) + words)
    log.flush()
