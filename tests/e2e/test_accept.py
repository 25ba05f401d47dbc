"""`drillpress accept`: which blocks are rewritten, to which bytes, and what is never accepted."""
import os
import pty
import shutil
import subprocess
import unittest

from fixture import DRILLPRESS, SiteTest

HEAD = "---\ntitle: Code\n---\n"
PATH = "content/guides/code.md"


class Accept(SiteTest):
    def page(self, body, eol="\n"):
        self.before = (HEAD + body).replace("\n", eol).encode()
        self.write(PATH, self.before)

    def bytes(self):
        return (self.root / PATH).read_bytes()

    def accept(self, wanted, *arguments):
        done = self.command("accept", *arguments)
        self.assertEqual(done.returncode, wanted, done.stdout + done.stderr)
        return done

    def accepted(self, body, expected, eol="\n"):
        """The page after accepting is exactly the expected one, it verifies, and a second time nothing changes."""
        self.page(body, eol)
        self.accept(0, "--yes")
        self.assertEqual(self.bytes().decode(), (HEAD + expected).replace("\n", eol))
        done = self.command("verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("no output differs", self.accept(0, "--yes").stdout)

    def test_without_yes_it_only_shows(self):
        self.page("Text.\n\n```python run id=a\nprint(1)\nprint(2)\n```\n\n```output for=a\n1\n3\n```\nMore.\n")
        done = self.accept(1)
        self.assertEqual(self.bytes(), self.before)
        self.assertIn("--- a/content/guides/code.md\n+++ b/content/guides/code.md\n@@ -10,6 +10,6 @@\n \n ```output for=a\n"
                      " 1\n-3\n+2\n ```\n More.\n", done.stdout)
        self.assertIn("write them with --yes", done.stdout)
        diff = done.stdout[done.stdout.index("---"):done.stdout.index("0 accepted")]
        if shutil.which("patch"):
            subprocess.run(["patch", "-p1", "-s"], input=diff, text=True, cwd=self.root, check=True)
            self.assertEqual(self.command("verify").returncode, 0)

    def test_only_the_block_changes(self):
        self.accepted("Text  \n\n```python run id=a\nprint('x')\n```\n\n```output for=a\ny\nz\n```\n\ttabs\t\n\n\n",
                      "Text  \n\n```python run id=a\nprint('x')\n```\n\n```output for=a\nx\n```\n\ttabs\t\n\n\n")

    def test_several_blocks_of_one_page(self):
        self.accepted("```python run id=a\nprint('1\\n2')\n```\n\n```output for=a\n```\n\n```python run id=b\nprint(3)\n```\n\n"
                      "```output for=b\n1\n2\n3\n```\n\n```python run id=c\nprint(4)\n```\n\n```output for=c\n4\n```\n",
                      "```python run id=a\nprint('1\\n2')\n```\n\n```output for=a\n1\n2\n```\n\n```python run id=b\nprint(3)\n```\n\n"
                      "```output for=b\n3\n```\n\n```python run id=c\nprint(4)\n```\n\n```output for=c\n4\n```\n")

    def test_only_what_was_asked_for(self):
        body = "```python run id={0}\nprint(1)\n```\n\n```output for={0}\n2\n```\n\n"
        self.page(body.format("a") + body.format("b"))
        self.accept(0, "--yes", "--only", "code#b")
        self.assertEqual(self.bytes().decode(), HEAD + body.format("a") + body.format("b").replace("\n2\n", "\n1\n"))

    def test_windows_line_ends_stay(self):
        self.accepted("```python run id=a\nprint('x\\ny')\n```\n\n```output for=a\nz\n```\n\nText.\n",
                      "```python run id=a\nprint('x\\ny')\n```\n\n```output for=a\nx\ny\n```\n\nText.\n", eol="\r\n")

    def test_fences_grow_with_backticks_in_the_output(self):
        self.accepted("```python run id=a\nprint('`' * 3 + '\\n  ' + '`' * 5 + '\\nx`')\n```\n\n```output for=a\nz\n```\n",
                      "```python run id=a\nprint('`' * 3 + '\\n  ' + '`' * 5 + '\\nx`')\n```\n\n"
                      "``````output for=a\n```\n  `````\nx`\n``````\n")
        self.accepted("~~~python run id=a\nprint('~~~')\n~~~\n\n~~~ output for=a\n```\n~~~~~~\n",
                      "~~~python run id=a\nprint('~~~')\n~~~\n\n~~~~ output for=a\n~~~\n~~~~~~\n")

    def test_blocks_in_lists_and_quotes_keep_their_indent(self):
        self.accepted("- item\n\n  ```python run id=a\n  print('x\\n\\ny')\n  ```\n\n  ```output for=a\n  z\n  ```\n- next\n",
                      "- item\n\n  ```python run id=a\n  print('x\\n\\ny')\n  ```\n\n  ```output for=a\n  x\n\n  y\n  ```\n- next\n")
        self.accepted("> ```python run id=a\n> print('x\\n\\ny')\n> ```\n>\n> ```output for=a\n> z\n> ```\n",
                      "> ```python run id=a\n> print('x\\n\\ny')\n> ```\n>\n> ```output for=a\n> x\n>\n> y\n> ```\n")
        self.accepted("1. ```python run id=a\n   print('x')\n   ```\n", "1. ```python run id=a\n   print('x')\n   ```\n\n   "
                      "```output for=a\n   x\n   ```\n")

    def test_a_missing_block_is_added(self):
        self.accepted("```python run id=a\nprint('x')\n```\nText.\n",
                      "```python run id=a\nprint('x')\n```\n\n```output for=a\nx\n```\nText.\n")
        self.accepted("```python run id=a\nprint('x', end='')\n```", "```python run id=a\nprint('x', end='')\n```\n\n```output for=a\nx\n```")
        self.accepted("```python run\nprint('x')\n```\n", "```python run\nprint('x')\n```\n\n```output\nx\n```\n")
        self.accepted("```python run id=a\npass\n```\n", "```python run id=a\npass\n```\n")

    def test_line_breaks_and_blanks_at_the_end_of_the_output(self):
        self.accepted("```python run id=a\nprint('x  \\n\\n\\n', end='')\n```\n\n```output for=a\nz\n```\n",
                      "```python run id=a\nprint('x  \\n\\n\\n', end='')\n```\n\n```output for=a\nx  \n\n\n```\n")
        self.accepted("```python run id=a\nprint('  é\\t€', end='')\n```\n\n```output for=a\nz\n```\n",
                      "```python run id=a\nprint('  é\\t€', end='')\n```\n\n```output for=a\n  é\t€\n```\n")

    def test_patterns_that_still_fit_stay(self):
        self.accepted("```python run id=a match=glob\nprint('took 12 ms\\nnew\\nend')\n```\n\n```output for=a\ntook * ms\nold\nend\n```\n",
                      "```python run id=a match=glob\nprint('took 12 ms\\nnew\\nend')\n```\n\n```output for=a\ntook * ms\nnew\nend\n```\n")
        self.accepted("```python run id=a match=number tolerance=0.1\nprint('v 1.01\\nw 7')\n```\n\n```output for=a\nv 1.00\nw 5\n```\n",
                      "```python run id=a match=number tolerance=0.1\nprint('v 1.01\\nw 7')\n```\n\n```output for=a\nv 1.00\nw 7\n```\n")

    def refused(self, body, *reasons):
        self.page(body)
        done = self.accept(1, "--yes")
        self.assertEqual(self.bytes(), self.before)
        for reason in reasons:
            self.assertIn(reason, done.stderr)

    def test_a_run_that_failed_is_never_accepted(self):
        block = "\n```output for=a\nold\n```\n"
        self.refused("```python run id=a\nprint('x')\nraise SystemExit(3)\n```\n" + block, "[exit-status]", "code#a is not accepted")
        self.refused("```cpp run id=a\n#include <cstdio>\nint main() { std::puts(\"x\"); std::fflush(stdout); __builtin_trap(); }\n```\n" + block,
                     "[program-crashed]")
        self.refused("```python run id=a timeout=1\nimport time\nprint('x', flush=True)\ntime.sleep(30)\n```\n" + block, "[program-timeout]")
        self.refused("```python run id=a\nprint('x')\nraise SystemExit(3)\n```\n", "[exit-status]")
        self.refused("```python should_fail=4 id=a\nprint('x')\nraise SystemExit(3)\n```\n" + block, "[exit-status]")

    def test_a_failure_that_was_asked_for_is_accepted(self):
        self.accepted("```python should_fail=3 id=a\nprint('x')\nraise SystemExit(3)\n```\n\n```output for=a\nold\n```\n",
                      "```python should_fail=3 id=a\nprint('x')\nraise SystemExit(3)\n```\n\n```output for=a\nx\n```\n")

    def test_control_characters_are_accepted_as_their_pictures(self):
        self.accepted("```python run id=a\nprint('\\x1b[31m\\x00')\n```\n\n```output for=a\nold\n```\n",
                      "```python run id=a\nprint('\\x1b[31m\\x00')\n```\n\n```output for=a\n\u241b[31m\u2400\n```\n")

    def test_output_that_changes_is_refused(self):
        self.refused("```python run id=a\nimport time\nprint(time.time_ns())\n```\n\n```output for=a\nold\n```\n", "something else when it ran again")

    def test_one_refusal_does_not_hold_up_the_others(self):
        self.page("```python run id=a\nraise SystemExit(3)\n```\n\n```python run id=b\nprint(1)\n```\n\n```output for=b\n2\n```\n")
        done = self.accept(1, "--yes")
        self.assertIn(b"for=b\n1\n", self.bytes())
        self.assertIn("[exit-status]", done.stderr)
        self.assertNotIn("[output-mismatch]", done.stderr)

    def test_on_a_terminal_it_asks_for_each_block(self):
        body = "```python run id={0}\nprint(1)\n```\n\n```output for={0}\n2\n```\n\n"
        self.page(body.format("a") + body.format("b"))
        ours, theirs = pty.openpty()
        run = subprocess.Popen([DRILLPRESS, "accept", "--root", str(self.root)], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.write(ours, b"n\ny\n")
        said = b""
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:
                break
            if not more:
                break
            said += more
        self.assertEqual(run.wait(timeout=60), 1, said)
        self.assertEqual(said.count(b"accept the output of"), 2)
        self.assertEqual(self.bytes().decode(), HEAD + body.format("a") + body.format("b").replace("\n2\n", "\n1\n"))

    def test_mistakes_in_the_sources_come_first(self):
        self.page("[a](nowhere.md)\n\n```python run id=a\nprint(1)\n```\n\n```output for=a\n2\n```\n")
        self.assertIn("[broken-link]", self.accept(1, "--yes").stderr)
        self.assertEqual(self.bytes(), self.before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
