#include "template/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace drillpress::templating {
namespace {

using diagnostics::Severity;
using Fault = diagnostics::Code;
using Kind = Expression::Kind;

Record loop_record() {
  return {"loop",
          {{"index", integer(), "1 for the first element"},
           {"first", boolean(), "at the first element"},
           {"last", boolean(), "at the last element"}}};
}

Code::Kind loop_field(std::string_view name) {
  if (name == "index") return Code::Kind::kLoopIndex;
  return name == "first" ? Code::Kind::kLoopFirst : Code::Kind::kLoopLast;
}

class Resolver {
 public:
  Resolver(const Scope& scope, diagnostics::Sink& sink) : scope_(scope), sink_(sink) {}

  Resolved resolve(const Expression& e) {
    switch (e.kind) {
      case Kind::kPath:
        return resolve_path(e);
      case Kind::kText:
        return constant(e.text, text());
      case Kind::kInteger:
        return constant(e.integer, integer());
      case Kind::kBool:
        return constant(e.integer != 0, boolean());
      case Kind::kNot:
        return resolve_not(e);
      case Kind::kAnd:
      case Kind::kOr:
        return resolve_logic(e);
      case Kind::kEqual:
      case Kind::kNotEqual:
        return resolve_comparison(e);
      case Kind::kFilter:
        return resolve_filter(e);
    }
    return {};
  }

  void report(Fault fault, const base::Span& span, std::string message, std::string help = {}) {
    sink_.report({fault, Severity::kError, span, std::move(message), {}, std::move(help)});
  }

 private:
  static Resolved constant(Value value, Type type) {
    Resolved out;
    out.code.constant = std::move(value);
    out.type = std::move(type);
    return out;
  }

  void report_unknown(const Name& name, const std::string& message, std::vector<std::string> known) {
    std::sort(known.begin(), known.end());
    const auto near = base::nearest(name.text, known);
    report(Fault::kTemplateName, name.span, message,
           near ? fmt::format("replace `{}` with `{}`", name.text, *near)
                : fmt::format("known here: {}", fmt::join(known, ", ")));
  }

  const Variable* find_variable(const Name& name) {
    const auto at = std::find_if(scope_.variables.rbegin(), scope_.variables.rend(),
                                 [&](const Variable& v) { return v.name == name.text; });
    if (at != scope_.variables.rend()) return &*at;
    std::vector<std::string> known;
    for (const Variable& v : scope_.variables) known.push_back(v.name);
    known.erase(std::unique(known.begin(), known.end()), known.end());
    report_unknown(name, fmt::format("unknown name `{}`", name.text), std::move(known));
    return nullptr;
  }

  Resolved resolve_path(const Expression& e) {
    const Variable* variable = find_variable(e.path[0]);
    if (!variable) return {};
    Resolved out;
    out.code.kind = Code::Kind::kReference;
    out.code.slot = variable->slot;
    Type type = variable->is_loop ? map_of(loop_record()) : variable->type;
    std::string key = std::to_string(variable->slot);
    std::string shown = e.path[0].text;
    if (scope_.present.contains(key)) type.optional = false;
    for (std::size_t i = 1; i < e.path.size(); ++i) {
      const Name& name = e.path[i];
      if (!check_has_fields(type, name, shown, e)) return {};
      const Field* field = type.record->find(name.text);
      if (!field) {
        std::vector<std::string> known;
        for (const Field& f : type.record->fields) known.push_back(f.name);
        report_unknown(name, fmt::format("`{}` has no field `{}`", shown, name.text), std::move(known));
        return {};
      }
      out.code.fields.push_back(name.text);
      key += "." + name.text;
      shown += "." + name.text;
      type = Type(field->type);
      if (scope_.present.contains(key)) type.optional = false;
    }
    if (variable->is_loop && !out.code.fields.empty()) out.code.kind = loop_field(out.code.fields[0]);
    out.type = std::move(type);
    out.present_if_true = {key};
    return out;
  }

  bool check_has_fields(const Type& type, const Name& name, const std::string& shown, const Expression& e) {
    if (type.kind != templating::Kind::kMap) {
      report(Fault::kTemplateType, name.span,
             fmt::format("`{}` is {}, which has no fields", shown, describe(type)),
             type.kind == templating::Kind::kList ? "loop over it with `{% for %}`" : "");
      return false;
    }
    if (type.optional) {
      report(Fault::kTemplateOptional, {e.span.source, e.span.begin, name.span.begin - 1},
             fmt::format("`{}` may be absent", shown), fmt::format("put it inside `{{% if {} %}}`", shown));
      return false;
    }
    return true;
  }

  Resolved resolve_not(const Expression& e) {
    Resolved inner = resolve(e.operands[0]);
    Resolved out;
    out.code.kind = Code::Kind::kNot;
    out.code.operands.push_back(std::move(inner.code));
    if (inner.type) out.type = boolean();
    out.present_if_true = std::move(inner.present_if_false);
    out.present_if_false = std::move(inner.present_if_true);
    return out;
  }

  // The right side is only looked at when the left one did not decide, so it may use what the left one has
  // shown.
  Resolved resolve_logic(const Expression& e) {
    const bool is_and = e.kind == Kind::kAnd;
    Resolved left = resolve(e.operands[0]);
    Scope narrowed = scope_;
    narrowed.present.merge(std::set(is_and ? left.present_if_true : left.present_if_false));
    Resolved right = Resolver(narrowed, sink_).resolve(e.operands[1]);
    Resolved out;
    out.code.kind = is_and ? Code::Kind::kAnd : Code::Kind::kOr;
    if (left.type && right.type) out.type = boolean();
    if (is_and) {
      out.present_if_true = std::move(left.present_if_true);
      out.present_if_true.merge(right.present_if_true);
    } else {
      out.present_if_false = std::move(left.present_if_false);
      out.present_if_false.merge(right.present_if_false);
    }
    out.code.operands.push_back(std::move(left.code));
    out.code.operands.push_back(std::move(right.code));
    return out;
  }

  Resolved resolve_comparison(const Expression& e) {
    Resolved left = resolve(e.operands[0]);
    Resolved right = resolve(e.operands[1]);
    Resolved out;
    if (!left.type || !right.type) return out;
    const auto comparable = [](const Type& type) {
      return type.kind == templating::Kind::kText || type.kind == templating::Kind::kInteger ||
             type.kind == templating::Kind::kBool;
    };
    if (!comparable(*left.type) || left.type->kind != right.type->kind) {
      report(Fault::kTemplateType, e.span,
             fmt::format("cannot compare {} with {}", describe(*left.type), describe(*right.type)),
             "texts, integers and bools compare with their own kind");
      return out;
    }
    const bool is_equal = e.kind == Kind::kEqual;
    out.code.kind = is_equal ? Code::Kind::kEqual : Code::Kind::kNotEqual;
    out.type = boolean();
    // Something equal to a value that is there is there itself.
    std::set<std::string>& shown = is_equal ? out.present_if_true : out.present_if_false;
    if (!right.type->optional) shown.merge(left.present_if_true);
    if (!left.type->optional) shown.merge(right.present_if_true);
    out.code.operands.push_back(std::move(left.code));
    out.code.operands.push_back(std::move(right.code));
    return out;
  }

  Resolved resolve_filter(const Expression& e) {
    const Name& name = e.path[0];
    const auto filter = std::find_if(filters().begin(), filters().end(),
                                     [&](const Filter& f) { return f.name == name.text; });
    if (filter == filters().end()) {
      std::vector<std::string> known;
      for (const Filter& f : filters()) known.emplace_back(f.name);
      report_unknown(name, fmt::format("unknown filter `{}`", name.text), std::move(known));
      return {};
    }
    Resolved out;
    out.code.kind = Code::Kind::kFilter;
    out.code.filter = &*filter;
    bool ok = true;
    for (std::size_t i = 0; i < e.operands.size(); ++i) {
      Resolved operand = resolve_present(e.operands[i], scope_, sink_);
      ok = ok && operand.type && check_filter_operand(*filter, i, *operand.type, e.operands[i].span);
      out.code.operands.push_back(std::move(operand.code));
    }
    if (e.operands.size() != filter->arguments + 1) {
      report(Fault::kTemplateType, name.span,
             fmt::format("`{}` takes {} argument{}, not {}", name.text, filter->arguments,
                         filter->arguments == 1 ? "" : "s", e.operands.size() - 1));
      ok = false;
    }
    if (ok) out.type = filter->result;
    return out;
  }

  bool check_filter_operand(const Filter& filter, std::size_t index, const Type& type,
                            const base::Span& span) {
    const Type expected = index == 0 ? filter.input : text();
    const bool same_kind = type.kind == expected.kind;
    const bool same_element = type.kind != templating::Kind::kList || filter.any_element || !same_kind ||
                              type.element->kind == expected.element->kind;
    if (same_kind && same_element) return true;
    report(Fault::kTemplateType, span,
           fmt::format("`{}` takes {}, not {}", filter.name,
                       filter.any_element ? "a list" : describe(expected), describe(type)));
    return false;
  }

  const Scope& scope_;
  diagnostics::Sink& sink_;
};

}  // namespace

Resolved resolve_expression(const Expression& expression, const Scope& scope, diagnostics::Sink& sink) {
  return Resolver(scope, sink).resolve(expression);
}

Resolved resolve_present(const Expression& expression, const Scope& scope, diagnostics::Sink& sink) {
  Resolver resolver(scope, sink);
  Resolved out = resolver.resolve(expression);
  if (out.type && out.type->optional) {
    resolver.report(Fault::kTemplateOptional, expression.span,
                    fmt::format("`{}` may be absent", expression.span.text()),
                    fmt::format("put it inside `{{% if {} %}}`", expression.span.text()));
    out.type.reset();
  }
  return out;
}

}  // namespace drillpress::templating
