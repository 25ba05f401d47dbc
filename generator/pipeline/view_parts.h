// Pieces of views that several kinds of page share, made as view_schema.h declares them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/site_model.h"
#include "pipeline/view_schema.h"
#include "template/value.h"

namespace drillpress::pipeline {

using templating::List;
using templating::Map;
using templating::Value;

/// Entries of the header and of the section pages.
struct SectionRow {
  std::string_view id, title, noun, nouns;
  model::PageKind kind;
  std::string_view below = {};  ///< the entry of the header that lists it too, for sections without their own
};
const std::vector<SectionRow>& section_rows();
/// Sections listed on the index page of another one.
std::vector<const SectionRow*> sections_below(std::string_view id);
/// No page of the section, nor of those below it.
bool is_empty(const SiteModel& site, const SectionRow& row);

/// Roles a page is for: `roles`, or the one `role` of a quiz.
std::vector<model::Named> roles_of(const model::Page& page);

/// Facts that make the `page` part of a view; strings are for people.
struct PageFacts {
  std::string kind, id, title, description, url, section;
  const model::Page* page = nullptr;  ///< null for pages that no file stands for
  List toc = {};
  List verdicts = {};
};

Map site_view(const SiteModel& site);
Map page_view(const SiteModel& site, const PageFacts& facts);

/// "2026-03-14" → {iso, label "14 March 2026"}; null for an empty date.
Value date_view(const std::string& iso);
Value verdict_view(std::string_view kind, std::string detail = {});
Value verdict_view(const drill::Record& record);
Value fact_view(std::string label, std::string value);
Value evidence_view(const std::string& level, const std::string& month, const std::string& source);
Value content_link_view(const SiteModel& site, const model::Page& target, std::string_view from_url);
Value section_body_view(std::string id, std::string title, std::string html);

/// As view_schema.h's `claim`, for a page at `from_url`.
Value claim_view(const SiteModel& site, const Claim& claim, std::string_view from_url);

/// Kind of badge (verdict_kinds()) for a record's verdict.
std::string_view badge_of(drill::Verdict verdict);
std::string_view badge_label(std::string_view kind);

/// Verdicts of records counted by badge, in the order of verdict_kinds().
List verdict_counts(const std::vector<const drill::Record*>& records, std::size_t skipped_blocks);

/// Records of everything that runs on a page, and the number of blocks that say why they are not run.
std::vector<const drill::Record*> records_of(const SiteModel& site, const model::Page& page);

/// "4", "4.5", "131072": a counter for people, at most two decimals, thousands separated by thin spaces.
std::string number_text(double value);
/// "1 card", "12 cards".
std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// Facts about where a record comes from.
List provenance_view(const drill::Record& record);

}  // namespace drillpress::pipeline
