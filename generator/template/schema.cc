#include "template/schema.h"

#include <fmt/format.h>

#include <algorithm>

namespace drillpress::templating {
namespace {

std::optional<Mismatch> mismatch_of(const Value& value, const Type& type, std::string_view path);

std::string join_path(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::optional<Mismatch> mismatch_of_map(const Map& map, const Record& record, std::string_view path) {
  static const Value kAbsent;
  std::size_t found = 0;
  for (const Field& field : record.fields) {
    const Value* value = map.find(field.name);
    if (value) ++found;
    if (!value && !field.type.optional) {
      return Mismatch{join_path(path, field.name),
                      fmt::format("expected {}, found nothing", describe(field.type))};
    }
    if (auto mismatch = mismatch_of(value ? *value : kAbsent, field.type, field.name)) {
      mismatch->path = path.empty() ? mismatch->path : fmt::format("{}.{}", path, mismatch->path);
      return mismatch;
    }
  }
  if (found == map.size()) return std::nullopt;
  for (const auto& [name, value] : map) {
    if (!record.find(name)) {
      return Mismatch{join_path(path, name), fmt::format("a {} has no such field", record.name)};
    }
  }
  return std::nullopt;
}

bool has_kind(const Value& value, Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return value.as_bool();
    case Kind::kInteger:
      return value.as_integer();
    case Kind::kText:
      return value.as_text();
    case Kind::kHtml:
      return value.as_html();
    case Kind::kList:
      return value.as_list();
    case Kind::kMap:
      return value.as_map();
  }
  return false;
}

// Paths are put together only when something is wrong, because every rendered page passes here.
std::optional<Mismatch> mismatch_of(const Value& value, const Type& type, std::string_view path) {
  if (value.is_null() && type.optional) return std::nullopt;
  if (!has_kind(value, type.kind)) {
    return Mismatch{std::string(path),
                    fmt::format("expected {}, found {}", describe(type), value.kind_name())};
  }
  if (type.kind == Kind::kMap) return mismatch_of_map(*value.as_map(), *type.record, path);
  if (type.kind == Kind::kList) {
    std::size_t index = 0;
    for (const Value& element : *value.as_list()) {
      if (auto mismatch = mismatch_of(element, *type.element, "")) {
        const std::string_view dot = mismatch->path.empty() || mismatch->path[0] == '[' ? "" : ".";
        mismatch->path = fmt::format("{}[{}]{}{}", path, index, dot, mismatch->path);
        return mismatch;
      }
      ++index;
    }
  }
  return std::nullopt;
}

}  // namespace

const Field* Record::find(std::string_view field) const {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == field; });
  return at == fields.end() ? nullptr : &*at;
}

Type boolean() {
  return {Kind::kBool};
}
Type integer() {
  return {Kind::kInteger};
}
Type text() {
  return {Kind::kText};
}
Type html() {
  return {Kind::kHtml};
}

Type list_of(Type element) {
  Type type{Kind::kList};
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type map_of(Record record) {
  Type type{Kind::kMap};
  type.record = std::make_shared<const Record>(std::move(record));
  return type;
}

Type optional(Type type) {
  type.optional = true;
  return type;
}

std::string describe(const Type& type) {
  const auto plain = [&]() -> std::string {
    switch (type.kind) {
      case Kind::kBool:
        return "bool";
      case Kind::kInteger:
        return "integer";
      case Kind::kText:
        return "text";
      case Kind::kHtml:
        return "html";
      case Kind::kList:
        return "list of " + describe(*type.element);
      case Kind::kMap:
        return type.record->name;
    }
    return "value";
  };
  return (type.optional ? "optional " : "") + plain();
}

std::optional<Mismatch> find_mismatch(const Map& value, const Record& record) {
  return mismatch_of_map(value, record, "");
}

}  // namespace drillpress::templating
