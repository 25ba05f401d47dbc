#include <cmark-gfm-core-extensions.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "markdown/alert.h"
#include "markdown/cmark_parser.h"
#include "markdown/conversion.h"
#include "markdown/directive.h"
#include "markdown/info_string.h"

namespace drillpress::markdown {
namespace {

using diagnostics::Code;

Alignment alignment_of(std::uint8_t letter) {
  switch (letter) {
    case 'l':
      return Alignment::kLeft;
    case 'c':
      return Alignment::kCenter;
    case 'r':
      return Alignment::kRight;
    default:
      return Alignment::kNone;
  }
}

std::string_view trim_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n\f\v") + 1);
}

int line_count(std::string_view text) {
  return static_cast<int>(base::split_lines(text).size());
}

// Line on which the next block after a node begins; 0 at the end.
int next_block_line(cmark_node* node) {
  while (node && !cmark_node_next(node)) node = cmark_node_parent(node);
  return node ? cmark_node_get_start_line(cmark_node_next(node)) : 0;
}

class BlockConverter {
 public:
  explicit BlockConverter(Conversion& conversion)
      : conversion_(conversion), lines_(conversion.lines), builder_(conversion.builder) {}

  void run(cmark_node* document) {
    cmark_node* node = document;
    while (node) {
      if (enter(node) == Step::kDescend) {
        if (cmark_node* child = cmark_node_first_child(node)) {
          node = child;
          continue;
        }
        builder_.close();
      }
      while (node != document && !cmark_node_next(node)) {
        node = cmark_node_parent(node);
        builder_.close();
      }
      node = node == document ? nullptr : cmark_node_next(node);
    }
  }

 private:
  enum class Step { kDescend, kDone };

  Extent start_line_extent(cmark_node* node) const {
    const int line = cmark_node_get_start_line(node);
    const std::size_t begin = lines_.offset(line, cmark_node_get_start_column(node));
    return {begin, lines_.extent(line).end};
  }

  Step open(Kind kind, Extent extent, Data data = {}) {
    builder_.open(kind, extent, std::move(data));
    return Step::kDescend;
  }

  Step enter(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_DOCUMENT:
        return open(Kind::kDocument, {lines_.extent(1).begin, lines_.extent(1).begin});
      case CMARK_NODE_BLOCK_QUOTE:
        return enter_quote(node);
      case CMARK_NODE_LIST:
        return enter_list(node);
      case CMARK_NODE_ITEM:
        return enter_item(node);
      case CMARK_NODE_CODE_BLOCK:
        return enter_code(node);
      case CMARK_NODE_HTML_BLOCK:
        return enter_html(node);
      case CMARK_NODE_PARAGRAPH:
        return enter_paragraph(node);
      case CMARK_NODE_HEADING:
        return enter_heading(node);
      case CMARK_NODE_THEMATIC_BREAK:
        builder_.leaf(Kind::kThematicBreak, start_line_extent(node));
        return Step::kDone;
      case CMARK_NODE_FOOTNOTE_DEFINITION:
        return enter_footnote(node);
      default:
        return enter_table_part(node);
    }
  }

  Step enter_quote(cmark_node* node) {
    const Extent begin = start_line_extent(node);
    if (conversion_.options.extensions) {
      if (auto alert = find_alert(node)) {
        const Located located = locate_paragraph(cmark_node_first_child(node)).value_or(Located{});
        check_alert(*alert, located.map, conversion_);
        if (alert->known) {
          const Extent kind = located.map.extent(2, 2 + alert->word.size());
          skip_after_ = alert->last;
          return open(Kind::kAlert, begin, Alert{alert->kind, lines_.span(kind)});
        }
      }
    }
    return open(Kind::kBlockQuote, begin);
  }

  Step enter_list(cmark_node* node) {
    List list;
    list.ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    list.start = cmark_node_get_list_start(node);
    list.tight = cmark_node_get_list_tight(node) != 0;
    return open(Kind::kList, start_line_extent(node), list);
  }

  Step enter_item(cmark_node* node) {
    Item item;
    if (type_name(node) == "tasklist") {
      item.task = cmark_gfm_extensions_get_tasklist_item_checked(node) ? Task::kChecked : Task::kUnchecked;
    }
    if (const Task task = task_in_text(cmark_node_first_child(node)); task != Task::kNone) item.task = task;
    return open(Kind::kItem, start_line_extent(node), item);
  }

  // cmark-gfm knows task items only where the list marker is the first thing on its line: not inside quotes.
  // There the box is still text.
  Task task_in_text(cmark_node* paragraph) const {
    if (!conversion_.options.extensions || !paragraph) return Task::kNone;
    if (cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH) return Task::kNone;
    if (type_name(cmark_node_parent(paragraph)) != "item") return Task::kNone;
    const std::string_view content = content_of(paragraph);
    if (content.size() < 4 || content[0] != '[' || content[2] != ']' || content[3] != ' ') return Task::kNone;
    cmark_node* first = cmark_node_first_child(paragraph);
    if (cmark_node_get_type(first) != CMARK_NODE_TEXT ||
        literal_of(first).substr(0, 4) != content.substr(0, 4)) {
      return Task::kNone;
    }
    if (content[1] == ' ') return Task::kUnchecked;
    return content[1] == 'x' || content[1] == 'X' ? Task::kChecked : Task::kNone;
  }

  Step enter_footnote(cmark_node* node) {
    FootnoteDefinition footnote;
    footnote.number = ++footnotes_;
    footnote.references = conversion_.footnote_uses[footnote.number];
    const int line = cmark_node_get_start_line(node);
    const std::string_view text = lines_.line(line);
    // cmark's column is that of the footnote's text, or the end of the line.
    const std::size_t column = static_cast<std::size_t>(std::max(cmark_node_get_start_column(node), 1) - 1);
    std::size_t open_bracket = text.rfind("[^", std::min(column, text.size()));
    const std::size_t close =
        open_bracket == std::string_view::npos ? open_bracket : text.find("]:", open_bracket);
    if (close != std::string_view::npos) {
      footnote.label = text.substr(open_bracket + 2, close - open_bracket - 2);
    } else {
      open_bracket = 0;
    }
    conversion_.cover(line, line);
    const Extent at = lines_.extent(line);
    return open(Kind::kFootnoteDefinition, {at.begin + open_bracket, at.end}, std::move(footnote));
  }

  // Paragraphs before a table that they share their lines with have no position of their own: those of the
  // table.
  std::optional<Located> locate_paragraph(cmark_node* node) const {
    const std::string_view content = content_of(node);
    int last_line = cmark_node_get_end_line(node);
    if (last_line == 0 && cmark_node_next(node)) {
      last_line = cmark_node_get_start_line(cmark_node_next(node)) + line_count(content) - 1;
    }
    return locate_ending_at(lines_, content, last_line);
  }

  InlineText inline_text(cmark_node* node, std::optional<Located> located) {
    const std::string_view content = trim_end(content_of(node));
    InlineText text{content, {}, start_line_extent(node)};
    if (!located) return text;
    conversion_.cover(located->first_line, located->last_line);
    text.map = std::move(located->map);
    text.whole = text.map.extent(0, content.size());
    return text;
  }

  Step enter_paragraph(cmark_node* node) {
    InlineText text = inline_text(node, locate_paragraph(node));
    InlineRequest request;
    request.after = std::exchange(skip_after_, nullptr);
    cmark_node* first = cmark_node_first_child(node);
    cmark_node* last = cmark_node_last_child(node);
    if (request.after && request.after == last) {  // only the alert's marker
      return Step::kDone;
    }
    const bool lone = first && first == last && cmark_node_get_type(first) == CMARK_NODE_HTML_INLINE;
    cmark_node* parent = cmark_node_parent(node);
    request.takes_id =
        cmark_node_get_type(parent) == CMARK_NODE_ITEM && cmark_node_first_child(parent) == node;
    if (lone && literal_of(first).substr(0, 2) == "$$") {
      convert_inlines(conversion_, node, text, request);
      return Step::kDone;
    }
    if (lone && literal_of(first).substr(0, 2) == "{{") {
      const auto before = builder_.nodes().size();
      convert_inlines(conversion_, node, text, request);
      if (builder_.nodes().size() > before) std::get<Directive>(builder_.nodes().back().data).block = true;
      return Step::kDone;
    }
    if (request.takes_id && task_in_text(node) != Task::kNone) {
      request.drop_bytes = std::min(text.content.find_first_not_of(" \t", 3), text.content.size());
      text.whole = text.map.extent(request.drop_bytes, text.content.size());
    }
    const NodeId item = builder_.current();
    const NodeId paragraph = builder_.open(Kind::kParagraph, text.whole);
    const auto id = convert_inlines(conversion_, node, text, request);
    if (id && item != kNoNode) {
      auto& data = std::get<Item>(builder_.at(item).data);
      data.id = id->id;
      data.id_span = lines_.span(id->extent);
    }
    if (request.after && paragraph != kNoNode && paragraph + 1 < builder_.nodes().size()) {
      builder_.at(paragraph).source_begin = builder_.at(paragraph + 1).source_begin;
    }
    builder_.close();
    return Step::kDone;
  }

  Step enter_heading(cmark_node* node) {
    const std::string_view content = content_of(node);
    const int line = cmark_node_get_start_line(node);
    auto located = locate_atx(lines_, content, line, cmark_node_get_start_column(node));
    const bool atx = located.has_value();
    if (!atx) located = locate_setext(lines_, content, line, cmark_node_get_end_line(node));
    const InlineText text = inline_text(node, located);
    Extent whole = start_line_extent(node);
    if (!atx && located) {
      whole = {text.whole.begin, lines_.extent(located->last_line + 1).end};
      conversion_.cover(located->last_line + 1, located->last_line + 1);
    }
    Heading heading;
    heading.level = cmark_node_get_heading_level(node);
    const NodeId opened = builder_.open(Kind::kHeading, whole, heading);
    const auto id = convert_inlines(conversion_, node, text, {true});
    if (opened != kNoNode) {
      auto& data = std::get<Heading>(builder_.at(opened).data);
      data.id_span = lines_.span(id ? id->extent : whole);
      data.explicit_id = id.has_value();
      if (id) data.id = id->id;
    }
    builder_.close();
    return Step::kDone;
  }

  Step enter_code(cmark_node* node) {
    CodeBlock block;
    int fence_length = 0;
    int fence_offset = 0;
    char fence_character = 0;
    block.fenced = cmark_node_get_fenced(node, &fence_length, &fence_offset, &fence_character) != 0;
    const std::string literal(literal_of(node));
    const int line = cmark_node_get_start_line(node);
    const Extent first = start_line_extent(node);
    block.fence_span = lines_.span(first);
    block.language_span = block.fence_span;
    block.line_offsets = locate_code(lines_, literal, block.fenced ? line + 1 : line);
    int last_line = line + line_count(literal) - 1;
    if (block.fenced) {
      last_line = closing_fence(node, last_line + 2, fence_character, fence_length, block.fence_span);
      read_info(node, first, fence_character, block);
    }
    conversion_.cover(line, last_line);
    const Extent whole{first.begin, lines_.extent(std::min(last_line, lines_.count())).end};
    if (conversion_.options.extensions && block.language == "math") {
      add_formula(whole, literal, block);
    } else {
      builder_.leaf(Kind::kCodeBlock, whole, literal, std::move(block));
    }
    return Step::kDone;
  }

  void add_formula(Extent whole, std::string_view literal, const CodeBlock& block) {
    const auto offset_of = [&](std::size_t at) {
      const auto line = static_cast<std::size_t>(std::count(literal.begin(), literal.begin() + at, '\n'));
      return block.line_offsets[line] + at - (literal.substr(0, at).rfind('\n') + 1);
    };
    FormulaText read = read_formula_block(literal, offset_of);
    check_formula(conversion_, whole, read);
    if (read.tex.empty()) {
      conversion_.report(Code::kFormulaSyntax, whole, "this formula is empty", "write its TeX, or remove it");
    }
    for (const Attribute& attribute : block.attributes) {
      conversion_.report(Code::kBadAttribute, {attribute.span.begin, attribute.span.end},
                         "a formula takes no attributes", "remove it");
    }
    builder_.leaf(Kind::kFormula, whole, std::move(read.tex), std::move(read.formula));
  }

  // Last line of a fenced block: `line` if that is its closing fence. A fence outside the block's quote or
  // list opens the next block instead.
  int closing_fence(cmark_node* node, int line, char character, int length, const base::Span& opening) {
    const std::string_view text = lines_.line(line);
    const std::string_view fence =
        base::trim(text.substr(std::min(text.find_first_not_of(" \t>"), text.size())));
    const bool closes = line <= cmark_node_get_end_line(node) && line != next_block_line(node) &&
                        fence.size() >= static_cast<std::size_t>(length) &&
                        fence.find_first_not_of(character) == std::string_view::npos;
    if (closes) return line;
    conversion_.report(Code::kUnclosedFence, {opening.begin, opening.end}, "this code block is never closed",
                       fmt::format("close it with `{}` on a line of its own, indented as the opening one",
                                   std::string(static_cast<std::size_t>(length), character)));
    return line - 1;
  }

  void read_info(cmark_node* node, Extent fence, char fence_character, CodeBlock& block) {
    const std::string& text = lines_.source()->text();
    std::size_t begin = fence.begin;
    while (begin < fence.end && text[begin] == fence_character) ++begin;
    while (begin < fence.end && (text[begin] == ' ' || text[begin] == '\t')) ++begin;
    std::size_t end = fence.end;
    while (end > begin && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
    block.info = cmark_node_get_fence_info(node);
    block.language = block.info.substr(0, block.info.find_first_of(" \t"));
    if (begin == end) return;
    if (conversion_.options.extensions) {
      parse_info(lines_.source(), {begin, end}, conversion_.sink, block);
    }
  }

  Step enter_html(cmark_node* node) {
    std::string literal(literal_of(node));
    const int line = cmark_node_get_start_line(node);
    const int last_line = line + line_count(literal) - 1;
    conversion_.cover(line, last_line);
    if (conversion_.options.allow_raw_html) {
      const Extent whole{start_line_extent(node).begin, lines_.extent(last_line).end};
      builder_.leaf(Kind::kHtmlBlock, whole, std::move(literal));
      return Step::kDone;
    }
    ContentMap map;
    std::size_t begin = 0;
    const std::vector<std::size_t> offsets = locate_code(lines_, literal, line);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      map.add(begin, offsets[i]);
      begin = literal.find('\n', begin) + 1;
    }
    conversion_.report_html(literal, 0, map);
    return Step::kDone;
  }

  Step enter_table_part(cmark_node* node) {
    const std::string_view name = type_name(node);
    if (name == "table") return enter_table(node);
    if (name == "table_header" || name == "table_row") return enter_row(node, name == "table_header");
    return enter_cell(node);
  }

  Step enter_table(cmark_node* node) {
    Table table;
    const std::uint8_t* letters = cmark_gfm_extensions_get_table_alignments(node);
    for (int i = 0; i < cmark_gfm_extensions_get_table_columns(node); ++i) {
      table.alignments.push_back(alignment_of(letters[i]));
    }
    header_line_ = cmark_node_get_start_line(node);
    header_column_ = static_cast<std::size_t>(std::max(cmark_node_get_start_column(node), 1) - 1);
    cmark_node* before = cmark_node_previous(node);
    if (before && cmark_node_get_start_line(before) == 0 &&
        cmark_node_get_type(before) == CMARK_NODE_PARAGRAPH) {
      header_line_ += line_count(content_of(before));
      header_column_ = continued_column(header_line_);
    }
    conversion_.cover(header_line_, header_line_ + 1);
    alignments_ = table.alignments;
    const std::size_t begin = lines_.extent(header_line_).begin + header_column_;
    return open(Kind::kTable, {begin, lines_.extent(header_line_ + 1).end}, std::move(table));
  }

  // Column at which a table's line begins that is not the first of its list item. (cmark gives a row the
  // column of the whole table.)
  std::size_t continued_column(int line) const {
    const std::string_view text = lines_.line(line);
    return std::min(text.find_first_not_of(" \t>"), text.size());
  }

  Step enter_row(cmark_node* node, bool header) {
    const int line = header ? header_line_ : cmark_node_get_start_line(node);
    const std::size_t column = header ? header_column_ : continued_column(line);
    conversion_.cover(line, line);
    cells_ = locate_cells(lines_, line, column);
    next_cell_ = 0;
    header_row_ = header;
    const Extent at = lines_.extent(line);
    row_ = {std::min(at.begin + column, at.end), at.end};
    return open(Kind::kTableRow, row_, TableRow{header});
  }

  Step enter_cell(cmark_node* node) {
    InlineText text{content_of(node), {}, {row_.end, row_.end}};
    TableCell cell{header_row_, Alignment::kNone};
    if (next_cell_ < alignments_.size()) cell.alignment = alignments_[next_cell_];
    if (next_cell_ < cells_.size()) {
      text.map = cells_[next_cell_];
      text.whole = text.map.extent(0, text.content.size());
    }
    ++next_cell_;
    builder_.open(Kind::kTableCell, text.whole, cell);
    convert_inlines(conversion_, node, text, {});
    builder_.close();
    return Step::kDone;
  }

  Conversion& conversion_;
  const BodyLines& lines_;
  Builder& builder_;
  const cmark_node* skip_after_ = nullptr;  // last inline of an alert's marker, until its paragraph comes
  int footnotes_ = 0;
  // The table and row being converted.
  std::vector<Alignment> alignments_;
  int header_line_ = 0;
  std::size_t header_column_ = 0;
  std::vector<ContentMap> cells_;
  std::size_t next_cell_ = 0;
  bool header_row_ = false;
  Extent row_;
};

}  // namespace

void convert_blocks(Conversion& conversion, cmark_node* document) {
  BlockConverter(conversion).run(document);
}

}  // namespace drillpress::markdown
