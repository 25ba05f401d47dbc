"""A site in a temporary folder, and the executable run on it."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

DRILLPRESS = os.environ["DRILLPRESS"]
SOURCE = pathlib.Path(os.environ["DRILLPRESS_SOURCE"])
NVCC = shutil.which("nvcc") or ("/usr/local/cuda/bin/nvcc" if os.path.exists("/usr/local/cuda/bin/nvcc") else None)
GUIDE = """---
title: A guide
description: What it is about.
tags: [one, two]
date: 2026-01-31
---
## First

Text.
"""


class SiteTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="drillpress-e2e-"))
        self.root = self.folder / "site"
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        else:
            file.write_text(text, encoding="utf-8")
        return file

    def edit(self, path, old, new):
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, f"{old!r} must stand once in {path}")
        file.write_text(text.replace(old, new), encoding="utf-8")

    def add_harness(self):
        shutil.copytree(SOURCE / "drills" / "support", self.root / "drills" / "support")

    def run_program(self, *arguments, environment=None, timeout=300):
        return subprocess.run([DRILLPRESS, *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                              env=environment)

    def command(self, name, *arguments, **keywords):
        return self.run_program(name, "--root", self.root, *arguments, **keywords)

    def build(self, *arguments, **keywords):
        return self.command("build", *arguments, **keywords)

    def assert_built(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def public(self, path=""):
        return self.root / "public" / path

    def ledger(self):
        return {e["id"]: e for e in json.loads(self.public("ledger.json").read_text())["entries"]}

    def snapshot(self, folder=None):
        """Every file of a folder with the hash of its bytes."""
        folder = folder or self.public()
        return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in sorted(folder.rglob("*")) if p.is_file()}

