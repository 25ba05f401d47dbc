// What the templates of quizzes and scorecards receive.
#include "pipeline/view_schema_parts.h"

namespace drillpress::pipeline::schema {

using templating::boolean;
using templating::html;
using templating::integer;
using templating::list_of;
using templating::map_of;
using templating::optional;
using templating::text;

namespace {

Record sheet_column() {
  return {"sheet column",
          {{"id", text(), "entries are stored under it"},
           {"label", html(), "phrasing content"},
           {"hint", html(), "or empty"},
           {"kind", text(), "text, number, choice, tick or formula"},
           {"formula", text(), "as the author wrote it, or empty"},
           {"steps", text(), "the formula for site/scripts/formula.js, or empty"},
           {"decimals", integer(), "digits behind the point"}}};
}

Record sheet_cell() {
  return {"sheet cell",
          {{"kind", text(), "as its column's"},
           {"path", text(), "table/row/column, under which the entry is stored"},
           {"name", text(), "for people who do not see the table: row, column"},
           {"column", text(), "id of the column"},
           {"choices",
            list_of(map_of({"choice", {{"value", text(), "a number"}, {"label", text(), "0.5: co-owned"}}})),
            "of a choice"},
           {"value", text(), "in worked examples: what is entered or computed"}}};
}

Record sheet_row() {
  return {"sheet row",
          {{"id", text(), ""},
           {"label", html(), "phrasing content"},
           {"hint", html(), "or empty"},
           {"cells", list_of(map_of(sheet_cell())), "one a column"}}};
}

Record sheet_result() {
  return {"sheet result",
          {{"id", text(), ""},
           {"label", html(), "phrasing content"},
           {"formula", text(), "as the author wrote it"},
           {"steps", text(), "for the script"},
           {"decimals", integer(), "digits behind the point"},
           {"value", text(), "in worked examples; empty: it cannot be computed"},
           {"band", text(), "label of the example's band, or empty"},
           {"bands",
            list_of(map_of({"band",
                            {{"from", text(), "smallest value"},
                             {"label", text(), "its name"},
                             {"meaning", html(), "phrasing content"}}})),
            "what values mean, ascending; may be empty"}}};
}

}  // namespace

Record quiz() {
  return {
      "quiz",
      {{"role", text(), "title of the role"},
       {"guide",
        optional(
            map_of({"link", {{"title", text(), "words of the link"}, {"url", text(), "ready for href"}}})),
        "the guide of that role"},
       {"count", integer(), "number of items"},
       {"topics",
        list_of(map_of({"quiz topic",
                        {{"id", text(), "memory-hierarchy"},
                         {"title", text(), "Memory hierarchy"},
                         {"count", integer(), "items about it"}}})),
        "in the order in which they first come"},
       {"items",
        list_of(map_of(
            {"quiz item",
             {{"id", text(), "readers' answers are stored under it"},
              {"anchor", text(), "id on the page"},
              {"topic",
               map_of({"topic", {{"id", text(), "memory-hierarchy"}, {"title", text(), "Memory hierarchy"}}}),
               ""},
              {"difficulty", text(), "easy, medium or hard"},
              {"question", html(), "phrasing content"},
              {"multiple", boolean(), "several options are right"},
              {"key", text(), "letters of the right options: B and D"},
              {"options",
               list_of(map_of({"quiz option",
                               {{"id", text(), "hash of its text, under which a choice is stored"},
                                {"letter", text(), "A"},
                                {"text", html(), "phrasing content"},
                                {"why", html(), "phrasing content"},
                                {"correct", boolean(), ""}}})),
               ""},
              {"links", list_of(map_of(content_link())), "where to read more"}}})),
        ""}}};
}

Record scorecard() {
  return {"scorecard",
          {{"time", text(), "10 minutes for each piece of work"},
           {"use", text(), "when to use it"},
           {"anchors",
            list_of(map_of(
                {"anchors",
                 {{"id", text(), "id on the page"},
                  {"title", text(), "heading"},
                  {"note", html(), "or empty"},
                  {"columns", list_of(text()), "headings"},
                  {"rows",
                   list_of(map_of(
                       {"anchor row",
                        {{"label", html(), "the level"},
                         {"says", list_of(map_of({"anchor text", {{"text", html(), "phrasing content"}}})),
                          "one a further column"}}})),
                   ""}}})),
            "what levels and points mean"},
           {"tables",
            list_of(map_of({"sheet table",
                            {{"id", text(), "id on the page"},
                             {"title", text(), "heading"},
                             {"note", html(), "or empty"},
                             {"columns", list_of(map_of(sheet_column())), ""},
                             {"rows", list_of(map_of(sheet_row())), "to fill in"},
                             {"results", list_of(map_of(sheet_result())), "may be empty"},
                             {"example", html(), "what the example is about; empty: there is none"},
                             {"example_rows", list_of(map_of(sheet_row())), "filled in and computed"}}})),
            "the tables to fill in"}}};
}

}  // namespace drillpress::pipeline::schema
