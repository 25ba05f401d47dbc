#include "sample_pages.h"

namespace drillpress::test {

using templating::Html;
using templating::List;
using templating::Map;

namespace {

Map option(std::string id, std::string letter, std::string text, std::string why, bool correct) {
  return {{"id", id},
          {"letter", letter},
          {"text", Html{std::move(text)}},
          {"why", Html{std::move(why)}},
          {"correct", correct}};
}

Map item(std::string id, bool multiple, std::string key, List options) {
  return {{"id", id},
          {"anchor", "q-" + id},
          {"topic", Map{{"id", "memory-hierarchy"}, {"title", "Memory hierarchy"}}},
          {"difficulty", "easy"},
          {"question", Html{"How many sectors does <code>x[i]</code> touch?"}},
          {"multiple", multiple},
          {"key", key},
          {"options", std::move(options)},
          {"links", List{content_link("card", "coalescing", "Coalescing", "", List{})}}};
}

}  // namespace

Map sample_quiz() {
  return {{"role", "Machine-learning engineer"},
          {"guide", Map{{"title", "Machine-learning engineer"}, {"url", "../guides/ml-engineer.html"}}},
          {"count", 2},
          {"topics", List{Map{{"id", "memory-hierarchy"}, {"title", "Memory hierarchy"}, {"count", 2}}}},
          {"items", List{item("one", false, "A",
                              List{option("a1", "A", "four", "128 bytes.", true),
                                   option("a2", "B", "one", "That is 32 bytes.", false)}),
                         item("several", true, "A and B",
                              List{option("b1", "A", "a warp", "It is.", true),
                                   option("b2", "B", "a block", "It is.", true)})}}};
}

}  // namespace drillpress::test
