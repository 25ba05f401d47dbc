// The filters of `{{ value | filter }}`, as a table.
#pragma once

#include <string_view>
#include <vector>

#include "template/schema.h"

namespace drillpress::templating {

struct Filter {
  std::string_view name;
  Type input;  ///< what it takes; a list of text takes only lists of text, a list of any takes all
  bool any_element = false;  ///< the list's elements may have any type
  std::size_t arguments;     ///< all of them text
  Type result;
  Value (*apply)(const Value& input, const std::vector<Value>& arguments);
  std::string_view comment;
};

const std::vector<Filter>& filters();

}  // namespace drillpress::templating
