#include "markdown_fixture.h"

using namespace drillpress::markdown;
using namespace drillpress::markdown::testing;

namespace {

std::string site(const std::string& text, const Hooks& hooks = {}) {
  return render_html(parse(text).document, hooks);
}

}  // namespace

TEST_CASE("site rendering of blocks", "[markdown]") {
  CHECK(site("## A & b\n") == "<h2 id=\"a-b\">A &amp; b</h2>\n");
  CHECK(site("| a | b |\n|:-|-|\n| 1 | 2 |\n") ==
        "<section class=\"table-scroll\" tabindex=\"0\" aria-label=\"Table 1: a, "
        "b\">\n<table>\n<thead>\n<tr>\n"
        "<th scope=\"col\" class=\"align-left\">a</th>\n<th "
        "scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
        "<td class=\"align-left\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n</section>\n");
  CHECK(site("- [x] a *b* {#t}\n- [ ] c\n") ==
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" id=\"t\" data-item=\"t\" checked> "
        "<label for=\"t\">a <em>b</em></label></li>\n"
        "<li class=\"task\"><label><input type=\"checkbox\" disabled> c</label></li>\n</ul>\n");
  CHECK(site("- a {#x}\n") == "<ul>\n<li id=\"x\">a</li>\n</ul>\n");
  CHECK(site("```cuda run\n<<<1>>>\n```\n") ==
        "<pre tabindex=\"0\"><code class=\"language-cuda\">&lt;&lt;&lt;1&gt;&gt;&gt;\n</code></pre>\n");
}

TEST_CASE("strong and weak answers are paired, also nested and in threes", "[markdown]") {
  const auto divs = [](const std::string& html) {
    std::size_t count = 0;
    for (std::size_t at = html.find("versus"); at != std::string::npos; at = html.find("versus", at + 1))
      ++count;
    return count;
  };
  CHECK(divs(site("> [!STRONG]\n> a\n\n> [!WEAK]\n> b\n")) == 1);
  CHECK(divs(site("> [!STRONG]\n> a\n\ntext\n\n> [!WEAK]\n> b\n")) == 0);
  CHECK(divs(site("> [!STRONG]\n> a\n\n> [!WEAK]\n> b\n\n> [!STRONG]\n> c\n")) == 1);
  CHECK(divs(site("> [!STRONG]\n> a\n\n> [!NOTE]\n> b\n")) == 0);
  const std::string nested =
      site("> [!STRONG]\n> > [!WEAK]\n> > a\n>\n> > [!STRONG]\n> > b\n\n> [!WEAK]\n> c\n");
  CHECK(divs(nested) == 2);
  CHECK(nested.substr(nested.size() - 7) == "</div>\n");
}

TEST_CASE("footnotes link both ways", "[markdown]") {
  const std::string html = site("a[^n] b[^n]\n\n[^n]: note\n");
  CHECK(html.find("href=\"#fn-1\" id=\"fnref-1\" role=\"doc-noteref\" aria-label=\"Footnote 1\"") !=
        std::string::npos);
  CHECK(html.find("<li id=\"fn-1\">") != std::string::npos);
  CHECK(html.find("href=\"#fnref-1\"") != std::string::npos);
  CHECK(html.find("href=\"#fnref-1-2\"") != std::string::npos);
  CHECK(html.find("role=\"doc-endnotes\"") != std::string::npos);
}

TEST_CASE("hooks decide", "[markdown]") {
  Hooks hooks;
  hooks.code_block = [](const Node& node, const CodeBlock& block) {
    return "<figure>" + block.language + node.literal + "</figure>";
  };
  hooks.destination = [](const Node&, const Link& link) -> std::optional<std::string> {
    if (link.destination == "a.md") return "a.html?x&y";
    return std::nullopt;
  };
  hooks.directive = [](const Node&, const Directive& d) { return (d.block ? "<div>" : "<span>") + d.name; };
  hooks.heading_anchor = [](const Node&, const Heading& h) { return "<a href=\"#" + h.id + "\">#</a>"; };
  hooks.task_attributes = [](const Node&, const Item& item) { return "data-key=\"k-" + item.id + "\""; };
  CHECK(site("```text\nx\n```\n", hooks) == "<figure>textx\n</figure>\n");
  CHECK(site("[l](a.md) ![i](b.png \"t\")\n", hooks) ==
        "<p><a href=\"a.html?x&amp;y\">l</a> <img src=\"b.png\" alt=\"i\" title=\"t\"></p>\n");
  CHECK(site("a {{ x }}\n\n{{ y }}\n", hooks) == "<p>a <span>x</p>\n<div>y\n");
  CHECK(site("## H\n", hooks) == "<h2 id=\"h\">H<a href=\"#h\">#</a></h2>\n");
  CHECK(site("- [ ] t {#i}\n", hooks).find("data-item=\"i\" data-key=\"k-i\"") != std::string::npos);
}

TEST_CASE("nothing unescaped reaches the page", "[markdown]") {
  const std::string html = site(
      "a \\<script> & \"q\" `<i>` [x](javascript:'\" \"t\\\"<\") ![<b\\>](<a b\"c>)\n\n{{ x \"<&\" "
      "}}\n\n```a<b\"c\n</code>\n```\n");
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("<i>") == std::string::npos);
  CHECK(html.find("class=\"language-a&lt;b&quot;c\"") != std::string::npos);
  CHECK(html.find("{{ x &quot;&lt;&amp;&quot; }}") != std::string::npos);
  CHECK(html.find("style=") == std::string::npos);
}
