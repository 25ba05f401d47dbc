#include "markdown/raw_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace drillpress::markdown {
namespace {

struct Replacement {
  std::string_view element;
  std::string_view help;
};

// Elements people reach for, and the Markdown that does the same. An empty help: an element without a
// counterpart.
constexpr Replacement kReplacements[] = {
    {"a", "write `[text](destination)`"},
    {"b", "write `**text**`"},
    {"blockquote", "begin the lines with `>`"},
    {"br", "end the line with a backslash"},
    {"center", "remove it: the style sheet decides about layout"},
    {"code", "put the code between backticks"},
    {"del", "write `~~text~~`"},
    {"details", "use a heading, or a callout such as `> [!TIP]`"},
    {"div", "remove it: use a heading, a list or a callout such as `> [!NOTE]`"},
    {"em", "write `*text*`"},
    {"h1", "the title in the front matter is the page's `<h1>`; sections begin with `##`"},
    {"h2", "write `## heading`"},
    {"h3", "write `### heading`"},
    {"h4", "write `#### heading`"},
    {"hr", "write `---` between blank lines"},
    {"i", "write `*text*`"},
    {"img", "write `![description](path)`"},
    {"kbd", "put the key between backticks"},
    {"li", "begin the line with `- `"},
    {"ol", "begin the lines with `1. `"},
    {"p", "leave a blank line between paragraphs"},
    {"pre", "use a fenced code block"},
    {"s", "write `~~text~~`"},
    {"script", "remove it: pages carry no scripts of their own"},
    {"span", "remove it"},
    {"strong", "write `**text**`"},
    {"style", "remove it: pages carry no styles of their own"},
    {"sub", "write it in words or between backticks"},
    {"summary", "use a heading, or a callout such as `> [!TIP]`"},
    {"sup", "write it in words or between backticks; for a note write `[^label]`"},
    {"table", "write a table with `|` between the cells"},
    {"td", "write a table with `|` between the cells"},
    {"tr", "write a table with `|` between the cells"},
    {"u", "write `*text*`"},
    {"ul", "begin the lines with `- `"},
};

std::string help_for(std::string_view tag) {
  std::string name;
  for (const char c : tag.substr(std::min(tag.find_first_not_of("</"), tag.size()))) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9'))) break;
    name += lower;
  }
  for (const Replacement& row : kReplacements) {
    if (row.element == name) return std::string(row.help);
  }
  return fmt::format("if `{}` is code, put it between backticks; for the sign itself write `&lt;`", tag);
}

}  // namespace

bool report_raw_html(std::string_view html, std::size_t begin, const ContentMap& map,
                     const base::SourcePtr& source, diagnostics::Sink& sink) {
  const auto fail = [&](std::size_t from, std::size_t to, std::string message, std::string help) {
    const Extent extent = map.extent(begin + from, begin + to);
    sink.report({diagnostics::Code::kRawHtml,
                 diagnostics::Severity::kError,
                 {source, extent.begin, extent.end},
                 std::move(message),
                 {},
                 std::move(help)});
    return true;
  };
  for (std::size_t at = html.find_first_not_of(" \t\n"); at < html.size();
       at = html.find_first_not_of(" \t\n", at)) {
    if (html.compare(at, 4, "<!--") == 0) {
      const std::size_t close = html.find("-->", at + 4);
      if (close == std::string_view::npos) {
        return fail(at, at + 4, "this comment is never closed, so nothing after it is shown",
                    "close it with `-->`");
      }
      at = close + 3;
      continue;
    }
    if (html[at] != '<') {
      const std::size_t end = std::min(html.find_first_of("<\n", at), html.size());
      return fail(at, end, "text on the line of a comment is not shown",
                  "put the comment on lines of its own");
    }
    const std::size_t close = html.find_first_of(">\n", at);
    const std::size_t end =
        close == std::string_view::npos ? html.size() : close + (html[close] == '>' ? 1 : 0);
    const std::string_view tag = html.substr(at, end - at);
    return fail(at, end, fmt::format("raw html `{}` is not allowed", tag), help_for(tag));
  }
  return false;
}

}  // namespace drillpress::markdown
