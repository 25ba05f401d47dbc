// A compiled template: a flat list of steps over numbered slots, with every name already turned into a place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "template/filters.h"
#include "template/value.h"

namespace drillpress::templating {

/// An expression whose names and types have been checked.
struct Code {
  enum class Kind {
    kReference,
    kConstant,
    kLoopIndex,
    kLoopFirst,
    kLoopLast,
    kNot,
    kAnd,
    kOr,
    kEqual,
    kNotEqual,
    kFilter
  };
  Kind kind = Kind::kConstant;
  std::uint32_t slot = 0;                ///< kReference: the variable; kLoop…: the loop's variable
  std::vector<std::string> fields = {};  ///< kReference: from the variable down
  Value constant = {};
  std::vector<Code> operands = {};
  const Filter* filter = nullptr;
};

struct Step {
  enum class Kind {
    kMarkup,      ///< append `markup`
    kEscape,      ///< append `code` (text or integer), escaped
    kInsert,      ///< append `code` (HTML) as it is
    kJump,        ///< go to `target`
    kJumpUnless,  ///< go to `target` when `code` is false
    kBind,        ///< put `code` into `slot`
    kLoopBegin,   ///< start over the list `code` in `slot`; go to `target` when it is empty
    kLoopNext,    ///< go to `target` with the next element in `slot`, or fall through at the end
  };
  Kind kind;
  std::uint32_t target = 0;
  std::uint32_t slot = 0;
  std::string markup = {};
  Code code = {};
};

struct Program {
  std::vector<std::string> roots;  ///< names of the view that fill the first slots
  std::uint32_t slot_count = 0;
  std::vector<Step> steps;
};

/// Appends what the program writes for a view that has the shape it was compiled for.
void run_program(const Program& program, const Map& view, std::string& out);

}  // namespace drillpress::templating
