#include "template/value.h"

#include <algorithm>

namespace drillpress::templating {
namespace {

auto lower_bound(auto& entries, std::string_view name) {
  return std::lower_bound(
      entries.begin(), entries.end(), name,
      [](const Map::Entry& entry, std::string_view wanted) { return entry.first.compare(wanted) < 0; });
}

}  // namespace

Value::Value(Map map) : state_(std::make_shared<const Map>(std::move(map))) {}

const List* Value::as_list() const {
  const auto* list = std::get_if<std::shared_ptr<const List>>(&state_);
  return list ? list->get() : nullptr;
}

const Map* Value::as_map() const {
  const auto* map = std::get_if<std::shared_ptr<const Map>>(&state_);
  return map ? map->get() : nullptr;
}

bool Value::truthy() const {
  if (const bool* value = as_bool()) return *value;
  if (const std::int64_t* value = as_integer()) return *value != 0;
  if (const std::string* value = as_text()) return !value->empty();
  if (const Html* value = as_html()) return !value->markup.empty();
  if (const List* value = as_list()) return !value->empty();
  return as_map() != nullptr;
}

std::string_view Value::kind_name() const {
  constexpr std::string_view kNames[] = {"null", "bool", "integer", "text", "html", "list", "map"};
  return kNames[state_.index()];
}

Map::Map(std::initializer_list<Entry> entries) {
  entries_.reserve(entries.size());
  for (const Entry& entry : entries) set(entry.first, entry.second);
}

Map& Map::set(std::string_view name, Value value) {
  const auto at = lower_bound(entries_, name);
  if (at != entries_.end() && at->first == name) {
    at->second = std::move(value);
  } else {
    entries_.emplace(at, std::string(name), std::move(value));
  }
  return *this;
}

const Value* Map::find(std::string_view name) const {
  const auto at = lower_bound(entries_, name);
  return at != entries_.end() && at->first == name ? &at->second : nullptr;
}

}  // namespace drillpress::templating
