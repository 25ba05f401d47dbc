#include "sample_pages.h"

#include <array>
#include <functional>

#include "base/text.h"

namespace drillpress::test {

using templating::Html;
using templating::List;
using templating::Map;
using templating::Value;

Map verdict(std::string kind, std::string label, std::string detail) {
  return {{"kind", kind}, {"label", label}, {"detail", detail}};
}

Map fact(std::string label, std::string value) {
  return {{"label", label}, {"value", value}};
}

Map section_body(std::string id, std::string title, std::string body) {
  return {{"id", id}, {"title", title}, {"body", Html{std::move(body)}}};
}

Map content_link(std::string kind, std::string id, std::string title, std::string description, List facts) {
  const std::string label = kind == "drill" ? "Drill" : kind == "checklist" ? "Checklist" : "Question card";
  Map out{{"id", id},
          {"title", title},
          {"url", "../" + kind + "s/" + id + ".html"},
          {"kind", kind},
          {"label", label},
          {"description", description},
          {"facts", std::move(facts)}};
  if (kind == "drill") out.set("verdict", verdict("engine", "ran on the lockstep engine"));
  return out;
}

Html code(std::string_view text) {
  struct Word {
    std::string_view word, css;
  };
  constexpr std::array<Word, 9> kWords = {{{"__global__", "k"},
                                           {"__shared__", "k"},
                                           {"const ", "k"},
                                           {"int ", "t"},
                                           {"float ", "t"},
                                           {"void ", "t"},
                                           {"threadIdx", "b"},
                                           {"__syncthreads", "f"},
                                           {"32", "n"}}};
  std::string out = base::escape_html(text);
  for (const auto& [word, css] : kWords) {
    out = base::replace_all(out, word,
                            "<span class=\"tok-" + std::string(css) + "\">" + std::string(word) + "</span>");
  }
  return Html{out};
}

Html every_token() {
  std::string line;
  for (const char css : std::string_view("ktbfvcnsempaoqridh"))
    line += std::string("<span class=\"tok-") + css + "\">" + css + "_word</span> ";
  return Html{line};
}

Map comparison() {
  const auto row = [](std::string title, std::string id, std::string value, std::string percent, bool best) {
    return Map{{"title", title},
               {"url", "../drills/transpose.html#rung-" + id},
               {"value", value},
               {"percent", percent},
               {"best", best}};
  };
  return {{"id", "store-sectors"},
          {"label", "Store sectors per request"},
          {"unit", "sectors of 32 bytes"},
          {"explain", "A warp that stores 32 neighbouring floats fills 4 sectors; 32 is the worst there is."},
          {"rows", List{row("Straight from the formula", "naive", "32.0", "100", false),
                        row("Through shared memory", "tiled", "4.0", "12.5", true),
                        row("Padded tile", "padded", "4.0", "12.5", true)}}};
}

Map picture() {
  const auto row = [](std::string name, std::string value) { return Map{{"cells", List{name, value}}}; };
  return {{"id", "sample-picture"},
          {"title", "Passes over the banks"},
          {"svg",
           Html{"<svg class=\"picture\" viewBox=\"0 0 360 24\" role=\"img\" "
                "aria-labelledby=\"sample-picture-title\"><title id=\"sample-picture-title\">Passes</title>"
                "<rect class=\"pic-fill\" x=\"0\" y=\"8\" width=\"120\" height=\"10\"/></svg>"}},
          {"caption", "Counted in the profiled case."},
          {"columns", List{"Rung", "Passes"}},
          {"rows", List{row("Through shared memory", "65,536"), row("Padded tile", "2,048")}}};
}

namespace {

Map link(std::string title, std::string url) {
  return {{"title", title}, {"url", url}};
}
Map date() {
  return {{"iso", "2026-11-21"}, {"label", "21 November 2026"}};
}
Map count(std::string kind, std::string label, int number) {
  return {{"kind", kind}, {"label", label}, {"count", number}};
}

Map evidence(std::string level) {
  return {{"level", level},
          {"label", level + ", Nov 2026"},
          {"explain", "Candidates or a public account say so; last read in November 2026."}};
}

Value site() {
  const auto section = [](std::string id, std::string title, std::string url) {
    return Map{{"id", id}, {"title", title}, {"url", url}};
  };
  static const Value value =
      Map{{"title", "Drillpress"},
          {"tagline", "Interview preparation whose code really ran"},
          {"description",
           "Role guides, question cards and CUDA drills. Every program on these pages was compiled and run "
           "when the site was built, and says so."},
          {"base_url", ""},
          {"sections", List{section("guides", "Guides", "guides/ml-engineer.html"),
                            section("cards", "Cards", "cards/index.html"),
                            section("drills", "Drills", "drills/transpose.html"),
                            section("checklists", "Checklists", "checklists/ml-engineer.html"),
                            section("ledger", "Ledger", "ledger.html")}},
          {"styles", List{"assets/site.css"}},
          {"scripts", List{"assets/site.js"}},
          {"icon", "assets/icon.svg"},
          {"search_script", "assets/search.js"},
          {"search_style", "assets/search.css"},
          {"search_index", "assets/search-index.js"},
          {"theme_script", "assets/theme.js"},
          {"independence",
           "Written independently of NVIDIA, which neither made nor endorsed it. No tracking, no account; "
           "what you tick stays in your browser."},
          {"ledger_url", "ledger.html"},
          {"generator", "Drillpress 0.1.0"}};
  return value;
}

Map page(std::string kind, std::string id, std::string title, std::string description, std::string url,
         std::string section) {
  const bool nested = url.find('/') != std::string::npos;
  const std::string root = nested ? "../" : "";
  Map out{{"kind", kind},       {"id", id},         {"title", title},     {"description", description},
          {"url", url},         {"root", root},     {"section", section}, {"tags", List{}},
          {"roles", List{}},    {"topics", List{}}, {"difficulty", ""},   {"breadcrumbs", List{}},
          {"scripts", List{}},  {"toc", List{}},    {"source_path", ""},  {"edit_url", ""},
          {"verdicts", List{}}, {"formulas", true}};
  if (kind != "home" && kind != "not-found")
    out.set("breadcrumbs",
            List{link("Drillpress", root + "index.html"), link("Cards", root + "cards/index.html")});
  return out;
}

Value toc(std::initializer_list<std::array<std::string, 2>> entries) {
  List out;
  for (const auto& [id, title] : entries)
    out.push_back(Map{{"id", id}, {"title", title}, {"children", List{}}});
  return out;
}

Map snippet() {
  return {
      {"id", "sectors"},
      {"language", "CUDA C++"},
      {"title", "cards/coalescing.md"},
      {"code", code("__global__ void count_sectors(int first, int stride, int* sectors) {\n"
                    "    int lane = threadIdx.x;\n"
                    "    int sector = (first + lane * stride) * 4 / 32;\n"
                    "    int before = __shfl_up_sync(0xffffffffu, sector, 1);\n"
                    "    unsigned opens = __ballot_sync(0xffffffffu, lane == 0 || sector != before);\n"
                    "    if (lane == 0) *sectors = __popc(opens);\n"
                    "}\n")},
      {"verdict", verdict("engine", "ran on the lockstep engine")},
      {"output",
       "first 0, stride    1:  4 sectors,  128 bytes moved for 128 used\nfirst 1, stride    1:  5 sectors,  "
       "160 bytes moved for 128 used\nfirst 0, stride    8: 32 sectors, 1024 bytes moved for 128 used\n"},
      {"output_label", "Output"},
      {"match", "equal to the expected output"},
      {"command", "drillpress run cards/coalescing#sectors"},
      {"provenance",
       List{fact("Compiler", "nvcc 13.0.88, -std=c++20"), fact("Ran on", "lockstep engine, 1 launch a line"),
            fact("Input key", "9b1c64e2d07f5a38")}}};
}

Map card_view() {
  Map p = page("card", "coalescing", "Coalesced memory access", "Sectors per request, and how to count them.",
               "cards/coalescing.html", "cards");
  p.set("toc", toc({{"in-sixty-seconds", "In sixty seconds"},
                    {"why-they-ask", "Why they ask"},
                    {"in-depth", "In depth"},
                    {"what-a-strong-answer-shows", "What a strong answer shows"},
                    {"what-sinks-a-weak-one", "What sinks a weak one"},
                    {"follow-ups", "Follow-ups"}}));
  p.set("difficulty", "medium");
  p.set("roles",
        List{Map{{"id", "ml-engineer"}, {"title", "ML engineer"}, {"url", "../guides/ml-engineer.html"}},
             Map{{"id", "research-scientist"}, {"title", "Research"}, {"url", ""}}});
  p.set("topics", List{Map{{"id", "cuda"}, {"title", "CUDA programming"}},
                       Map{{"id", "memory-hierarchy"}, {"title", "Memory hierarchy"}}});
  p.set("verdicts", List{count("engine", "ran on the lockstep engine", 1), count("skipped", "skipped", 1)});
  p.set("source_path", "content/cards/coalescing.md");
  p.set("edit_url", "https://example.org/edit/content/cards/coalescing.md");
  p.set("date", date());
  p.set("previous", link("Bank conflicts", "coalescing.html"));
  p.set("next", link("Memory hierarchy", "coalescing.html"));
  return {
      {"site", site()},
      {"page", p},
      {"card",
       Map{{"question",
            "What does it mean for a warp’s loads to be coalesced, and how much does an uncoalesced pattern "
            "cost?"},
           {"area", "CUDA and GPU architecture"},
           {"levels", List{"junior", "mid", "senior"}},
           {"why", section_body("why-they-ask", "Why they ask",
                                "<p>Most kernels in a training or serving stack are limited by memory "
                                "traffic. The question separates people who know the word from people who "
                                "can say how many bytes a line of code moves.</p>")},
           {"brief",
            section_body("in-sixty-seconds", "In sixty seconds",
                         "<p>A warp issues one load for its 32 lanes together. The memory system serves "
                         "32-byte <strong>sectors</strong>: it fetches every sector that holds at least one "
                         "wanted address, once. If lane <em>i</em> reads the <em>i</em>-th float, 128 bytes "
                         "sit in 4 sectors and every byte was wanted. If it reads float 8<em>i</em>, each "
                         "lane lands in a sector of its own and one eighth of the traffic is useful.</p>")},
           {"deep",
            section_body("in-depth", "In depth",
                         "<p>For a request, let <em>S</em> be the set of sectors that contain a byte asked "
                         "for by an active lane. The program below asks the device itself with "
                         "<code>__ballot_sync</code>.</p>SNIPPET<h3 id=\"wider\">Wider loads</h3><p>With "
                         "<code>float4</code> each lane asks for 16 bytes and the warp for 512.</p><section "
                         "class=\"table-scroll\" tabindex=\"0\" aria-label=\"Table: stride, "
                         "sectors, useful\"><table><thead><tr><th scope=\"col\">Stride</th><th scope=\"col\" "
                         "class=\"align-right\">Sectors</th><th scope=\"col\" "
                         "class=\"align-right\">Useful</th></tr></thead><tbody><tr><td>1</td><td "
                         "class=\"align-right\">4</td><td class=\"align-right\">100 "
                         "%</td></tr><tr><td>8</td><td class=\"align-right\">32</td><td "
                         "class=\"align-right\">12.5 %</td></tr></tbody></table></section>")},
           {"strong",
            section_body("what-a-strong-answer-shows", "What a strong answer shows",
                         "<ul><li>Counts sectors for a concrete index expression, misaligned and "
                         "strided.</li><li>Knows that the unit is the warp’s request.</li><li>Names the two "
                         "repairs and when each applies.</li></ul>")},
           {"weak",
            section_body(
                "what-sinks-a-weak-one", "What sinks a weak one",
                "<ul><li>“Threads must access consecutive memory”: no unit, no count, no "
                "cost.</li><li>Proposing shared memory where another loop order would do.</li></ul>")},
           {"followups", section_body("follow-ups", "Follow-ups",
                                      "<ol><li>How many sectors does a warp of <code>double</code> loads "
                                      "need? <em>256 bytes, 8 sectors, none wasted.</em></li></ol>")},
           {"drills", List{content_link("drill", "transpose", "Transpose",
                                        "Move a matrix through a tile so that both sides coalesce.",
                                        List{"medium", "40 min", "3 rungs"})}},
           {"related", List{content_link("card", "coalescing", "Bank conflicts", "Why 33 columns beat 32.",
                                         List{"medium", "CUDA"})}}}}};
}

Map guide_view() {
  Map p = page("guide", "ml-engineer", "Machine-learning engineer",
               "What the rounds test, how they are judged, and a plan for six weeks of evenings.",
               "guides/ml-engineer.html", "guides");
  p.set("toc",
        List{Map{{"id", "in-short"}, {"title", "In short"}, {"children", List{}}},
             Map{{"id", "process-timeline"}, {"title", "The process at a glance"}, {"children", List{}}},
             Map{{"id", "the-rounds"},
                 {"title", "The rounds"},
                 {"children", List{Map{{"id", "coding"}, {"title", "Coding"}},
                                   Map{{"id", "systems"}, {"title", "Systems"}}}}},
             Map{{"id", "practice"}, {"title", "Practise for this role"}, {"children", List{}}}});
  p.set("verdicts",
        List{count("engine", "ran on the lockstep engine", 3), count("host", "ran on the host", 2),
             count("expected-failure", "failed as expected", 1)});
  p.set("updated", date());
  p.set("source_path", "content/guides/ml-engineer.md");
  const auto stage = [](std::string name, std::string duration, std::string detail, std::string level) {
    return Map{{"stage", name}, {"duration", duration}, {"detail", detail}, {"evidence", evidence(level)}};
  };
  const std::string body =
      "<h2 id=\"the-rounds\">The rounds</h2><p>Five conversations, of which two are coding. " +
      std::string(
          "<small class=\"evidence evidence-reported\" title=\"A public account says so.\">reported, Nov "
          "2026</small>") +
      " What is judged is less the answer than the route: the estimate before the code, the test before the "
      "claim, and <a href=\"../cards/coalescing.html\">the unit in which a cost is counted</a>.</p>"
      "<h3 id=\"coding\">Coding</h3><p>Expect a kernel or a data structure, and a reviewer who asks what "
      "happens at the edges.</p>"
      "<div class=\"versus\"><aside class=\"callout callout-strong\" role=\"note\" aria-label=\"Strong\"><p "
      "class=\"callout-title\">Strong</p><p>“It moves 32 sectors a request where 4 would do, so I would "
      "stage a tile.”</p></aside><aside class=\"callout callout-weak\" role=\"note\" aria-label=\"Weak\"><p "
      "class=\"callout-title\">Weak</p><p>“Shared memory is faster, so I would use shared "
      "memory.”</p></aside></div>SNIPPET"
      "<h3 id=\"systems\">Systems</h3><p>From a job’s submission to the fabric.</p>"
      "<aside class=\"callout callout-warning\" role=\"note\" aria-label=\"Warning\"><p "
      "class=\"callout-title\">Warning</p><p>A number without its unit is worse than none.</p></aside>"
      "<aside class=\"callout callout-note\" role=\"note\" aria-label=\"Note\"><p "
      "class=\"callout-title\">Note</p><p>Rounds differ between teams.</p></aside>"
      "<aside class=\"callout callout-important\" role=\"note\" aria-label=\"Important\"><p "
      "class=\"callout-title\">Important</p><p>Ask which team the role is for.</p></aside>"
      "<ul><li class=\"task\"><input type=\"checkbox\" id=\"read-cards\" data-item=\"read-cards\"> <label "
      "for=\"read-cards\">Read the cards on memory</label></li></ul>"
      "<blockquote><p>Count before you tune.</p></blockquote>";
  return {{"site", site()},
          {"page", p},
          {"guide",
           Map{{"role", "ML engineer"},
               {"summary",
                List{"Five rounds in about six weeks, two of them coding.",
                     "Kernel questions are counted in sectors, wavefronts and bytes, so learn to count.",
                     "Systems questions follow one job from submission to fabric.",
                     "Strong answers estimate first and test their own claim.",
                     "Six weeks of evenings are enough when the drills come first."}},
               {"audience",
                "Engineers who train or serve models and want to explain what the hardware does with them."},
               {"verified", date()},
               {"figures", List{picture()}},
               {"timeline", List{stage("Recruiter", "30 min", "Motivation and logistics.", "reported"),
                                 stage("Screen", "45 min", "One coding task.", "reported"),
                                 stage("Technical loop", "4 × 60 min",
                                       "Coding, systems, deep learning, past work.", "stated"),
                                 stage("Team match", "varies", "Two or three managers.", "likely"),
                                 stage("Offer", "one to two weeks", "Level and terms.", "inferred")}},
               {"body", Html{body}},
               {"drills", List{content_link("drill", "transpose", "Transpose",
                                            "Move a matrix through a tile so that both sides coalesce.",
                                            List{"medium", "40 min", "3 rungs"})}},
               {"cards", List{content_link("card", "coalescing", "Coalesced memory access",
                                           "Sectors per request, and how to count them.", List{"medium"})}},
               {"checklists", List{content_link("checklist", "ml-engineer", "Six weeks, item by item",
                                                "Ticks stay on this device.", List{"24 items"})}},
               {"scorecards", List{}},
               {"quizzes", List{content_link("quiz", "ml-engineer", "Are you ready?", "", List{})}}}}};
}

Map section_view() {
  const auto item = [](std::string question, std::string area, std::string difficulty) {
    return Map{
        {"link", content_link("card", "coalescing", "Coalesced memory access", "", List{area, difficulty})},
        {"question", question},
        {"filter", "area:" + area + " difficulty:" + difficulty}};
  };
  const auto option = [](std::string value, int number) {
    return Map{{"value", value}, {"label", value}, {"count", number}};
  };
  Map p = page("section", "cards", "Question cards",
               "Each with a sixty-second answer, the depth behind it, and what separates a strong answer "
               "from a weak one.",
               "cards/index.html", "cards");
  return {
      {"site", site()},
      {"page", p},
      {"section",
       Map{{"intro", Html{""}},
           {"count", "11 question cards"},
           {"filters",
            List{Map{{"name", "area"},
                     {"label", "Area"},
                     {"options", List{option("CUDA", 10), option("Serving", 1)}}},
                 Map{{"name", "difficulty"},
                     {"label", "Difficulty"},
                     {"options", List{option("easy", 1), option("medium", 9), option("hard", 1)}}}}},
           {"groups",
            List{
                Map{{"id", "cuda"},
                    {"title", "CUDA and GPU architecture"},
                    {"items",
                     List{
                         item("What does it mean for a warp’s loads to be coalesced, and how much "
                              "does an uncoalesced pattern cost?",
                              "CUDA", "medium"),
                         item("Why does a tile of 32 columns need a 33rd?", "CUDA", "medium"),
                         item("Reduce a block with shuffles only: which lanes hold the sum?", "CUDA", "easy"),
                         item("Which of registers, shared memory and threads limits this kernel’s occupancy?",
                              "CUDA", "medium"),
                         item("What does a divergent branch cost when one lane in thirty-two takes it?",
                              "CUDA", "medium"),
                         item("Where does a float atomic add to one address spend its time?", "CUDA",
                              "medium"),
                         item("How would you overlap a copy with a kernel, and how would you prove that they "
                              "overlapped?",
                              "CUDA", "medium"),
                         item("What does a fence order that a barrier does not, and the other way round?",
                              "CUDA", "medium"),
                         item("Why can a kernel at full occupancy be slower than one at half?", "CUDA",
                              "medium"),
                         item("When is recomputing a value cheaper than keeping it in a register?", "CUDA",
                              "medium")}}},
                Map{{"id", "serving"},
                    {"title", "Inference and serving"},
                    {"items",
                     List{item("Latency rose overnight and nothing was deployed. Where do you look first?",
                               "Serving", "hard")}}}}}}}};
}

Map checklist_view() {
  Map p = page("checklist", "ml-engineer", "Six weeks, item by item",
               "From the first estimate to the last mock interview.", "checklists/ml-engineer.html",
               "checklists");
  p.set("toc", toc({{"week-one", "Week one"}, {"week-two", "Week two"}}));
  const auto item = [](std::string id, std::string words) {
    return "<li class=\"task\"><input type=\"checkbox\" id=\"" + id + "\" data-item=\"" + id +
           "\"> <label for=\"" + id + "\">" + words + "</label></li>";
  };
  return {{"site", site()},
          {"page", p},
          {"checklist",
           Map{{"count", 4},
               {"guide", link("Machine-learning engineer", "../guides/ml-engineer.html")},
               {"body",
                Html{"<h2 id=\"week-one\">Week one</h2><ul>" +
                     item("count-sectors", "Count the sectors of three index expressions on paper") +
                     item("run-transpose", "Climb all rungs of the transpose drill, guessing before each") +
                     "</ul><h2 id=\"week-two\">Week two</h2><ul>" +
                     item("explain-occupancy", "Explain occupancy and its limiter in two minutes, aloud") +
                     item("mock", "One mock interview, scored with the rubric") + "</ul>"}}}}};
}

List all_verdicts() {
  return List{
      count("engine", "ran on the lockstep engine", 214),  count("host", "ran on the host", 61),
      count("replayed", "replayed from a record", 12),     count("compiled", "compiled only", 3),
      count("expected-failure", "failed as expected", 96), count("skipped", "skipped, with a reason", 9)};
}

Map engine_view() {
  const Map form{{"pattern", "add{.ftz}{.sat}.(f32|f64)"}, {"tested", "all inputs"}, {"is_tested", true}};
  return {{"site", site()},
          {"page", page("engine", "engine", "What the engine executes", "Every form of every instruction.",
                        "engine.html", "")},
          {"engine",
           Map{{"total", 2},
               {"totals", List{Map{{"count", 2}, {"label", "all inputs"}, {"meaning", "every bit pattern"}}}},
               {"opcodes", List{Map{{"name", "add"},
                                    {"section", "Integer Arithmetic Instructions: add"},
                                    {"count", "2 forms"},
                                    {"forms", List{form, form}}}}}}}};
}

Map claim(std::string standing, std::string label, std::string left) {
  return {{"id", "transpose/claim-" + standing},
          {"anchor", "claim-" + standing},
          {"ledger_anchor", "transpose-claim-" + standing},
          {"ledger_url", "ledger.html#transpose-claim-" + standing},
          {"url", "drills/transpose.html#claim-" + standing},
          {"page", "Transpose"},
          {"sentence", "Both directions take one wavefront."},
          {"condition", "padded shared_load_wavefronts == shared_load_requests"},
          {"standing", standing},
          {"label", label},
          {"left", left},
          {"right", "2,048"}};
}

Map citation(bool known, std::string url) {
  return {{"known", known},
          {"standing", known ? "known" : "not-measured"},
          {"text", known ? "65,536" : "not yet measured"},
          {"number", known ? "65536" : ""},
          {"source", "global_store_sectors of transpose/naive"},
          {"url", url},
          {"block", url.empty()}};
}

Map ledger_view() {
  Map p = page("ledger", "ledger", "Ledger",
               "Every program on this site: what became of it, where, and under which key.", "ledger.html",
               "ledger");
  const auto row = [](std::string name, std::string kind, std::string label, std::string detail) {
    return Map{{"name", name},
               {"url", "drills/transpose.html"},
               {"page", "Transpose"},
               {"language", "CUDA C++"},
               {"verdict", verdict(kind, label, detail)},
               {"checks", "12 of 12"},
               {"role", "rung"},
               {"device", "lockstep engine"},
               {"age", "gathered for this build"},
               {"check_names", "compiles, racecheck, harness"},
               {"filter", "verdict:" + kind + " role:rung"},
               {"key", "9b1c64e2"}};
  };
  return {
      {"site", site()},
      {"page", p},
      {"ledger",
       Map{{"intro", Html{""}},
           {"totals", all_verdicts()},
           {"total", 395},
           {"filters", List{Map{{"name", "verdict"},
                                {"label", "Verdict"},
                                {"options", List{Map{{"value", "engine"},
                                                     {"label", "ran on the lockstep engine"},
                                                     {"count", 4}}}}}}},
           {"built", List{fact("Toolkit", "CUDA 13.0.88"), fact("Backend", "lockstep engine"),
                          fact("Host compiler", "GCC 12.2")}},
           {"downloads", List{link("Ledger as JSON", "ledger.html"), link("Ledger as JUnit", "ledger.html")}},
           {"rows",
            List{row("naive", "engine", "ran on the lockstep engine", ""),
                 row("gpu", "gpu", "ran on a GPU", "NVIDIA H200"),
                 row("starter", "expected-failure", "failed as expected", ""),
                 row("sectors", "replayed", "replayed from a record", ""),
                 row("old", "stale", "stale", "the compiler changed"),
                 row("fragment", "skipped", "skipped", "because it is a fragment"),
                 row("wgmma", "compiled", "compiled only", ""), row("config", "shown", "shown, not run", ""),
                 row("broken", "failed", "failed", "exit status 1"),
                 row("pack", "host", "ran on the host", ""),
                 row("packed best-fit", "host", "ran on the host", ""),
                 row("overlap by sorting", "host", "ran on the host", ""),
                 row("block sum by shuffles", "engine", "ran on the lockstep engine", ""),
                 row("two-pass softmax", "engine", "ran on the lockstep engine", ""),
                 row("online softmax", "engine", "ran on the lockstep engine", "")}},
           {"claim_count", "1 claim holds, 1 is not yet measured"},
           {"claims",
            List{claim("holds", "checked", "2,048"), claim("not-measured", "not yet measured", "")}}}}};
}

Map home_view() {
  Map p = page("home", "home", "Drillpress", "", "index.html", "");
  const auto role = [](std::string title, std::string text) {
    return Map{{"title", title},
               {"url", "guides/ml-engineer.html"},
               {"description", text},
               {"facts", List{"31 cards", "9 drills"}}};
  };
  const auto number = [](std::string value, std::string label) {
    return Map{{"value", value}, {"label", label}, {"url", "ledger.html"}};
  };
  Map drill = content_link("drill", "transpose", "Transpose",
                           "Move a matrix through a tile so that both sides coalesce.",
                           List{"medium", "40 min", "3 rungs"});
  drill.set("url", "drills/transpose.html");
  Map bars = comparison();
  List rows;
  for (const Value& old : *bars.find("rows")->as_list()) {
    Map entry = *old.as_map();
    rows.push_back(entry.set("url", "drills/transpose.html"));
  }
  bars.set("rows", rows);
  return {
      {"site", site()},
      {"page", p},
      {"home",
       Map{{"intro", Html{""}},
           {"roles",
            List{role("Machine-learning engineer", "Kernels, systems, training and serving."),
                 role("Research scientist", "Talk, derivations, coding and judgement."),
                 role("Infrastructure product manager", "From scheduler to fabric, from metric to roadmap."),
                 role("Senior product manager, AI frameworks", "Recommenders and the people who build them."),
                 role("Data scientist moving to product manager", "From model metrics to outcomes.")}},
           {"numbers", List{number("395", "programs checked"), number("34", "drills"),
                            number("127", "question cards"), number("96", "wrong variants caught")}},
           {"verdicts", all_verdicts()},
           {"drills", List{drill, drill}},
           {"featured", Map{{"drill", drill},
                            {"comparison", bars},
                            {"verdict", verdict("engine", "counted on the lockstep engine",
                                                "256 × 256 floats, one launch a rung, in this build")}}}}}};
}

Map with_snippet(Map view, const std::string& rendered) {
  // Bodies name the place of a snippet, because its markup comes from a template of its own.
  const std::function<Value(const Value&)> fill = [&](const Value& value) -> Value {
    if (const Html* html = value.as_html()) return Html{base::replace_all(html->markup, "SNIPPET", rendered)};
    if (const Map* map = value.as_map()) {
      Map out;
      for (const auto& [name, field] : *map) out.set(name, fill(field));
      return out;
    }
    return value;
  };
  return *fill(view).as_map();
}

}  // namespace

Map sample_snippet() {
  return {{"snippet", snippet()}};
}

std::vector<SamplePage> sample_pages(const std::string& rendered_snippet) {
  Map drill_page = page("drill", "transpose", "Transpose",
                        "Move a matrix through a tile so that loads and stores both coalesce.",
                        "drills/transpose.html", "drills");
  drill_page.set("difficulty", "medium");
  drill_page.set("topics", List{Map{{"id", "memory-hierarchy"}, {"title", "Memory hierarchy"}}});
  drill_page.set("toc", toc({{"the-task", "The task"},
                             {"predict", "Guess first"},
                             {"what-you-start-from", "What you start from"},
                             {"tips", "Tips, one at a time"},
                             {"the-ladder", "The ladder"},
                             {"compare", "Rungs side by side"},
                             {"measured", "On a GPU"},
                             {"kill-table", "What verification catches"},
                             {"what-to-say", "What to say in the interview"},
                             {"follow-ups", "Follow-ups"},
                             {"provenance", "Provenance"}}));
  drill_page.set("source_path", "drills/transpose/drill.md");
  Map quiz_page = page("quiz", "ml-engineer-quiz", "Are you ready?", "What the rounds ask.",
                       "quizzes/ml-engineer.html", "pages");
  Map sheet_page =
      page("scorecard", "impact", "Impact", "What others gained.", "scorecards/impact.html", "pages");
  sheet_page.set("scripts", List{"assets/scorecard.js"});
  quiz_page.set("scripts", List{"assets/quiz.js"});
  Map plain = page("page", "about", "How this site is made", "", "about.html", "");
  Map missing = page("not-found", "not-found", "This page is not here", "", "404.html", "");
  return {
      {"home.html", "index.html", home_view()},
      {"section.html", "cards/index.html", section_view()},
      {"guide.html", "guides/ml-engineer.html", with_snippet(guide_view(), rendered_snippet)},
      {"card.html", "cards/coalescing.html", with_snippet(card_view(), rendered_snippet)},
      {"checklist.html", "checklists/ml-engineer.html", checklist_view()},
      {"drill.html", "drills/transpose.html",
       Map{{"site", site()}, {"page", drill_page}, {"drill", sample_drill()}}},
      {"scorecard.html", "scorecards/impact.html",
       Map{{"site", site()},
           {"page", sheet_page},
           {"scorecard", sample_scorecard()},
           {"body", Html{"<h2 id=\"reading\">Reading it</h2><p>Some text.</p>"}}}},
      {"quiz.html", "quizzes/ml-engineer.html",
       Map{{"site", site()}, {"page", quiz_page}, {"quiz", sample_quiz()}}},
      {"page.html", "about.html",
       Map{{"site", site()}, {"page", plain}, {"body", Html{"<h2 id=\"a\">Plainly</h2><p>Some text.</p>"}}}},
      {"ledger.html", "ledger.html", ledger_view()},
      {"engine.html", "engine.html", engine_view()},
      {"not-found.html", "404.html",
       Map{{"site", site()},
           {"page", missing},
           {"not_found",
            Map{{"links", List{link("Home", "index.html"), link("Question cards", "cards/index.html"),
                               link("Ledger", "ledger.html")}}}}}},
      {"partials/drill-link.html", "",
       Map{{"link", content_link("drill", "transpose", "Transpose", "", List{"medium"})}}},
      {"partials/card-link.html", "",
       Map{{"link", content_link("card", "coalescing", "Coalescing", "", List{})}}},
      {"partials/evidence.html", "", Map{{"evidence", evidence("reported")}}},
      {"partials/citation.html", "", Map{{"citation", citation(true, "#rung-naive")}}},
      {"partials/citation.html", "", Map{{"citation", citation(true, "")}}},
      {"partials/citation.html", "", Map{{"citation", citation(false, "")}}},
      {"partials/picture.html", "", Map{{"picture", picture()}}},
      {"partials/claim.html", "", Map{{"claim", claim("holds", "checked", "2,048")}, {"block", true}}},
      {"partials/claim.html", "",
       Map{{"claim", claim("not-measured", "not yet measured", "")}, {"block", false}}},
      {"partials/snippet.html", "", sample_snippet()}};
}

}  // namespace drillpress::test
