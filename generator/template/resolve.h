// Names and types of expressions: what each name means at its place, and what is known to be present there.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "template/program.h"
#include "template/schema.h"
#include "template/syntax.h"

namespace drillpress::templating {

/// A name that an expression may begin with.
struct Variable {
  std::string name;
  Type type;
  std::uint32_t slot;
  bool is_loop = false;  ///< the `loop` of a `for`, whose fields are computed
};

/// The names at one place, and the optional values that conditions around it have shown to be present, as
/// keys.
struct Scope {
  std::vector<Variable> variables;  ///< later ones hide earlier ones
  std::set<std::string> present;
};

/// What an expression is known to be. `type` is nothing after an error, so that one fault is reported once.
struct Resolved {
  Code code = {};
  std::optional<Type> type = {};
  std::set<std::string> present_if_true = {};
  std::set<std::string> present_if_false = {};
};

/// Resolves an expression whose value may be absent (a condition, an operand of a comparison).
Resolved resolve_expression(const Expression& expression, const Scope& scope, diagnostics::Sink& sink);

/// Resolves an expression whose value has to be there; an optional one without an `if` around it is reported.
Resolved resolve_present(const Expression& expression, const Scope& scope, diagnostics::Sink& sink);

}  // namespace drillpress::templating
