"""Code on pages that runs on the host: verdicts, diagnostics at the author's line, caching."""
import json
import unittest

from fixture import SiteTest

PAGE = "---\ntitle: Code\n---\n"


class Snippets(SiteTest):
    def page(self, body):
        self.write("content/guides/code.md", PAGE + body)

    def failing(self, body, *expected):
        self.page(body)
        done = self.build()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        for text in expected:
            self.assertIn(text, done.stderr)
        return done

    def test_output_is_verified_and_shown(self):
        self.page('```cpp run id=answer\n#include <cstdio>\nint main() { std::puts("forty-two"); }\n```\n\n'
                  '```output for=answer\nforty-two\n```\n\n```python run id=py\nprint(6 * 7)\n```\n')
        self.assert_built(self.build())
        page = self.public("guides/code.html").read_text()
        self.assertIn("forty-two", page)
        ledger = self.ledger()
        for name in ("code#answer", "code#py"):
            self.assertEqual(ledger[name]["role"], "snippet")
            self.assertEqual(ledger[name]["verdict"], "ran_on_host")
            self.assertEqual(ledger[name]["source"], "content/guides/code.md")
            self.assertTrue(ledger[name]["input_key"])

    def test_wrong_output_names_the_line_expected_and_actual(self):
        self.failing('```python run id=a\nprint(1)\nprint(2)\n```\n\n```output for=a\n1\n3\n```\n',
                     "content/guides/code.md:", "[output-mismatch]", "3", "2")

    def test_a_compiler_error_points_into_the_page(self):
        self.failing('Text.\n\n```cpp run id=a\nint main() {\n  retrun 0;\n}\n```\n',
                     "content/guides/code.md:8:3: error", "[compile-failed]")

    def test_crash_and_endless_loop_and_exit_status(self):
        self.failing('```cpp run id=a\nint main() { *(volatile int*)nullptr = 1; }\n```\n'
                     '\n```cpp run id=b timeout=1\nint main() { for (volatile int i = 0;; i = i + 1) {} }\n```\n'
                     '\n```python run id=c\nraise SystemExit(3)\n```\n',
                     "content/guides/code.md:4:1: error", "content/guides/code.md:8:1: error", "content/guides/code.md:12:1: error")

    def test_expected_failures(self):
        self.page('```cpp compile_fail="retrun" id=a\nint main() { retrun 0; }\n```\n'
                  '\n```python should_fail=3 id=b\nraise SystemExit(3)\n```\n'
                  '\n```cpp skip="needs a network" id=c\nint main() {}\n```\n\n```cpp compile id=d\nint main() {}\n```\n')
        self.assert_built(self.build())
        ledger = self.ledger()
        self.assertEqual({k: v["verdict"] for k, v in ledger.items()},
                         {"code#a": "failed_as_expected", "code#b": "failed_as_expected", "code#c": "skipped",
                          "code#d": "compiled_only"})
        self.assertEqual(ledger["code#c"]["reason"], "needs a network")

    def test_a_failure_that_does_not_come_is_an_error(self):
        self.failing('```python should_fail=3 id=a\nprint(1)\n```\n\n```cpp compile_fail="x" id=b\nint main() {}\n```\n',
                     "content/guides/code.md:4:", "content/guides/code.md:8:")

    def test_a_warm_build_starts_no_program(self):
        self.page("```python run id=a\nimport time\nprint('<', time.time_ns(), '>')\n```\n")
        self.assert_built(self.build())
        first = self.snapshot()
        self.assert_built(self.build())
        self.assertEqual(self.snapshot(), first)
        self.assert_built(self.build("--refresh"))
        self.assertNotEqual(self.snapshot(), first)

    def test_the_sandbox_keeps_a_snippet_from_the_files_around_it(self):
        secret = self.folder / "secret"
        secret.write_text("the secret")
        self.failing(f'```python run id=a\nprint(open("{secret}").read())\n```\n', "content/guides/code.md:5:1", "[exit-status]")
        self.failing(f'```python run id=a\nopen("{self.folder}/new", "w")\n```\n', "content/guides/code.md:5:1")
        self.assertFalse((self.folder / "new").exists())

    def test_run_shows_one_snippet(self):
        self.page('```python run id=a\nprint("hello")\n```\n')
        done = self.command("run", "code#a")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("hello", done.stdout)
        record = json.loads(self.command("run", "--format", "json", "code#a").stdout)
        self.assertTrue(record)
        self.assertEqual(self.command("run", "code#b").returncode, 2)

    def test_unmarked_code_is_shown_and_says_so(self):
        self.page("```python\nprint(1)\n```\n\n```rust\nfn main() {}\n```\n")
        self.assert_built(self.build())
        self.assertEqual(self.ledger(), {})
        self.assertIn("not marked to run", self.public("guides/code.html").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
