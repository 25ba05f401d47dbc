// Views of readiness quizzes.
#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "model/quiz.h"
#include "pipeline/page_body.h"
#include "pipeline/view_parts.h"
#include "pipeline/views.h"

namespace drillpress::pipeline {
namespace {

using model::FrontMatter;
using model::PageKind;
using templating::Html;

// Choices are stored under a part of the text's hash: reordered options keep them, reworded ones lose them.
constexpr std::size_t kOptionIdDigits = 8;

std::string letter(std::size_t index) {
  return std::string(1, static_cast<char>('A' + index));
}

Html inline_html(const FrontMatter& fields, std::string_view key) {
  return Html{std::string(base::trim(rendered_text(fields.text(key))))};
}

std::string title_of_topic(const SiteModel& site, const std::string& id) {
  const model::Listed* topic = site.registry.topics().find(id);
  return topic != nullptr ? topic->title : id;
}

// "B", "B and D", "A, B and D"
std::string key_of(const std::vector<FrontMatter>& options) {
  std::vector<std::string> letters;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i].flag("correct")) letters.push_back(letter(i));
  }
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i)
    text += (i == 0 ? "" : i + 1 == letters.size() ? " and " : ", ") + letters[i];
  return text;
}

List option_views(const std::vector<FrontMatter>& options) {
  List views;
  for (std::size_t i = 0; i < options.size(); ++i) {
    views.push_back(Map{{"id", base::content_hash(options[i].text("text")).substr(0, kOptionIdDigits)},
                        {"letter", letter(i)},
                        {"text", inline_html(options[i], "text")},
                        {"why", inline_html(options[i], "why")},
                        {"correct", options[i].flag("correct")}});
  }
  return views;
}

Map item_view(const SiteModel& site, const model::Page& page, const FrontMatter& item) {
  const auto options = item.records("options");
  const auto right =
      std::count_if(options.begin(), options.end(), [](const FrontMatter& o) { return o.flag("correct"); });
  List links;
  for (const model::Named& named : item.list("links")) {
    if (const model::Page* target = site.registry.find(named.text))
      links.push_back(content_link_view(site, *target, page.url));
  }
  const std::string topic = item.text("topic");
  return Map{{"id", item.text("id")},
             {"anchor", model::quiz_anchor(item)},
             {"topic", Map{{"id", topic}, {"title", title_of_topic(site, topic)}}},
             {"difficulty", item.text("difficulty")},
             {"question", inline_html(item, "question")},
             {"multiple", right > 1},
             {"key", key_of(options)},
             {"options", option_views(options)},
             {"links", std::move(links)}};
}

List topic_views(const SiteModel& site, const std::vector<FrontMatter>& items) {
  std::vector<std::pair<std::string, std::size_t>> topics;
  for (const FrontMatter& item : items) {
    const std::string id = item.text("topic");
    const auto at = std::find_if(topics.begin(), topics.end(), [&](const auto& t) { return t.first == id; });
    if (at == topics.end()) {
      topics.emplace_back(id, 1);
    } else {
      ++at->second;
    }
  }
  List views;
  for (const auto& [id, count] : topics)
    views.push_back(Map{{"id", id}, {"title", title_of_topic(site, id)}, {"count", count}});
  return views;
}

}  // namespace

PageView quiz_view(const SiteModel& site, const templating::TemplateSet&, const model::Page& page) {
  const auto items = page.front.records("items");
  const std::string role_id = page.front.text("role");
  const model::Listed* role = site.registry.roles().find(role_id);
  Value guide;
  for (const model::Page* other : site.registry.listed(PageKind::kGuide)) {
    if (other->front.text("role") == role_id)
      guide = Map{{"title", other->title()}, {"url", model::relative_url(page.url, other->url)}};
  }
  List views;
  for (const FrontMatter& item : items) views.push_back(item_view(site, page, item));
  PageFacts facts{std::string(model::name(page.kind)),
                  page.id,
                  page.title(),
                  page.front.text("description"),
                  page.url,
                  std::string(model::url_folder(page.kind)),
                  &page};
  Map view{{"site", site_view(site)}, {"page", page_view(site, facts)}};
  view.set("quiz", Map{{"role", role != nullptr ? role->title : role_id},
                       {"guide", guide},
                       {"count", items.size()},
                       {"topics", topic_views(site, items)},
                       {"items", std::move(views)}});
  return {"quiz.html", page.url, std::move(view)};
}

}  // namespace drillpress::pipeline
