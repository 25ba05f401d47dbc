#include "pipeline/page_body.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"
#include "highlight/highlight.h"
#include "markdown/parse.h"
#include "pipeline/ledger.h"
#include "pipeline/view_parts.h"
#include "pipeline/views_figures.h"

namespace drillpress::pipeline {
namespace {

struct LanguageLabel {
  std::string_view id, label;
};
constexpr LanguageLabel kLanguageLabels[] = {
    {"cuda", "CUDA C++"},   {"cpp", "C++"},   {"python", "Python"}, {"ptx", "PTX"},
    {"bash", "Shell"},      {"json", "JSON"}, {"yaml", "YAML"},     {"cmake", "CMake"},
    {"console", "Console"}, {"diff", "Diff"}, {"text", "Text"},     {"output", "Output"},
};

std::string language_label(std::string_view id) {
  for (const LanguageLabel& row : kLanguageLabels) {
    if (row.id == id) return std::string(row.label);
  }
  return id.empty() ? "Text" : std::string(id);
}

std::string_view match_note(const drill::Program& program) {
  if (program.expectation.kind != drill::Expectation::Kind::kOutput) return "";
  switch (program.expectation.output.match) {
    case drill::Match::kExact:
      return "equal to the expected output, byte by byte";
    case drill::Match::kGlob:
      return "matches the expected pattern, line by line";
    case drill::Match::kNumber:
      return "equal to the expected output, numbers within their tolerance";
  }
  return "";
}

}  // namespace

std::string highlighted(std::string_view language, std::string_view code) {
  std::string html;
  for (const std::string& line : highlight::render_lines(language, code)) {
    html += line;
    html += '\n';
  }
  return html;
}

std::string rendered(const templating::TemplateSet& templates, std::string_view name,
                     const templating::Map& view) {
  auto text = templates.render(name, view);
  if (!text.ok()) {
    fmt::print(stderr, "{}\n", text.error());
    std::abort();
  }
  return std::move(text).value();
}

std::string rendered_text(std::string_view markdown) {
  if (markdown.empty()) return {};
  diagnostics::Sink ignored;  // the same text is plain words for the schema; stray syntax shows as written
  const auto document =
      markdown::parse_document(base::make_source("front matter", std::string(markdown)), 0, ignored);
  std::string html;
  for (const markdown::NodeId child : document.children(markdown::kRoot))
    html += markdown::render_children(document, child);
  return html;
}

PageBody::PageBody(const SiteModel& site, const templating::TemplateSet& templates, const model::Page& page)
    : site_(site), templates_(templates), page_(page) {
  const auto& plans = site_.programs.blocks[site_.registry.index_of(page_)];
  hooks_.code_block = [this, &plans](const markdown::Node& node, const markdown::CodeBlock&) {
    const auto id = static_cast<markdown::NodeId>(&node - page_.document.nodes().data());
    const auto plan = plans.find(id);
    return plan == plans.end() ? std::string() : snippet(plan->second);
  };
  hooks_.destination = [this](const markdown::Node&,
                              const markdown::Link& link) -> std::optional<std::string> {
    auto target =
        model::resolve_link(site_.registry, page_, link.destination, site_.sources.root, {}, nullptr);
    return target ? std::optional(target->url) : std::nullopt;
  };
  hooks_.directive = [this](const markdown::Node& node, const markdown::Directive& d) {
    return directive(static_cast<markdown::NodeId>(&node - page_.document.nodes().data()), d);
  };
  hooks_.formula = [this](const markdown::Node& node, const markdown::Formula& formula) {
    return formula_html(node.literal, formula);
  };
  const auto& terms = site_.glossary.links[site_.registry.index_of(page_)];
  hooks_.text = [this, &terms](const markdown::Node& node) -> std::optional<std::string> {
    const auto at = terms.find(static_cast<markdown::NodeId>(&node - page_.document.nodes().data()));
    if (at == terms.end()) return std::nullopt;
    return render_terms(site_.glossary, at->second, node.literal, page_.url);
  };
  hooks_.heading_anchor = [](const markdown::Node&, const markdown::Heading& heading) {
    return fmt::format(" <a class=\"heading-anchor\" href=\"#{}\" aria-label=\"Link to this section\">#</a>",
                       base::escape_html(heading.id));
  };
}

std::string PageBody::whole() const {
  return markdown::render_html(page_.document, hooks_);
}

std::string PageBody::section(const markdown::Section& section) const {
  std::string html = markdown::render_section(page_.document, section, hooks_);
  const auto all = markdown::sections(page_.document);
  if (!all.empty() && all.back().heading == section.heading)
    html += markdown::render_footnotes(page_.document, hooks_);
  return html;
}

List PageBody::contents() const {
  List list;
  for (const markdown::OutlineEntry& entry : markdown::outline(page_.document)) {
    List children;
    for (const markdown::OutlineEntry& child : entry.children) {
      children.push_back(Map{{"id", child.id}, {"title", child.text}});
    }
    list.push_back(Map{{"id", entry.id}, {"title", entry.text}, {"children", std::move(children)}});
  }
  return list;
}

std::size_t PageBody::skipped_blocks() const {
  std::size_t count = 0;
  for (const auto& [node, plan] : site_.programs.blocks[site_.registry.index_of(page_)]) {
    if (!plan.program && !plan.id.empty()) ++count;
  }
  return count;
}

std::size_t PageBody::task_count() const {
  std::size_t count = 0;
  for (const markdown::Node& node : page_.document.nodes()) {
    if (node.kind == markdown::Kind::kItem &&
        std::get<markdown::Item>(node.data).task != markdown::Task::kNone)
      ++count;
  }
  return count;
}

std::string PageBody::snippet(const CodeBlockPlan& plan) const {
  if (plan.invisible) return {};
  const drill::Record* record = plan.program ? &site_.records[*plan.program] : nullptr;
  const drill::Program* program = plan.own_program ? &site_.programs.programs[*plan.program] : nullptr;
  Value verdict = record != nullptr
                      ? verdict_view(*record)
                      : verdict_view(plan.id.empty() ? "shown" : "skipped", plan.not_run_because);
  std::string output, output_label = "Output";
  if (program != nullptr && program->mode == drill::Mode::kCompileFail) {
    output = record->compiler_output;
    output_label = "The compiler says";
  } else if (program != nullptr) {
    output = record->output;
    if (program->mode == drill::Mode::kShouldFail)
      output_label = fmt::format("Output, then exit status {}", record->exit_code);
  }
  std::string dom_id = plan.id.substr(std::min(plan.id.size(), plan.id.find('#') + 1));
  return rendered(
      templates_, "partials/snippet.html",
      Map{{"snippet", Map{{"id", plan.own_program ? "code-" + dom_id : ""},
                          {"language", language_label(plan.language)},
                          {"title", plan.title},
                          {"code", templating::Html{highlighted(plan.language, plan.shown)}},
                          {"verdict", verdict},
                          {"output", output},
                          {"output_label", output_label},
                          {"match", program != nullptr ? match_note(*program) : ""},
                          {"command", program != nullptr ? "drillpress run " + plan.id : ""},
                          {"provenance", program != nullptr ? provenance_view(*record) : List{}}}}});
}

std::string PageBody::citation(markdown::NodeId node) const {
  const auto& shown = site_.citations.shown[site_.registry.index_of(page_)];
  const auto at = shown.find(node);
  if (at == shown.end()) return {};  // reported when citations were resolved
  const Citation& citation = at->second;
  const drill::Program* program = site_.programs.find(citation.program);
  bool in_link = false;
  for (markdown::NodeId up = node; up != markdown::kRoot; up = page_.document.node(up).parent)
    in_link = in_link || page_.document.node(up).kind == markdown::Kind::kLink;
  std::string url;
  if (program != nullptr && !in_link) {
    const std::string place = program_url(site_, *program);
    url = place.starts_with(page_.url + "#") ? place.substr(page_.url.size())
                                             : model::relative_url(page_.url, place);
  }
  const bool known = citation.standing == Standing::kKnown;
  return rendered(
      templates_, "partials/citation.html",
      Map{{"citation", Map{{"known", known},
                           {"standing", name_of(citation.standing)},
                           {"text", known ? citation.text : std::string(label_of(citation.standing))},
                           {"number", citation.number},
                           {"source", citation.source},
                           {"url", url},
                           {"block", page_.document.data<markdown::Directive>(node).block}}}});
}

std::string PageBody::claim(markdown::NodeId node) const {
  const std::size_t page = site_.registry.index_of(page_);
  const auto at = site_.citations.claim_of[page].find(node);
  if (at == site_.citations.claim_of[page].end()) return {};
  return rendered(templates_, "partials/claim.html",
                  Map{{"claim", claim_view(site_, site_.citations.claims[at->second], page_.url)},
                      {"block", page_.document.data<markdown::Directive>(node).block}});
}

namespace {
constexpr std::size_t kShortFormula = 16;  ///< characters that fit beside a word on the narrowest screen

/// Of a formula as it is drawn: what stands between the tags, without its TeX.
std::size_t visible_characters(std::string_view mathml) {
  mathml = mathml.substr(0, mathml.find("<annotation"));
  std::size_t count = 0;
  bool in_tag = false;
  for (const char c : mathml) {
    if (c == '<') in_tag = true;
    const bool begins_character = (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
    if (!in_tag && begins_character) ++count;
    if (c == '>') in_tag = false;
  }
  return count;
}
}  // namespace

std::string PageBody::formula_html(const std::string& tex, const markdown::Formula& formula) const {
  const std::string_view mathml = site_.formulas.mathml({tex, formula.display});
  if (mathml.empty()) return {};  // reported when formulas were typeset
  // Formulas do not break across lines. Long ones scroll where they do not fit, so they can be focused.
  if (!formula.block && visible_characters(mathml) <= kShortFormula) return std::string(mathml);
  if (!formula.block) {
    return fmt::format(
        "<span class=\"formula-line\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">{}</span>",
        mathml);
  }
  return fmt::format("<div class=\"formula\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">{}</div>",
                     mathml);
}

std::string PageBody::directive(markdown::NodeId node, const markdown::Directive& directive) const {
  const auto& arguments = directive.arguments;
  // Inside a sentence, a file's final line break would be a space.
  if (directive.name == "run") return std::string(base::trim(citation(node)));
  if (directive.name == "claim") return std::string(base::trim(claim(node)));
  if (directive.name == "picture") {
    const auto& shown = site_.pictures.shown[site_.registry.index_of(page_)];
    const auto at = shown.find(node);
    return at == shown.end()
               ? std::string()
               : rendered(templates_, "partials/picture.html", Map{{"picture", picture_view(at->second)}});
  }
  if (directive.name == "evidence" && arguments.size() >= 2) {
    const std::string html =
        rendered(templates_, "partials/evidence.html",
                 Map{{"evidence", evidence_view(arguments[0].value, arguments[1].value,
                                                arguments.size() > 2 ? arguments[2].value : "")}});
    return std::string(base::trim(html));
  }
  const bool is_drill = directive.name == "drill";
  const auto kind = is_drill ? model::PageKind::kDrill : model::PageKind::kCard;
  const model::Page* target = arguments.empty() ? nullptr : site_.registry.find(kind, arguments[0].value);
  if (target == nullptr) return {};  // reported when references were checked
  if (!directive.block) {
    return fmt::format("<a href=\"{}\">{}</a>",
                       base::escape_html(model::relative_url(page_.url, target->url)),
                       base::escape_html(target->title()));
  }
  return rendered(templates_, is_drill ? "partials/drill-link.html" : "partials/card-link.html",
                  Map{{"link", content_link_view(site_, *target, page_.url)}});
}

}  // namespace drillpress::pipeline
