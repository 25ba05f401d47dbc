#include "model/scorecard.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "model/quiz.h"

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using enum FieldType;

constexpr int kMostDecimals = 4;

struct CellKindRow {
  std::string_view name;
  CellKind kind;
};
constexpr CellKindRow kCellKinds[] = {{"text", CellKind::kText},
                                      {"number", CellKind::kNumber},
                                      {"choice", CellKind::kChoice},
                                      {"tick", CellKind::kTick},
                                      {"formula", CellKind::kFormula}};

const std::vector<Field> kBand = {
    {"from", kText, true, "smallest value of the band"},
    {"label", kText, true, "its name"},
    {"meaning", kText, true, "what to do about it"},
};
const std::vector<Field> kResult = {
    {"id", kSlug, true, "stable id"},
    {"label", kText, true, "what is computed"},
    {"formula", kText, true, "over all rows, such as `mean(product)`"},
    {"decimals", kInteger, false, "digits behind the point"},
    {"bands", kRecordList, false, "what values mean, ascending", {}, kBand},
};
const std::vector<Field> kColumn = {
    {"id", kSlug, true, "stable id; readers' entries are stored under it"},
    {"label", kText, true, "heading of the column"},
    {"kind", kChoice, true, "what is entered", {"text", "number", "choice", "tick", "formula"}},
    {"hint", kText, false, "what to enter"},
    {"choices",
     kRecordList,
     false,
     "of a choice",
     {},
     {{"value", kText, true, "a number"}, {"label", kText, true, "what it stands for"}}},
    {"formula", kText, false, "of a formula, over the row's columns before it"},
    {"decimals", kInteger, false, "digits behind the point of a formula"},
};
const std::vector<Field> kRow = {
    {"id", kSlug, true, "stable id; readers' entries are stored under it"},
    {"label", kText, true, "head of the row"},
    {"hint", kText, false, "the question it asks"},
};
const std::vector<Field> kExample = {
    {"row", kSlug, true, "id of a row"},
    {"cells", kTextList, true, "entries such as `teams=2`"},
};
const std::vector<Field> kTable = {
    {"id", kSlug, true, "stable id; readers' entries are stored under it"},
    {"title", kText, true, "heading"},
    {"note", kText, false, "how to fill it in"},
    {"columns", kRecordList, true, "what is entered or computed in each row", {}, kColumn},
    {"rows", kRecordList, true, "its rows", {}, kRow},
    {"results", kRecordList, false, "what is computed over all rows", {}, kResult},
    {"example", kText, false, "what the worked example is about; it is invented and says so"},
    {"example_rows", kRecordList, false, "the worked example, computed when the site is built", {}, kExample},
};
const std::vector<Field> kAnchors = {
    {"id", kSlug, true, "id of its heading"},
    {"title", kText, true, "heading"},
    {"note", kText, false, "how to use it"},
    {"columns", kTextList, true, "headings; the first one is of the levels"},
    {"rows",
     kRecordList,
     true,
     "levels or points",
     {},
     {{"label", kText, true, "the level"}, {"says", kTextList, true, "one text a further column"}}},
};
const std::vector<Field> kScorecard = {
    {"time", kText, true, "how long it takes"},
    {"use", kText, true, "when to use it"},
    {"anchors", kRecordList, false, "what levels and points mean", {}, kAnchors},
    {"tables", kRecordList, true, "the tables to fill in", {}, kTable},
};

class Reader {
 public:
  explicit Reader(diagnostics::Sink& sink) : sink_(sink) {}

  Scorecard read(const FrontMatter& front) {
    Scorecard card;
    std::vector<std::string> ids;
    for (const FrontMatter& entry : front.records("anchors")) {
      claim(entry, ids);
      card.anchors.push_back(anchors(entry));
    }
    for (const FrontMatter& entry : front.records("tables")) {
      claim(entry, ids);
      card.tables.push_back(table(entry));
    }
    return card;
  }

 private:
  void report(const base::Span& span, std::string message, std::string help) {
    sink_.report({Code::kBadScorecard, Severity::kError, span, std::move(message), {}, std::move(help)});
  }

  void claim(const FrontMatter& entry, std::vector<std::string>& ids) {
    const Named id = entry.named("id");
    if (!id.text.empty() && std::find(ids.begin(), ids.end(), id.text) != ids.end()) {
      sink_.report({Code::kDuplicateId,
                    Severity::kError,
                    id.span,
                    fmt::format("the id `{}` is given twice", id.text),
                    {},
                    "give one of them another id"});
    }
    ids.push_back(id.text);
  }

  std::string words(const FrontMatter& entry, std::string_view key) {
    check_inline_text(entry.named(key), key, sink_);
    return entry.text(key);
  }

  int decimals(const FrontMatter& entry) {
    const int wanted = entry.integer("decimals", 0);
    if (wanted >= 0 && wanted <= kMostDecimals) return wanted;
    report(entry.span("decimals"), fmt::format("at most {} decimals can be shown", kMostDecimals),
           "use fewer");
    return 0;
  }

  SheetAnchors anchors(const FrontMatter& entry) {
    SheetAnchors out{entry.text("id"), entry.text("title"), words(entry, "note"), {}, {}};
    for (const Named& column : entry.list("columns")) out.columns.push_back(column.text);
    for (const FrontMatter& row : entry.records("rows")) {
      SheetAnchors::Row read{words(row, "label"), {}};
      for (const Named& text : row.list("says")) {
        check_inline_text(text, "says", sink_);
        read.says.push_back(text.text);
      }
      if (read.says.size() + 1 != out.columns.size()) {
        report(row.span("says"),
               fmt::format("{} texts stand under {} headings", read.says.size() + 1, out.columns.size()),
               "give one text for each heading; the first heading is of the label");
      }
      out.rows.push_back(std::move(read));
    }
    return out;
  }

  SheetColumn column(const FrontMatter& entry, const std::vector<std::string>& before) {
    SheetColumn out;
    out.id = entry.text("id");
    out.label = words(entry, "label");
    out.hint = words(entry, "hint");
    out.decimals = decimals(entry);
    for (const CellKindRow& row : kCellKinds) {
      if (row.name == entry.text("kind")) out.kind = row.kind;
    }
    for (const FrontMatter& choice : entry.records("choices")) {
      number(choice.named("value"));
      out.choices.push_back({choice.text("value"), words(choice, "label")});
    }
    if ((out.kind == CellKind::kChoice) != (out.choices.size() >= 2)) {
      report(entry.span("id"),
             fmt::format(
                 "the column `{}` {}", out.id,
                 out.kind == CellKind::kChoice ? "has fewer than two choices" : "is no choice and has some"),
             "`choices` belong to `kind: choice`");
    }
    if ((out.kind == CellKind::kFormula) != entry.has("formula")) {
      report(entry.span("id"),
             fmt::format("the column `{}` {}", out.id,
                         entry.has("formula") ? "is no formula and has one" : "has no formula"),
             "`formula` belongs to `kind: formula`");
    } else if (out.kind == CellKind::kFormula) {
      const Named text = entry.named("formula");
      out.formula_text = text.text;
      if (auto formula = parse_formula(text.text, {before, {}}, text.span, sink_))
        out.formula = *std::move(formula);
    }
    return out;
  }

  std::optional<double> number(const Named& text) {
    const auto value = parse_plain_number(text.text);
    if (!value) report(text.span, fmt::format("`{}` is not a number", text.text), "write it as 3 or 0.25");
    return value;
  }

  SheetResult result(const FrontMatter& entry, const FormulaNames& names) {
    SheetResult out{entry.text("id"), words(entry, "label"), entry.text("formula"), {}, decimals(entry), {}};
    const Named text = entry.named("formula");
    if (!text.text.empty()) {
      if (auto formula = parse_formula(text.text, names, text.span, sink_)) out.formula = *std::move(formula);
    }
    for (const FrontMatter& band : entry.records("bands")) {
      const auto from = number(band.named("from"));
      if (!from) continue;
      if (!out.bands.empty() && *from <= out.bands.back().from)
        report(band.span("from"), "bands must ascend", "order them from the smallest value to the largest");
      out.bands.push_back({*from, band.text("from"), words(band, "label"), words(band, "meaning")});
    }
    return out;
  }

  SheetTable table(const FrontMatter& entry) {
    SheetTable out;
    out.id = entry.text("id");
    out.title = entry.text("title");
    out.note = words(entry, "note");
    out.example = words(entry, "example");
    std::vector<std::string> column_ids, row_ids, result_ids, numeric;
    for (const FrontMatter& one : entry.records("columns")) {
      claim(one, column_ids);
      out.columns.push_back(column(one, numeric));
      if (out.columns.back().kind != CellKind::kText) numeric.push_back(out.columns.back().id);
    }
    for (const FrontMatter& one : entry.records("rows")) {
      claim(one, row_ids);
      out.rows.push_back({one.text("id"), words(one, "label"), words(one, "hint")});
    }
    FormulaNames names{{}, numeric};
    for (const FrontMatter& one : entry.records("results")) {
      claim(one, result_ids);
      out.results.push_back(result(one, names));
      names.plain.push_back(out.results.back().id);
    }
    for (const FrontMatter& one : entry.records("example_rows")) example(one, row_ids, out);
    if (entry.has("example") != entry.has("example_rows"))
      report(entry.span("id"), "`example` and `example_rows` belong together", "give both, or neither");
    return out;
  }

  void example(const FrontMatter& entry, const std::vector<std::string>& rows, SheetTable& table) {
    const Named row = entry.named("row");
    if (std::find(rows.begin(), rows.end(), row.text) == rows.end()) {
      const auto near = base::nearest(row.text, rows);
      report(row.span, fmt::format("the table has no row `{}`", row.text),
             near ? fmt::format("replace `{}` with `{}`", row.text, *near)
                  : fmt::format("its rows are: {}", fmt::join(rows, ", ")));
      return;
    }
    for (const Named& cell : entry.list("cells")) {
      const std::size_t equals = std::min(cell.text.find('='), cell.text.size());
      const std::string id = cell.text.substr(0, equals);
      const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                       [&](const SheetColumn& c) { return c.id == id; });
      if (equals == cell.text.size() || column == table.columns.end() || column->kind == CellKind::kFormula) {
        report(cell.span, fmt::format("`{}` fills in no column of the table", cell.text),
               "write `column=value`, with a column that readers fill in");
        continue;
      }
      const std::string value = cell.text.substr(equals + 1);
      const bool known_choice = std::any_of(column->choices.begin(), column->choices.end(),
                                            [&](const SheetChoice& choice) { return choice.value == value; });
      if ((column->kind == CellKind::kChoice && !known_choice) ||
          (column->kind == CellKind::kTick && value != "1" && value != "0") ||
          (column->kind == CellKind::kNumber && !parse_plain_number(value))) {
        report(cell.span, fmt::format("`{}` cannot be entered in `{}`", value, id),
               "enter a number, one of the choices, or 1 for a tick");
        continue;
      }
      table.example_cells[row.text][id] = value;
    }
  }

  diagnostics::Sink& sink_;
};

}  // namespace

const std::vector<Field>& scorecard_fields() {
  return kScorecard;
}

Scorecard parse_scorecard(const FrontMatter& front, diagnostics::Sink& sink) {
  return Reader(sink).read(front);
}

SheetValues compute(const SheetTable& table,
                    const std::map<std::string, std::map<std::string, std::string>>& given) {
  SheetValues values;
  for (const SheetRow& row : table.rows) {
    auto& cells = values.cells[row.id];
    const auto entries = given.find(row.id);
    for (const SheetColumn& column : table.columns) {
      std::optional<double> value;
      if (column.kind == CellKind::kFormula) {
        value = evaluate(column.formula, {[&](const std::string& name) {
                           const auto at = cells.find(name);
                           return at == cells.end() ? std::nullopt : std::optional(at->second);
                         }});
      } else if (column.kind != CellKind::kText) {
        if (column.kind == CellKind::kTick) value = 0;
        if (entries != given.end() && entries->second.contains(column.id))
          value = parse_plain_number(entries->second.at(column.id));
      }
      if (value) cells[column.id] = *value;
    }
  }
  for (const SheetResult& result : table.results) {
    const auto value = evaluate(
        result.formula, {[&](const std::string& name) {
                           const auto at = values.results.find(name);
                           return at == values.results.end() ? std::nullopt : std::optional(at->second);
                         },
                         [&](const std::string& name) {
                           std::vector<double> column;
                           for (const SheetRow& row : table.rows) {
                             const auto& cells = values.cells[row.id];
                             if (const auto at = cells.find(name); at != cells.end())
                               column.push_back(at->second);
                           }
                           return column;
                         }});
    if (value) values.results[result.id] = *value;
  }
  return values;
}

const SheetBand* band_of(const SheetResult& result, double value) {
  const SheetBand* found = nullptr;
  for (const SheetBand& band : result.bands) {
    if (value >= band.from) found = &band;
  }
  return found;
}

}  // namespace drillpress::model
