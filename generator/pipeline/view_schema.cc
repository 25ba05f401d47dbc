#include "pipeline/view_schema.h"

#include "pipeline/view_schema_parts.h"

namespace drillpress::pipeline {
namespace schema {

using templating::boolean;
using templating::html;
using templating::integer;
using templating::list_of;
using templating::map_of;
using templating::optional;
using templating::text;
using templating::Type;

// --- Pieces that several pages share ---

Record link() {
  return {"link", {{"title", text(), "words of the link"}, {"url", text(), "ready for href"}}};
}

Record date() {
  return {"date", {{"iso", text(), "2026-03-14, for <time datetime>"}, {"label", text(), "14 March 2026"}}};
}

Record verdict() {
  return {
      "verdict",
      {{"kind", text(), "one of verdict_kinds()"},
       {"label", text(), "ran on the lockstep engine"},
       {"detail", text(), "one sentence more, or empty: why it was skipped, which device, what is stale"}}};
}

Record evidence() {
  return {"evidence",
          {{"level", text(), "stated, reported, likely or inferred; also the suffix of its CSS class"},
           {"label", text(), "reported, Mar 2026"},
           {"explain", text(), "what the level means and what the source was, one sentence"}}};
}

Record fact() {
  return {"fact", {{"label", text(), "nvcc"}, {"value", text(), "13.0.88, -std=c++20 -lineinfo"}}};
}

Record section_body() {
  return {"body section",
          {{"id", text(), "the heading's id"},
           {"title", text(), "the heading"},
           {"body", html(), "what follows it"}}};
}

Record role() {
  return {"role",
          {{"id", text(), "ml-engineer"},
           {"title", text(), "short title"},
           {"url", text(), "its guide, or empty"}}};
}

Record topic() {
  return {"topic", {{"id", text(), "memory-hierarchy"}, {"title", text(), "Memory hierarchy"}}};
}

Record content_link() {
  return {"content link",
          {{"id", text(), "the target's id"},
           {"title", text(), "its title"},
           {"url", text(), "ready for href"},
           {"kind", text(), "name of its page kind"},
           {"label", text(), "the kind in words: Drill, Question card"},
           {"description", text(), "one sentence, or empty"},
           {"facts", list_of(text()), "short facts: medium, 40 min, 4 rungs"},
           {"verdict", optional(map_of(verdict())), "the target's own verdict, where it has one"}}};
}

Record toc_entry() {
  return {"contents entry",
          {{"id", text(), "id of the heading on this page"},
           {"title", text(), "its text"},
           {"children",
            list_of(map_of({"contents sub-entry",
                            {{"id", text(), "id of the heading"}, {"title", text(), "its text"}}})),
            "headings one level down"}}};
}

Record verdict_count() {
  return {"verdict count",
          {{"kind", text(), "one of verdict_kinds()"},
           {"label", text(), "the badge's words"},
           {"count", integer(), "how many"}}};
}

// --- Names that every page has ---

Record site() {
  return {"site",
          {{"title", text(), "from site.yaml"},
           {"tagline", text(), "from site.yaml"},
           {"description", text(), "from site.yaml; for pages without their own"},
           {"base_url", text(), "absolute address of the site's root with a final slash, or empty"},
           {"sections",
            list_of(map_of({"site section",
                            {{"id", text(), "guides"},
                             {"title", text(), "Guides"},
                             {"url", text(), "relative to the root"}}})),
            "the header's navigation, from site.yaml"},
           {"styles", list_of(text()), "stylesheets, relative to the root"},
           {"scripts", list_of(text()), "scripts loaded deferred, relative to the root"},
           {"search_script", text(), "loaded when search opens; empty: no search"},
           {"search_style", text(), "its stylesheet, relative to the root"},
           {"search_index", text(), "the texts that it searches, relative to the root"},
           {"icon", text(), "the icon, an SVG file, relative to the root"},
           {"theme_script", text(), "the one script that runs before the first paint, relative to the root"},
           {"independence", text(), "the sentence in the footer on who is behind the site and who is not"},
           {"ledger_url", text(), "the ledger page, relative to the root"},
           {"generator", text(), "Drillpress 0.1.0"}}};
}

Record page() {
  return {"page",
          {{"kind", text(), "name of a page kind, or home, section, ledger, engine, not-found"},
           {"id", text(), "its stable id"},
           {"title", text(), "its title, plain text"},
           {"description", text(), "one sentence, or empty"},
           {"url", text(), "relative to the site's root, e.g. guides/ml-engineer.html"},
           {"root", text(), "from this page to the site's root: empty or ../"},
           {"section", text(), "id of the entry of the header it belongs to, or empty"},
           {"scripts", list_of(text()), "scripts of this kind of page, relative to the root"},
           {"date", optional(map_of(date())), "first published"},
           {"updated", optional(map_of(date())), "last changed"},
           {"tags", list_of(text()), "as the author wrote them"},
           {"roles", list_of(map_of(role())), "roles it is for"},
           {"topics", list_of(map_of(topic())), "topics it is about"},
           {"difficulty", text(), "easy, medium, hard or empty"},
           {"breadcrumbs", list_of(map_of(link())), "from the home page down to, and without, this page"},
           {"toc", list_of(map_of(toc_entry())),
            "headings of two levels, in the order of the page; empty: no contents"},
           {"previous", optional(map_of(link())), "the page before it in its section"},
           {"next", optional(map_of(link())), "the page after it"},
           {"source_path", text(), "the file it was made from, or empty"},
           {"edit_url", text(), "where that file can be edited, or empty"},
           {"verdicts", list_of(map_of(verdict_count())),
            "what became of the code on this page; empty: it has none"},
           {"formulas", boolean(), "whether it has formulas, which need assets/maths.css"}}};
}

// --- Code ---

Record snippet() {
  return {"snippet",
          {{"id", text(), "its id on the page, or empty"},
           {"language", text(), "CUDA C++, Python, console"},
           {"title", text(), "file name or anchor it was taken from, or empty"},
           {"code", html(), "highlighted lines for inside <code>, each ended by a line break"},
           {"verdict", map_of(verdict()), "what became of it"},
           {"output", text(), "what it printed; empty: nothing to show"},
           {"output_label", text(), "Output, Compiler says, Fails with"},
           {"match", text(), "how the output was compared with the expected one, or empty"},
           {"command", text(), "the command that runs it by hand, or empty"},
           {"provenance", list_of(map_of(fact())),
            "where the output comes from; empty for code that did not run"}}};
}

Record code_block() {
  return {"code",
          {{"language", text(), "CUDA C++"},
           {"title", text(), "rungs/padded.cu"},
           {"code", html(), "as in a snippet"}}};
}

// --- Pictures ---

Record picture() {
  return {
      "picture",
      {{"id", text(), "its id on the page"},
       {"title", text(), "what it shows"},
       {"svg", html(), "drawn from the rows"},
       {"caption", text(), "or empty"},
       {"columns", list_of(text()), "headings of the table"},
       {"rows", list_of(map_of({"picture row", {{"cells", list_of(text()), "the first one names the row"}}})),
        "everything that the picture shows"}}};
}

// --- Drills ---

Record diff_line() {
  return {"diff line",
          {{"kind", text(), "same, added, removed or gap"},
           {"mark", text(), "a space, +, − or ⋯"},
           {"code", html(), "the highlighted line, without its line break"}}};
}

Record counter() {
  return {"counter",
          {{"label", text(), "load sectors per request"},
           {"value", text(), "4.0"},
           {"unit", text(), "sectors, or empty"},
           {"explain", text(), "what it means, one sentence"}}};
}

Record check() {
  return {"check",
          {{"name", text(), "memory"},
           {"passed", boolean(), "clean or not"},
           {"detail", text(), "0 findings in 24 launches"}}};
}

Record resources() {
  return {"resources",
          {{"arch", text(), "sm_90"},
           {"device", text(), "H100, H200"},
           {"registers", text(), "per thread"},
           {"shared_bytes", text(), "per block"},
           {"stack_bytes", text(), "per thread"},
           {"spill_stores", text(), "bytes"},
           {"spill_loads", text(), "bytes"},
           {"occupancy_percent", text(), "75, between 0 and 100"},
           {"limiter", text(), "shared memory"}}};
}

Record expected_count() {
  return {"expected count",
          {{"metric", text(), "store sectors per request"},
           {"condition", text(), "≤ 4.5"},
           {"value", text(), "4.0"},
           {"holds", boolean(), "the build fails otherwise"},
           {"because", text(), "the author's reason"}}};
}

Record hot_line() {
  return {"hot line",
          {{"line", text(), "line number in the file"},
           {"code", html(), "the highlighted line"},
           {"metric", text(), "32 sectors per request"},
           {"explain", text(), "why it stands out"}}};
}

Record measurement() {
  return {"measurement",
          {{"device", text(), "NVIDIA H200"},
           {"date", map_of(date()), "when it was measured"},
           {"median", text(), "412 µs"},
           {"interval", text(), "411–414 µs"},
           {"of_peak", text(), "93 % of 4.8 TB/s, or empty"},
           {"of_baseline", text(), "97 % of device copy, or empty"},
           {"note", text(), "samples, cold or hot, what they are worth, staleness"}}};
}

Record measured_device() {
  return {"measured device",
          {{"id", text(), "device-h200: id of its section"},
           {"name", text(), "NVIDIA H200"},
           {"date", map_of(date()), "when it was recorded"},
           {"workload", text(), "the case that was timed, a sentence"},
           {"rows",
            list_of(map_of(
                {"timed solution",
                 {{"title", text(), "rung or baseline"},
                  {"cold", text(), "412.3 µs: median after the L2 cache was flushed"},
                  {"interval", text(), "of that median, 95 %; or empty"},
                  {"hot", text(), "median right after another run"},
                  {"against", text(), "1.80 × faster than the rung before, or why nothing is said; or empty"},
                  {"note", text(), "number of samples, what they are worth, staleness"}}})),
            "rungs in the order of the ladder, then baselines"},
           {"figures", list_of(map_of(picture())), "ladder, roofline, samples of each rung"},
           {"runs",
            list_of(map_of({"hardware run",
                            {{"program", text(), "naive, mutants/wrong-pitch"},
                             {"outcome", text(), "21 cases passed; failed: value"},
                             {"tools", text(), "memcheck clean, or empty"},
                             {"detail", text(), "first failure, staleness; or empty"}}})),
            "how every program ended there"},
           {"facts", list_of(map_of(fact())), "device, driver, clocks, tools, sources"}}};
}

Record rung() {
  return {"rung",
          {{"id", text(), "padded"},
           {"title", text(), "Pad the tile"},
           {"anchor", text(), "id of its section: rung-padded"},
           {"source", map_of(code_block()), "the part of the file that readers see"},
           {"diff", list_of(map_of(diff_line())), "against the rung before; empty on the first"},
           {"diff_title", text(), "Changes from Tile in shared memory"},
           {"prediction", html(), "what to guess before looking, or empty"},
           {"insight", html(), "what it teaches, or empty"},
           {"verdict", map_of(verdict()), "what became of it"},
           {"backend", text(), "lockstep engine"},
           {"output", text(), "what verification printed"},
           {"checks", list_of(map_of(check())),
            "memory, races, barriers, initialisation, reference, red zones …"},
           {"counters", list_of(map_of(counter())), "the few that tell the story"},
           {"counter_groups",
            list_of(map_of({"counter group",
                            {{"title", text(), "Global memory"},
                             {"rows", list_of(map_of(counter())), "its counters"}}})),
            "all of them"},
           {"counters_note", text(), "counted on PTX, for which case and launch"},
           {"hot_lines", list_of(map_of(hot_line())), "lines that cost most; may be empty"},
           {"resources", list_of(map_of(resources())), "one row an architecture"},
           {"occupancy", list_of(map_of(picture())), "limits of residence by architecture; one or none"},
           {"expected", list_of(map_of(expected_count())), "structural counts that the build checks"},
           {"measurements", list_of(map_of(measurement())),
            "from committed records; empty: never measured on a GPU"},
           {"provenance", list_of(map_of(fact())), "tool versions, flags, inputs"},
           {"input_key", text(), "hash of everything that went in"}}};
}

Record comparison() {
  return {"comparison",
          {{"id", text(), "load-sectors"},
           {"label", text(), "Load sectors per request"},
           {"unit", text(), "sectors, or empty"},
           {"explain", text(), "what it means and which end is better"},
           {"rows",
            list_of(map_of({"comparison row",
                            {{"title", text(), "rung"},
                             {"url", text(), "#rung-padded"},
                             {"value", text(), "4.0"},
                             {"percent", text(), "length of the bar, 0 to 100, at most two decimals"},
                             {"best", boolean(), "no other row is better"}}})),
            "one a rung, in the ladder's order"}}};
}

Record mutant() {
  return {"mutant",
          {{"id", text(), "no-barrier"},
           {"title", text(), "Forget the barrier"},
           {"caught_by", text(), "race checker; empty when nothing caught it"},
           {"expected_catcher", text(), "what the author expects to catch it"},
           {"verdict", map_of(verdict()), "expected-failure when it was caught"},
           {"detail", text(), "the first finding, one line"},
           {"diff", list_of(map_of(diff_line())), "against the rung it was made from; may be empty"}}};
}

Record drill() {
  return {
      "drill",
      {{"minutes", integer(), "time box"},
       {"facts", list_of(map_of(fact())), "for the hero: difficulty, time box, rungs, mutants caught"},
       {"verdict", map_of(verdict()), "of the whole drill"},
       {"task", map_of(section_body()), "The task"},
       {"predict", html(), "guess-first question, or empty; the template's id for it is predict"},
       {"start", map_of(section_body()), "What you start from"},
       {"starter", map_of(code_block()), "the starter's code"},
       {"starter_output", text(), "what its failing check prints"},
       {"starter_verdict", map_of(verdict()), "expected-failure"},
       {"download_url", text(), "the one-file download, or empty"},
       {"command", text(), "how to check your own solution"},
       {"tips", list_of(html()), "one at a time; the template's id for them is tips"},
       {"ladder", map_of(section_body()), "The ladder: what stands before the rungs"},
       {"rungs", list_of(map_of(rung())), "naive to best"},
       {"comparisons", list_of(map_of(comparison())), "rungs side by side; the template's id is compare"},
       {"figures", list_of(map_of(picture())), "ladder and roofline, shown with the comparisons"},
       {"devices", list_of(map_of(measured_device())),
        "GPUs with a committed record; the template's id for them is measured; empty: never measured"},
       {"mutants", list_of(map_of(mutant())), "kill table; the template's id is kill-table"},
       {"interview", map_of(section_body()), "What to say in the interview"},
       {"followups", map_of(section_body()), "Follow-ups"},
       {"cards", list_of(map_of(content_link())), "question cards it answers"},
       {"provenance", list_of(map_of(fact())), "of the drill as a whole; the template's id is provenance"}}};
}

// --- Other kinds of page ---

Record citation() {
  return {"citation",
          {{"known", boolean(), "false: text says why there is no number"},
           {"standing", text(), "known, not-measured or not-run; also the suffix of its CSS class"},
           {"text", text(), "65,536"},
           {"number", text(), "the same for machines, or empty"},
           {"source", text(), "global_store_sectors of transpose/naive"},
           {"url", text(), "where the run's evidence stands, or empty"},
           {"block", boolean(), "stands alone in its paragraph"}}};
}

Record claim() {
  return {"claim",
          {{"id", text(), "transpose/claim-2"},
           {"anchor", text(), "its id on its page"},
           {"ledger_anchor", text(), "its id on the ledger page"},
           {"ledger_url", text(), "its row in the ledger"},
           {"url", text(), "the place where it stands"},
           {"page", text(), "title of that page"},
           {"sentence", text(), "what it stands behind, or empty"},
           {"condition", text(), "as the author wrote it"},
           {"standing", text(), "holds, not-measured or not-run; also the suffix of its CSS class"},
           {"label", text(), "checked, not yet measured, not run here"},
           {"left", text(), "value of the left side, or empty"},
           {"right", text(), "value of the right side, or empty"}}};
}

Record timeline_stage() {
  return {"timeline stage",
          {{"stage", text(), "Recruiter call"},
           {"duration", text(), "30 minutes, or empty"},
           {"detail", text(), "what happens, or empty"},
           {"evidence", optional(map_of(evidence())), "how we know"}}};
}

Record guide() {
  return {"guide",
          {{"role", text(), "title of the role"},
           {"summary", list_of(text()), "five sentences"},
           {"audience", text(), "who it is for, or empty"},
           {"verified", optional(map_of(date())), "when its facts were last checked"},
           {"timeline", list_of(map_of(timeline_stage())),
            "the interview process; the template's id is process-timeline"},
           {"figures", list_of(map_of(picture())), "skills, week, pay, questions, where the guide has them"},
           {"body", html(), "from the first h2 on"},
           {"drills", list_of(map_of(content_link())), "linked practice; the template's id is practice"},
           {"cards", list_of(map_of(content_link())), ""},
           {"checklists", list_of(map_of(content_link())), ""},
           {"scorecards", list_of(map_of(content_link())), ""},
           {"quizzes", list_of(map_of(content_link())), "of its role"}}};
}

Record card() {
  return {"card",
          {{"question", text(), "the whole question, as asked"},
           {"area", text(), "GPU programming"},
           {"levels", list_of(text()), "mid, senior"},
           {"why", map_of(section_body()), "Why they ask"},
           {"brief", map_of(section_body()), "In sixty seconds"},
           {"deep", map_of(section_body()), "In depth"},
           {"strong", map_of(section_body()), "What a strong answer shows"},
           {"weak", map_of(section_body()), "What sinks a weak one"},
           {"followups", map_of(section_body()), "Follow-ups"},
           {"drills", list_of(map_of(content_link())), "drills that show it"},
           {"related", list_of(map_of(content_link())), "other cards"}}};
}

Record checklist() {
  return {"checklist",
          {{"count", integer(), "number of items"},
           {"body", html(), "task lists; each item an input with data-item, see templates/README.md"},
           {"guide", optional(map_of(link())), "the guide it belongs to"}}};
}

// A page's view: what every page has, and what its kind adds.
Record page_view(std::string name, std::vector<templating::Field> own) {
  Record record{std::move(name),
                {{"site", map_of(site()), "the same on every page"},
                 {"page", map_of(page()), "facts about this page"}}};
  for (templating::Field& field : own) record.fields.push_back(std::move(field));
  return record;
}

}  // namespace schema

const templating::Schema& view_schema() {
  using namespace schema;
  static const templating::Schema templates = {
      {"home.html", page_view("home page", {{"home", map_of(home()), ""}})},
      {"section.html", page_view("section page", {{"section", map_of(section()), ""}})},
      {"guide.html", page_view("guide page", {{"guide", map_of(guide()), ""}})},
      {"card.html", page_view("card page", {{"card", map_of(card()), ""}})},
      {"checklist.html", page_view("checklist page", {{"checklist", map_of(checklist()), ""}})},
      {"quiz.html", page_view("quiz page", {{"quiz", map_of(quiz()), ""}})},
      {"scorecard.html", page_view("scorecard page", {{"scorecard", map_of(scorecard()), ""},
                                                      {"body", html(), "prose below"}})},
      {"drill.html", page_view("drill page", {{"drill", map_of(drill()), ""}})},
      {"page.html", page_view("plain page", {{"body", html(), "from the first h2 on"}})},
      {"ledger.html", page_view("ledger page", {{"ledger", map_of(ledger()), ""}})},
      {"engine.html", page_view("engine page", {{"engine", map_of(engine()), ""}})},
      {"not-found.html", page_view("not-found page", {{"not_found", map_of(not_found()), ""}})},
      // Pieces that the generator puts into bodies.
      {"partials/snippet.html", {"snippet view", {{"snippet", map_of(snippet()), ""}}}},
      {"partials/drill-link.html", {"drill link view", {{"link", map_of(content_link()), ""}}}},
      {"partials/card-link.html", {"card link view", {{"link", map_of(content_link()), ""}}}},
      {"partials/evidence.html", {"evidence view", {{"evidence", map_of(evidence()), ""}}}},
      {"partials/citation.html", {"citation view", {{"citation", map_of(citation()), ""}}}},
      {"partials/picture.html", {"picture view", {{"picture", map_of(picture()), ""}}}},
      {"partials/claim.html",
       {"claim view",
        {{"claim", map_of(claim()), ""}, {"block", boolean(), "stands alone in its paragraph"}}}},
  };
  return templates;
}

const std::vector<VerdictKind>& verdict_kinds() {
  static const std::vector<VerdictKind> kinds = {
      {"gpu", "ran on a GPU"},
      {"engine", "ran on the lockstep engine"},
      {"host", "ran on the host"},
      {"replayed", "replayed from a record"},
      {"compiled", "compiled only"},
      {"expected-failure", "failed as expected"},
      {"stale", "stale"},
      {"skipped", "skipped"},
      {"shown", "shown, not run"},
      {"failed", "failed"},
  };
  return kinds;
}

}  // namespace drillpress::pipeline
