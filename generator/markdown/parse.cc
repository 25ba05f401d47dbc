#include "markdown/parse.h"

#include <fmt/format.h>

#include <algorithm>

#include "markdown/cmark_parser.h"
#include "markdown/conversion.h"
#include "markdown/ids.h"
#include "markdown/references.h"

namespace drillpress::markdown {
namespace {

using diagnostics::Code;

// cmark takes quadratic time for a line that opens tens of thousands of quotes or lists: such lines are
// reported and the parser is given blank ones.
void blank_deep_lines(const BodyLines& lines, std::string& text, Conversion& conversion) {
  std::size_t at = 0;
  for (int number = 1; number <= lines.count(); ++number) {
    const std::string_view line = lines.line(number);
    if (line.size() > kMaxDepth && container_count(line) > kMaxDepth) {
      conversion.report(Code::kNestingTooDeep, lines.extent(number),
                        fmt::format("this line opens more than {} quotes and lists", kMaxDepth),
                        "write it with less nesting");
      std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), line.size(), ' ');
    }
    at += line.size() + 1;
  }
}

void report_nul(const BodyLines& lines, Conversion& conversion) {
  const std::string& text = lines.source()->text();
  const std::size_t at = text.find('\0', lines.extent(1).begin);
  if (at == std::string::npos) return;
  conversion.report(Code::kNulByte, {at, at + 1}, "the text contains a NUL byte",
                    "remove it; is this a text file?");
}

void resolve_references(Conversion& conversion) {
  if (conversion.pending.empty()) return;
  const std::vector<Definition> definitions = find_definitions(conversion.lines, conversion.covered);
  for (const PendingReference& reference : conversion.pending) {
    auto& link = std::get<Link>(conversion.builder.at(reference.node).data);
    const auto found = std::find_if(definitions.begin(), definitions.end(), [&](const Definition& d) {
      return d.label == reference.label && d.url == link.destination;
    });
    if (found == definitions.end()) continue;
    link.destination_span = conversion.lines.span(found->destination);
    link.definition_span = conversion.lines.span(found->whole);
  }
}

}  // namespace

Document parse_document(base::SourcePtr source, std::size_t body_offset, diagnostics::Sink& sink,
                        ParseOptions options) {
  const BodyLines lines(source, body_offset);
  Conversion conversion{lines, sink, options, Builder(lines, sink), {}};
  conversion.covered.resize(static_cast<std::size_t>(lines.count()) + 1);

  std::string text =
      normalised_body(std::string_view(source->text()).substr(std::min(body_offset, source->text().size())));
  report_nul(lines, conversion);
  blank_deep_lines(lines, text, conversion);
  const CmarkTree tree = parse_cmark(text, options.extensions);
  convert_blocks(conversion, tree.get());
  resolve_references(conversion);
  if (options.extensions) report_unused_footnotes(lines, conversion.covered, sink);
  assign_ids(conversion.builder.nodes(), sink);
  return Document(std::move(source), body_offset, std::move(conversion.builder.nodes()));
}

}  // namespace drillpress::markdown
