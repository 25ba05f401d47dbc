#include <fmt/format.h>

#include "markdown/ids.h"
#include "markdown/renderer.h"

namespace drillpress::markdown {

void Renderer::enter_inline(NodeId id) {
  const Node& node = document_.node(id);
  switch (node.kind) {
    case Kind::kText:
      text(node);
      break;
    case Kind::kSoftBreak:
      out_ += '\n';
      break;
    case Kind::kLineBreak:
      out_ += site_ ? "<br>\n" : "<br />\n";
      break;
    case Kind::kCodeSpan:
      out_ += fmt::format("<code>{}</code>", escape_text(node.literal));
      break;
    case Kind::kHtmlInline:
      out_ += node.literal;
      break;
    case Kind::kEmphasis:
      out_ += "<em>";
      break;
    case Kind::kStrong:
      out_ += "<strong>";
      break;
    case Kind::kStrikethrough:
      out_ += "<del>";
      break;
    case Kind::kLink:
      open_link(node);
      break;
    case Kind::kImage:
      image(id);
      break;
    case Kind::kFootnoteReference:
      footnote_reference(std::get<FootnoteReference>(node.data));
      break;
    case Kind::kDirective:
      directive(node);
      break;
    case Kind::kFormula:
      formula(node);
      break;
    default:
      break;
  }
}

void Renderer::leave_inline(NodeId id) {
  switch (document_.node(id).kind) {
    case Kind::kEmphasis:
      out_ += "</em>";
      break;
    case Kind::kStrong:
      out_ += "</strong>";
      break;
    case Kind::kStrikethrough:
      out_ += "</del>";
      break;
    case Kind::kLink:
      if (scope_.interactive) out_ += "</a>";
      break;
    default:
      break;
  }
}

void Renderer::text(const Node& node) {
  std::optional<std::string> html;
  if (hooks_.text) html = hooks_.text(node);
  out_ += html ? *html : escape_text(node.literal);
}

std::string Renderer::url(const Node& node) const {
  const auto& link = std::get<Link>(node.data);
  if (hooks_.destination) {
    if (auto changed = hooks_.destination(node, link)) return escape_url(*changed);
  }
  return escape_url(link.destination);
}

void Renderer::open_link(const Node& node) {
  if (!scope_.interactive) return;
  const auto& link = std::get<Link>(node.data);
  out_ += fmt::format("<a href=\"{}\"", url(node));
  if (!link.title.empty()) out_ += fmt::format(" title=\"{}\"", escape_text(link.title));
  out_ += '>';
}

void Renderer::image(NodeId id) {
  const Node& node = document_.node(id);
  const auto& link = std::get<Link>(node.data);
  out_ += fmt::format("<img src=\"{}\" alt=\"{}\"", url(node), escape_text(image_description(document_, id)));
  if (!link.title.empty()) out_ += fmt::format(" title=\"{}\"", escape_text(link.title));
  out_ += site_ ? ">" : " />";
}

void Renderer::footnote_reference(const FootnoteReference& reference) {
  if (!scope_.interactive) return;
  const std::string id = footnote_reference_id(reference.number, reference.occurrence);
  out_ +=
      site_
          ? fmt::format(
                "<sup class=\"footnote-ref\"><a href=\"#fn-{0}\" id=\"{1}\" role=\"doc-noteref\" "
                "aria-label=\"Footnote {0}\">{0}</a></sup>",
                reference.number, id)
          : fmt::format(
                "<sup class=\"footnote-ref\"><a href=\"#fn-{0}\" id=\"{1}\" data-footnote-ref>{0}</a></sup>",
                reference.number, id);
}

void Renderer::directive(const Node& node) {
  const auto& directive = std::get<Directive>(node.data);
  if (!scope_.interactive) return;
  if (directive.block) line_start();
  if (hooks_.directive) {
    out_ += hooks_.directive(node, directive);
  } else if (directive.block) {
    out_ += fmt::format("<p>{}</p>", escape_text(node.literal));
  } else {
    out_ += escape_text(node.literal);
  }
  if (directive.block) line_start();
}

void Renderer::formula(const Node& node) {
  const auto& formula = std::get<Formula>(node.data);
  if (formula.block) line_start();
  if (hooks_.formula) {
    out_ += hooks_.formula(node, formula);
  } else {
    const std::string code = fmt::format("<code>{}</code>", escape_text(node.literal));
    out_ += formula.block ? fmt::format("<p>{}</p>", code) : code;
  }
  if (formula.block) line_start();
}

}  // namespace drillpress::markdown
