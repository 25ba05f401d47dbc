// Formulas in Markdown: what is one, what stays text, and where its TeX lies.
#include "markdown_fixture.h"

using namespace drillpress::markdown;
using namespace drillpress::markdown::testing;

namespace {

// TeX of every formula, display ones between `[` and `]`.
Texts formulas(const Parsed& p) {
  Texts out;
  for (NodeId id = 0; id < p.document.nodes().size(); ++id) {
    const Node& node = p.document.node(id);
    if (node.kind != Kind::kFormula) continue;
    const bool display = p.document.data<Formula>(id).display;
    out.push_back(display ? "[" + node.literal + "]" : node.literal);
  }
  return out;
}

}  // namespace

TEST_CASE("dollars around TeX are formulas", "[markdown][formula]") {
  const std::pair<const char*, Texts> cases[] = {
      {"a $x^2$ b", {"x^2"}},
      {"$x$", {"x"}},
      {"($x$, $y$)", {"x", "y"}},
      {"the $n$th and $x$-axis", {"n", "x"}},
      {"$a_b$ and $c_d$ are no emphasis, nor $a*b$ and $c*d$", {"a_b", "c_d", "a*b", "c*d"}},
      {"$\\frac{1}{2}$ and $\\{x\\}$ and $a\\\\b$", {"\\frac{1}{2}", "\\{x\\}", "a\\\\b"}},
      {"$5\\$$ in TeX", {"5\\$"}},
      {"wrapped $a +\n  b$ here", {"a + b"}},
      {"**$x$** and [$y$](b.md)", {"x", "y"}},
      {"``$`a|b`$`` is code, $`a_b`$ is not", {"a_b"}},
      {"$<x>$ is no HTML", {"<x>"}},
      {"$[^1]$ is no footnote and ${{x}}$ no directive", {"[^1]", "{{x}}"}},
      {"$$x + y$$", {"[x + y]"}},
      {"$$\nx\n\\qquad y\n$$", {"[x \\qquad y]"}},
      {"- item\n\n  $$x$$", {"[x]"}},
      {"> $$\n> a\n> b\n> $$", {"[a b]"}},
      {"```math\na\n\n= b\n```", {"[a = b]"}},
      {"## About $x$", {"x"}},
      {"| a |\n|---|\n| $\\|x\\|$ and $y$ |", {"|x|", "y"}},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    const Parsed p = parse(std::string(text) + "\n");
    if (std::string_view(text).find("(b.md)") == std::string_view::npos) CHECK(p.findings.empty());
    CHECK(formulas(p) == expected);
  }
}

TEST_CASE("prices, code and escaped dollars stay text", "[markdown][formula]") {
  const char* cases[] = {
      "$5 and $10",
      "from $5 to $10, or $15",
      "$5-$10",
      "US$5 and CA$6",
      "$ x $",
      "$x $ and $ y$",
      "a $ alone",
      "`$x$`",
      "\\$x$ and \\$y\\$",
      "$PATH and $HOME",
      "$400K/$600K",
      "cost$x$",
      "    $indented$",
      "```bash\necho $a $b$\n```",
      "$200,000 ($250,000 with stock)",
      "$a `code` b$",
      "$150k–$200k",
      "$",
      "$x",
      "x$",
      "[a](http://x.org/$y$)",
  };
  for (const char* text : cases) {
    INFO(text);
    const Parsed p = parse(std::string(text) + "\n");
    CHECK(formulas(p) == Texts{});
    CHECK(p.findings.empty());
  }
}

TEST_CASE("a formula alone between double dollars is a block", "[markdown][formula]") {
  const Parsed p = parse("Text $x$.\n\n$$y$$\n\n```math\nz\n```\n");
  CHECK_FALSE(p.data<Formula>(Kind::kFormula, 0).block);
  CHECK(p.data<Formula>(Kind::kFormula, 1).block);
  CHECK(p.data<Formula>(Kind::kFormula, 2).block);
  CHECK(p.count(Kind::kParagraph) == 1);
  CHECK(p.count(Kind::kCodeBlock) == 0);
}

TEST_CASE("every piece of TeX knows its place in the file", "[markdown][formula]") {
  const std::string text =
      "---\ntitle: x\n---\n> one $a  +\n>   \\beta$ two\n>\n> ```math\n> c\n>   \\delta\n> ```\n";
  const Parsed p = parse(text, text.find("> one"));
  for (int n : {0, 1}) {
    const NodeId id = p.find(Kind::kFormula, n);
    const std::string& tex = p.document.node(id).literal;
    const auto& formula = p.document.data<Formula>(id);
    for (std::size_t at = 0; at < tex.size(); ++at) {
      INFO(tex << " at " << at);
      if (tex[at] != ' ') CHECK(text[formula.file_offset(at)] == tex[at]);
    }
  }
  CHECK(formulas(p) == Texts{"a + \\beta", "[c \\delta]"});
}

TEST_CASE("formulas that cannot be meant so are reported", "[markdown][formula]") {
  const std::pair<const char*, Texts> cases[] = {
      {"text $$x$$ text", {"formula-syntax@$$x$$"}},
      {"never $$x", {"formula-syntax@$$"}},
      {"$$\na\n\nb\n$$", {"formula-syntax@$$", "formula-syntax@$$"}},
      {"so $50%$ and $50\\%$", {"formula-syntax@%"}},
      {"```math\n\n```", {"formula-syntax@```math\n\n```"}},
      {"```math run\nx\n```", {"bad-attribute@run"}},
      {"| a |\n|---|\n| $$x$$ |", {"formula-syntax@$$x$$"}},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(parse(std::string(text) + "\n").codes() == expected);
  }
}

TEST_CASE("a formula's TeX is part of its heading's text and of no link", "[markdown][formula]") {
  const Parsed p = parse("## The $n$ of it\n");
  CHECK(plain_text(p.document, p.find(Kind::kHeading)) == "The n of it");
  CHECK(render_html(p.document).find("<code>n</code>") != std::string::npos);
  Hooks hooks;
  hooks.formula = [](const Node& node, const Formula&) { return "<math>" + node.literal + "</math>"; };
  CHECK(render_html(p.document, hooks).find("The <math>n</math> of it") != std::string::npos);
}
