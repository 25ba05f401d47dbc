"""Building sites without any CUDA: defaults, determinism, bad input, and the output folder."""
import json
import os
import unittest

from fixture import GUIDE, SiteTest


class Build(SiteTest):
    def test_a_folder_with_one_guide_is_enough(self):
        self.write("content/guides/first.md", GUIDE)
        self.assert_built(self.build())
        page = self.public("guides/first.html").read_text()
        self.assertIn("<h1", page)
        self.assertIn('id="first"', page)
        pages = json.loads(self.public("api/index.json").read_text())["pages"]
        self.assertEqual([(p["id"], p["kind"], p["title"], p["url"]) for p in pages],
                         [("first", "guide", "A guide", "guides/first.html")])
        for key in ("roles", "topics", "difficulty"):
            self.assertIn(key, pages[0])
        self.assertEqual(json.loads(self.public("ledger.json").read_text()), {"claims": [], "entries": []})
        for name in ("index.html", "guides/index.html", "404.html"):
            self.assertTrue(self.public(name).exists(), name)

    def test_two_folders_give_the_same_bytes_whatever_the_threads(self):
        self.write("content/guides/first.md", GUIDE)
        for i in range(20):
            self.write(f"content/pages/p{i}.md", f"---\ntitle: Page {i}\n---\nSee [it](../guides/first.md#first).\n")
        self.assert_built(self.build("-j", "1"))
        first = self.snapshot()
        other = self.folder / "elsewhere" / "deep"
        self.assert_built(self.build("-j", "7", "--out", other))
        self.assertEqual(first, self.snapshot(other))
        moved = self.folder / "moved"
        self.root.rename(moved)
        self.root = moved
        self.assert_built(self.build("--out", self.folder / "third"))
        self.assertEqual(first, self.snapshot(self.folder / "third"))

    def test_links_lead_to_files_that_exist(self):
        self.write("content/guides/first.md", GUIDE + "\n[card](../cards/c.md#in-depth), [data](data.csv)\n")
        self.write("content/guides/data.csv", "1,2\n")
        from_new = self.command("new", "card", "c")
        self.assertEqual(from_new.returncode, 0, from_new.stderr)
        self.assert_built(self.build())
        page = self.public("guides/first.html").read_text()
        self.assertIn('href="../cards/c.html#in-depth"', page)
        self.assertIn('href="../files/content/guides/data.csv"', page)
        self.assertEqual(self.public("files/content/guides/data.csv").read_text(), "1,2\n")

    def test_mistakes_are_all_reported_and_the_old_site_stays(self):
        self.write("content/guides/first.md", GUIDE)
        self.assert_built(self.build())
        before = self.snapshot()
        self.write("content/guides/second.md", "---\ntitel: x\n---\n[a](nowhere.md)\n")
        self.write("content/guides/bad.md", b"---\ntitle: \xff\n---\n")
        self.write("content/guides/huge.md", b"---\ntitle: Huge\n---\n" + b"x" * (100 << 20))
        self.write("content/guides/folder.md/inside", "x")
        os.symlink("/etc/passwd", self.root / "content/guides/leak.md")
        done = self.build()
        self.assertEqual(done.returncode, 1, done.stderr)
        for expected in ("second.md:2:1: error", "[unknown-key]", "[missing-field]", "second.md:4:5: error", "[broken-link]",
                         "bad.md:2:8: error", "[invalid-utf8]", "huge.md:1:1: error", "[bad-file]", "folder.md:1:1: error",
                         "leak.md:1:1: error", "[symlink-outside]"):
            self.assertIn(expected, done.stderr)
        self.assertNotIn(str(self.root), done.stderr.replace(f"{self.root}/public", ""))
        self.assertEqual(self.snapshot(), before)
        self.assertEqual([p.name for p in self.root.iterdir() if p.name.startswith("public")], ["public"])

    def test_diagnostics_as_json(self):
        self.write("content/guides/first.md", "---\ntitle: x\n---\n[a](nowhere.md)\n")
        done = self.command("check", "--format", "json")
        self.assertEqual(done.returncode, 1)
        found = json.loads(done.stdout)
        self.assertEqual([(d["code"], d["span"]["file"], d["span"]["line"], d["span"]["column"]) for d in found],
                         [("broken-link", "content/guides/first.md", 4, 5)])
        self.assertEqual(done.stderr, "")

    def test_check_writes_nothing(self):
        self.write("content/guides/first.md", GUIDE)
        before = sorted(self.root.rglob("*"))
        self.assertEqual(self.command("check").returncode, 0)
        self.assertEqual(sorted(self.root.rglob("*")), before)

    def test_a_folder_that_is_no_site_is_not_replaced(self):
        self.write("content/guides/first.md", GUIDE)
        precious = self.folder / "precious"
        precious.mkdir()
        (precious / "thesis.txt").write_text("years of work")
        done = self.build("--out", precious)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("not a site that drillpress built", done.stderr)
        self.assertEqual((precious / "thesis.txt").read_text(), "years of work")
        done = self.build("--out", self.root)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertTrue((self.root / "content/guides/first.md").exists())

    def test_drafts_are_left_out(self):
        self.write("content/guides/first.md", GUIDE)
        self.write("content/guides/second.md", "---\ntitle: Later\ndraft: true\n---\n")
        self.assert_built(self.build())
        self.assertFalse(self.public("guides/second.html").exists())

    def test_pages_follow_edits_and_removals(self):
        self.write("content/guides/first.md", GUIDE)
        self.write("content/guides/second.md", GUIDE.replace("A guide", "Another"))
        self.assert_built(self.build())
        self.edit("content/guides/first.md", "Text.", "Other text.")
        (self.root / "content/guides/second.md").unlink()
        self.assert_built(self.build())
        self.assertIn("Other text.", self.public("guides/first.html").read_text())
        self.assertFalse(self.public("guides/second.html").exists())

    def test_thousands_of_pages(self):
        for i in range(3000):
            self.write(f"content/pages/p{i}.md", f"---\ntitle: Page {i}\n---\n## One\n\nSee [next](p{(i + 1) % 3000}.md#one).\n")
        self.assert_built(self.build())
        self.assertEqual(len(list(self.public("pages").glob("p*.html"))), 3000)


class CommandLine(SiteTest):
    def test_help_everywhere(self):
        top = self.run_program("--help")
        self.assertEqual(top.returncode, 0)
        for command in ("build", "check", "verify", "run", "record", "records", "accept", "emulate", "new", "explain"):
            self.assertIn(command, top.stdout)
            one = self.run_program(command, "--help")
            self.assertEqual(one.returncode, 0, command)
            self.assertIn("Usage", one.stdout)

    def test_wrong_usage_is_status_2(self):
        for words in ([], ["biuld"], ["build", "--frobnicate"], ["build", "-j", "0"], ["build", "--format", "xml"],
                      ["new", "poem", "x"], ["new", "card", "Bad Name"], ["explain", "no-such-thing"], ["run"]):
            self.assertEqual(self.run_program(*words).returncode, 2, words)

    def test_a_root_that_is_not_there(self):
        done = self.run_program("build", "--root", self.folder / "nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no folder `content` here", done.stderr)

    def test_explain_knows_every_code(self):
        done = self.run_program("explain", "unknown-drill")
        self.assertEqual(done.returncode, 0)
        self.assertIn("unknown-drill:", done.stdout)

    def test_new_pages_pass_the_checks_and_are_not_overwritten(self):
        for kind in ("guide", "card", "checklist", "page", "scorecard"):
            self.assertEqual(self.command("new", kind, f"my-{kind}").returncode, 0)
        self.assertEqual(self.command("check").returncode, 0)
        self.assert_built(self.build())
        before = (self.root / "content/cards/my-card.md").read_text()
        again = self.command("new", "card", "my-card")
        self.assertEqual(again.returncode, 2)
        self.assertEqual((self.root / "content/cards/my-card.md").read_text(), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
