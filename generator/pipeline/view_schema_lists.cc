// Views of the pages that list others: home, sections, ledger, engine, not found.
#include "pipeline/view_schema_parts.h"

namespace drillpress::pipeline::schema {

using templating::boolean;
using templating::html;
using templating::integer;
using templating::list_of;
using templating::map_of;
using templating::optional;
using templating::text;

// One choice by which a list or table is narrowed.
Record filter() {
  return {"filter",
          {{"name", text(), "area"},
           {"label", text(), "Area"},
           {"options",
            list_of(map_of({"filter option",
                            {{"value", text(), "cuda"},
                             {"label", text(), "CUDA"},
                             {"count", integer(), "items that have it"}}})),
            ""}}};
}

Record section_item() {
  return {"section item",
          {{"link", map_of(content_link()), "the page"},
           {"question", text(), "a card's question; empty for others"},
           {"filter", text(),
            "space-separated words name:value that the filters match, e.g. area:cuda role:infra-pm"}}};
}

Record section() {
  return {"section",
          {{"intro", html(), "or empty"},
           {"count", text(), "127 question cards"},
           {"filters", list_of(map_of(filter())), "offered where scripts run; empty: none"},
           {"groups",
            list_of(map_of({"section group",
                            {{"id", text(), "id of its heading"},
                             {"title", text(), "its heading; empty: no heading"},
                             {"items", list_of(map_of(section_item())), ""}}})),
            ""}}};
}

Record ledger() {
  return {"ledger",
          {{"intro", html(), "or empty"},
           {"totals", list_of(map_of(verdict_count())), "by verdict"},
           {"total", integer(), "of all rows"},
           {"built", list_of(map_of(fact())), "toolkit, engine, compiler"},
           {"downloads", list_of(map_of(link())), "the ledger as JSON"},
           {"filters", list_of(map_of(filter())), "offered where scripts run"},
           {"rows",
            list_of(map_of({"ledger row",
                            {{"name", text(), "snippet or rung"},
                             {"url", text(), "where it stands"},
                             {"page", text(), "title of that page"},
                             {"language", text(), "CUDA C++"},
                             {"verdict", map_of(verdict()), ""},
                             {"role", text(), "snippet, rung, starter or mutant"},
                             {"device", text(), "what ran it: lockstep engine; or empty"},
                             {"age", text(), "gathered here, or replayed from a record; or empty"},
                             {"checks", text(), "12 of 12 checks, or empty"},
                             {"check_names", text(), "compiles, racecheck, harness; or empty"},
                             {"filter", text(), "words name:value that the filters match"},
                             {"key", text(), "first digits of its input key, or empty"}}})),
            "every piece of code on the site"},
           {"claim_count", text(), "12 claims hold, 1 is not yet measured; empty: there are none"},
           {"claims", list_of(map_of(claim())), "sentences that the build checks against runs"}}};
}

Record engine() {
  return {"engine",
          {{"total", integer(), "of all forms"},
           {"totals",
            list_of(map_of({"engine total",
                            {{"count", integer(), "forms"},
                             {"label", text(), "how they are tested"},
                             {"meaning", text(), "in a sentence"}}})),
            "by way of testing"},
           {"opcodes",
            list_of(map_of({"engine opcode",
                            {{"name", text(), "add"},
                             {"section", text(), "of the PTX manual, or empty"},
                             {"count", text(), "12 forms"},
                             {"forms",
                              list_of(map_of({"engine form",
                                              {{"pattern", text(), "add.(s32|u32)"},
                                               {"tested", text(), "how"},
                                               {"is_tested", boolean(), ""}}})),
                              ""}}})),
            "in alphabetical order"}}};
}

Record home() {
  return {"home",
          {{"intro", html(), "or empty"},
           {"roles",
            list_of(map_of({"home role",
                            {{"title", text(), ""},
                             {"url", text(), "its guide, or empty"},
                             {"description", text(), "or empty"},
                             {"facts", list_of(text()), "12 cards, 4 drills"}}})),
            "entry points"},
           {"numbers",
            list_of(map_of({"home number",
                            {{"value", text(), "34"},
                             {"label", text(), "drills"},
                             {"url", text(), "where it comes from"}}})),
            "totals of this build"},
           {"verdicts", list_of(map_of(verdict_count())), "totals of the ledger"},
           {"drills", list_of(map_of(content_link())), "a few to start with"},
           {"featured",
            optional(map_of({"featured drill",
                             {{"drill", map_of(content_link()), ""},
                              {"comparison", map_of(comparison()), "its most telling one"},
                              {"verdict", map_of(verdict()), ""}}})),
            "one drill's counters, shown as the proof"}}};
}

Record not_found() {
  return {"not found", {{"links", list_of(map_of(link())), "where to go instead"}}};
}

}  // namespace drillpress::pipeline::schema
