#include "pipeline/glossary.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/text.h"

namespace drillpress::pipeline {
namespace {

using markdown::Kind;
using markdown::NodeId;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_word(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string plural(const std::string& word) {
  const auto ends = [&](std::string_view tail) { return word.ends_with(tail); };
  if (ends("s") || ends("x") || ends("ch") || ends("sh")) return word + "es";
  if (ends("y") && word.size() > 1 &&
      std::string_view("aeiou").find(word[word.size() - 2]) == std::string_view::npos)
    return word.substr(0, word.size() - 1) + "ies";
  return word + "s";
}

// `Micro-batch` also stands as `micro-batch`; a name or an abbreviation (a capital behind the first letter of
// a word, or a capital at the front of a later word) only as it is.
std::vector<std::string> forms_of(const std::string& title) {
  std::vector<std::string> forms = {title, plural(title)};
  const bool name = title.size() < 2 || std::any_of(title.begin() + 1, title.end(), is_upper);
  if (!name && is_upper(title[0])) {
    for (std::size_t i = 0; i < 2; ++i) {
      std::string form = forms[i];
      form[0] = static_cast<char>(form[0] - 'A' + 'a');
      forms.push_back(std::move(form));
    }
  }
  return forms;
}

// The paragraph's text up to the sentence that only leads on.
std::string definition_of(const markdown::Document& document, NodeId paragraph) {
  std::string text = markdown::plain_text(document, paragraph);
  text = text.substr(0, text.find(" See "));
  return text;
}

std::string first_page_linked(const model::Page& page, NodeId paragraph) {
  for (NodeId id = paragraph; id < page.document.node(paragraph).end; ++id) {
    const auto* link = std::get_if<markdown::Link>(&page.document.node(id).data);
    if (link == nullptr) continue;
    const std::string path = link->destination.substr(0, link->destination.find('#'));
    return std::filesystem::path(page.folder + "/" + path).lexically_normal().generic_string();
  }
  return {};
}

std::vector<Term> read_terms(const model::Page& page) {
  std::set<std::string> unlinked;
  for (const model::Named& id : page.front.list("unlinked")) unlinked.insert(id.text);
  std::vector<Term> terms;
  for (const NodeId id : page.document.children(markdown::kRoot)) {
    const auto* heading = std::get_if<markdown::Heading>(&page.document.node(id).data);
    if (heading == nullptr || heading->level != 3 || !heading->explicit_id) continue;
    const NodeId next = page.document.node(id).end;
    if (unlinked.count(heading->id) > 0 || next >= page.document.nodes().size() ||
        page.document.node(next).kind != Kind::kParagraph)
      continue;
    terms.push_back({heading->id, definition_of(page.document, next), first_page_linked(page, next),
                     forms_of(markdown::plain_text(page.document, id))});
  }
  return terms;
}

// Finds terms by the first word of their forms; of several the longest form wins.
class Finder {
 public:
  explicit Finder(const std::vector<Term>& terms) {
    for (std::size_t term = 0; term < terms.size(); ++term) {
      for (const std::string& form : terms[term].forms) by_word_[first_word(form)].push_back({form, term});
    }
    for (auto& [word, forms] : by_word_) {
      std::sort(forms.begin(), forms.end(), [](const Form& a, const Form& b) {
        return std::tuple(b.text.size(), a.text) < std::tuple(a.text.size(), b.text);
      });
    }
  }

  std::vector<TermLink> find(std::string_view text) const {
    std::vector<TermLink> found;
    for (std::size_t at = 0; at < text.size();) {
      if (!is_word(text[at]) || (at > 0 && joins(text[at - 1]))) {
        ++at;
        continue;
      }
      const std::size_t end = longest(text, at, found);
      at = end > at ? end : at + first_word(text.substr(at)).size();
    }
    return found;
  }

 private:
  struct Form {
    std::string text;
    std::size_t term;
  };

  // A hyphen makes one word of two: `batch` is not used in `micro-batch`.
  static bool joins(char c) { return is_word(c) || c == '-' || c == '/' || c == '.'; }

  static std::string first_word(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end])) ++end;
    return std::string(text.substr(0, std::max<std::size_t>(end, 1)));
  }

  std::size_t longest(std::string_view text, std::size_t at, std::vector<TermLink>& found) const {
    const auto forms = by_word_.find(first_word(text.substr(at)));
    if (forms == by_word_.end()) return at;
    for (const Form& form : forms->second) {
      const std::size_t end = at + form.text.size();
      if (text.substr(at, form.text.size()) != form.text) continue;
      if (end < text.size() && (is_word(text[end]) || text[end] == '-' || text[end] == '/')) continue;
      found.push_back({at, end, form.term});
      return end;
    }
    return at;
  }

  std::unordered_map<std::string, std::vector<Form>> by_word_;  // looked up, never walked into output
};

// Running text: paragraphs outside of headings, tables, links and quoted answers.
bool is_running(const markdown::Document& document, NodeId node) {
  bool paragraph = false;
  for (NodeId up = node; up != markdown::kRoot; up = document.node(up).parent) {
    const Kind kind = document.node(up).kind;
    if (kind == Kind::kLink || kind == Kind::kHeading || kind == Kind::kTable || kind == Kind::kImage)
      return false;
    paragraph = paragraph || kind == Kind::kParagraph;
  }
  return paragraph;
}

struct Use {
  NodeId node;
  TermLink link;
};

std::vector<Use> first_uses(const model::Page& page, const Finder& finder, const std::vector<Term>& terms) {
  std::vector<Use> uses;
  std::set<std::size_t> seen;
  for (NodeId id = 0; id < page.document.nodes().size(); ++id) {
    const markdown::Node& node = page.document.node(id);
    if (node.kind != Kind::kText || !is_running(page.document, id)) continue;
    for (const TermLink& link : finder.find(node.literal)) {
      // The page that explains a term need not send its readers away.
      if (terms[link.term].explained_at == page.source->path()) continue;
      if (seen.insert(link.term).second) uses.push_back({id, link});
    }
  }
  return uses;
}

}  // namespace

Glossary plan_glossary(const model::Registry& registry) {
  Glossary glossary;
  glossary.links.resize(registry.pages().size());
  const model::Page* page = registry.find(model::PageKind::kPage, "glossary");
  if (page == nullptr) return glossary;
  glossary.url = page->url;
  glossary.terms = read_terms(*page);
  const Finder finder(glossary.terms);
  std::vector<std::vector<Use>> uses;
  std::vector<std::size_t> pages_with(glossary.terms.size());
  for (const model::Page& other : registry.pages()) {
    uses.push_back(&other == page ? std::vector<Use>{} : first_uses(other, finder, glossary.terms));
    for (const Use& use : uses.back()) ++pages_with[use.link.term];
  }
  for (std::size_t index = 0; index < uses.size(); ++index) {
    std::vector<Use>& own = uses[index];
    std::stable_sort(own.begin(), own.end(), [&](const Use& a, const Use& b) {
      return pages_with[a.link.term] < pages_with[b.link.term];
    });
    if (own.size() > kMostTermLinks) own.resize(kMostTermLinks);
    for (const Use& use : own) glossary.links[index][use.node].push_back(use.link);
    for (auto& [node, links] : glossary.links[index]) {
      std::sort(links.begin(), links.end(),
                [](const TermLink& a, const TermLink& b) { return a.begin < b.begin; });
    }
  }
  return glossary;
}

std::string render_terms(const Glossary& glossary, const std::vector<TermLink>& links,
                         const std::string& text, const std::string& page_url) {
  std::string html;
  std::size_t at = 0;
  for (const TermLink& link : links) {
    const Term& term = glossary.terms[link.term];
    html += base::escape_html(std::string_view(text).substr(at, link.begin - at));
    html += fmt::format("<a class=\"term\" href=\"{}#{}\" title=\"{}\">{}</a>",
                        base::escape_html(model::relative_url(page_url, glossary.url)), term.id,
                        base::escape_html(term.definition),
                        base::escape_html(std::string_view(text).substr(link.begin, link.end - link.begin)));
    at = link.end;
  }
  return html + base::escape_html(std::string_view(text).substr(at));
}

}  // namespace drillpress::pipeline
