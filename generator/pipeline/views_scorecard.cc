// Views of scorecards: their tables empty for the reader, and filled in for the worked example.
#include <fmt/format.h>

#include "base/text.h"
#include "model/scorecard.h"
#include "pipeline/page_body.h"
#include "pipeline/view_parts.h"
#include "pipeline/views.h"

namespace drillpress::pipeline {
namespace {

using model::CellKind;
using templating::Html;

std::string_view name_of(CellKind kind) {
  switch (kind) {
    case CellKind::kNumber:
      return "number";
    case CellKind::kChoice:
      return "choice";
    case CellKind::kTick:
      return "tick";
    case CellKind::kFormula:
      return "formula";
    case CellKind::kText:
      break;
  }
  return "text";
}

Html inline_html(std::string_view markdown) {
  return Html{std::string(base::trim(rendered_text(markdown)))};
}

List choice_views(const model::SheetColumn& column) {
  List views;
  for (const model::SheetChoice& choice : column.choices)
    views.push_back(
        Map{{"value", choice.value}, {"label", fmt::format("{}: {}", choice.value, choice.label)}});
  return views;
}

// What an example's cell shows; empty for a cell that readers fill in.
std::string shown_value(const model::SheetTable& table, const model::SheetColumn& column,
                        const std::string& row, const model::SheetValues& values) {
  const auto& cells = values.cells.at(row);
  if (column.kind == CellKind::kFormula) {
    const auto at = cells.find(column.id);
    return at == cells.end() ? "" : model::rounded_text(at->second, column.decimals);
  }
  const auto given = table.example_cells.find(row);
  if (given == table.example_cells.end() || !given->second.contains(column.id)) return "";
  const std::string& value = given->second.at(column.id);
  if (column.kind == CellKind::kTick) return value == "1" ? "yes" : "no";
  for (const model::SheetChoice& choice : column.choices) {
    if (choice.value == value) return fmt::format("{}: {}", choice.value, choice.label);
  }
  return value;
}

Map row_view(const model::SheetTable& table, const model::SheetRow& row, const model::SheetValues* example) {
  List cells;
  for (const model::SheetColumn& column : table.columns) {
    cells.push_back(Map{{"kind", name_of(column.kind)},
                        {"path", fmt::format("{}/{}/{}", table.id, row.id, column.id)},
                        {"name", fmt::format("{}, {}", row.label, column.label)},
                        {"column", column.id},
                        {"choices", choice_views(column)},
                        {"value", example != nullptr ? shown_value(table, column, row.id, *example) : ""}});
  }
  return Map{{"id", row.id},
             {"label", inline_html(row.label)},
             {"hint", inline_html(row.hint)},
             {"cells", std::move(cells)}};
}

Map result_view(const model::SheetResult& result, const model::SheetValues& example) {
  List bands;
  for (const model::SheetBand& band : result.bands)
    bands.push_back(
        Map{{"from", band.from_text}, {"label", band.label}, {"meaning", inline_html(band.meaning)}});
  const auto value = example.results.find(result.id);
  const model::SheetBand* band =
      value == example.results.end() ? nullptr : model::band_of(result, value->second);
  return Map{
      {"id", result.id},
      {"label", inline_html(result.label)},
      {"formula", result.formula_text},
      {"steps", fmt::format("{}", fmt::join(result.formula, " "))},
      {"decimals", result.decimals},
      {"value", value == example.results.end() ? "" : model::rounded_text(value->second, result.decimals)},
      {"band", band != nullptr ? band->label : ""},
      {"bands", std::move(bands)}};
}

Map table_view(const model::SheetTable& table) {
  const model::SheetValues example = model::compute(table, table.example_cells);
  List columns, rows, results, example_rows;
  for (const model::SheetColumn& column : table.columns) {
    columns.push_back(Map{{"id", column.id},
                          {"label", inline_html(column.label)},
                          {"hint", inline_html(column.hint)},
                          {"kind", name_of(column.kind)},
                          {"formula", column.formula_text},
                          {"steps", fmt::format("{}", fmt::join(column.formula, " "))},
                          {"decimals", column.decimals}});
  }
  for (const model::SheetRow& row : table.rows) {
    rows.push_back(row_view(table, row, nullptr));
    if (table.example_cells.contains(row.id)) example_rows.push_back(row_view(table, row, &example));
  }
  for (const model::SheetResult& result : table.results) results.push_back(result_view(result, example));
  return Map{{"id", table.id},
             {"title", table.title},
             {"note", inline_html(table.note)},
             {"columns", std::move(columns)},
             {"rows", std::move(rows)},
             {"results", std::move(results)},
             {"example", inline_html(table.example)},
             {"example_rows", std::move(example_rows)}};
}

Map anchors_view(const model::SheetAnchors& anchors) {
  List columns, rows;
  for (const std::string& column : anchors.columns) columns.push_back(column);
  for (const model::SheetAnchors::Row& row : anchors.rows) {
    List says;
    for (const std::string& text : row.says) says.push_back(Map{{"text", inline_html(text)}});
    rows.push_back(Map{{"label", inline_html(row.label)}, {"says", std::move(says)}});
  }
  return Map{{"id", anchors.id},
             {"title", anchors.title},
             {"note", inline_html(anchors.note)},
             {"columns", std::move(columns)},
             {"rows", std::move(rows)}};
}

}  // namespace

PageView scorecard_view(const SiteModel& site, const templating::TemplateSet& templates,
                        const model::Page& page) {
  diagnostics::Sink checked;  // the page was parsed with these checks already
  const model::Scorecard card = model::parse_scorecard(page.front, checked);
  const PageBody body(site, templates, page);
  List anchors, tables, toc;
  const auto add_to_toc = [&](const std::string& id, const std::string& title) {
    toc.push_back(Map{{"id", id}, {"title", title}, {"children", List{}}});
  };
  for (const model::SheetAnchors& part : card.anchors) {
    add_to_toc(part.id, part.title);
    anchors.push_back(anchors_view(part));
  }
  for (const model::SheetTable& table : card.tables) {
    add_to_toc(table.id, table.title);
    tables.push_back(table_view(table));
  }
  for (const Value& entry : body.contents()) toc.push_back(entry);
  PageFacts facts{std::string(model::name(page.kind)),
                  page.id,
                  page.title(),
                  page.front.text("description"),
                  page.url,
                  std::string(model::url_folder(page.kind)),
                  &page};
  facts.toc = std::move(toc);
  facts.verdicts = verdict_counts(records_of(site, page), body.skipped_blocks());
  Map view{{"site", site_view(site)}, {"page", page_view(site, facts)}};
  view.set("scorecard", Map{{"time", page.front.text("time")},
                            {"use", page.front.text("use")},
                            {"anchors", std::move(anchors)},
                            {"tables", std::move(tables)}});
  view.set("body", Html{body.whole()});
  return {"scorecard.html", page.url, std::move(view)};
}

}  // namespace drillpress::pipeline
