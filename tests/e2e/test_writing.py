"""Spelling, with a dictionary of our own; links to the glossary; and the real content, which passes every rule."""
import re
import shutil
import stat
import subprocess
import unittest

from fixture import DRILLPRESS, SOURCE, SiteTest

# Knows the words of `words` beside it; answers as hunspell does.
HUNSPELL = """#!/usr/bin/env python3
import pathlib, sys
here = pathlib.Path(__file__).parent
known = set((here / "words").read_text().split())
with open(here / "started", "a") as log:
    log.write("x")
print("@(#) International Ispell Version 3.2.06 (but really Hunspell 1.7.1)")
for line in sys.stdin:
    word = line.strip()[1:]
    if word in known or word[:1].lower() + word[1:] in known:
        print("*")
    elif word == "teh":
        print("& teh 4 0: the, tea, ten, eth")
    else:
        print(f"# {word} 0")
    print()
"""
GLOSSARY = """---
title: Glossary
unlinked: [power]
---
### Warp {#warp}

Thirty-two lanes. See [a page](about-warps.md).

### Warp shuffle {#warp-shuffle}

Exchange "between" lanes.

### NCCL {#nccl}

A library.

### Power {#power}

Of a test.

### Memory hierarchy {#memory-hierarchy}

Levels.
"""


class Spelling(SiteTest):
    def setUp(self):
        super().setUp()
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        (self.tools / "words").write_text("the words of this page are a text and of that one in")
        file = self.tools / "hunspell"
        file.write_text(HUNSPELL)
        file.chmod(file.stat().st_mode | stat.S_IEXEC)
        self.write("site/site.yaml", "title: Spelling\nrules: [spelling]\n")

    def check(self, text):
        self.write("content/pages/a.md", "---\ntitle: A\n---\n" + text)
        return self.command("check", "--tools", self.tools)

    def test_unknown_words_once_a_page_with_suggestions(self):
        done = self.check("The words of teh page\nand teh *grumf* of text.\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("content/pages/a.md:4:14: error: `teh` is in no dictionary [spelling]", done.stderr)
        self.assertIn("did you mean `the`, `tea`, `ten`?", done.stderr)
        self.assertIn("content/pages/a.md:5:10: error: `grumf` is in no dictionary", done.stderr)
        self.assertEqual(done.stderr.count("[spelling]"), 2)

    def test_only_prose_is_checked(self):
        done = self.check("The words `xqz`, $xqz$, GPUx9, CUDA, PyTorch, a_bcd and <https://xqz.org/xqz> of [text](#xqz-id).\n\n"
                          "## Text {#xqz-id}\n\n```bash\nxqz\n```\n\n{{ evidence reported 2026-03 \"xqz\" }}\n")
        self.assertEqual((done.returncode, done.stderr.count("[spelling]")), (0, 0), done.stderr)

    def test_one_process_for_all_pages(self):
        self.write("content/pages/b.md", "---\ntitle: B\n---\nThe text.\n")
        self.assertEqual(self.check("The page.\n").returncode, 0)
        self.assertEqual((self.tools / "started").read_text(), "x")

    def test_the_sites_own_words(self):
        self.write("content/dictionary.txt", "Grumf\nblarg\n")
        done = self.check("Blarg of blarg and Grumf.\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.check("The grumf of blarg.\n")
        self.assertIn("`grumf` is in no dictionary", done.stderr)
        self.assertIn("content/dictionary.txt:1:1: warning: no page uses `Grumf` [dictionary]", done.stderr)

    def test_a_hunspell_that_fails_is_a_warning(self):
        (self.tools / "hunspell").write_text("#!/bin/sh\necho no dictionary >&2\nexit 1\n")
        done = self.check("The page.\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn("warning: spelling was not checked: hunspell failed: no dictionary [spelling-unchecked]", done.stderr)


class Terms(SiteTest):
    def links(self, text, slug="a"):
        self.write("content/pages/glossary.md", GLOSSARY)
        self.write("content/pages/about-warps.md", "---\ntitle: Warps\n---\nA warp.\n")
        self.write(f"content/pages/{slug}.md", "---\ntitle: A\n---\n" + text)
        self.assert_built(self.build())
        html = self.public(f"pages/{slug}.html").read_text()
        return re.findall(r'<a class="term" href="([^"]*)" title="([^"]*)">([^<]*)</a>', html)

    def test_first_use_only_longest_first_plural_and_capital(self):
        self.assertEqual(self.links("Warps use a warp shuffle; warp shuffles move data between warps and Warp.\n"),
                         [("glossary.html#warp", "Thirty-two lanes.", "Warps"),
                          ("glossary.html#warp-shuffle", "Exchange &quot;between&quot; lanes.", "warp shuffle")])

    def test_plural_in_y_and_names_as_they_are(self):
        self.assertEqual([text for _, _, text in self.links("Memory hierarchies, nccl and NCCL.\n")], ["Memory hierarchies", "NCCL"])

    def test_not_in_headings_links_code_tables_and_other_words(self):
        self.assertEqual(self.links("## Warp\n\n[warp](glossary.md), `warp`, warped, sub-warp, warp-wide, power.\n\n| warp |\n|---|\n| warp |\n"), [])

    def test_the_page_that_explains_a_term_does_not_link_it(self):
        self.links("A warp.\n")
        self.assertNotIn('class="term"', self.public("pages/about-warps.html").read_text())
        self.assertNotIn('class="term"', self.public("pages/glossary.html").read_text())

    def test_at_most_twelve_and_the_rarest(self):
        names = [f"Term{chr(97 + i)}" for i in range(15)]
        entries = "".join(f"### {name} {{#{name.lower()}}}\n\nText.\n\n" for name in names)
        self.write("content/pages/glossary.md", "---\ntitle: Glossary\n---\n" + entries)
        self.write("content/pages/b.md", "---\ntitle: B\n---\n" + ", ".join(names[:3]) + "\n")
        self.write("content/pages/a.md", "---\ntitle: A\n---\n" + ", ".join(names) + "\n")
        self.assert_built(self.build())
        found = re.findall(r'class="term"[^>]*>([^<]*)<', self.public("pages/a.html").read_text())
        self.assertEqual(found, names[3:])


class RealContent(unittest.TestCase):
    @unittest.skipUnless(shutil.which("hunspell"), "hunspell is not installed")
    def test_the_content_passes(self):
        done = subprocess.run([DRILLPRESS, "check", "--root", SOURCE], capture_output=True, text=True, timeout=300)
        errors = [line for line in done.stderr.splitlines() if ": error: " in line]
        self.assertEqual((done.returncode, errors), (0, []))


if __name__ == "__main__":
    unittest.main()
