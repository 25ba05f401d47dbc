// The ledger: every piece of code on the site and what became of it, and the index of pages, as values and as
// JSON.
#pragma once

#include <string>
#include <vector>

#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// One snippet, rung, starter or mutant.
struct LedgerEntry {
  std::string id;
  std::string owner;   ///< id of the page or drill
  std::string url;     ///< of the place on the site, relative to the root
  std::string page;    ///< title of that page
  std::string role;    ///< snippet, rung, starter or mutant
  std::string source;  ///< path of the source file, relative to the root
  std::string language;
  std::string badge;                      ///< as on the pages (verdict_kinds())
  const drill::Record* record = nullptr;  ///< null for blocks that say why they are not run
  std::string reason;                     ///< why it did not run, or what caught it
};

/// What ran a program: "lockstep engine", "host", a GPU's name behind it, "compiler" alone, or nothing.
std::string device_of(const drill::Record& record);

/// Where its evidence comes from, which is the age that can be told: "here" (gathered by the machine that
/// built the site), "record" (replayed from a committed one), "stale-record" (one of other inputs), or
/// nothing. Runs have no date, for a date would make every record differ from the one before.
std::string_view origin_of(const drill::Record& record);

/// Place on the site where a program's evidence stands, relative to the root:
/// "drills/transpose.html#rung-tiled".
std::string program_url(const SiteModel& site, const drill::Program& program);

/// Sorted by page, then in the order of the page.
std::vector<LedgerEntry> ledger_entries(const SiteModel& site);

/// `ledger.json`: {"entries": [{id, drill, role, source, language, verdict, backend, checks, input_key, …}],
/// "claims": [{id, page, url, line, sentence, condition, standing, left, right}]}.
std::string render_ledger_json(const SiteModel& site);
/// `api/index.json`: {"pages": [{id, kind, title, url, roles, topics, difficulty}]}.
std::string render_index_json(const SiteModel& site);

}  // namespace drillpress::pipeline
