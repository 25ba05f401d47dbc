"""Every snippet of snippets.py, with well-behaved ones among them, on one page: as this user, and as an unprivileged one."""
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from snippets import CUDA_SNIPPETS, SNIPPETS

DRILLPRESS = pathlib.Path(os.environ["DRILLPRESS"])
NVCC = shutil.which("nvcc") or os.path.exists("/usr/local/cuda/bin/nvcc")
NOBODY = 65534
FOLDER_FD = 200  # a folder that whoever starts drillpress has left open
FINE = 'print("fine")\n'
# Settings of our own that must not reach a program.
SURROUNDINGS = {"SECRET": "do-not-tell", "CUDA_VISIBLE_DEVICES": "7", "PYTHONPATH": "/nowhere", "CPATH": "/nowhere",
                "NVCC_APPEND_FLAGS": "--nonsense", "DRILLPRESS_CHECK": "none", "CXXFLAGS": "--nonsense"}


class Listener:
    """Counts who reaches the host."""

    def __init__(self):
        self.reached = 0
        self.name = "drillpress-hostile-" + secrets.token_hex(8)
        self.sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        self.sockets[1].bind("\0" + self.name)
        self.sockets[1].listen()
        self.port = self.sockets[0].getsockname()[1]
        for one in self.sockets:
            threading.Thread(target=self.accept, args=(one,), daemon=True).start()

    def accept(self, one):
        while True:
            try:
                one.accept()
            except OSError:
                return
            self.reached += 1

    def close(self):
        for one in self.sockets:
            one.shutdown(socket.SHUT_RDWR)
            one.close()


def tree(folder):
    """Every file below a folder but those of the cache that are kept on purpose, with its content."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() and not p.is_symlink() else "folder or link"
            for p in sorted(folder.rglob("*")) if not re.match(r"\.drillpress/(binaries|records|tools\.json)", str(p.relative_to(folder)))}


def commands():
    out = []
    for folder in pathlib.Path("/proc").iterdir():
        try:
            if folder.name.isdigit():
                out.append((folder / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:
            pass
    return out


class Hostile:
    """What both users have in common."""
    user = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="drillpress-hostile-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.program = DRILLPRESS
        if self.user is not None:
            shutil.copytree(DRILLPRESS.parent.parent / "lib", self.folder / "lib")
            (self.folder / "bin").mkdir()
            self.program = pathlib.Path(shutil.copy(DRILLPRESS, self.folder / "bin"))
        self.home, self.site = self.folder / "home", self.folder / "parent" / "site"
        (self.site / "content" / "guides").mkdir(parents=True)
        self.home.mkdir()
        self.secret = "secret-" + secrets.token_hex(16)
        for place in (self.home, self.site.parent, self.site):
            (place / "secret").write_text(f'"{self.secret}";\n')
        self.listener = Listener()
        self.addCleanup(self.listener.close)
        self.mark = str(900_000 + secrets.randbelow(90_000))
        self.planted = {"HOME": self.home, "PARENT": self.site.parent, "SITE": self.site, "PORT": self.listener.port,
                        "SOCKET": self.listener.name, "MARK": self.mark, "SETUID": self.setuid, "FOLDER_FD": FOLDER_FD}

    def plant(self, text):
        for name, value in self.planted.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def write_page(self, snippets):
        """The page, and for each snippet the lines that are its own."""
        page, lines = "---\ntitle: Hostile\n---\n", {}
        for name, fence, code, outcome in snippets:
            for name, fence, code in ((name, fence, code), (name + "-neighbour", "python run timeout=200", FINE + f"# beside {name}\n")):
                first = page.count("\n") + 1
                page += f"```{fence} id={name}\n{self.plant(code)}```\n\n"
                lines[name] = range(first, page.count("\n"))
        (self.site / "content" / "guides" / "hostile.md").write_text(page)
        return lines

    def run_page(self):
        if self.user is not None:
            subprocess.run(["chown", "-R", f"{self.user}:{self.user}", self.folder], check=True)
        as_user = {"user": self.user, "group": self.user, "extra_groups": []} if self.user is not None else {}
        opened = os.open(self.home, os.O_RDONLY)
        self.addCleanup(os.close, os.dup2(opened, FOLDER_FD))
        os.close(opened)
        return subprocess.run([self.program, "run", "--root", self.site, "hostile"], capture_output=True, timeout=800, cwd="/",
                              pass_fds=(FOLDER_FD,), env={"PATH": os.environ["PATH"], "HOME": str(self.home), **SURROUNDINGS}, **as_user)

    def check_snippet(self, name, outcome, lines, shown, diagnostics):
        own = [(code, text) for line, code, text in diagnostics if line in lines[name]]
        if not outcome.startswith("["):
            self.assertEqual(own, [])
            self.assertEqual(shown.get(name), self.plant(outcome))
            return
        codes, _, message = outcome.rpartition("] ")
        self.assertTrue(own, f"nothing was reported about {name}")
        for code, text in own:
            self.assertIn(f"[{code}]", codes + "]")
        self.assertTrue(any(message in text for _, text in own), own)

    def test_everything_is_contained_and_reported_at_its_line(self):
        snippets = SNIPPETS + (CUDA_SNIPPETS if NVCC else [])
        only = os.environ.get("ONLY")
        if only:
            snippets = [one for one in snippets if one[0] in only.split(",")]
        lines = self.write_page(snippets)
        before, temporary = tree(self.folder), set(os.listdir("/tmp"))
        done = self.run_page()
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        if os.environ.get("SHOW"):
            print(out, err)
        self.assertEqual(done.returncode, 1, out + err)
        self.assertNotIn("[no-sandbox]", err)

        diagnostics = [(int(line), code, text) for line, text, code in
                       re.findall(r"^content/guides/hostile\.md:(\d+):\d+: error: (.*) \[([a-z-]+)\]$", err, re.M)]
        shown = {}
        for name, body in re.findall(r"^hostile#([a-z-]+): [^\n]*\n((?:  [^\n]*\n)*)", out, re.M):
            shown[name] = "".join(line[4:] + "\n" for line in body.splitlines() if line.startswith("  | "))
        for name, _, _, outcome in snippets:
            with self.subTest(name):
                self.check_snippet(name, outcome, lines, shown, diagnostics)
                self.assertEqual(shown.get(name + "-neighbour"), "fine\n")
        self.assertEqual([text for line, _, text in diagnostics if not any(line in own for own in lines.values())], [])

        # Nothing got out, and nothing is left.
        self.assertEqual(self.listener.reached, 0)
        for leaked in (self.secret, "do-not-tell", "\x1b", "\0", "ESCAPED"):
            self.assertNotIn(leaked, out + err)
        self.assertEqual({k: v for k, v in tree(self.folder).items() if not k.startswith("parent/site/.drillpress")}, before)
        self.assertEqual(list((self.site / ".drillpress" / "tmp").iterdir()), [])
        self.assertEqual({n for n in set(os.listdir("/tmp")) - temporary if "hostile-marker" in n}, set())
        self.assertEqual([c for c in commands() if str(self.folder) in c or self.mark in c], [])


class AsThisUser(Hostile, unittest.TestCase):
    setuid = "EPERM"


@unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
class AsAnUnprivilegedUser(Hostile, unittest.TestCase):
    user = NOBODY
    setuid = "EINVAL"  # its user namespace knows no other user

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)


if __name__ == "__main__":
    unittest.main(verbosity=2)
