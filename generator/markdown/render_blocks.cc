#include <fmt/format.h>

#include <algorithm>

#include "markdown/alert.h"
#include "markdown/ids.h"
#include "markdown/renderer.h"

namespace drillpress::markdown {
namespace {

std::string_view alignment_name(Alignment alignment) {
  switch (alignment) {
    case Alignment::kLeft:
      return "left";
    case Alignment::kCenter:
      return "center";
    case Alignment::kRight:
      return "right";
    case Alignment::kNone:
      break;
  }
  return "";
}

std::string_view alert_title(std::string_view kind) {
  const auto* row = std::find_if(std::begin(kAlertKinds), std::end(kAlertKinds),
                                 [kind](const AlertKind& k) { return k.name == kind; });
  return row == std::end(kAlertKinds) ? kind : row->title;
}

// The kind of an alert; empty for anything else.
std::string_view kind_of(const Document& document, NodeId id) {
  const auto* alert = id == kNoNode ? nullptr : std::get_if<Alert>(&document.node(id).data);
  return alert ? std::string_view(alert->kind) : std::string_view();
}

NodeId next_sibling(const Document& document, NodeId id) {
  const NodeId next = document.node(id).end;
  return next < document.node(document.node(id).parent).end ? next : kNoNode;
}

bool is_pair(std::string_view a, std::string_view b) {
  return (a == "strong" && b == "weak") || (a == "weak" && b == "strong");
}

NodeId last_child(const Document& document, NodeId id) {
  NodeId last = kNoNode;
  for (const NodeId child : document.children(id)) last = child;
  return last;
}

}  // namespace

void Renderer::enter_block(NodeId id) {
  const Node& node = document_.node(id);
  switch (node.kind) {
    case Kind::kParagraph:
      open_paragraph(id);
      break;
    case Kind::kHeading:
      open_heading(id);
      break;
    case Kind::kBlockQuote:
      line_start(), out_ += "<blockquote>\n";
      break;
    case Kind::kAlert:
      open_alert(id);
      break;
    case Kind::kList:
      open_list(std::get<List>(node.data));
      break;
    case Kind::kItem:
      open_item(id);
      break;
    case Kind::kCodeBlock:
      code_block(node);
      break;
    case Kind::kHtmlBlock:
      line_start();
      out_ += node.literal;
      line_start();
      break;
    case Kind::kThematicBreak:
      line_start(), out_ += "<hr />\n";
      break;
    case Kind::kTable:
      open_table(id);
      break;
    case Kind::kTableRow: {
      const bool header = std::get<TableRow>(node.data).header;
      const bool first_of_body = !header && document_.node(node.parent + 1).end == id;
      line_start();
      out_ += header ? "<thead>\n<tr>" : first_of_body ? "<tbody>\n<tr>" : "<tr>";
      break;
    }
    case Kind::kTableCell:
      open_cell(id);
      break;
    case Kind::kFootnoteDefinition:
      line_start();
      out_ += fmt::format("<li id=\"fn-{}\">\n", std::get<FootnoteDefinition>(node.data).number);
      break;
    default:
      break;
  }
}

void Renderer::leave_block(NodeId id) {
  const Node& node = document_.node(id);
  switch (node.kind) {
    case Kind::kParagraph:
      close_paragraph(id);
      break;
    case Kind::kHeading:
      close_heading(id);
      break;
    case Kind::kBlockQuote:
      line_start(), out_ += "</blockquote>\n";
      break;
    case Kind::kAlert:
      close_alert(id);
      break;
    case Kind::kList:
      out_ += std::get<List>(node.data).ordered ? "</ol>\n" : "</ul>\n";
      break;
    case Kind::kItem:
      out_ += "</li>\n";
      break;
    case Kind::kTable:
      if (document_.node(id + 1).end < node.end) out_ += "</tbody>\n";
      out_ += site_ ? "</table>\n</section>\n" : "</table>\n";
      break;
    case Kind::kTableRow:
      leave_row(id);
      break;
    case Kind::kTableCell:
      out_ += fmt::format("</{}>", cell_tag(id));
      break;
    case Kind::kFootnoteDefinition:
      close_footnote(id);
      break;
    default:
      break;
  }
}

void Renderer::code_block(const Node& node) {
  const auto& block = std::get<CodeBlock>(node.data);
  line_start();
  if (hooks_.code_block) {
    out_ += hooks_.code_block(node, block);
    line_start();
    return;
  }
  out_ += site_ ? "<pre tabindex=\"0\"><code" : "<pre><code";
  if (!block.language.empty()) out_ += fmt::format(" class=\"language-{}\"", escape_text(block.language));
  out_ += fmt::format(">{}</code></pre>\n", escape_text(node.literal));
}

void Renderer::open_list(const List& list) {
  line_start();
  if (!list.ordered) {
    out_ += "<ul>\n";
  } else if (list.start == 1) {
    out_ += "<ol>\n";
  } else {
    out_ += fmt::format("<ol start=\"{}\">\n", list.start);
  }
}

void Renderer::open_item(NodeId id) {
  const auto& item = std::get<Item>(document_.node(id).data);
  line_start();
  if (site_ && item.task != Task::kNone) {
    out_ += "<li class=\"task\">";
    // Without a paragraph to label it the box stands alone.
    if (document_.node(id).end == id + 1) task_box(id);
  } else if (site_ && !item.id.empty()) {
    out_ += fmt::format("<li id=\"{}\">", item.id);
  } else {
    out_ += "<li>";
    if (item.task != Task::kNone) {
      out_ += item.task == Task::kChecked ? "<input type=\"checkbox\" checked=\"\" disabled=\"\" /> "
                                          : "<input type=\"checkbox\" disabled=\"\" /> ";
    }
  }
}

// With an id the reader can tick it and the tick is kept; without one it only shows what the author wrote.
void Renderer::task_box(NodeId item_id) {
  const Node& node = document_.node(item_id);
  const auto& item = std::get<Item>(node.data);
  std::string attributes =
      item.id.empty() ? " disabled" : fmt::format(" id=\"{0}\" data-item=\"{0}\"", item.id);
  if (item.task == Task::kChecked) attributes += " checked";
  if (item.id.empty() && document_.node(item_id).end == item_id + 1)
    attributes += " aria-label=\"empty item\"";
  if (hooks_.task_attributes) {
    const std::string more = hooks_.task_attributes(node, item);
    if (!more.empty()) attributes += " " + more;
  }
  out_ += fmt::format("<input type=\"checkbox\"{}>", attributes);
}

NodeId Renderer::task_of(NodeId paragraph) const {
  const NodeId parent = document_.node(paragraph).parent;
  const auto* item = site_ ? std::get_if<Item>(&document_.node(parent).data) : nullptr;
  return item && item->task != Task::kNone && paragraph == parent + 1 ? parent : kNoNode;
}

bool Renderer::in_tight_list(const Node& paragraph) const {
  const Node& parent = document_.node(paragraph.parent);
  if (parent.kind != Kind::kItem) return false;
  return std::get<List>(document_.node(parent.parent).data).tight;
}

void Renderer::open_paragraph(NodeId id) {
  if (!in_tight_list(document_.node(id))) {
    line_start();
    out_ += "<p>";
  }
  const NodeId task = task_of(id);
  if (task == kNoNode) return;
  const std::string& task_id = std::get<Item>(document_.node(task).data).id;
  if (task_id.empty()) {
    out_ += "<label>";
    task_box(task);
    out_ += ' ';
  } else {
    task_box(task);
    out_ += fmt::format(" <label for=\"{}\">", task_id);
  }
}

void Renderer::close_paragraph(NodeId id) {
  const Node& node = document_.node(id);
  if (task_of(id) != kNoNode) out_ += "</label>";
  const Node& parent = document_.node(node.parent);
  if (parent.kind == Kind::kFootnoteDefinition && parent.end == node.end) {
    out_ += ' ';
    back_links(std::get<FootnoteDefinition>(parent.data));
  }
  if (!in_tight_list(node)) out_ += "</p>\n";
}

void Renderer::open_heading(NodeId id) {
  const auto& heading = std::get<Heading>(document_.node(id).data);
  line_start();
  out_ += site_ ? fmt::format("<h{} id=\"{}\">", heading.level, escape_text(heading.id))
                : fmt::format("<h{}>", heading.level);
}

void Renderer::close_heading(NodeId id) {
  const auto& heading = std::get<Heading>(document_.node(id).data);
  if (hooks_.heading_anchor) out_ += hooks_.heading_anchor(document_.node(id), heading);
  out_ += fmt::format("</h{}>\n", heading.level);
}

void Renderer::open_alert(NodeId id) {
  const auto& alert = std::get<Alert>(document_.node(id).data);
  line_start();
  // A strong answer next to a weak one is shown beside it; three in a row are a pair and a single one.
  const NodeId next = next_sibling(document_, id);
  const bool second = !pair_ends_.empty() && pair_ends_.back() == id;
  if (!second && is_pair(alert.kind, kind_of(document_, next))) {
    out_ += "<div class=\"versus\">\n";
    pair_ends_.push_back(next);
  }
  const std::string_view title = alert_title(alert.kind);
  out_ += fmt::format(
      "<aside class=\"callout callout-{}\" role=\"note\" aria-label=\"{}\">\n<p "
      "class=\"callout-title\">{}</p>\n",
      alert.kind, title, title);
}

void Renderer::close_alert(NodeId id) {
  line_start();
  out_ += "</aside>\n";
  if (!pair_ends_.empty() && pair_ends_.back() == id) {
    out_ += "</div>\n";
    pair_ends_.pop_back();
  }
}

void Renderer::open_table(NodeId id) {
  line_start();
  ++tables_;
  if (!site_) {
    out_ += "<table>\n";
    return;
  }
  std::string columns;
  for (const NodeId cell : document_.children(id + 1)) {
    const std::string text = plain_text(document_, cell);
    if (!text.empty()) columns += (columns.empty() ? ": " : ", ") + text;
  }
  out_ += fmt::format(
      "<section class=\"table-scroll\" tabindex=\"0\" aria-label=\"Table {}{}\">\n<table>\n",
      tables_, escape_text(columns));
}

void Renderer::leave_row(NodeId id) {
  line_start();
  out_ += std::get<TableRow>(document_.node(id).data).header ? "</tr>\n</thead>\n" : "</tr>\n";
}

// A heading without words heads nothing: for a screen reader the corner of a table is an ordinary cell.
std::string_view Renderer::cell_tag(NodeId id) const {
  const bool empty = document_.node(id).end == id + 1;
  return std::get<TableCell>(document_.node(id).data).header && !(site_ && empty) ? "th" : "td";
}

void Renderer::open_cell(NodeId id) {
  const auto& cell = std::get<TableCell>(document_.node(id).data);
  line_start();
  out_ += fmt::format("<{}", cell_tag(id));
  if (site_ && cell_tag(id) == "th") out_ += " scope=\"col\"";
  if (cell.alignment != Alignment::kNone) {
    out_ += (site_ ? " class=\"align-" : " align=\"") + std::string(alignment_name(cell.alignment)) + "\"";
  }
  out_ += '>';
}

// The back links end the footnote's last paragraph (see close_paragraph); where it ends otherwise they are a
// paragraph.
void Renderer::close_footnote(NodeId id) {
  const NodeId last = last_child(document_, id);
  if (last == kNoNode || document_.node(last).kind != Kind::kParagraph) {
    line_start();
    out_ += "<p>";
    back_links(std::get<FootnoteDefinition>(document_.node(id).data));
    out_ += "</p>\n";
  }
  out_ += "</li>\n";
}

void Renderer::back_links(const FootnoteDefinition& footnote) {
  for (int use = 1; use <= footnote.references; ++use) {
    const std::string id = footnote_reference_id(footnote.number, use);
    if (use > 1) out_ += ' ';
    const std::string shown = use == 1 ? "↩" : fmt::format("↩<sup>{}</sup>", use);
    out_ += site_ ? fmt::format(
                        "<a class=\"footnote-back\" role=\"doc-backlink\" href=\"#{}\" aria-label=\"Back to "
                        "reference {}{}\">{}</a>",
                        id, footnote.number, use == 1 ? "" : fmt::format("-{}", use), shown)
                  : fmt::format("<a href=\"#{}\" class=\"footnote-backref\">{}</a>", id, shown);
  }
}

}  // namespace drillpress::markdown
