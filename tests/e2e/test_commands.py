"""The commands around evidence: verify, record, records, explain, --only, --refresh, --frozen, --report."""
import json
import os
import unittest
import xml.etree.ElementTree as ElementTree

from fixture import SOURCE, SiteTest

PAGE = "---\ntitle: Code\n---\n"


def snippet(name, code, output=None):
    text = f"```python run id={name}\n{code}\n```\n\n"
    return text if output is None else text + f"```output for={name}\n{output}\n```\n\n"


class CommandTest(SiteTest):
    def page(self, *parts, path="content/guides/code.md"):
        self.write(path, PAGE + "".join(parts))

    def good(self):
        self.page(snippet("one", "print(1)", "1"), snippet("two", "print(2)", "2"))
        self.page(snippet("three", "print(3)", "3"), path="content/guides/other.md")

    def no_tools(self):
        folder = self.folder / "no-tools"
        folder.mkdir(exist_ok=True)
        return ("--tools", folder, "--cache", self.folder / "empty-cache")

    def status(self, wanted, name, *arguments, **keywords):
        done = self.command(name, *arguments, **keywords)
        self.assertEqual(done.returncode, wanted, done.stdout + done.stderr)
        return done


class Verify(CommandTest):
    def test_it_says_what_came_to_what_and_writes_no_site(self):
        self.good()
        done = self.status(0, "verify")
        self.assertRegex(done.stdout, r"snippet +3 +ran on the host")
        self.assertIn("3 programs verified", done.stdout)
        self.assertFalse(self.public().exists())
        self.assertEqual(sorted(p.name for p in self.root.iterdir()), [".drillpress", "content"])

    def test_a_wrong_program_fails_it(self):
        self.page(snippet("one", "print(1)", "2"), snippet("two", "print(2)", "2"))
        done = self.status(1, "verify", "--verbose")
        self.assertIn("[output-mismatch]", done.stderr)
        self.assertIn("code#one: failed", done.stdout)
        self.assertIn("not everything is verified", done.stdout)

    def test_what_cannot_be_verified_here_fails_it_as_the_environment(self):
        self.good()
        done = self.status(3, "verify", *self.no_tools())
        self.assertIn("3 programs could not be verified", done.stderr)
        self.assert_built(self.build(*self.no_tools()))

    def test_only_some(self):
        self.page(snippet("one", "print(1)", "2"), snippet("two", "print(2)", "2"))
        self.page(snippet("three", "print(3)", "3"), path="content/guides/other.md")
        for names, count in ((("code#two",), 1), (("other",), 1), (("*#t*",), 2), (("code#two", "other"), 2)):
            words = [word for name in names for word in ("--only", name)]
            done = self.status(0, "verify", *words)
            self.assertIn(f"{count} program{'s' if count > 1 else ''} verified", done.stdout, names)
        self.status(1, "verify", "--only", "code")

    def test_what_was_not_asked_for_is_not_run(self):
        self.page(snippet("one", "print(1)", "1"), snippet("two", "print(2)", "wrong"))
        self.assert_built(self.build("--only", "code#one"))
        ledger = self.ledger()
        self.assertEqual(ledger["code#one"]["verdict"], "ran_on_host")
        self.assertEqual(ledger["code#two"]["verdict"], "skipped")
        self.assertIn("not asked for", ledger["code#two"]["reason"])


class Names(CommandTest):
    def test_unknown_names_are_wrong_usage_with_the_nearest(self):
        self.good()
        for command in ("build", "verify", "record", "records", "accept"):
            done = self.status(2, command, "--only", "code#on")
            self.assertIn("did you mean `code#one`?", done.stderr, command)
            self.status(2, command, "--only", "nothing-*")
        self.assertIn("did you mean `other`?", self.status(2, "run", "othr").stderr)

    def test_contradictions_are_wrong_usage(self):
        self.good()
        for words in (("build", "--frozen", "--refresh"), ("verify", "--frozen", "--refresh"),
                      ("build", "--quiet", "--verbose"), ("verify", "-q", "-v"), ("verify", "--frozen", "--no-gpu"),
                      ("verify", "--verbose", "--format", "json"), ("accept", "--frozen"), ("build", "--frozen", "--trust"),
                      ("records", "prune", "--only", "code"), ("check", "--refresh"),
                      ("record", "--frozen"), ("verify", "--report", "pdf=x"), ("verify", "--report", "junit=")):
            done = self.status(2, *words)
            self.assertTrue(done.stderr, words)
        self.assertIn("--frozen contradicts --refresh", self.status(2, "build", "--frozen", "--refresh").stderr)
        self.assertIn("--device contradicts --check", self.status(2, "record", "--device", "x", "--check").stderr)
        self.status(0, "verify", "--verbose", "--format", "text")
        # Options of other commands that are called the same contradict nothing.
        done = self.run_program("emulate", "--device", "h200", "--check", "all", "--", "true")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_folder_of_tools_is_one_word(self):
        self.good()
        done = self.status(0, "run", *self.no_tools()[2:], *self.no_tools()[:2], "code#one")
        self.assertIn("code#one: skipped because python3 was not found", done.stdout)
        self.assertNotIn("code#two", done.stdout)

    def test_refresh_runs_again(self):
        self.page(snippet("now", "import time; print(time.time_ns())"))
        first = self.status(0, "run", "code#now").stdout
        self.assertEqual(self.status(0, "run", "code#now").stdout, first)
        self.assertNotEqual(self.status(0, "run", "--refresh", "code#now").stdout, first)

    def test_refresh_leaves_alone_what_was_not_asked_for(self):
        self.page(*(snippet(name, f"import time; print('{name}', time.time_ns())") for name in "ab"))
        self.status(0, "verify")
        a, b = (self.status(0, "run", f"code#{name}").stdout for name in "ab")
        self.status(0, "verify", "--refresh", "--only", "code#a")
        self.assertNotEqual(self.status(0, "run", "code#a").stdout, a)
        self.assertEqual(self.status(0, "run", "code#b").stdout, b)


class Frozen(CommandTest):
    def setUp(self):
        super().setUp()
        self.good()
        self.status(0, "record")

    def verify(self, wanted, *arguments):
        """With the tools and without: the same answer to the letter."""
        here = self.status(wanted, "verify", "--frozen", *arguments)
        bare = self.status(wanted, "verify", "--frozen", *self.no_tools(), *arguments)
        self.assertEqual((here.stdout, here.stderr), (bare.stdout, bare.stderr))
        return here

    def test_a_tree_with_its_records_passes_and_runs_nothing(self):
        done = self.verify(0)
        self.assertRegex(done.stdout, r"snippet +3 +replayed from a record")
        self.assert_built(self.build("--frozen"))
        self.assertEqual({e["verdict"] for e in self.ledger().values()}, {"replayed"})
        with_tools = self.snapshot()
        self.assert_built(self.build("--frozen", *self.no_tools(), "--out", self.folder / "other"))
        self.assertEqual(self.snapshot(self.folder / "other"), with_tools)

    def test_changed_inputs_are_named(self):
        self.edit("content/guides/code.md", "print(1)", "print(1 + 0)")
        done = self.verify(1)
        self.assertIn("content/guides/code.md:4:1: error: the committed record of snippet `code#one` is stale: the code changed",
                      done.stderr)
        self.assertIn("content/records/code.json", done.stderr)
        self.assertNotIn("code#two", done.stderr)
        self.verify(0, "--only", "code#two")
        self.edit("content/guides/code.md", "run id=two", "run id=two args=\"a b\"")
        self.assertIn("the arguments changed: none → a b", self.verify(1).stderr)
        self.status(0, "record")
        self.verify(0)
        self.edit("content/guides/code.md", "args=\"a b\"", "args=\"a c\"")
        self.assertIn("the arguments changed: a b → a c", self.verify(1).stderr)

    def test_a_program_without_a_record_and_a_record_without_a_program(self):
        self.edit("content/guides/code.md", "id=one", "id=uno")
        self.edit("content/guides/code.md", "for=one", "for=uno")
        done = self.verify(1)
        self.assertIn("snippet `code#uno` has no committed record", done.stderr)
        self.assertIn("[record-missing]", done.stderr)
        self.assertRegex(done.stderr, r"content/records/code\.json:\d+:\d+: error: there is no program `code#one`")
        self.assertIn("[record-vanished]", done.stderr)
        self.status(0, "record")
        self.verify(0)

    def test_a_record_changed_by_hand_cut_short_or_of_another_version(self):
        path = "content/records/code.json"
        good = (self.root / path).read_text()
        for text, code in ((good.replace('"output": "2\\n"', '"output": "3\\n"'), "record-damaged"),
                           (good[:len(good) // 2], "record-damaged"), ("", "record-damaged"), ("[]", "record-damaged"),
                           (good.replace('"schema": "1"', '"schema": "0"'), "record-schema")):
            self.write(path, text)
            done = self.verify(1)
            self.assertIn(f"[{code}]", done.stderr)
            self.assertIn("1 error,", done.stderr)
            self.assertNotIn("record-missing", done.stderr)
        by_hand = good.replace('"output": "2\\n"', '"output": "3\\n"')
        line = next(i for i, t in enumerate(by_hand.splitlines(), 1) if '"id": "code#two"' in t)
        self.write(path, by_hand)
        self.assertIn(f"{path}:{line}:", self.verify(1).stderr)
        self.status(0, "record")
        self.assertEqual((self.root / path).read_text(), good)


class RealTree(SiteTest):
    def test_the_committed_records_prove_the_committed_tree(self):
        no_tools = self.folder / "no-tools"
        no_tools.mkdir()
        answers = []
        for more in ((), ("--tools", no_tools)):
            done = self.run_program("verify", "--frozen", "--root", SOURCE, "--cache", self.folder / "cache", *more)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            answers.append((done.stdout, done.stderr))
        self.assertEqual(answers[0], answers[1])
        self.assertRegex(answers[0][0], r"rung +\d+ +replayed")


class Records(CommandTest):
    def test_a_list_with_what_has_changed(self):
        self.good()
        self.assertIn("3 programs without a record", self.status(0, "records").stdout)
        self.status(0, "record")
        self.assertIn("3 fresh\n", self.status(0, "records").stdout)
        self.edit("content/guides/code.md", "print(1)", "print(1 + 0)")
        self.edit("content/guides/code.md", "id=two", "id=zwei")
        self.edit("content/guides/code.md", "for=two", "for=zwei")
        done = self.status(0, "records")
        self.assertRegex(done.stdout, r"code#one +host +\d.* stale: the code changed")
        self.assertRegex(done.stdout, r"code#two +host +\d.* vanished")
        self.assertRegex(done.stdout, r"code#zwei +has no record")
        self.assertIn("1 fresh, 1 stale, 1 vanished; 1 program without a record", done.stdout)
        rows = json.loads(self.status(0, "records", "--format", "json").stdout)["records"]
        self.assertEqual({r["id"]: r["state"] for r in rows}, {"code#one": "stale", "code#two": "vanished", "other#three": "fresh"})
        self.assertEqual(len(json.loads(self.status(0, "records", "--format", "json", "--only", "other").stdout)["records"]), 1)

    def test_prune_takes_away_what_nothing_uses(self):
        self.good()
        self.status(0, "record")
        self.edit("content/guides/code.md", "id=two", "id=zwei")
        self.edit("content/guides/code.md", "for=two", "for=zwei")
        (self.root / "content/guides/other.md").unlink()
        self.status(0, "verify")
        before = self.snapshot(self.root)
        dry = self.status(0, "records", "prune", "--dry-run").stdout
        self.assertEqual(self.snapshot(self.root), before)
        done = self.status(0, "records", "prune").stdout
        self.assertEqual(dry.replace("would remove", "removed"), done)
        self.assertIn("removed code#two from content/records/code.json", done)
        self.assertIn("removed other#three from content/records/other.json", done)
        self.assertFalse((self.root / "content/records/other.json").exists())
        kept = json.loads((self.root / "content/records/code.json").read_text())["records"]
        self.assertEqual([r["id"] for r in kept], ["code#one"])
        # Of one snippet the id changed and not what it does, so its result is used under the new one.
        self.assertEqual(len(list((self.root / ".drillpress/records").iterdir())), 2)
        self.assertIn("removed 0 records and 0 binaries", self.status(0, "records", "prune").stdout)

    def test_prune_removes_nothing_when_it_cannot_know(self):
        self.good()
        self.status(0, "record")
        before = self.snapshot(self.root)
        folder = self.folder / "no-tools"
        folder.mkdir()
        self.assertIn("stays as it is", self.status(0, "records", "prune", "--tools", folder).stdout)
        self.write("content/guides/other.md", "---\ntitel: x\n---\n")
        self.status(1, "records", "prune")
        self.assertEqual({k: v for k, v in self.snapshot(self.root).items() if not k.endswith("other.md")},
                         {k: v for k, v in before.items() if not k.endswith("other.md")})

    def test_record_checks_without_writing(self):
        self.good()
        done = self.status(1, "record", "--check")
        self.assertIn("out of date: content/records/code.json", done.stdout)
        self.assertFalse((self.root / "content/records").exists())
        self.status(0, "record")
        self.status(0, "record", "--check")

    def test_record_of_some_keeps_the_others(self):
        self.good()
        self.status(0, "record")
        self.edit("content/guides/code.md", "print(1)", "print(0 + 1)")
        self.edit("content/guides/code.md", "print(2)", "print(0 + 2)")
        before = json.loads((self.root / "content/records/code.json").read_text())["records"]
        self.status(0, "record", "--only", "code#one")
        after = json.loads((self.root / "content/records/code.json").read_text())["records"]
        self.assertNotEqual(after[0], before[0])
        self.assertEqual(after[1], before[1])

    def test_explain_says_why_a_record_is_stale(self):
        self.good()
        self.status(0, "record")
        self.assertIn("committed record: fresh", self.status(0, "explain", "code#one").stdout)
        self.edit("content/guides/code.md", "print(1)", "print(0 + 1)")
        self.assertIn("committed record: stale because the code changed", self.status(0, "explain", "code#one").stdout)
        bare = self.status(0, "explain", "code#one", *self.no_tools()).stdout
        self.assertIn("stale because the code changed", bare)
        self.assertNotIn("compiler changed", bare)

    def test_explain_names_both_compilers(self):
        self.good()
        self.status(0, "record")
        tools = self.folder / "tools"
        tools.mkdir()
        python = tools / "python3"
        python.write_text("#!/bin/sh\nif [ \"$2\" = 'import platform, sys; print(sys.executable); print('\"'python'\"', platform.python_version())' ]; "
                          f"then echo {python}; echo python 9.8.7; exit 0; fi\nexec /usr/bin/python3 \"$@\"\n")
        python.chmod(0o755)
        said = self.command("explain", "code#one", "--tools", tools, "--cache", self.folder / "c2").stdout
        self.assertRegex(said, r"since it was made, the compiler changed: python 3\.[0-9.]+ → python 9\.8\.7")
        self.assertIn("committed record: fresh", said)


class Reports(CommandTest):
    def test_junit_and_json_have_a_case_for_every_program_and_check(self):
        self.page(snippet("one", "print(1)", "1"), snippet("bad", "print('\\x1b[31m<&\\x00\\x7f\\ufffe')", "x"),
                  '```python skip="needs <a> & \\"network\\"" id=net\nx\n```\n')
        words = ("verify", "--report", f"junit={self.folder}/j.xml", "--report", f"json={self.folder}/j.json")
        self.status(1, *words)
        first = (self.folder / "j.xml").read_bytes()
        root = ElementTree.fromstring(first)
        cases = {c.get("name"): c for c in root.iter("testcase")}
        self.assertEqual(len(cases["code#one"]), 0)
        self.assertEqual(len(cases["code#one: output"]), 0)
        failure = cases["code#bad"].find("failure")
        self.assertIn("content/guides/code.md:", failure.text)
        self.assertIn("[output-mismatch]", failure.text)
        self.assertEqual(cases["code#bad"].get("line"), "12")
        self.assertEqual(cases["code#bad"].get("file"), "content/guides/code.md")
        self.assertIsNotNone(cases["code#bad: output"].find("failure"))
        self.assertEqual(cases["code#net"].find("skipped").get("message"), 'needs <a> & "network"')
        self.assertEqual(len(cases["content/guides/code.md"]), 0)
        self.assertNotIn(b"time=", first)
        for suite in [root, *root.iter("testsuite")]:
            inside = list(suite.iter("testcase"))
            self.assertEqual(suite.get("tests"), str(len(inside)))
            self.assertEqual(suite.get("failures"), str(sum(c.find("failure") is not None for c in inside)))
            self.assertEqual(suite.get("skipped"), str(sum(c.find("skipped") is not None for c in inside)))
        listed = json.loads((self.folder / "j.json").read_text())
        self.assertEqual({c["name"] for c in listed["cases"]}, set(cases))
        self.assertEqual(sum(listed["totals"].values()), len(cases))
        self.status(1, *words)
        self.assertEqual((self.folder / "j.xml").read_bytes(), first)

    def test_every_error_fails_a_case(self):
        self.page("[a](nowhere.md)\n\n", snippet("one", "print(1)", "1"))
        self.status(1, "build", "--report", f"junit={self.folder}/j.xml")
        root = ElementTree.parse(self.folder / "j.xml").getroot()
        failed = [c.get("name") for c in root.iter("testcase") if c.find("failure") is not None]
        self.assertEqual(failed, ["content/guides/code.md"])

    def test_a_good_site_has_no_failure_and_a_claim_is_a_case(self):
        self.page(snippet("one", "print('total=6')", "total=6"), "Six it is. {{ claim #one total == 6 }}\n")
        self.status(0, "verify", "--report", f"junit={self.folder}/j.xml")
        root = ElementTree.parse(self.folder / "j.xml").getroot()
        self.assertEqual((root.get("failures"), root.get("skipped")), ("0", "0"))
        self.assertEqual(len([c for c in root.iter("testcase") if c.get("classname") == "claims"]), 1)

    def test_a_report_that_cannot_be_written_is_said(self):
        self.good()
        self.status(3, "verify", "--report", "junit=/proc/nowhere/x.xml")
        done = self.status(0, "verify", "--quiet", "--report", "json=/dev/stdout")
        self.assertIn("cases", json.loads(done.stdout))


if __name__ == "__main__":
    unittest.main(verbosity=2)
