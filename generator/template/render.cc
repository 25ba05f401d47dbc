#include <array>
#include <string_view>

#include "template/program.h"

namespace drillpress::templating {
namespace {

const Value kNull;

struct Slot {
  const Value* value = &kNull;
  const List* list = nullptr;  // while the slot's loop runs
  std::size_t index = 0;
  Value owned = {};  // what a computed binding holds
};

// The entity of each byte that means something in markup; empty for all others.
constexpr std::array<std::string_view, 256> kEntities = [] {
  std::array<std::string_view, 256> table{};
  table['&'] = "&amp;";
  table['<'] = "&lt;";
  table['>'] = "&gt;";
  table['"'] = "&quot;";
  table['\''] = "&#39;";
  return table;
}();

void append_escaped(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view entity = kEntities[static_cast<unsigned char>(text[at])];
    if (entity.empty()) continue;
    out.append(text, from, at - from);
    out += entity;
    from = at + 1;
  }
  out.append(text, from);
}

bool equal(const Value& a, const Value& b) {
  if (a.kind_name() != b.kind_name()) return false;
  if (const std::string* text = a.as_text()) return *text == *b.as_text();
  if (const std::int64_t* number = a.as_integer()) return *number == *b.as_integer();
  if (const bool* truth = a.as_bool()) return *truth == *b.as_bool();
  return a.is_null();
}

class Machine {
 public:
  Machine(const Program& program, std::string& out)
      : program_(program), out_(out), slots_(program.slot_count) {}

  void run(const Map& view) {
    for (std::size_t i = 0; i < program_.roots.size(); ++i) {
      if (const Value* value = view.find(program_.roots[i])) slots_[i].value = value;
    }
    for (std::size_t at = 0; at < program_.steps.size();) at = step(program_.steps[at], at + 1);
  }

 private:
  std::size_t step(const Step& step, std::size_t next) {
    switch (step.kind) {
      case Step::Kind::kMarkup:
        out_ += step.markup;
        return next;
      case Step::Kind::kEscape:
        write(step.code);
        return next;
      case Step::Kind::kInsert:
        insert(step.code);
        return next;
      case Step::Kind::kJump:
        return step.target;
      case Step::Kind::kJumpUnless:
        return test(step.code) ? next : step.target;
      case Step::Kind::kBind:
        bind(slots_[step.slot], step.code);
        return next;
      case Step::Kind::kLoopBegin:
        return begin_loop(slots_[step.slot], step.code) ? next : step.target;
      case Step::Kind::kLoopNext:
        return advance_loop(slots_[step.slot]) ? step.target : next;
    }
    return next;
  }

  void write(const Code& code) {
    Value scratch;
    const Value& value = evaluate(code, scratch);
    if (const std::string* text = value.as_text()) append_escaped(out_, *text);
    if (const std::int64_t* number = value.as_integer()) out_ += std::to_string(*number);
  }

  void insert(const Code& code) {
    Value scratch;
    if (const Html* html = evaluate(code, scratch).as_html()) out_ += html->markup;
  }

  void bind(Slot& slot, const Code& code) {
    Value scratch;
    const Value& value = evaluate(code, scratch);
    if (&value == &scratch) {
      slot.owned = std::move(scratch);
      slot.value = &slot.owned;
    } else {
      slot.value = &value;
    }
  }

  // Lists come from the view or from a binding, never from a scratch value: no filter makes one.
  bool begin_loop(Slot& slot, const Code& code) {
    Value scratch;
    slot.list = evaluate(code, scratch).as_list();
    slot.index = 0;
    if (!slot.list || slot.list->empty()) return false;
    slot.value = &slot.list->front();
    return true;
  }

  bool advance_loop(Slot& slot) {
    if (++slot.index >= slot.list->size()) return false;
    slot.value = &(*slot.list)[slot.index];
    return true;
  }

  bool test(const Code& code) {
    switch (code.kind) {
      case Code::Kind::kNot:
        return !test(code.operands[0]);
      case Code::Kind::kAnd:
        return test(code.operands[0]) && test(code.operands[1]);
      case Code::Kind::kOr:
        return test(code.operands[0]) || test(code.operands[1]);
      case Code::Kind::kEqual:
      case Code::Kind::kNotEqual: {
        Value left, right;
        const bool same = equal(evaluate(code.operands[0], left), evaluate(code.operands[1], right));
        return same == (code.kind == Code::Kind::kEqual);
      }
      default: {
        Value scratch;
        return evaluate(code, scratch).truthy();
      }
    }
  }

  /// Either a value that outlives this call, or `scratch` with a computed one.
  const Value& evaluate(const Code& code, Value& scratch) {
    const Slot& slot = slots_[code.slot];
    switch (code.kind) {
      case Code::Kind::kReference:
        return follow(*slot.value, code.fields);
      case Code::Kind::kConstant:
        return code.constant;
      case Code::Kind::kLoopIndex:
        return scratch = Value(slot.index + 1);
      case Code::Kind::kLoopFirst:
        return scratch = Value(slot.index == 0);
      case Code::Kind::kLoopLast:
        return scratch = Value(slot.index + 1 == slot.list->size());
      case Code::Kind::kFilter:
        return scratch = filter(code);
      default:
        return scratch = Value(test(code));
    }
  }

  static const Value& follow(const Value& from, const std::vector<std::string>& fields) {
    const Value* value = &from;
    for (const std::string& field : fields) {
      const Map* map = value->as_map();
      const Value* next = map ? map->find(field) : nullptr;
      if (!next) return kNull;
      value = next;
    }
    return *value;
  }

  Value filter(const Code& code) {
    Value scratch;
    std::vector<Value> arguments;
    for (std::size_t i = 1; i < code.operands.size(); ++i) {
      Value computed;
      arguments.push_back(evaluate(code.operands[i], computed));
    }
    return code.filter->apply(evaluate(code.operands[0], scratch), arguments);
  }

  const Program& program_;
  std::string& out_;
  std::vector<Slot> slots_;
};

}  // namespace

void run_program(const Program& program, const Map& view, std::string& out) {
  Machine(program, out).run(view);
}

}  // namespace drillpress::templating
