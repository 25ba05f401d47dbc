#include "template/compile.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "template/html_context.h"
#include "template/resolve.h"

namespace drillpress::templating {
namespace {

using diagnostics::Severity;
using Fault = diagnostics::Code;
using State = HtmlContext::State;

class Compiler {
 public:
  Compiler(const View& view, const SyntaxByName& templates, std::set<std::string>& reached,
           diagnostics::Sink& sink)
      : templates_(templates), reached_(reached), sink_(sink) {
    for (const Field& field : view.record.fields) {
      program_.roots.push_back(field.name);
      declare(root_scope_, field.name, field.type);
    }
  }

  Program compile(const std::string& name) {
    compile_template(templates_.find(name)->second, root_scope_);
    if (html_.state() != State::kText && !place_lost_) {
      const auto& syntax = templates_.find(name)->second;
      const base::Span place =
          html_source_ ? base::Span{html_source_, html_.opened_at(), html_.opened_at() + 1} : base::Span{};
      report(Fault::kTemplateContext, place,
             fmt::format("`{}` ends inside a tag that begins here", syntax.name));
    }
    return std::move(program_);
  }

 private:
  void report(Fault fault, const base::Span& span, std::string message, std::string help = {}) {
    sink_.report({fault, Severity::kError, span, std::move(message), {}, std::move(help)});
  }

  std::uint32_t declare(Scope& scope, std::string name, Type type, bool is_loop = false) {
    scope.variables.push_back({std::move(name), std::move(type), program_.slot_count, is_loop});
    return program_.slot_count++;
  }

  Step& emit(Step::Kind kind) {
    program_.steps.push_back({kind});
    return program_.steps.back();
  }
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.steps.size()); }

  // --- Files: layouts and includes ---

  void compile_template(const Syntax& syntax, const Scope& scope) {
    reached_.insert(syntax.name);
    open_.push_back(&syntax);
    if (syntax.layout.empty()) {
      compile_nodes(syntax.nodes, scope);
    } else if (const Syntax* layout = find_template(syntax.layout[0], "layout")) {
      compile_layout(*layout, syntax, scope);
    }
    open_.pop_back();
  }

  void compile_layout(const Syntax& layout, const Syntax& page, const Scope& scope) {
    const std::size_t errors_before = sink_.error_count();
    contents_.push_back({&page, false});
    compile_template(layout, scope);
    if (!contents_.back().written && sink_.error_count() == errors_before) {
      report(Fault::kTemplateBlock, page.layout[0].span,
             fmt::format("the layout `{}` never writes `{{{{ content }}}}`", layout.name));
    }
    contents_.pop_back();
  }

  // Finds what `{% include %}` or `{% layout %}` names, unless it is missing or already being woven in.
  const Syntax* find_template(const Name& name, std::string_view what) {
    const auto found = templates_.find(name.text);
    if (found == templates_.end()) {
      std::vector<std::string> known;
      for (const auto& [other, syntax] : templates_) known.push_back(other);
      const auto near = base::nearest(name.text, known);
      report(Fault::kTemplateInclude, name.span, fmt::format("there is no template `{}`", name.text),
             near ? fmt::format("replace `{}` with `{}`", name.text, *near) : "");
      return nullptr;
    }
    const auto again = std::find(open_.begin(), open_.end(), &found->second);
    if (again == open_.end()) return &found->second;
    std::string chain;
    for (auto at = again; at != open_.end(); ++at) chain += fmt::format("`{}` → ", (*at)->name);
    report(Fault::kTemplateCycle, name.span,
           fmt::format("this {} leads back to itself: {}`{}`", what, chain, name.text));
    return nullptr;
  }

  // --- Nodes ---

  void compile_nodes(const Nodes& nodes, const Scope& scope) {
    for (const Node& node : nodes) {
      switch (node.kind) {
        case Node::Kind::kText:
          compile_text(node);
          break;
        case Node::Kind::kOutput:
          compile_output(node, scope);
          break;
        case Node::Kind::kContent:
          compile_content(node);
          break;
        case Node::Kind::kIf:
          compile_if(node, scope);
          break;
        case Node::Kind::kFor:
          compile_for(node, scope);
          break;
        case Node::Kind::kInclude:
          compile_include(node, scope);
          break;
      }
    }
  }

  void compile_text(const Node& node) {
    html_.feed(node.span.text(), node.span.begin);
    html_source_ = node.span.source;
    emit(Step::Kind::kMarkup).markup = node.span.text();
  }

  void compile_content(const Node& node) {
    if (contents_.empty()) {
      return report(Fault::kTemplateName, node.expression[0].span, "`content` is known only in a layout",
                    "a page names its layout with `{% layout \"…\" %}`");
    }
    contents_.back().written = true;
    // The page's own text sees the view, not what the layout has bound around it.
    const Content content = contents_.back();
    contents_.pop_back();
    compile_nodes(content.page->nodes, root_scope_);
    contents_.push_back(content);
  }

  void compile_output(const Node& node, const Scope& scope) {
    const Expression& e = node.expression[0];
    Resolved value = resolve_present(e, scope, sink_);
    const bool place_ok = check_place(e.span);
    if (!value.type || !place_ok) return;
    switch (value.type->kind) {
      case Kind::kText:
      case Kind::kInteger:
        emit(Step::Kind::kEscape).code = std::move(value.code);
        return;
      case Kind::kHtml:
        if (html_.state() == State::kText) {
          emit(Step::Kind::kInsert).code = std::move(value.code);
        } else {
          report(Fault::kTemplateContext, e.span,
                 fmt::format("`{}` is html, which cannot stand {}", e.span.text(), place_name()),
                 "give it a text instead");
        }
        return;
      case Kind::kBool:
        return report_not_writable(e, *value.type, "choose with `{% if %}` what to write");
      case Kind::kList:
        return report_not_writable(e, *value.type, "loop over it with `{% for %}`, or use `| join(\", \")`");
      case Kind::kMap:
        return report_not_writable(e, *value.type, "write one of its fields");
    }
  }

  void report_not_writable(const Expression& e, const Type& type, std::string help) {
    report(Fault::kTemplateType, e.span,
           fmt::format("`{}` is {}, which cannot be written", e.span.text(), describe(type)),
           std::move(help));
  }

  std::string place_name() const {
    if (html_.state() == State::kEscapableText) return fmt::format("inside `<{}>`", html_.element());
    return fmt::format("in the attribute `{}`", html_.attribute());
  }

  // Values may be written between tags and in double-quoted attributes; everywhere else escaping would not
  // protect.
  bool check_place(const base::Span& span) {
    std::string message;
    std::string help;
    switch (html_.state()) {
      case State::kText:
      case State::kEscapableText:
        return true;
      case State::kDoubleQuoted:
        if (!html_.attribute().starts_with("on") && html_.attribute() != "style" &&
            html_.attribute() != "srcdoc")
          return true;
        message = fmt::format("a value in the attribute `{}` would be run as code", html_.attribute());
        help = html_.attribute() == "style" ? "use a class" : "use a data attribute and a script file";
        break;
      case State::kBeforeValue:
      case State::kUnquoted:
      case State::kSingleQuoted:
        message = fmt::format("the value of the attribute `{}` is not in double quotes", html_.attribute());
        help = fmt::format("write `{}=\"…\"`", html_.attribute());
        break;
      case State::kRawText:
        message = fmt::format("a value inside `<{}>` would be run as code", html_.element());
        help = "use a data attribute and a script file";
        break;
      case State::kComment:
        message = "a value inside an HTML comment";
        break;
      default:
        message = "a value inside a tag, outside of an attribute's value";
        break;
    }
    report(Fault::kTemplateContext, span, std::move(message), std::move(help));
    return false;
  }

  void compile_if(const Node& node, const Scope& scope) {
    const HtmlContext before = html_;
    std::optional<HtmlContext> after;
    std::vector<std::size_t> jumps_to_end;
    Scope rest = scope;  // what holds when every condition so far was false
    bool has_else = false;
    for (const Branch& branch : node.branches) {
      Scope inner = rest;
      std::optional<std::size_t> skip;
      if (!branch.condition.empty()) {
        Resolved condition = resolve_expression(branch.condition[0], rest, sink_);
        inner.present.merge(condition.present_if_true);
        rest.present.merge(condition.present_if_false);
        skip = here();
        emit(Step::Kind::kJumpUnless).code = std::move(condition.code);
      } else {
        has_else = &branch != &node.branches.front();
      }
      html_ = before;
      compile_nodes(branch.body, inner);
      join_branches(after, branch.tag);
      jumps_to_end.push_back(here());
      emit(Step::Kind::kJump);
      if (skip) program_.steps[*skip].target = here();
    }
    if (!has_else) {
      html_ = before;
      join_branches(after, node.span);
    }
    for (const std::size_t jump : jumps_to_end) program_.steps[jump].target = here();
  }

  // Keeps the context of the first branch and holds the others against it.
  void join_branches(std::optional<HtmlContext>& after, const base::Span& tag) {
    html_.end_name();
    if (after) after->end_name();
    if (!after) {
      after = html_;
    } else if (!html_.same_place(*after)) {
      place_lost_ = true;
      report(Fault::kTemplateContext, tag, "the branches of this block leave the markup in different places",
             "open and close tags and quotes within one branch");
    }
    html_ = *after;
  }

  void compile_for(const Node& node, const Scope& scope) {
    const Branch& body = node.branches[0];
    const HtmlContext before = html_;
    Scope inner = scope;
    Type element;
    Resolved list;
    bool ok = false;
    if (!node.expression.empty()) {
      list = resolve_present(node.expression[0], scope, sink_);
      ok = list.type && list.type->kind == Kind::kList;
      if (list.type && !ok) {
        report(Fault::kTemplateType, node.expression[0].span,
               fmt::format("`{}` is {}, not a list", node.expression[0].span.text(), describe(*list.type)));
      }
    }
    if (!ok) return;  // without the element's type every use of it would be a fault of its own
    const std::uint32_t slot = declare(inner, node.name.text, *list.type->element);
    inner.variables.push_back({"loop", {}, slot, true});

    const std::size_t begin = here();
    emit(Step::Kind::kLoopBegin).code = std::move(list.code);
    program_.steps[begin].slot = slot;
    compile_nodes(body.body, inner);
    std::optional<HtmlContext> after = before;
    join_branches(after, body.tag);
    Step& next = emit(Step::Kind::kLoopNext);
    next.slot = slot;
    next.target = static_cast<std::uint32_t>(begin + 1);
    if (node.branches.size() > 1) {
      const std::size_t over = here();
      emit(Step::Kind::kJump);
      program_.steps[begin].target = here();
      compile_nodes(node.branches[1].body, scope);
      join_branches(after, node.branches[1].tag);
      program_.steps[over].target = here();
    } else {
      program_.steps[begin].target = here();
    }
  }

  void compile_include(const Node& node, const Scope& scope) {
    Scope inner = scope;
    bool ok = true;
    for (const Binding& binding : node.bindings) {
      Resolved value = resolve_present(binding.value, scope, sink_);
      if (!value.type) {
        ok = false;
        continue;
      }
      const std::uint32_t slot = declare(inner, binding.name.text, *value.type);
      Step& step = emit(Step::Kind::kBind);
      step.slot = slot;
      step.code = std::move(value.code);
    }
    const Syntax* target = find_template(node.name, "include");
    if (!target) return;
    reached_.insert(target->name);
    if (!target->layout.empty()) {
      return report(Fault::kTemplateInclude, node.name.span,
                    fmt::format("`{}` has a layout and cannot be included", target->name));
    }
    if (ok) compile_template(*target, inner);
  }

  struct Content {
    const Syntax* page;
    bool written;
  };

  const SyntaxByName& templates_;
  std::set<std::string>& reached_;
  diagnostics::Sink& sink_;
  Program program_;
  Scope root_scope_;
  HtmlContext html_;
  bool place_lost_ = false;  // branches disagreed, so what follows says nothing about the end
  base::SourcePtr html_source_;
  std::vector<const Syntax*> open_;
  std::vector<Content> contents_;
};

}  // namespace

Program compile_view(const View& view, const SyntaxByName& templates, std::set<std::string>& reached,
                     diagnostics::Sink& sink) {
  return Compiler(view, templates, reached, sink).compile(view.template_name);
}

}  // namespace drillpress::templating
