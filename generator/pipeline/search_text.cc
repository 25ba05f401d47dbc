#include "pipeline/search_text.h"

#include <algorithm>
#include <set>

#include "pipeline/tex_text.h"

namespace drillpress::pipeline {
namespace {

using markdown::Kind;
using markdown::NodeId;

constexpr int kDeepestPart = 3;
constexpr std::size_t kShortestSymbol = 4;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c) || c == '_';
}

// `cudaMemcpyAsync`, `mma_sync`, `float4`; not `size`, `Data` or `N`.
bool is_name(std::string_view word) {
  return word.size() >= kShortestSymbol && std::any_of(word.begin() + 1, word.end(), [](char c) {
           return is_upper(c) || is_digit(c) || c == '_';
         });
}

void collect_symbols(std::string_view code, std::set<std::string>& names) {
  for (std::size_t at = 0; at < code.size();) {
    if (!is_letter(code[at])) {
      // The letters of a number's suffix are no name.
      const bool number = is_digit(code[at]);
      ++at;
      while (number && at < code.size() && (is_letter(code[at]) || is_digit(code[at]))) ++at;
      continue;
    }
    std::size_t end = at;
    while (end < code.size() && (is_letter(code[end]) || is_digit(code[end]))) ++end;
    if (const std::string_view word = code.substr(at, end - at); is_name(word)) names.emplace(word);
    at = end;
  }
}

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

bool is_block(Kind kind) {
  return kind < Kind::kText;
}

class PartWriter {
 public:
  PartWriter(const SiteModel& site, const model::Page& page)
      : site_(site), page_(page), shown_(site.citations.shown[site.registry.index_of(page)]) {
    parts_.push_back({});
  }

  std::vector<SearchPart> run() {
    for (const NodeId child : page_.document.children(markdown::kRoot)) add(child);
    close();
    return std::move(parts_);
  }

 private:
  void add(NodeId id) {
    const markdown::Node& node = page_.document.node(id);
    switch (node.kind) {
      case Kind::kText:
      case Kind::kCodeSpan:
        write(node.literal);
        break;
      case Kind::kSoftBreak:
      case Kind::kLineBreak:
        write(" ");
        break;
      case Kind::kCodeBlock:
        add_code(page_.document.data<markdown::CodeBlock>(id), node.literal);
        break;
      case Kind::kDirective:
        add_directive(id);
        break;
      case Kind::kFormula:
        // One that stands alone is no text to look for.
        if (!page_.document.data<markdown::Formula>(id).block) write(tex_text(node.literal));
        break;
      case Kind::kHeading:
        if (page_.document.data<markdown::Heading>(id).level <= kDeepestPart) {
          open(id);
          break;
        }
        add_children(id);
        break;
      default:
        add_children(id);
    }
    if (is_block(node.kind)) write(" ");
  }

  void add_children(NodeId id) {
    for (const NodeId child : page_.document.children(id)) add(child);
  }

  // What a program prints is no name that it uses.
  void add_code(const markdown::CodeBlock& block, std::string_view code) {
    if (block.language != "output" && block.language != "text") collect_symbols(code, symbols_);
  }

  void add_directive(NodeId id) {
    const auto& directive = page_.document.data<markdown::Directive>(id);
    if (directive.name == "run") {
      const auto at = shown_.find(id);
      if (at != shown_.end() && at->second.standing == Standing::kKnown) write(at->second.text);
      return;
    }
    // A link that stands alone is a signpost, not text.
    if (directive.block || directive.arguments.empty()) return;
    for (const auto& [name, kind] :
         {std::pair{"drill", model::PageKind::kDrill}, {"card", model::PageKind::kCard}}) {
      if (directive.name != name) continue;
      if (const model::Page* target = site_.registry.find(kind, directive.arguments[0].value))
        write(target->title());
    }
  }

  void open(NodeId heading) {
    close();
    parts_.push_back({page_.document.data<markdown::Heading>(heading).id,
                      markdown::plain_text(page_.document, heading), "", ""});
  }

  void close() {
    SearchPart& part = parts_.back();
    while (part.text.ends_with(' ')) part.text.pop_back();
    part.symbols = joined(symbols_);
    symbols_.clear();
    if (part.text.empty() && part.symbols.empty() && part.heading.empty()) parts_.pop_back();
  }

  // Spaces are written once, and none at the start of a part.
  void write(std::string_view text) {
    std::string& to = parts_.back().text;
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!space) {
        // A mark of evidence between the last word and the full stop leaves a space.
        if ((c == '.' || c == ',' || c == ';') && to.ends_with(' ')) to.pop_back();
        to += c;
      } else if (!to.empty() && to.back() != ' ') {
        to += ' ';
      }
    }
  }

  const SiteModel& site_;
  const model::Page& page_;
  const std::map<NodeId, Citation>& shown_;
  std::vector<SearchPart> parts_;
  std::set<std::string> symbols_;
};

}  // namespace

std::string search_symbols(std::string_view code) {
  std::set<std::string> names;
  collect_symbols(code, names);
  return joined(names);
}

std::vector<SearchPart> search_parts(const SiteModel& site, const model::Page& page) {
  return PartWriter(site, page).run();
}

}  // namespace drillpress::pipeline
