// Reading JSON that others wrote: a member of the wrong type reads as its absence, never as an exception.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drillpress::drill {

using Json = nlohmann::json;

/// What keeps a text from being read, and the byte at which.
struct JsonFault {
  std::string message;
  std::size_t offset = 0;
};

/// Fails also on numbers beyond what a double holds, and on nesting deeper than in any file of ours: trees
/// are walked by recursion.
std::optional<Json> parse_json(std::string_view text, JsonFault& fault);

/// How files of ours are written: sorted members, two spaces, a final newline.
std::string own_text(const Json& json);

/// Where a text differs from own_text of what was read from it: a member stands twice, or something else
/// wrote it anew.
std::optional<JsonFault> find_rewriting(std::string_view text, const Json& json);

/// Name of the first member in which two objects differ by `same`; empty when there is none.
template <typename Same>
std::string differing_member(const Json& a, const Json& b, const Same& same) {
  for (const auto& [name, value] : a.items()) {
    if (!b.contains(name) || !same(value, b[name])) return name;
  }
  for (const auto& [name, value] : b.items()) {
    if (!a.contains(name)) return name;
  }
  return {};
}

/// The member, or null.
inline const Json& member(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto it = object.find(name);
  return it == object.end() ? none : *it;
}

inline std::string text_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

inline bool flag_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_boolean() && value.get<bool>();
}

/// 0 when it is not a number.
inline double number_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_number() ? value.get<double>() : 0;
}

/// 0 when it is not a whole number or is negative.
inline std::uint64_t count_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

inline std::int64_t integer_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

/// The elements of an array member; empty when it is no array.
inline const Json& items_of(const Json& object, const char* name) {
  static const Json none = Json::array();
  const Json& value = member(object, name);
  return value.is_array() ? value : none;
}

template <typename Number>
std::vector<Number> numbers_of(const Json& object, const char* name) {
  std::vector<Number> out;
  for (const Json& item : items_of(object, name)) {
    out.push_back(item.is_number_unsigned() ? item.get<Number>() : Number{0});
  }
  return out;
}

/// Members that are numbers, by name.
inline std::map<std::string, double> numbers_by_name(const Json& object, const char* name) {
  std::map<std::string, double> out;
  const Json& value = member(object, name);
  if (!value.is_object()) return out;
  for (const auto& [key, item] : value.items()) {
    if (item.is_number()) out[key] = item.get<double>();
  }
  return out;
}

}  // namespace drillpress::drill
