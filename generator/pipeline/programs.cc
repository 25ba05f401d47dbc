#include "pipeline/programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "drill/language.h"
#include "pipeline/code_parts.h"
#include "pipeline/drill_programs.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using markdown::Attribute;
using markdown::CodeBlock;
using markdown::NodeId;

enum class Needs { kNothing, kValue };

// Every attribute a code fence may have, for runnable blocks and for their output.
struct AttributeRow {
  std::string_view key;
  Needs needs;
  bool is_mode;
  std::string_view purpose;
};
constexpr AttributeRow kBlockAttributes[] = {
    {"run", Needs::kNothing, true, "compile and run it"},
    {"compile", Needs::kNothing, true, "compile it only"},
    {"should_fail", Needs::kValue, true, "exit status it must end with"},
    {"compile_fail", Needs::kValue, true, "text the compiler must say"},
    {"skip", Needs::kValue, true, "reason why it is not run"},
    {"fragment", Needs::kNothing, true, "a piece that is no program"},
    {"from", Needs::kValue, true, "program of a drill, with an anchor: transpose/padded#kernel"},
    {"id", Needs::kValue, false, "name of the block on its page"},
    {"std", Needs::kValue, false, "language standard, such as c++20"},
    {"timeout", Needs::kValue, false, "seconds it may take"},
    {"match", Needs::kValue, false, "exact, glob or number"},
    {"tolerance", Needs::kValue, false, "largest difference of numbers, with match=number"},
    {"args", Needs::kValue, false, "command-line arguments"},
    {"hidden", Needs::kNothing, false, "run, but not shown"},
};
constexpr AttributeRow kOutputAttributes[] = {
    {"for", Needs::kValue, false, "id of the block whose output this is"},
};
constexpr double kMaxTimeoutSeconds = 600;

void report(diagnostics::Sink& sink, const base::Span& span, std::string message, std::string help) {
  sink.report({Code::kBadAttribute, Severity::kError, span, std::move(message), {}, std::move(help)});
}

template <std::size_t N>
bool check_attributes(const CodeBlock& block, const AttributeRow (&rows)[N], diagnostics::Sink& sink) {
  bool good = true;
  for (const Attribute& attribute : block.attributes) {
    const auto row = std::find_if(std::begin(rows), std::end(rows),
                                  [&](const AttributeRow& r) { return r.key == attribute.key; });
    if (row == std::end(rows)) {
      std::vector<std::string> names;
      for (const AttributeRow& r : rows) names.emplace_back(r.key);
      const auto near = base::nearest(attribute.key, names);
      report(sink, attribute.key_span, fmt::format("unknown attribute `{}`", attribute.key),
             near ? fmt::format("replace `{}` with `{}`", attribute.key, *near)
                  : fmt::format("attributes here are: {}", fmt::join(names, ", ")));
      good = false;
    } else if (row->needs == Needs::kValue && (!attribute.value || attribute.value->empty())) {
      report(sink, attribute.span, fmt::format("`{}` needs a value: {}", row->key, row->purpose),
             fmt::format("write `{}=\"…\"`", row->key));
      good = false;
    } else if (row->needs == Needs::kNothing && attribute.value) {
      report(sink, attribute.span, fmt::format("`{}` takes no value", row->key),
             fmt::format("write `{}`", row->key));
      good = false;
    }
  }
  return good;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string value_of(const CodeBlock& block, std::string_view key) {
  const Attribute* attribute = block.find(key);
  return attribute != nullptr && attribute->value ? *attribute->value : std::string();
}

// Plans the fenced blocks of one page.
class PagePlanner {
 public:
  PagePlanner(const model::Page& page, Programs& programs, diagnostics::Sink& sink)
      : page_(page), programs_(programs), sink_(sink) {}

  std::map<NodeId, CodeBlockPlan> plan() {
    const auto& nodes = page_.document.nodes();
    for (NodeId id = 0; id < nodes.size(); ++id) {
      if (nodes[id].kind != markdown::Kind::kCodeBlock) continue;
      const auto& block = std::get<CodeBlock>(nodes[id].data);
      plans_[id] = block.language == "output" ? plan_output(id, block) : plan_code(id, block);
    }
    return std::move(plans_);
  }

 private:
  CodeBlockPlan plan_code(NodeId node, const CodeBlock& block) {
    CodeBlockPlan plan;
    plan.language = block.language;
    const std::string& code = page_.document.node(node).literal;
    plan.shown = visible_code(code).value_or(code);
    const auto language = drill::find_language(block.language);
    last_program_.reset();
    if (!language) {
      plan.not_run_because = block.language.empty() ? "plain text" : "shown only: this language is not run";
      return plan;
    }
    if (!check_attributes(block, kBlockAttributes, sink_)) return plan;
    plan.invisible = block.find("hidden") != nullptr;
    const Attribute* mode = single_mode(block);
    if (mode == nullptr) {
      plan.not_run_because = "not marked to run";
      return plan;
    }
    plan.id = fmt::format("{}#{}", page_.id, block_id(block));
    if (mode->key == "skip") {
      plan.not_run_because = *mode->value;
    } else if (mode->key == "fragment") {
      plan.not_run_because = "a fragment, not a whole program";
    } else if (mode->key == "from") {
      plan_quotation(*mode, plan);
    } else {
      plan.program = add_program(node, block, *language, *mode, plan.id);
      plan.own_program = true;
      last_program_ = plan.program;
    }
    return plan;
  }

  const Attribute* single_mode(const CodeBlock& block) {
    const Attribute* mode = nullptr;
    for (const Attribute& attribute : block.attributes) {
      const auto row = std::find_if(std::begin(kBlockAttributes), std::end(kBlockAttributes),
                                    [&](const AttributeRow& r) { return r.key == attribute.key; });
      if (row == std::end(kBlockAttributes) || !row->is_mode) continue;
      if (mode != nullptr) {
        report(sink_, attribute.span, fmt::format("`{}` contradicts `{}`", attribute.key, mode->key),
               "keep one of the two");
        continue;
      }
      mode = &attribute;
    }
    return mode;
  }

  std::string block_id(const CodeBlock& block) {
    const Attribute* given = block.find("id");
    std::string id = given != nullptr ? *given->value : fmt::format("block-{}", ++unnamed_);
    if (given != nullptr && !model::is_slug(id)) {
      report(sink_, given->value_span, fmt::format("`{}` is not an id", id),
             fmt::format("write `id={}`", base::slugify(id)));
    }
    if (!ids_.insert(id).second) {
      sink_.report({Code::kDuplicateId,
                    Severity::kError,
                    given != nullptr ? given->value_span : block.fence_span,
                    fmt::format("the block id `{}` is given twice on this page", id),
                    {},
                    "give one of the blocks another id"});
    }
    return id;
  }

  // `from=transpose/padded#kernel`: shows a part of a drill's file.
  void plan_quotation(const Attribute& from, CodeBlockPlan& plan) {
    const std::size_t hash = from.value->find('#');
    const std::string id = from.value->substr(0, hash);
    const std::string anchor = hash == std::string::npos ? "" : from.value->substr(hash + 1);
    const auto at = programs_.by_id.find(id);
    if (at == programs_.by_id.end()) {
      std::vector<std::string> known;
      for (const auto& [name, index] : programs_.by_id) known.push_back(name);
      const auto near = base::nearest(id, known);
      sink_.report({Code::kUnknownReference,
                    Severity::kError,
                    from.value_span,
                    fmt::format("no drill has a program `{}`", id),
                    {},
                    near ? fmt::format("replace `{}` with `{}`", id, *near)
                         : "write `from=<drill>/<rung>` or `from=<drill>/starter`"});
      return;
    }
    const drill::Program& program = programs_.programs[at->second];
    auto shown = visible_code(program.code, anchor);
    if (!shown) {
      const auto names = anchor_names(program.code);
      const auto near = base::nearest(anchor, names);
      sink_.report({Code::kBrokenAnchor,
                    Severity::kError,
                    from.value_span,
                    fmt::format("`{}` has no anchor `{}`", program.source->path(), anchor),
                    {},
                    near ? fmt::format("replace `{}` with `{}`", anchor, *near)
                         : fmt::format("its anchors are: {}", fmt::join(names, ", "))});
      return;
    }
    plan.shown = *std::move(shown);
    plan.title = program.source->path();
    plan.program = at->second;
  }

  std::size_t add_program(NodeId node, const CodeBlock& block, drill::Language language,
                          const Attribute& mode, const std::string& id) {
    drill::Program program;
    program.id = id;
    program.role = drill::Role::kSnippet;
    program.language = language;
    program.code = page_.document.node(node).literal;
    program.source = page_.source;
    program.code_begin = block.line_offsets.empty() ? block.fence_span.end : block.line_offsets.front();
    program.span = block.fence_span;
    program.mode_span = mode.span;
    program.standard = standard_of(block, drill::row_of(language));
    const std::string arguments = value_of(block, "args");  // the words are views of it
    for (const std::string_view word : words(arguments)) program.arguments.emplace_back(word);
    if (const Attribute* timeout = block.find("timeout")) {
      const auto seconds = parse_number(*timeout->value);
      if (!seconds || *seconds <= 0 || *seconds > kMaxTimeoutSeconds) {
        report(sink_, timeout->value_span, fmt::format("`{}` is not a number of seconds", *timeout->value),
               fmt::format("write a number above 0, at most {}", kMaxTimeoutSeconds));
      } else {
        program.timeout_s = *seconds;
      }
    }
    set_mode(mode, program);
    set_match(block, program.expectation.output);
    programs_.by_id[id] = programs_.programs.size();
    programs_.programs.push_back(std::move(program));
    return programs_.programs.size() - 1;
  }

  std::string standard_of(const CodeBlock& block, const drill::LanguageRow& row) {
    const Attribute* given = block.find("std");
    if (given == nullptr) return {};
    if (row.standards.empty()) {
      report(sink_, given->span, fmt::format("`{}` has no standards to choose from", row.name),
             "remove the attribute");
    } else if (std::find(row.standards.begin(), row.standards.end(), *given->value) == row.standards.end()) {
      report(sink_, given->value_span,
             fmt::format("`{}` is not a standard of `{}` here", *given->value, row.name),
             fmt::format("use {}", fmt::join(row.standards, ", ")));
    } else {
      return *given->value;
    }
    return {};
  }

  void set_mode(const Attribute& mode, drill::Program& program) {
    if (mode.key == "compile") program.mode = drill::Mode::kCompile;
    if (mode.key == "compile_fail") {
      program.mode = drill::Mode::kCompileFail;
      program.compile_error = *mode.value;
    }
    if (mode.key == "should_fail") {
      program.mode = drill::Mode::kShouldFail;
      const auto status = parse_number(*mode.value);
      if (!status || *status < 1 || *status > 255 || *status != static_cast<int>(*status)) {
        report(sink_, mode.value_span, fmt::format("`{}` is not an exit status of a failure", *mode.value),
               "write a number from 1 to 255");
      } else {
        program.exit_code = static_cast<int>(*status);
      }
    }
  }

  void set_match(const CodeBlock& block, drill::ExpectedOutput& output) {
    if (const Attribute* match = block.find("match")) {
      const std::string& way = *match->value;
      if (way == "glob") {
        output.match = drill::Match::kGlob;
      } else if (way == "number") {
        output.match = drill::Match::kNumber;
      } else if (way != "exact") {
        report(sink_, match->value_span, fmt::format("`{}` is not a way to compare output", way),
               "use exact, glob or number");
      }
    }
    const Attribute* tolerance = block.find("tolerance");
    if (tolerance == nullptr) return;
    const auto value = parse_number(*tolerance->value);
    if (output.match != drill::Match::kNumber) {
      report(sink_, tolerance->span, "`tolerance` applies only with `match=number`",
             "add `match=number` or remove it");
    } else if (!value || *value < 0 || *value >= 1) {
      report(sink_, tolerance->value_span, fmt::format("`{}` is not a tolerance", *tolerance->value),
             "write a number from 0 to 1, such as 1e-6");
    } else {
      output.tolerance = *value;
    }
  }

  CodeBlockPlan plan_output(NodeId node, const CodeBlock& block) {
    CodeBlockPlan plan;
    plan.language = "output";
    plan.invisible = true;
    if (!check_attributes(block, kOutputAttributes, sink_)) return plan;
    std::optional<std::size_t> program = last_program_;
    if (const Attribute* target = block.find("for")) {
      const auto at = programs_.by_id.find(fmt::format("{}#{}", page_.id, *target->value));
      program = at == programs_.by_id.end() ? std::nullopt : std::optional(at->second);
      if (!program) {
        const auto near = base::nearest(*target->value, {ids_.begin(), ids_.end()});
        report(sink_, target->value_span,
               fmt::format("there is no block `{}` that runs before this one", *target->value),
               near ? fmt::format("replace `{}` with `{}`", *target->value, *near)
                    : "give the block that prints this `run id=…`");
        return plan;
      }
    }
    if (!program) {
      plan.invisible = false;
      plan.shown = page_.document.node(node).literal;
      plan.not_run_because = "output that no block of this page is said to print";
      return plan;
    }
    drill::Program& owner = programs_.programs[*program];
    if (owner.expectation.kind != drill::Expectation::Kind::kNone) {
      report(sink_, block.fence_span, fmt::format("`{}` has its expected output already", owner.id),
             "remove one of the two");
      return plan;
    }
    plan.output_of = program;
    owner.expectation.kind = drill::Expectation::Kind::kOutput;
    owner.expectation.output.text = page_.document.node(node).literal;
    const std::size_t begin = block.line_offsets.empty() ? block.fence_span.end : block.line_offsets.front();
    owner.expectation.output.span = {page_.source, begin,
                                     std::max(begin, page_.document.node(node).source_end)};
    return plan;
  }

  static std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> out;
    while (!(text = base::trim(text)).empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      out.push_back(text.substr(0, end));
      text.remove_prefix(end);
    }
    return out;
  }

  const model::Page& page_;
  Programs& programs_;
  diagnostics::Sink& sink_;
  std::map<NodeId, CodeBlockPlan> plans_;
  std::set<std::string> ids_;
  std::optional<std::size_t> last_program_;
  int unnamed_ = 0;
};

}  // namespace

const drill::Program* Programs::find(std::string_view id) const {
  const auto at = by_id.find(id);
  return at == by_id.end() ? nullptr : &programs[at->second];
}

Programs plan_programs(const model::Registry& registry, const std::string& root, diagnostics::Sink& sink) {
  Programs plan;
  // Drills first: blocks of any page may quote their files.
  for (const model::Page& page : registry.pages()) {
    if (page.kind != model::PageKind::kDrill) continue;
    for (drill::Program& program : plan_drill(page, root, sink)) {
      plan.by_id[program.id] = plan.programs.size();
      plan.programs.push_back(std::move(program));
    }
  }
  for (const model::Page& page : registry.pages())
    plan.blocks.push_back(PagePlanner(page, plan, sink).plan());
  for (std::size_t i = 0; i < plan.programs.size(); ++i)
    plan.by_owner[owner_of(plan.programs[i].id)].push_back(i);
  return plan;
}

std::string owner_of(std::string_view program_id) {
  return std::string(program_id.substr(0, program_id.find_first_of("/#")));
}

std::string record_path(const drill::Program& program) {
  if (program.role != drill::Role::kSnippet)
    return fmt::format("drills/{}/records/lockstep.json", owner_of(program.id));
  return fmt::format("content/records/{}.json", owner_of(program.id));
}

}  // namespace drillpress::pipeline
