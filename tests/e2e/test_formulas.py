"""Formulas: typeset once by one process, kept in the committed cache, and an error where they are wrong."""
import json
import os
import pathlib
import shutil
import stat
import unittest

from fixture import SOURCE, SiteTest

# Answers as site/tools/maths.mjs does, and writes down that it was started.
NODE = """#!/usr/bin/env python3
import json, sys, pathlib
with open(pathlib.Path(__file__).parent / "started", "a") as log:
    log.write("x")
results = []
for formula in json.load(sys.stdin)["formulas"]:
    tex = formula["tex"]
    if "\\\\bad" in tex:
        results.append({"error": "Unsupported function name: \\\\bad", "offset": tex.index("\\\\bad")})
    elif "\\\\red" in tex:
        results.append({"mathml": '<math><mi style="color:red">x</mi></math>'})
    else:
        results.append({"mathml": "<math><mi>" + tex.replace("<", "&lt;") + "</mi></math>"})
print(json.dumps({"temml": "0.13.5", "results": results}))
"""
PAGE = "---\ntitle: Formulas\n---\nThe $a$ and\nthe $b$.\n\n$$a$$\n"


class Formulas(SiteTest):
    def setUp(self):
        super().setUp()
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        self.write("content/pages/a.md", PAGE)

    def node(self, text=NODE):
        file = self.tools / "node"
        file.write_text(text)
        file.chmod(file.stat().st_mode | stat.S_IEXEC)

    def starts(self):
        log = self.tools / "started"
        return len(log.read_text()) if log.exists() else 0

    def make(self, *arguments):
        return self.build("--tools", self.tools, *arguments)

    def cache(self):
        return self.root / "content/maths/cache.jsonl"

    def test_one_process_for_all_and_none_afterwards(self):
        self.node()
        self.assert_built(self.make())
        page = self.public("pages/a.html").read_text()
        self.assertIn("The <math><mi>a</mi></math> and\nthe <math><mi>b</mi></math>.", page)
        self.assertIn('<div class="formula" role="group" aria-label="Formula" tabindex="0"><math><mi>a</mi></math></div>', page)
        self.assertIn("assets/maths.css", page)
        self.assertEqual([json.loads(line)["tex"] for line in self.cache().read_text().splitlines()], ["a", "a", "b"])
        before = self.cache().read_bytes()
        (self.tools / "node").unlink()
        self.assert_built(self.make())
        self.assertEqual((self.starts(), self.cache().read_bytes()), (1, before))
        self.node()
        self.edit("content/pages/a.md", "$b$", "$c$")
        self.assert_built(self.make())
        self.assertEqual(self.starts(), 2)

    def test_wrapping_a_paragraph_anew_needs_no_node(self):
        self.node()
        self.write("content/pages/a.md", "---\ntitle: Formulas\n---\nThe $a + b$.\n")
        self.assert_built(self.make())
        self.edit("content/pages/a.md", "$a + b$", "$a +\n  b$")
        self.assert_built(self.make())
        self.assertEqual(self.starts(), 1)

    def test_wrong_tex_is_an_error_at_its_place_and_the_rest_is_kept(self):
        self.node()
        self.edit("content/pages/a.md", "$b$", "$b + \\bad{x}$, $\\red$")
        done = self.make()
        self.assertEqual(done.returncode, 1)
        self.assertIn("content/pages/a.md:5:10: error: this formula cannot be typeset: Unsupported function name: \\bad [formula-error]",
                      done.stderr)
        self.assertIn("content/pages/a.md:5:20: error: this formula cannot be typeset: it needs the inline style `color:red`",
                      done.stderr)
        self.assertEqual(len(self.cache().read_text().splitlines()), 2)

    def test_without_node_every_new_formula_is_an_error(self):
        done = self.make()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("[formula-untypeset]"), 3)
        self.assertIn("npm ci --prefix site", done.stderr)
        self.assertFalse(self.cache().exists())

    def test_a_tool_that_answers_wrongly_is_an_error(self):
        for answer in ("", "[]", '{"failure": "temml is not installed"}', '{"temml": "0.1.0", "results": []}',
                       '{"temml": "0.13.5", "results": []}', '{"temml": "0.13.5", "results": [1, 2, 3]}'):
            self.node(f"#!/bin/sh\ncat >/dev/null\nprintf '%s' '{answer}'\n")
            done = self.make()
            self.assertEqual(done.returncode, 1, answer)
            self.assertIn("formula-", done.stderr, answer)

    def test_record_takes_out_what_is_not_used(self):
        self.node()
        self.assert_built(self.make())
        self.edit("content/pages/a.md", "$b$", "b")
        self.assertIn("1 entry of the formula cache is used by no page", self.command("check").stdout)
        done = self.command("record", "--tools", self.tools)
        self.assertIn("wrote content/maths/cache.jsonl", done.stdout, done.stderr)
        self.assertEqual([json.loads(line)["tex"] for line in self.cache().read_text().splitlines()], ["a", "a"])
        self.assertNotIn("cache", self.command("check").stdout)

    def test_pages_without_formulas_have_no_stylesheet_for_them(self):
        self.write("content/pages/a.md", "---\ntitle: Prices\n---\nFrom $5 to $10.\n")
        self.assert_built(self.make())
        self.assertNotIn("maths.css", self.public("pages/a.html").read_text())

    @unittest.skipUnless(shutil.which("node") and (SOURCE / "site/node_modules/temml").is_dir(), "needs Node and Temml")
    def test_temml_itself(self):
        self.write("site/site.yaml", "title: Formulas\n")
        os.symlink(SOURCE / "site/node_modules", self.root / "site/node_modules")
        self.edit("content/pages/a.md", "$b$", "$\\frac{1}{2} < x$")
        self.assert_built(self.build())
        self.assertIn("<mfrac><mn>1</mn><mn>2</mn></mfrac><mo>&lt;</mo><mi>x</mi>", self.public("pages/a.html").read_text())
        self.edit("content/pages/a.md", "$\\frac{1}{2} < x$", "$\\frac{1} + \\nonsense$")
        done = self.build()
        self.assertIn("content/pages/a.md:5:17: error: this formula cannot be typeset", done.stderr)


if __name__ == "__main__":
    unittest.main()
