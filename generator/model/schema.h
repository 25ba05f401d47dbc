// What front matter and data files may say: one declarative table of fields per kind.
#pragma once

#include <string_view>
#include <vector>

#include "model/yaml.h"

namespace drillpress::model {

enum class PageKind { kGuide, kCard, kChecklist, kDrill, kPage, kQuiz, kScorecard };
inline constexpr std::size_t kPageKindCount = 7;

/// "guide", "card", …: as in the API, templates and `drillpress new`.
std::string_view name(PageKind kind);
/// Folder below the root that holds pages of this kind, also the first part of their URLs.
std::string_view source_folder(PageKind kind);
std::string_view url_folder(PageKind kind);
/// Ending of its files: ".md", or ".yaml" for kinds that are data as a whole.
std::string_view source_ending(PageKind kind);
/// What is put behind a file's name to make the page's id: a quiz may share its name with a guide.
std::string_view id_suffix(PageKind kind);
const std::vector<PageKind>& all_page_kinds();

enum class FieldType {
  kText,          ///< not empty
  kOptionalText,  ///< may be empty
  kSlug,
  kDate,  ///< YYYY-MM-DD
  kInteger,
  kBoolean,
  kChoice,
  kTextList,
  kSlugList,
  kChoiceList,
  kRecord,
  kRecordList,
  kEvidence,  ///< level and month
};

/// One field: its name, type, whether it must be there, and what it is for (shown by help texts and docs).
struct Field {
  std::string_view name;
  FieldType type;
  bool required;
  std::string_view purpose;
  std::vector<std::string_view> choices = {};  ///< of kChoice and kChoiceList
  std::vector<Field> fields = {};              ///< of kRecord and kRecordList
  std::size_t max_length = 0;                  ///< code points of a text; 0: any
  int most = 0;                                ///< largest whole number allowed, from 1; 0: any
};

/// Fields of a page kind: the common ones followed by its own.
const std::vector<Field>& front_matter_fields(PageKind kind);
/// Fields of one entry of roles.yaml and topics.yaml, of search-synonyms.yaml, and of site.yaml.
const std::vector<Field>& role_fields();
const std::vector<Field>& topic_fields();
const std::vector<Field>& search_word_fields();
const std::vector<Field>& site_fields();

/// How much of a skill a role asks for, weakest first.
const std::vector<std::string_view>& ratings();
/// Levels of evidence for claims about hiring, pay and process, weakest last.
const std::vector<std::string_view>& evidence_levels();

/// "reported 2026-03" → level and month; false if it is not of that form.
bool parse_evidence(std::string_view text, std::string& level, std::string& month);
/// True for a real calendar date YYYY-MM-DD (or YYYY-MM when `month_only`).
bool is_date(std::string_view text, bool month_only = false);
bool is_slug(std::string_view text);

/// Checks a mapping against a table: unknown keys (nearest name suggested), missing required ones, wrong
/// types and values: all of them reported. `what` is the kind of thing, `place` what messages put before it.
/// True when nothing was wrong.
bool check_fields(const YamlNode& mapping, const std::vector<Field>& fields, std::string_view what,
                  diagnostics::Sink& sink, std::string_view place = "the front matter of ");

}  // namespace drillpress::model
