#include "template/filters.h"

namespace drillpress::templating {
namespace {

Value count(const Value& list, const std::vector<Value>&) {
  return list.as_list()->size();
}

Value join(const Value& list, const std::vector<Value>& arguments) {
  std::string out;
  for (const Value& element : *list.as_list()) {
    if (!out.empty()) out += *arguments[0].as_text();
    out += *element.as_text();
  }
  return out;
}

Value upper(const Value& value, const std::vector<Value>&) {
  std::string out = *value.as_text();
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

const std::vector<Filter>& filters() {
  static const std::vector<Filter> table = {
      {"count", list_of(text()), true, 0, integer(), count, "number of elements of a list"},
      {"join", list_of(text()), false, 1, text(), join,
       "a list of text as one text, with the argument between"},
      {"upper", text(), false, 0, text(), upper, "ASCII letters in upper case"},
  };
  return table;
}

}  // namespace drillpress::templating
