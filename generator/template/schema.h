// The shape of the values that templates may use: names, types, and which of them can be absent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "template/value.h"

namespace drillpress::templating {

enum class Kind { kBool, kInteger, kText, kHtml, kList, kMap };

struct Field;

/// The named fields of a map.
struct Record {
  std::string name;  ///< what people call it: "drill link"
  std::vector<Field> fields;

  const Field* find(std::string_view field) const;
};

/// The type of one value. `element` is set for lists, `record` for maps.
struct Type {
  Kind kind = Kind::kText;
  bool optional = false;  ///< may be null or absent; a template has to ask with `{% if %}` before it uses it
  std::shared_ptr<const Type> element = nullptr;
  std::shared_ptr<const Record> record = nullptr;
};

/// One field, with the comment that documents it for people who write templates.
struct Field {
  std::string name;
  Type type;
  std::string comment;
};

Type boolean();
Type integer();
Type text();
Type html();
Type list_of(Type element);
Type map_of(Record record);
Type optional(Type type);

/// "text", "list of text", "optional drill link".
std::string describe(const Type& type);

/// What one template receives: its top-level names.
struct View {
  std::string template_name;  ///< path below `templates/`: "guide.html", "partials/snippet.html"
  Record record;
};

/// Every template that the generator renders, with its view.
using Schema = std::vector<View>;

/// Where and how a value differs from its type.
struct Mismatch {
  std::string path;     ///< "page.toc[2].title"; empty for the value itself
  std::string message;  ///< "expected text, found list"
};

/// The first difference between the value and the record in the record's order, or nothing. A field that the
/// record does not name is a difference too: a misspelt field would otherwise be lost silently.
std::optional<Mismatch> find_mismatch(const Map& value, const Record& record);

}  // namespace drillpress::templating
