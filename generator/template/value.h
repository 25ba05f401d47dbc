// What templates are filled with: immutable values, with trusted HTML as a type of its own.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace drillpress::templating {

class Value;
class Map;

/// Markup that is inserted as it is. Only what the generator itself rendered may be wrapped in it.
struct Html {
  std::string markup;
};

using List = std::vector<Value>;

/// Null, bool, integer, text (escaped where it is written), HTML (inserted as it is), list or map.
/// Lists and maps are shared between copies, so that copying a value is cheap; nothing can change a value.
class Value {
 public:
  Value() = default;
  template <std::same_as<bool> Bool>
  Value(Bool value) : state_(value) {}
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Value(Integer value)
      : state_(static_cast<std::int64_t>(value)) {}
  Value(std::string text) : state_(std::move(text)) {}
  Value(std::string_view text) : state_(std::string(text)) {}
  Value(const char* text) : state_(std::string(text)) {}
  Value(Html html) : state_(std::move(html)) {}
  Value(List list) : state_(std::make_shared<const List>(std::move(list))) {}
  Value(Map map);
  /// Nothing becomes null, which only a field that the schema calls optional accepts.
  template <typename T>
  Value(std::optional<T> value) {
    if (value) *this = Value(std::move(*value));
  }

  bool is_null() const { return std::holds_alternative<std::monostate>(state_); }
  const bool* as_bool() const { return std::get_if<bool>(&state_); }
  const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&state_); }
  const std::string* as_text() const { return std::get_if<std::string>(&state_); }
  const Html* as_html() const { return std::get_if<Html>(&state_); }
  const List* as_list() const;
  const Map* as_map() const;

  /// What a condition makes of it: null, false, 0, empty text, empty HTML and an empty list are false.
  bool truthy() const;
  /// "null", "bool", "integer", "text", "html", "list" or "map".
  std::string_view kind_name() const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::string, Html, std::shared_ptr<const List>,
               std::shared_ptr<const Map>>
      state_;
};

/// Named values, kept sorted by name.
class Map {
 public:
  using Entry = std::pair<std::string, Value>;

  Map() = default;
  Map(std::initializer_list<Entry> entries);

  /// Adds or replaces one entry.
  Map& set(std::string_view name, Value value);
  /// The value of that name, or nullptr.
  const Value* find(std::string_view name) const;

  std::size_t size() const { return entries_.size(); }
  std::vector<Entry>::const_iterator begin() const { return entries_.begin(); }
  std::vector<Entry>::const_iterator end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace drillpress::templating
