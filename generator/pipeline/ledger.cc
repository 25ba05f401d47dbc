#include "pipeline/ledger.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "drill/language.h"
#include "pipeline/view_parts.h"

namespace drillpress::pipeline {
namespace {

// Place on the page: rungs have their own id, starters and mutants their section, snippets their block.
std::string fragment_of(const drill::Program& program) {
  const std::string name = program.id.substr(program.id.find_first_of("/#") + 1);
  switch (program.role) {
    case drill::Role::kRung:
      return "rung-" + name;
    case drill::Role::kStarter:
      return "what-you-start-from";
    case drill::Role::kMutant:
      return "kill-table";
    case drill::Role::kSnippet:
      break;
  }
  return "code-" + name;
}

constexpr const char* kUnprotected = "ran without a sandbox";

nlohmann::json checks_json(const drill::Record& record) {
  nlohmann::json checks = nlohmann::json::array();
  for (const drill::Check& check : record.checks) {
    checks.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
  }
  return checks;
}

std::string backend_of(const LedgerEntry& entry) {
  if (entry.record == nullptr || entry.record->backends.empty()) return "none";
  return std::string(drill::name_of(entry.record->backends.back()));
}

std::vector<std::string> texts(const std::vector<model::Named>& names) {
  std::vector<std::string> out;
  for (const model::Named& named : names) out.push_back(named.text);
  return out;
}

nlohmann::json claims_json(const SiteModel& site) {
  nlohmann::json list = nlohmann::json::array();
  for (const Claim& claim : site.citations.claims) {
    const model::Page& page = site.registry.pages()[claim.page];
    list.push_back({{"id", claim.id},
                    {"page", page.id},
                    {"url", fmt::format("{}#{}", page.url, claim.anchor)},
                    {"source", page.source->path()},
                    {"line", claim.line},
                    {"sentence", claim.sentence},
                    {"condition", claim.condition},
                    {"standing", claim.standing == Standing::kKnown ? "holds" : name_of(claim.standing)},
                    {"left", claim.left},
                    {"right", claim.right}});
  }
  return list;
}

}  // namespace

std::string device_of(const drill::Record& record) {
  if (record.verdict == drill::Verdict::kSkipped || record.verdict == drill::Verdict::kFailed) return {};
  if (record.backends.empty()) return "compiler";
  const std::string_view first = record.backends.front() == drill::Backend::kEngine
                                     ? "lockstep engine"
                                     : drill::name_of(record.backends.front());
  return record.provenance.device.empty() ? std::string(first)
                                          : fmt::format("{} and {}", first, record.provenance.device);
}

std::string_view origin_of(const drill::Record& record) {
  switch (record.verdict) {
    case drill::Verdict::kSkipped:
      return "";
    case drill::Verdict::kReplayed:
      return "record";
    case drill::Verdict::kStale:
      return "stale-record";
    default:
      return "here";
  }
}

std::string program_url(const SiteModel& site, const drill::Program& program) {
  const std::string owner = owner_of(program.id);
  for (const model::Page& page : site.registry.pages()) {
    if (page.id == owner) return fmt::format("{}#{}", page.url, fragment_of(program));
  }
  return "ledger.html";
}

std::vector<LedgerEntry> ledger_entries(const SiteModel& site) {
  std::vector<LedgerEntry> entries;
  for (const model::Page& page : site.registry.pages()) {
    const auto owned = site.programs.by_owner.find(page.id);
    if (owned != site.programs.by_owner.end()) {
      for (const std::size_t index : owned->second) {
        const drill::Program& program = site.programs.programs[index];
        const drill::Record& record = site.records[index];
        const std::string url = program_url(site, program);
        std::string reason =
            record.caught_by.empty() ? record.reason : fmt::format("caught by {}", record.caught_by.front());
        if (record.provenance.without_sandbox)
          reason += reason.empty() ? kUnprotected : fmt::format("; {}", kUnprotected);
        entries.push_back({program.id, page.id, url, page.title(), std::string(drill::name_of(program.role)),
                           program.source->path(), std::string(drill::row_of(program.language).name),
                           std::string(badge_of(record.verdict)), &record, reason});
      }
    }
    for (const auto& [node, plan] : site.programs.blocks[site.registry.index_of(page)]) {
      if (plan.program || plan.id.empty()) continue;
      entries.push_back({plan.id, page.id, page.url, page.title(), "snippet", page.source->path(),
                         plan.language, "skipped", nullptr, plan.not_run_because});
    }
  }
  return entries;
}

std::string render_ledger_json(const SiteModel& site) {
  nlohmann::json list = nlohmann::json::array();
  for (const LedgerEntry& entry : ledger_entries(site)) {
    const drill::Record* record = entry.record;
    const bool in_drill = site.registry.find(model::PageKind::kDrill, entry.owner) != nullptr;
    list.push_back(
        {{"id", entry.id},
         {"drill", in_drill ? nlohmann::json(entry.owner) : nlohmann::json(nullptr)},
         {"page", entry.owner},
         {"url", entry.url},
         {"role", entry.role},
         {"source", entry.source},
         {"language", entry.language},
         {"verdict", record != nullptr ? drill::name_of(record->verdict) : "skipped"},
         {"reason", entry.reason},
         {"without_sandbox", record != nullptr && record->provenance.without_sandbox},
         {"backend", backend_of(entry)},
         {"device", record != nullptr ? device_of(*record) : ""},
         {"origin", record != nullptr ? origin_of(*record) : ""},
         {"checks", record != nullptr ? checks_json(*record) : nlohmann::json::array()},
         {"caught_by", record != nullptr ? nlohmann::json(record->caught_by) : nlohmann::json::array()},
         {"input_key", record != nullptr ? record->key : ""}});
  }
  return nlohmann::json{{"entries", list}, {"claims", claims_json(site)}}.dump(
             1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

std::string render_index_json(const SiteModel& site) {
  nlohmann::json list = nlohmann::json::array();
  for (const model::Page& page : site.registry.pages()) {
    const auto& front = page.front;
    list.push_back({{"id", page.id},
                    {"kind", model::name(page.kind)},
                    {"title", page.title()},
                    {"description", front.text("description")},
                    {"url", page.url},
                    {"roles", texts(front.list("roles"))},
                    {"topics", texts(front.list("topics"))},
                    {"tags", texts(front.list("tags"))},
                    {"difficulty", front.has("difficulty") ? nlohmann::json(front.text("difficulty"))
                                                           : nlohmann::json(nullptr)}});
  }
  return nlohmann::json{{"pages", list}}.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace drillpress::pipeline
