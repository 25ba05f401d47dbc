"""Without a sandbox: nothing runs, what is recorded is replayed, and --trust says on the pages that it was given."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

DRILLPRESS = os.environ["DRILLPRESS"]
PAGE = """---
title: Code
---
```cpp run id=a
#include <cstdio>
int main() { std::puts("one"); }
```

```python run id=b
print("two")
```

```python compile id=c
print("three")
```
"""


class Refusal(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="drillpress-refusal-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.site = self.folder / "site"
        (self.site / "content" / "guides").mkdir(parents=True)
        (self.site / "content" / "guides" / "code.md").write_text(PAGE)
        # Everything but bubblewrap, or one that fails as it does where the kernel forbids namespaces.
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        for name in ("g++", "python3"):
            (self.tools / name).symlink_to(shutil.which(name))

    def build(self, *arguments, path=None, command="build"):
        path = path or self.tools
        return subprocess.run([DRILLPRESS, command, "--root", self.site, "--no-gpu", *arguments] if command == "build"
                              else [DRILLPRESS, command, "--root", self.site, *arguments],
                              capture_output=True, text=True, timeout=300, env={"PATH": str(path)})

    def ledger(self):
        entries = json.loads((self.site / "public" / "ledger.json").read_text())["entries"]
        return {e["id"]: e for e in entries}

    def verdicts(self):
        return {k: v["verdict"] for k, v in self.ledger().items()}

    def forget(self):
        shutil.rmtree(self.site / ".drillpress")

    def test_nothing_runs_and_one_warning_says_so(self):
        done = self.build()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.verdicts(), {"code#a": "skipped", "code#b": "skipped", "code#c": "skipped"})
        self.assertEqual(done.stderr.count("[no-sandbox]"), 1)
        self.assertEqual(done.stderr.count("warning:"), 1)
        for entry in self.ledger().values():
            self.assertIn("no sandbox", entry["reason"])
        self.assertIn("no sandbox", (self.site / "public" / "guides" / "code.html").read_text())
        self.assertEqual(list((self.site / ".drillpress").glob("binaries/*")), [])

    def test_a_bubblewrap_that_may_not_work_is_no_sandbox_either(self):
        fake = self.tools / "bwrap"
        fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
        fake.chmod(0o755)
        done = self.build()
        self.assertEqual(set(self.verdicts().values()), {"skipped"})
        self.assertIn("No permissions to create new namespace", done.stderr)

    def test_records_are_replayed(self):
        self.assertEqual(self.build(path=os.environ["PATH"], command="record").returncode, 0)
        self.forget()
        done = self.build()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(set(self.verdicts().values()), {"replayed"})
        self.assertEqual(done.stderr.count("[no-sandbox]"), 1)

    def test_what_ran_here_before_still_counts(self):
        self.build(path=os.environ["PATH"])
        ran = self.verdicts()
        done = self.build()
        self.assertEqual(self.verdicts(), ran)
        self.assertNotIn("[no-sandbox]", done.stderr)

    def test_trust_runs_and_the_pages_say_so(self):
        done = self.build("--trust")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.verdicts(), {"code#a": "ran_on_host", "code#b": "ran_on_host", "code#c": "compiled_only"})
        self.assertEqual(done.stderr.count("[no-sandbox]"), 1)
        for entry in self.ledger().values():
            self.assertTrue(entry["without_sandbox"])
            self.assertIn("without a sandbox", entry["reason"])
        self.assertIn("as --trust allows", (self.site / "public" / "guides" / "code.html").read_text())
        # The word stays with evidence from the cache, until there is a sandbox.
        self.build()
        self.assertEqual(set(self.verdicts().values()), {"ran_on_host", "compiled_only"})
        self.assertTrue(all(e["without_sandbox"] for e in self.ledger().values()))
        self.assertEqual(self.build(path=os.environ["PATH"]).returncode, 0)
        self.assertFalse(any(e["without_sandbox"] for e in self.ledger().values()))

    def test_trust_changes_nothing_where_the_sandbox_works(self):
        done = self.build("--trust", path=os.environ["PATH"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(any(e["without_sandbox"] for e in self.ledger().values()))
        self.assertNotIn("no-sandbox", done.stderr)

    def test_options_for_the_compiler_cannot_be_given(self):
        (self.site / "content" / "guides" / "code.md").write_text(
            '---\ntitle: Code\n---\n```cpp run std="c++20 -fplugin=/x.so"\nint main() {}\n```\n\n'
            '```cuda run std="c++20,-Xcompiler"\nint main() {}\n```\n\n```python run std=3\nprint(1)\n```\n\n'
            '```cpp run flags="-o /usr/new"\nint main() {}\n```\n\n```cpp run std=@options\nint main() {}\n```\n')
        done = self.build(path=os.environ["PATH"])
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("[bad-attribute]"), 5, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
