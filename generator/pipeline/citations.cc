#include "pipeline/citations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "drill/metrics.h"
#include "pipeline/run_values.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using markdown::Directive;
using markdown::NodeId;

constexpr std::size_t kShownLines = 12;  // of an output, in a message

struct ComparisonRow {
  std::string_view text;
  drill::Comparison comparison;
};
constexpr ComparisonRow kComparisons[] = {
    {"==", drill::Comparison::kEqual},   {"<=", drill::Comparison::kAtMost},
    {">=", drill::Comparison::kAtLeast}, {"<", drill::Comparison::kLess},
    {">", drill::Comparison::kGreater},
};

std::optional<drill::Comparison> find_comparison(const Word& word) {
  for (const ComparisonRow& row : kComparisons) {
    if (!word.quoted && word.text == row.text) return row.comparison;
  }
  return std::nullopt;
}

void report(diagnostics::Sink& sink, Code code, const base::Span& span, std::string message,
            std::string help) {
  sink.report({code, Severity::kError, span, std::move(message), {}, std::move(help)});
}

std::vector<Word> words_of(const Directive& directive) {
  std::vector<Word> words;
  for (const markdown::Argument& argument : directive.arguments) {
    const std::size_t quote = argument.quoted ? 1 : 0;
    words.push_back({argument.value,
                     {argument.span.source, argument.span.begin - quote, argument.span.end + quote},
                     argument.quoted});
  }
  return words;
}

// Plans the directives of one page.
class Planner {
 public:
  Planner(const model::Page& page, const Programs& programs, diagnostics::Sink& sink)
      : page_(page), programs_(programs), sink_(sink) {}

  std::vector<PlannedCitation> plan() {
    std::vector<PlannedCitation> planned;
    for (NodeId id = 0; id < page_.document.nodes().size(); ++id) {
      if (page_.document.node(id).kind != markdown::Kind::kDirective) continue;
      const auto& directive = page_.document.data<Directive>(id);
      const base::Span whole = page_.document.span(id);
      std::optional<PlannedCitation> citation;
      if (directive.name == "run") citation = plan_run(words_of(directive), whole);
      if (directive.name == "claim") citation = plan_claim(words_of(directive), whole);
      if (!citation || !resolve_programs(citation->left) || !resolve_programs(citation->right)) continue;
      citation->node = id;
      citation->span = whole;
      planned.push_back(*std::move(citation));
    }
    return planned;
  }

 private:
  std::optional<PlannedCitation> plan_run(std::vector<Word> words, const base::Span& whole) {
    const auto as =
        std::find_if(words.begin(), words.end(), [](const Word& w) { return !w.quoted && w.text == "as"; });
    if (as != words.end() && as + 1 == words.end()) {
      report(sink_, Code::kBadCitation, as->span, "`as` is not followed by a way to write the number",
             "write `as 1 decimal`, `as percent`, `as KiB`, `as word` or `as plain`, or leave `as` out");
      return std::nullopt;
    }
    const auto format = as == words.end() ? std::optional(QuantityFormat{})
                                          : parse_quantity_format({as + 1, words.end()}, sink_);
    words.erase(as, words.end());
    ValueName program;
    auto expression = parse_expression(words, whole, program, sink_);
    if (!expression || !format) return std::nullopt;
    PlannedCitation citation;
    citation.left = *std::move(expression);
    citation.format = *format;
    return citation;
  }

  std::optional<PlannedCitation> plan_claim(const std::vector<Word>& words, const base::Span& whole) {
    const auto sign = std::find_if(words.begin(), words.end(),
                                   [](const Word& w) { return find_comparison(w).has_value(); });
    if (sign == words.end()) {
      report(sink_, Code::kBadCitation, whole, "a claim compares two values, and this one has no comparison",
             "write `{{ claim PROGRAM VALUE <= 4.5 }}` with one of ==, <=, >=, <, >");
      return std::nullopt;
    }
    ValueName program;
    auto left = parse_expression({words.begin(), sign}, sign->span, program, sink_);
    auto right = parse_expression({sign + 1, words.end()}, sign->span, program, sink_);
    if (!left || !right) return std::nullopt;
    PlannedCitation claim;
    claim.claim = true;
    claim.left = *std::move(left);
    claim.comparison = *find_comparison(*sign);
    claim.right = *std::move(right);
    if (names_in(claim.left).empty() && names_in(claim.right).empty()) {
      report(sink_, Code::kBadCitation, whole, "this claim is about no run",
             "name a program and one of its values on one side");
      return std::nullopt;
    }
    return claim;
  }

  // Writes ids out in full.
  bool resolve_programs(Expression& expression) {
    bool good = true;
    for (Expression& operand : expression.operands) good = resolve_programs(operand) && good;
    if (expression.kind != Expression::Kind::kValue) return good;
    ValueName& name = expression.name;
    const auto id = find_program(programs_, page_, name.program, name.program_span, sink_);
    if (id) name.program = *id;
    return good && id;
  }

  const model::Page& page_;
  const Programs& programs_;
  diagnostics::Sink& sink_;
};

// The text of a page's block before one of its nodes, from the last full stop on: the sentence a claim
// stands behind.
std::string sentence_before(const markdown::Document& document, NodeId node,
                            const std::map<NodeId, Citation>& shown) {
  NodeId begin_node = node;
  if (document.data<Directive>(node).block) {
    // Alone in its paragraph, it belongs to the paragraph before it.
    for (const NodeId sibling : document.children(document.node(node).parent)) {
      if (sibling < node)
        begin_node = document.node(sibling).kind == markdown::Kind::kParagraph ? sibling + 1 : node;
    }
  } else {
    NodeId block = document.node(node).parent;
    while (document.node(block).kind >= markdown::Kind::kText) block = document.node(block).parent;
    begin_node = block + 1;
  }
  std::string text;
  for (NodeId id = begin_node; id < node; ++id) {
    const markdown::Node& at = document.node(id);
    if (at.kind == markdown::Kind::kSoftBreak || at.kind == markdown::Kind::kLineBreak) {
      text += ' ';
    } else if (at.kind == markdown::Kind::kText || at.kind == markdown::Kind::kCodeSpan) {
      text += at.literal;
    } else if (at.kind == markdown::Kind::kDirective) {
      const auto citation = shown.find(id);
      if (citation != shown.end()) {
        text += citation->second.text;
      } else if (text.ends_with(' ')) {
        text.pop_back();  // what shows no text takes no space either
      }
    }
  }
  const std::string_view all = base::trim(text);
  if (all.empty()) return {};
  std::size_t begin = 0;
  for (std::size_t at = 0; at + 2 < all.size(); ++at) {
    const bool ends = all[at] == '.' || all[at] == '?' || all[at] == '!' || all[at] == ':';
    if (ends && all[at + 1] == ' ') begin = at + 2;
  }
  return std::string(base::trim(all.substr(begin)));
}

class Resolver {
 public:
  Resolver(const model::Registry& registry, const Programs& programs,
           const std::vector<drill::Record>& records, const DeviceRecords& device_records,
           diagnostics::Sink& sink)
      : registry_(registry),
        programs_(programs),
        records_(records),
        device_records_(device_records),
        sink_(sink) {}

  void resolve(Citations& citations) {
    citations.shown.resize(citations.planned.size());
    citations.claim_of.resize(citations.planned.size());
    for (std::size_t page = 0; page < citations.planned.size(); ++page) {
      // Citations first: the sentences of claims are quoted with them.
      for (const PlannedCitation& planned : citations.planned[page]) {
        if (!planned.claim) resolve_run(planned, citations.shown[page]);
      }
      int number = 0;
      for (const PlannedCitation& planned : citations.planned[page]) {
        if (planned.claim) resolve_claim(planned, page, ++number, citations);
      }
    }
  }

 private:
  struct Side {
    Standing standing = Standing::kKnown;
    std::optional<double> value;
  };

  void resolve_run(const PlannedCitation& planned, std::map<NodeId, Citation>& shown) {
    const Side side = value_of(planned.left);
    if (side.standing == Standing::kKnown && !side.value) return;  // reported
    Citation citation;
    citation.standing = side.standing;
    citation.source = planned.left.span.text();
    const auto names = names_in(planned.left);
    if (!names.empty()) {
      citation.program = names.front()->program;
      // A name alone is written out in full; in a formula the reader sees the author's words.
      if (planned.left.kind == Expression::Kind::kValue)
        citation.source = fmt::format("{} of {}", names.front()->value, names.front()->program);
    }
    if (side.value) {
      citation.text = quantity_text(*side.value, planned.format);
      citation.number = fmt::format("{}", *side.value);
    }
    shown.emplace(planned.node, std::move(citation));
  }

  void resolve_claim(const PlannedCitation& planned, std::size_t page_index, int number,
                     Citations& citations) {
    const model::Page& page = registry_.pages()[page_index];
    const Side left = value_of(planned.left), right = value_of(planned.right);
    Claim claim;
    claim.anchor = fmt::format("claim-{}", number);
    claim.id = fmt::format("{}/{}", page.id, claim.anchor);
    claim.page = page_index;
    claim.line = page.source->position(planned.span.begin).line;
    claim.sentence = sentence_before(page.document, planned.node, citations.shown[page_index]);
    claim.condition = fmt::format("{} {} {}", planned.left.span.text(), drill::name_of(planned.comparison),
                                  planned.right.span.text());
    if (left.value) claim.left = quantity_text(*left.value);
    if (right.value) claim.right = quantity_text(*right.value);
    claim.standing = std::max(left.standing, right.standing);
    if (claim.standing == Standing::kKnown) {
      if (!left.value || !right.value) return;  // reported
      if (!drill::holds(*left.value, planned.comparison, *right.value))
        report_false(planned, *left.value, *right.value);
    }
    citations.claim_of[page_index].emplace(planned.node, citations.claims.size());
    citations.claims.push_back(std::move(claim));
  }

  void report_false(const PlannedCitation& planned, double left, double right) {
    report(sink_, Code::kFalseClaim, planned.span,
           fmt::format("this claim is false: {} {} {}", quantity_text(left),
                       drill::name_of(planned.comparison), quantity_text(right)),
           fmt::format("`{}` is {}, `{}` is {}: change the sentence, or the program",
                       planned.left.span.text(), left, planned.right.span.text(), right));
  }

  Side value_of(const Expression& expression) {
    Side side;
    side.value = evaluate(
        expression, [&](const ValueName& name) { return look_up(name, side.standing); }, sink_);
    return side;
  }

  std::optional<double> look_up(const ValueName& name, Standing& standing) {
    const std::size_t index = programs_.by_id.find(name.program)->second;
    const drill::Record& record = records_[index];
    if (record.verdict == drill::Verdict::kFailed) return std::nullopt;  // has its own diagnostic
    if (is_measured_value(name.value)) {
      const auto measured = gpu_values(device_records_, programs_.programs[index]);
      const auto value = measured.find(name.value);
      if (value != measured.end()) return value->second;
      standing = std::max(standing, Standing::kNotMeasured);
      return std::nullopt;
    }
    if (record.verdict == drill::Verdict::kSkipped || record.verdict == drill::Verdict::kStale) {
      standing = std::max(standing, Standing::kNotRun);
      return std::nullopt;
    }
    if (is_output_pattern(name.value)) return look_up_output(name, record);
    const auto& values = values_of(index);
    const auto value = values.find(name.value);
    if (value != values.end()) return value->second;
    report_unknown_value(name, values);
    return std::nullopt;
  }

  std::optional<double> look_up_output(const ValueName& name, const drill::Record& record) {
    const OutputMatch match = match_output(record.output, name.value);
    if (match.value) return match.value;
    std::string lines;
    const auto printed = base::split_lines(record.output);
    for (std::size_t i = 0; i < std::min(printed.size(), kShownLines); ++i)
      lines += fmt::format("\n  {}", printed[i]);
    if (printed.size() > kShownLines) lines += "\n  …";
    report(sink_, Code::kUnknownValue, name.value_span,
           match.lines == 0
               ? fmt::format("no line that `{}` prints fits this pattern", name.program)
               : fmt::format("{} lines that `{}` prints fit this pattern", match.lines, name.program),
           fmt::format("`{{}}` stands for the number, `*` for any text; it prints:{}", lines));
    return std::nullopt;
  }

  void report_unknown_value(const ValueName& name, const std::map<std::string, double>& values) {
    std::vector<std::string> known;
    for (const auto& [key, value] : values) known.push_back(key);
    const auto near = base::nearest(name.value, known);
    // Values of kernels and architectures are many and alike: their prefixes are enough.
    std::vector<std::string> plain;
    std::set<std::string> prefixes;
    for (const std::string& key : known) {
      const std::size_t dot = key.find('.');
      if (dot == std::string::npos) {
        plain.push_back(key);
      } else {
        prefixes.insert(fmt::format("`{}.…`", key.substr(0, dot)));
      }
    }
    std::string help =
        fmt::format("its values are: {}{}{}", fmt::join(plain, ", "),
                    prefixes.empty() ? "" : ", and those that begin with ", fmt::join(prefixes, ", "));
    if (known.empty())
      help =
          "it has none: its output has no `name=value` and no `name: value`; name a line by a pattern such "
          "as "
          "`\"stride 8: {} sectors\"`";
    report(sink_, Code::kUnknownValue, name.value_span,
           fmt::format("`{}` has no value `{}`", name.program, name.value),
           near ? fmt::format("replace `{}` with `{}`; {}", name.value, *near, help) : help);
  }

  const std::map<std::string, double>& values_of(std::size_t index) {
    const auto at = values_.find(index);
    return at != values_.end() ? at->second
                               : values_.emplace(index, run_values(records_[index])).first->second;
  }

  const model::Registry& registry_;
  const Programs& programs_;
  const std::vector<drill::Record>& records_;
  const DeviceRecords& device_records_;
  diagnostics::Sink& sink_;
  std::map<std::size_t, std::map<std::string, double>> values_;
};

}  // namespace

std::optional<std::string> find_program(const Programs& programs, const model::Page& page,
                                        const std::string& written, const base::Span& span,
                                        diagnostics::Sink& sink) {
  for (std::string id : {page.id + "/" + written, page.id + written, written}) {
    if (programs.find(id) != nullptr) return id;
  }
  std::vector<std::string> known;
  for (const auto& [id, index] : programs.by_id) {
    known.push_back(id);
    // As it may be written on its own page: "naive", "#block".
    if (owner_of(id) == page.id)
      known.push_back(id.substr(page.id.size() + (id[page.id.size()] == '#' ? 0 : 1)));
  }
  const auto near = base::nearest(written, known);
  report(sink, Code::kUnknownReference, span, fmt::format("nothing that runs is called `{}`", written),
         near ? fmt::format("replace `{}` with `{}`", written, *near)
              : "write `<drill>/<rung>`, `<page>#<block>`, or `#<block>` for a block of this page");
  return std::nullopt;
}

Citations plan_citations(const model::Registry& registry, const Programs& programs, diagnostics::Sink& sink) {
  Citations citations;
  for (const model::Page& page : registry.pages())
    citations.planned.push_back(Planner(page, programs, sink).plan());
  return citations;
}

void resolve_citations(const model::Registry& registry, const Programs& programs,
                       const std::vector<drill::Record>& records, const DeviceRecords& device_records,
                       Citations& citations, diagnostics::Sink& sink) {
  Resolver(registry, programs, records, device_records, sink).resolve(citations);
}

std::string_view label_of(Standing standing) {
  switch (standing) {
    case Standing::kKnown:
      return "checked";
    case Standing::kNotMeasured:
      return "not yet measured";
    case Standing::kNotRun:
      break;
  }
  return "not run here";
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::kKnown:
      return "known";
    case Standing::kNotMeasured:
      return "not-measured";
    case Standing::kNotRun:
      break;
  }
  return "not-run";
}

}  // namespace drillpress::pipeline
