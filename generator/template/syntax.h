// A template as a tree: what its text says, before any name in it has a meaning.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/source.h"

namespace drillpress::templating {

struct Name {
  std::string text;
  base::Span span;
};

struct Expression {
  enum class Kind { kPath, kText, kInteger, kBool, kNot, kAnd, kOr, kEqual, kNotEqual, kFilter };
  Kind kind = Kind::kPath;
  base::Span span;
  std::vector<Name> path = {};  ///< kPath: the names between the dots; kFilter: the filter's name alone
  std::string text = {};        ///< kText
  std::int64_t integer = 0;     ///< kInteger; kBool: 0 or 1
  std::vector<Expression> operands = {};  ///< kFilter: its input, then its arguments
};

struct Node;
using Nodes = std::vector<Node>;

/// One arm of an `if`: `{% if %}` and `{% elif %}` have a condition, `{% else %}` has none.
struct Branch {
  std::vector<Expression> condition;  ///< one or none
  base::Span tag;
  Nodes body;
};

/// `name=expression` of an include.
struct Binding {
  Name name;
  Expression value;
};

struct Node {
  enum class Kind { kText, kOutput, kContent, kIf, kFor, kInclude };
  Kind kind = Kind::kText;
  base::Span span;                          ///< the text, or the whole tag
  std::vector<Expression> expression = {};  ///< kOutput: what is written; kFor: the list
  std::vector<Branch> branches = {};        ///< kIf; kFor: the body, then the `else` if there is one
  Name name = {};                           ///< kFor: the variable; kInclude: the template
  std::vector<Binding> bindings = {};       ///< kInclude
};

struct Syntax {
  std::string name;          ///< "guide.html"
  std::vector<Name> layout;  ///< one or none
  Nodes nodes;
};

}  // namespace drillpress::templating
