#include "pipeline/accept.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "drill/matching.h"
#include "pipeline/unified_diff.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using markdown::CodeBlock;
using markdown::NodeId;

constexpr std::size_t kLeastFence = 3;
// Beyond this product of line counts every line is taken as it was printed.
constexpr std::size_t kMaxMergedCells = 4'000'000;

// The lines that a block has to show; one line break at the end does not count, as when outputs are compared.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Long enough that no line of the text closes the block.
std::size_t fence_length(std::string_view text, char mark, std::size_t least) {
  std::size_t length = least;
  for (std::string_view line : lines_of(text)) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::size_t run = std::min(line.find_first_not_of(mark), line.size());
    length = std::max(length, run + 1);
  }
  return length;
}

// How the lines of a page look around a block.
struct Layout {
  std::string indent;  ///< what every line below the fence begins with: of quotes and lists
  std::string eol;
};

Layout layout_of(const std::string& page, std::size_t fence_begin) {
  const std::size_t line_begin = page.find_last_of("\r\n", fence_begin) + 1;  // npos + 1 is 0
  Layout layout;
  for (const char c : page.substr(line_begin, fence_begin - line_begin))
    layout.indent += c == '>' || c == '\t' ? c : ' ';
  const std::size_t end = page.find_first_of("\r\n", fence_begin);
  layout.eol = end == std::string::npos ? "\n" : page.substr(end, page.compare(end, 2, "\r\n") == 0 ? 2 : 1);
  return layout;
}

std::string without_trailing_blanks(const std::string& text) {
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::string render_lines(std::string_view text, const Layout& layout) {
  std::string out;
  for (const std::string_view line : lines_of(text)) {
    out += (line.empty() ? without_trailing_blanks(layout.indent) : layout.indent + std::string(line)) +
           layout.eol;
  }
  return out;
}

// A new block behind the snippet that ends at `end`.
std::string added_block(std::string_view info, std::string_view output, const Layout& layout) {
  const std::string fence(fence_length(output, '`', kLeastFence), '`');
  return layout.eol + without_trailing_blanks(layout.indent) + layout.eol + layout.indent + fence +
         std::string(info) + layout.eol + render_lines(output, layout) + layout.indent + fence;
}

// The block between its fences' ends with other lines in it; its fences grow when they have to.
std::string rewritten_block(std::string_view block, std::string_view output, const Layout& layout) {
  const char mark = block.front();
  const std::size_t old_length = block.find_first_not_of(mark), first_end = block.find_first_of("\r\n");
  const std::size_t length = fence_length(output, mark, old_length);
  const std::size_t last_begin = block.find_last_of("\r\n") + 1;
  const std::string_view last = block.substr(last_begin);
  const std::size_t mark_at = last.find(mark);
  const std::size_t closing = std::min(last.find_first_not_of(mark, mark_at), last.size()) - mark_at;
  return std::string(length, mark) + std::string(block.substr(old_length, first_end - old_length)) +
         layout.eol + render_lines(output, layout) + std::string(last.substr(0, mark_at)) +
         std::string(std::max(length, closing), mark) + std::string(last.substr(mark_at + closing));
}

class Planner {
 public:
  Planner(const SiteModel& site, const std::optional<std::set<std::string>>& wanted)
      : site_(site), wanted_(wanted) {}

  Acceptance plan() {
    const auto& pages = site_.registry.pages();
    for (std::size_t page = 0; page < pages.size(); ++page) {
      const auto& plans = site_.programs.blocks[page];
      for (const auto& [node, plan] : plans) {
        if (!plan.own_program || !plan.program) continue;
        const std::string& id = site_.programs.programs[*plan.program].id;
        if (wanted_ && !wanted_->contains(id)) continue;
        const auto output = std::find_if(plans.begin(), plans.end(), [&](const auto& other) {
          return other.second.output_of == plan.program;
        });
        visit(*plan.program, pages[page], node,
              output == plans.end() ? std::nullopt : std::optional(output->first));
      }
    }
    return std::move(out_);
  }

 private:
  // What else than its output is wrong with a program: the code of a diagnostic, or nothing.
  std::string_view other_fault(std::size_t program) const {
    for (const diagnostics::Diagnostic& finding : site_.findings[program]) {
      if (finding.severity == Severity::kError && finding.code != Code::kOutputMismatch)
        return diagnostics::info(finding.code).name;
    }
    return {};
  }

  bool differs(std::size_t program) const {
    const auto& findings = site_.findings[program];
    return std::any_of(findings.begin(), findings.end(), [](const diagnostics::Diagnostic& finding) {
      return finding.code == Code::kOutputMismatch;
    });
  }

  // Without a block there is nothing to differ from.
  bool lacks_block(std::size_t program) const {
    const drill::Record& record = site_.records[program];
    return site_.programs.programs[program].expectation.kind == drill::Expectation::Kind::kNone &&
           !record.backends.empty() && record.verdict != drill::Verdict::kReplayed &&
           record.verdict != drill::Verdict::kStale && record.verdict != drill::Verdict::kFailed &&
           !record.output.empty();
  }

  void visit(std::size_t program, const model::Page& page, NodeId snippet, std::optional<NodeId> output) {
    const bool lacks = lacks_block(program);
    if (!lacks && !differs(program)) return;
    const std::string& printed = site_.records[program].output;
    if (const auto fault = other_fault(program); !fault.empty())
      return refuse(program, fmt::format("it failed in another way, too [{}]", fault));
    if (lacks) return add(program, page, snippet, printed);
    if (!output) return refuse(program, "its output block was not found");
    const auto& expected = site_.programs.programs[program].expectation.output;
    const std::string merged = merge_output(expected, printed);
    if (!drill::compare_output(expected.text, merged, drill::Match::kExact, 0))
      return refuse(program, "its output on the engine is what the page says");
    rewrite(program, page, *output, merged);
  }

  void add(std::size_t program, const model::Page& page, NodeId node, const std::string& printed) {
    const auto& block = page.document.data<CodeBlock>(node);
    const std::size_t end = page.document.node(node).source_end;
    const Layout layout = layout_of(page.source->text(), block.fence_span.begin);
    const std::string info =
        block.find("id") != nullptr ? "output for=" + *block.find("id")->value : "output";
    out_.edits.push_back({program, page.source, end, end, added_block(info, printed, layout), printed});
  }

  void rewrite(std::size_t program, const model::Page& page, NodeId node, const std::string& merged) {
    const std::size_t begin = page.document.data<CodeBlock>(node).fence_span.begin;
    const std::size_t end = page.document.node(node).source_end;
    const std::string& text = page.source->text();
    out_.edits.push_back(
        {program, page.source, begin, end,
         rewritten_block(std::string_view(text).substr(begin, end - begin), merged, layout_of(text, begin)),
         merged});
  }

  void refuse(std::size_t program, std::string why) { out_.refusals.push_back({program, std::move(why)}); }

  const SiteModel& site_;
  const std::optional<std::set<std::string>>& wanted_;
  Acceptance out_;
};

}  // namespace

Acceptance plan_acceptance(const SiteModel& site, const std::optional<std::set<std::string>>& wanted) {
  return Planner(site, wanted).plan();
}

std::string apply_edits(const base::Source& page, const std::vector<BlockEdit>& edits) {
  std::vector<const BlockEdit*> ordered;
  for (const BlockEdit& edit : edits) ordered.push_back(&edit);
  std::sort(ordered.begin(), ordered.end(),
            [](const BlockEdit* a, const BlockEdit* b) { return a->begin > b->begin; });
  std::string text = page.text();
  for (const BlockEdit* edit : ordered) text.replace(edit->begin, edit->end - edit->begin, edit->text);
  return text;
}

std::string render_edit(const BlockEdit& edit) {
  return render_unified_diff(edit.source->path(), edit.source->text(), apply_edits(*edit.source, {edit}));
}

std::string merge_output(const drill::ExpectedOutput& expected, std::string_view actual) {
  const auto old_lines = lines_of(expected.text), new_lines = lines_of(actual);
  // What a line fits does not depend on its neighbours, so that lines can be compared alone.
  const auto fits = [&](std::size_t o, std::size_t n) {
    return !drill::compare_output(old_lines[o], new_lines[n], expected.match, expected.tolerance);
  };
  std::string out;
  const auto keep = [&](std::string_view line) { out += std::string(line) + "\n"; };
  if (expected.match == drill::Match::kExact || old_lines.size() * new_lines.size() > kMaxMergedCells) {
    for (const std::string_view line : new_lines) keep(line);
    return out;
  }
  // Length of the longest common subsequence of what follows.
  const std::size_t width = new_lines.size() + 1;
  std::vector<std::uint32_t> longest((old_lines.size() + 1) * width, 0);
  std::vector<char> fit(old_lines.size() * width, 0);
  for (std::size_t o = old_lines.size(); o-- > 0;) {
    for (std::size_t n = new_lines.size(); n-- > 0;) {
      fit[o * width + n] = fits(o, n) ? 1 : 0;
      longest[o * width + n] = fit[o * width + n] != 0
                                   ? longest[(o + 1) * width + n + 1] + 1
                                   : std::max(longest[(o + 1) * width + n], longest[o * width + n + 1]);
    }
  }
  std::size_t o = 0, n = 0;
  while (n < new_lines.size()) {
    if (o < old_lines.size() && fit[o * width + n] != 0) {
      keep(old_lines[o++]);
      ++n;
    } else if (o < old_lines.size() && longest[(o + 1) * width + n] >= longest[o * width + n + 1]) {
      ++o;
    } else {
      keep(new_lines[n++]);
    }
  }
  return out;
}

}  // namespace drillpress::pipeline
