#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "markdown/cmark_parser.h"
#include "markdown/conversion.h"
#include "markdown/directive.h"
#include "markdown/formula.h"
#include "markdown/inline_cursor.h"
#include "markdown/raw_html.h"

namespace drillpress::markdown {
namespace {

using diagnostics::Code;

// Longer text between brackets is not taken for a footnote, so that looking stays linear.
constexpr std::size_t kMaxFootnoteLabel = 100;

bool begins_with(cmark_node* node, char c) {
  return node && cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE && literal_of(node)[0] == c;
}

bool is_id(cmark_node* node) {
  return begins_with(node, '{') && literal_of(node)[1] == '#';
}

// An inline with children whose end is still ahead.
struct OpenInline {
  cmark_node* node;
  std::size_t begin;  // in the block's text
  std::size_t text_begin;
  std::size_t delimiter_length;
  InlineCursor::LinkForm form;
  NodeId id;
};

class InlineConverter {
 public:
  InlineConverter(Conversion& conversion, const InlineText& text, InlineRequest request)
      : conversion_(conversion),
        builder_(conversion.builder),
        text_(text),
        request_(request),
        cursor_(text.content) {}

  std::optional<TrailingId> run(cmark_node* block) {
    if (request_.takes_id && is_id(cmark_node_last_child(block))) id_node_ = cmark_node_last_child(block);
    skipping_ = request_.after != nullptr;
    cmark_node* node = cmark_node_first_child(block);
    while (node) {
      enter(node);
      if (cmark_node* child = cmark_node_first_child(node)) {
        node = child;
        continue;
      }
      // Leaves of containers such as an empty link must be closed too.
      while (node != block && !cmark_node_next(node)) {
        leave(node);
        node = cmark_node_parent(node);
      }
      if (node == block) break;
      leave(node);
      node = cmark_node_next(node);
    }
    report_suspects();
    return id_;
  }

 private:
  Extent extent(std::size_t begin, std::size_t end) const {
    if (cursor_.lost() || text_.map.empty()) return text_.whole;
    return text_.map.extent(begin, end);
  }
  Extent since(std::size_t begin) const { return extent(begin, cursor_.at()); }

  void enter(cmark_node* node) {
    const std::size_t begin = cursor_.at();
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_TEXT:
        enter_text(node, begin);
        break;
      case CMARK_NODE_SOFTBREAK:
      case CMARK_NODE_LINEBREAK:
        cursor_.line_break();
        if (!skipping_) {
          const bool hard = cmark_node_get_type(node) == CMARK_NODE_LINEBREAK;
          builder_.leaf(hard ? Kind::kLineBreak : Kind::kSoftBreak, since(begin));
        }
        break;
      case CMARK_NODE_CODE:
        cursor_.code_span();
        builder_.leaf(Kind::kCodeSpan, since(begin), std::string(literal_of(node)));
        break;
      case CMARK_NODE_HTML_INLINE:
        enter_construct(node, begin);
        break;
      case CMARK_NODE_EMPH:
        open_delimited(node, Kind::kEmphasis, "*_", 1);
        break;
      case CMARK_NODE_STRONG:
        open_delimited(node, Kind::kStrong, "*_", 2);
        break;
      case CMARK_NODE_LINK:
      case CMARK_NODE_IMAGE:
        enter_link(node, begin);
        break;
      case CMARK_NODE_FOOTNOTE_REFERENCE:
        enter_footnote(node, begin);
        break;
      default:
        open_delimited(node, Kind::kStrikethrough, "~", cursor_.run_length('~'));
    }
    if (node == request_.after) skipping_ = false;
  }

  void enter_text(cmark_node* node, std::size_t begin) {
    auto reading = InlineCursor::Reading::kText;
    if (!open_.empty() && open_.back().form == InlineCursor::LinkForm::kAngle) {
      reading = InlineCursor::Reading::kAngleAutolink;
    } else if (!open_.empty() && open_.back().form == InlineCursor::LinkForm::kBare) {
      reading = InlineCursor::Reading::kBareAutolink;
    }
    std::string_view literal = literal_of(node);
    if (request_.drop_bytes > 0) {
      cursor_.verbatim(literal.substr(0, request_.drop_bytes));
      literal.remove_prefix(std::exchange(request_.drop_bytes, 0));
      begin = cursor_.at();
    }
    cursor_.text(literal, reading);
    if (!skipping_) builder_.text(since(begin), literal);
  }

  void enter_construct(cmark_node* node, std::size_t begin) {
    if (begins_with(node, '{')) {
      enter_braces(node, begin);
    } else if (begins_with(node, '$')) {
      enter_formula(node, begin);
    } else {
      enter_html(node, begin);
    }
  }

  void enter_html(cmark_node* node, std::size_t begin) {
    const std::string_view html = literal_of(node);
    cursor_.verbatim(html);
    if (conversion_.options.allow_raw_html) {
      builder_.leaf(Kind::kHtmlInline, since(begin), std::string(html));
    } else {
      conversion_.report_html(html, begin, text_.map);
    }
  }

  void enter_braces(cmark_node* node, std::size_t begin) {
    const std::string_view written = literal_of(node);
    cursor_.verbatim(written);
    if (written.substr(0, 2) == "{{") {
      Directive directive =
          parse_directive(written, begin, text_.map, conversion_.lines.source(), conversion_.sink);
      builder_.leaf(Kind::kDirective, since(begin), std::string(written), std::move(directive));
      return;
    }
    if (node != id_node_) {
      conversion_.report(Code::kMisplacedId, since(begin),
                         fmt::format("`{}` is not at the end of a heading or list item", written),
                         "move it to the end, or put it between backticks if it is meant to be read");
      builder_.text(since(begin), written);
      return;
    }
    builder_.trim_text();
    const std::string id(written.substr(2, written.size() - 3));
    const Extent place = extent(begin + 2, cursor_.at() - 1);
    if (is_valid_id(id)) {
      id_ = TrailingId{id, place};
    } else {
      conversion_.report(Code::kInvalidId, place, fmt::format("`{}` is not a valid id", id),
                         fmt::format("use lower-case letters, digits and hyphens: `{}`", base::slugify(id)));
    }
  }

  void enter_formula(cmark_node* node, std::size_t begin) {
    const std::string_view written = literal_of(node);
    cursor_.verbatim(written);
    FormulaText read =
        read_formula(written, [&](std::size_t at) { return extent(begin + at, begin + at).begin; });
    read.formula.block = read.formula.display && !cmark_node_previous(node) && !cmark_node_next(node) &&
                         cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_PARAGRAPH;
    check_formula(conversion_, since(begin), read);
    builder_.leaf(Kind::kFormula, since(begin), std::move(read.tex), std::move(read.formula));
  }

  void open_delimited(cmark_node* node, Kind kind, std::string_view set, std::size_t length) {
    const std::size_t begin = cursor_.at();
    cursor_.delimiter(set, length);
    const NodeId id = builder_.open(kind, since(begin));
    open_.push_back({node, begin, cursor_.at(), length, InlineCursor::LinkForm::kBracket, id});
  }

  void enter_link(cmark_node* node, std::size_t begin) {
    const bool image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
    const auto form = cursor_.open_link(image);
    Link link;
    link.destination = cmark_node_get_url(node);
    link.title = cmark_node_get_title(node);
    link.autolink = form != InlineCursor::LinkForm::kBracket;
    const NodeId id = builder_.open(image ? Kind::kImage : Kind::kLink, since(begin), std::move(link));
    open_.push_back({node, begin, cursor_.at(), 0, form, id});
  }

  void enter_footnote(cmark_node* node, std::size_t begin) {
    cursor_.footnote_reference();
    FootnoteReference reference;
    reference.number = std::atoi(std::string(literal_of(node)).c_str());
    reference.occurrence = ++conversion_.footnote_uses[reference.number];
    if (!cursor_.lost()) reference.label = text_.content.substr(begin + 2, cursor_.at() - begin - 3);
    builder_.leaf(Kind::kFootnoteReference, since(begin), {}, std::move(reference));
  }

  void leave(cmark_node* node) {
    if (open_.empty() || open_.back().node != node) return;
    const OpenInline top = open_.back();
    open_.pop_back();
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
      leave_link(top);
    } else {
      cursor_.delimiter(type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG ? "*_" : "~",
                        top.delimiter_length);
    }
    builder_.close_at(since(top.begin).end);
  }

  void leave_link(const OpenInline& top) {
    const std::size_t text_end = cursor_.at();
    Extent destination = extent(top.text_begin, text_end);
    if (top.form == InlineCursor::LinkForm::kAngle) {
      cursor_.verbatim(">");
    } else if (top.form == InlineCursor::LinkForm::kBracket) {
      const auto tail = cursor_.close_bracket(top.text_begin, cmark_node_get_url(top.node));
      if (tail.destination) {
        destination = extent(tail.destination->begin, tail.destination->end);
      } else {
        destination = since(top.begin);
        if (top.id != kNoNode) conversion_.pending.push_back({top.id, normalised_label(tail.label)});
      }
    }
    if (top.id != kNoNode) {
      std::get<Link>(builder_.at(top.id).data).destination_span = conversion_.lines.span(destination);
    }
  }

  void report_suspects() {
    if (!conversion_.options.extensions || cursor_.lost()) return;
    for (const std::size_t at : cursor_.suspects()) {
      if (text_.content[at] == '{' && is_long_directive(text_.content.substr(at))) {
        conversion_.report(Code::kDirectiveSyntax, extent(at, at + 2),
                           fmt::format("this directive is longer than {} bytes", kMaxDirectiveBytes),
                           "say it in several, or in fewer words");
        continue;
      }
      if (text_.content[at] == '{') {
        conversion_.report(
            Code::kDirectiveSyntax, extent(at, at + 2), "this directive is never closed",
            "close it with `}}` in the same paragraph, or write `\\{{` for the braces themselves");
        continue;
      }
      if (text_.content[at] == '$') {
        conversion_.report(
            Code::kFormulaSyntax, extent(at, at + 2), "this display formula is never closed",
            "close it with `$$` in the same paragraph; a formula with empty lines, or with lines "
            "that begin with `=`, `+`, `-`, `>` or `#`, goes into a code block in the language "
            "`math`");
        continue;
      }
      const std::string_view rest = text_.content.substr(at + 2, kMaxFootnoteLabel);
      const std::size_t length = rest.find_first_of("] \n");
      if (length == std::string_view::npos || rest[length] != ']' || length == 0) continue;
      const std::string label(rest.substr(0, length));
      conversion_.report(Code::kUnknownFootnote, extent(at, at + length + 3),
                         fmt::format("unknown footnote `{}`", label),
                         fmt::format("define it on a line of its own: `[^{}]: text`", label));
    }
  }

  Conversion& conversion_;
  Builder& builder_;
  const InlineText& text_;
  InlineRequest request_;
  InlineCursor cursor_;
  std::vector<OpenInline> open_;
  cmark_node* id_node_ = nullptr;
  std::optional<TrailingId> id_;
  bool skipping_ = false;
};

}  // namespace

void Conversion::report(Code code, Extent extent, std::string message, std::string help) {
  sink.report(
      {code, diagnostics::Severity::kError, lines.span(extent), std::move(message), {}, std::move(help)});
}

void check_formula(Conversion& conversion, Extent whole, FormulaText& read) {
  bool faulty = false;
  if (read.formula.display && !read.formula.block) {
    conversion.report(Code::kFormulaSyntax, whole, "a display formula stands in a paragraph of its own",
                      "put empty lines around it, or write `$…$` inside a sentence");
    faulty = true;
  }
  for (std::size_t at = read.tex.find('%'); at != std::string::npos; at = read.tex.find('%', at + 1)) {
    if (at > 0 && read.tex[at - 1] == '\\') continue;
    const std::size_t place = read.formula.file_offset(at);
    conversion.report(Code::kFormulaSyntax, {place, place + 1}, "`%` begins a comment in TeX",
                      "write `\\%` for a percent sign");
    faulty = true;
  }
  if (faulty) read.tex.clear();
}

// A closing tag is no news once an opening one was reported.
void Conversion::report_html(std::string_view html, std::size_t begin, const ContentMap& map) {
  if (reported_html && html.substr(0, 2) == "</") return;
  reported_html = report_raw_html(html, begin, map, lines.source(), sink) || reported_html;
}

void Conversion::cover(int first_line, int last_line) {
  for (int n = std::max(first_line, 1); n <= std::min(last_line, lines.count()); ++n) {
    covered[static_cast<std::size_t>(n)] = true;
  }
}

std::optional<TrailingId> convert_inlines(Conversion& conversion, cmark_node* block, const InlineText& text,
                                          InlineRequest request) {
  return InlineConverter(conversion, text, request).run(block);
}

}  // namespace drillpress::markdown
