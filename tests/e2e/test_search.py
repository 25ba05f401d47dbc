"""What is written for the search, for feeds and for crawlers."""
import json
import re
import unittest
import xml.etree.ElementTree as ElementTree

from fixture import GUIDE, SiteTest

ATOM = "{http://www.w3.org/2005/Atom}"
LIBRARY = "(function () { /* a library */ })();\n//# sourceMappingURL=index.js.map\n"
CARD = """---
title: A <card>
question: "How large is {it} & why?"
description: About sizes.
area: Sizes
roles: [engineer]
topics: [size]
aliases: [old-name]
difficulty: hard
date: 2026-02-01
updated: 2026-03-04
---
## Why they ask

They *want* `float4` and [a link](../guides/first.md) {{ evidence reported 2026-03 "candidates" }}.

## In sixty seconds

Short.

## In depth

Before.

### Deeper

```cpp skip="an example"
int main() { cudaMemcpyAsync(0, 0, size); float x = 1.0f; }
```

| a | b |
|---|---|
| left | right |

## What a strong answer shows

Strong.

## What sinks a weak one

Weak.

## Follow-ups

More.
"""


class Search(SiteTest):
    def site(self, installed=True):
        self.write("content/guides/first.md", GUIDE)
        self.write("content/cards/size.md", CARD)
        self.write("content/roles.yaml", "- id: engineer\n  title: Engineer\n")
        self.write("content/topics.yaml", "- id: size\n  title: Size\n")
        self.write("content/pages/glossary.md", "---\ntitle: Glossary\n---\n## A\n\n### Atom {#atom}\n\nSmall.\n")
        self.write("site/package.json", "{}\n")
        if installed:
            self.write("site/node_modules/minisearch/dist/umd/index.js", LIBRARY)
            self.write("site/node_modules/minisearch/LICENSE.txt", "Copyright somebody\n")

    def index(self):
        """The first file's facts, with the pages of every file."""
        def pages_of(call):
            self.assertTrue(call.startswith("drillpressIndex.pages.push(") and call.endswith(");\n"), call[:60])
            return json.loads("[" + call[len("drillpressIndex.pages.push("):-3] + "]")

        head, pages = self.public("assets/search-index.js").read_text().split(";\n", 1)
        self.assertTrue(head.startswith("var drillpressIndex = "))
        index = json.loads(head[len("var drillpressIndex = "):])
        index["pages"] = pages_of(pages)
        for file in index["files"]:
            index["pages"] += pages_of(self.public(file).read_text())
        return index

    def test_texts_are_of_the_tree_with_names_of_code(self):
        self.site()
        self.assert_built(self.build())
        index = self.index()
        card = next(page for page in index["pages"] if page["kind"] == "card")
        self.assertEqual((card["url"], card["title"], card["question"], card["difficulty"], card["roles"], card["topics"]),
                         ("cards/size.html", "A <card>", "How large is {it} & why?", "hard", [0], [0]))
        self.assertIn("old-name", card["names"])
        parts = {part[0]: part for part in card["parts"]}
        self.assertEqual(parts["why-they-ask"][1:], ["Why they ask", "They want float4 and a link.", ""])
        self.assertEqual(parts["in-depth"][2], "Before.")
        self.assertEqual(parts["deeper"][1:], ["Deeper", "a b left right", "cudaMemcpyAsync"])
        self.assertEqual(index["roles"], [["engineer", "Engineer"]])

    def test_a_large_site_is_spread_over_several_files(self):
        self.site()
        for i in range(6):
            self.write(f"content/pages/long{i}.md", f"---\ntitle: Long {i}\n---\n## One\n\n" + "word; " * 60_000 + "\n")
        self.assert_built(self.build())
        index = self.index()
        self.assertEqual(index["files"], ["assets/search-index-2.js", "assets/search-index-3.js"])
        self.assertEqual(sum(page["title"].startswith("Long") for page in index["pages"]), 6)

    def test_terms_are_entries_of_their_own(self):
        self.site()
        self.assert_built(self.build())
        pages = self.index()["pages"]
        term = next(page for page in pages if page["kind"] == "term")
        self.assertEqual((term["url"], term["title"], term["parts"]),
                         ("pages/glossary.html#atom", "Atom", [["", "", "Small.", ""]]))
        self.assertEqual([page["parts"] for page in pages if page["url"] == "pages/glossary.html"], [[]])

    def test_the_library_comes_behind_its_licence_and_pages_name_the_files(self):
        self.site()
        self.assert_built(self.build())
        script = self.public("assets/search.js").read_text()
        self.assertTrue(script.startswith("/*\nCopyright somebody\n*/\n(function () { /* a library */ })();\n"))
        self.assertNotIn("sourceMappingURL", script)
        self.assertIn("createRanking", script)
        page = self.public("cards/size.html").read_text()
        self.assertIn('data-root="../" data-script="assets/search.js"', page)

    def test_without_the_package_one_warning_and_no_search(self):
        self.site(installed=False)
        done = self.build()
        self.assert_built(done)
        self.assertEqual(done.stderr.count("[environment]"), 1, done.stderr)
        self.assertIn("built without search", done.stderr)
        for name in ("assets/search.js", "assets/search.css", "assets/search-index.js"):
            self.assertFalse(self.public(name).exists(), name)
        page = self.public("cards/size.html").read_text()
        self.assertNotIn("data-script", page)
        self.assertIn('href="../search.html"', page)
        self.assertIn("cards/size.html", self.public("search.html").read_text())

    def test_a_site_without_packages_is_not_warned(self):
        self.write("content/guides/first.md", GUIDE)
        done = self.build()
        self.assert_built(done)
        self.assertNotIn("search", done.stderr)
        self.assertFalse(self.public("assets/search-index.js").exists())

    def test_mistakes_in_the_words_are_shown_at_their_line(self):
        self.site()
        self.write("site/search-synonyms.yaml", "same:\n  - {word: a, form: [b]}\n")
        done = self.build()
        self.assertEqual(done.returncode, 1)
        self.assertIn("site/search-synonyms.yaml:2:", done.stderr)
        self.assertIn("[unknown-key]", done.stderr)


class Feeds(SiteTest):
    def test_the_feed_lists_dated_pages_newest_first(self):
        self.write("content/guides/first.md", GUIDE)
        self.write("content/pages/undated.md", "---\ntitle: Undated\n---\nText.\n")
        self.write("content/pages/later.md", "---\ntitle: \"Later & <better>\"\ndate: 2026-02-02\nupdated: 2026-05-06\n---\nText.\n")
        self.assert_built(self.build())
        feed = ElementTree.parse(self.public("feed.xml")).getroot()
        entries = feed.findall(ATOM + "entry")
        self.assertEqual([entry.find(ATOM + "title").text for entry in entries], ["Later & <better>", "A guide"])
        self.assertEqual(feed.find(ATOM + "updated").text, "2026-05-06T00:00:00Z")
        self.assertEqual([entry.find(ATOM + "link").get("href") for entry in entries],
                         ["pages/later.html", "guides/first.html"])
        for entry in entries:
            self.assertRegex(entry.find(ATOM + "id").text, r"^urn:")
        self.assertFalse(self.public("sitemap.xml").exists())

    def test_a_published_site_has_a_map_with_absolute_addresses(self):
        self.write("content/guides/first.md", GUIDE)
        self.write("site/site.yaml", "base_url: https://example.org/prep\n")
        self.assert_built(self.build())
        places = re.findall(r"<loc>(.*?)</loc>", self.public("sitemap.xml").read_text())
        self.assertEqual(places, ["https://example.org/prep/guides/first.html"])
        self.assertIn("Sitemap: https://example.org/prep/sitemap.xml", self.public("robots.txt").read_text())
        feed = ElementTree.parse(self.public("feed.xml")).getroot()
        self.assertEqual(feed.find(ATOM + "entry").find(ATOM + "id").text, "https://example.org/prep/guides/first.html")


if __name__ == "__main__":
    unittest.main()
