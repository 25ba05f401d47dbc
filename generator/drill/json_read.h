// Reading JSON that others wrote: a member of the wrong type reads as its absence, never as an exception.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace drillpress::drill {

using Json = nlohmann::json;

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
