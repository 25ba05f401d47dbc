#include "model/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"
#include "model/quiz.h"
#include "model/scorecard.h"

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using enum FieldType;

struct KindRow {
  PageKind kind;
  std::string_view name, source_folder, url_folder, ending, id_suffix;
};
constexpr KindRow kKinds[] = {
    {PageKind::kGuide, "guide", "content/guides", "guides", ".md", ""},
    {PageKind::kCard, "card", "content/cards", "cards", ".md", ""},
    {PageKind::kChecklist, "checklist", "content/checklists", "checklists", ".md", ""},
    {PageKind::kDrill, "drill", "drills", "drills", ".md", ""},
    {PageKind::kPage, "page", "content/pages", "pages", ".md", ""},
    {PageKind::kQuiz, "quiz", "content/quizzes", "quizzes", ".yaml", "-quiz"},
    {PageKind::kScorecard, "scorecard", "content/scorecards", "scorecards", ".md", ""},
};

const std::vector<std::string_view> kDifficulties = {"easy", "medium", "hard"};
// Weakest first; a profile is drawn with one step for each.
const std::vector<std::string_view> kRatings = {"low", "medium", "high", "expert"};
const std::vector<std::string_view> kLevels = {"junior", "mid", "senior", "staff"};

const std::vector<Field> kCommon = {
    {"title", kText, true, "heading of the page", {}, {}, 120},
    {"description", kText, false, "one sentence for lists and search results", {}, {}, 160},
    {"id", kSlug, false, "stable id when it must differ from the file's name"},
    {"date", kDate, false, "when it was first published"},
    {"updated", kDate, false, "when it last changed in substance"},
    {"tags", kTextList, false, "free words"},
    {"roles", kSlugList, false, "ids of roles.yaml it is for"},
    {"topics", kSlugList, false, "ids of topics.yaml it is about"},
    {"difficulty", kChoice, false, "how hard it is", kDifficulties},
    {"aliases", kSlugList, false, "ids it had before"},
    {"order", kInteger, false, "place in lists; smaller first"},
    {"draft", kBoolean, false, "true: left out of the site"},
};

const std::vector<Field> kGuide = {
    {"role", kSlug, false, "the role it prepares for"},
    {"summary", kTextList, false, "the guide in five sentences"},
    {"audience", kText, false, "who it is for, one sentence"},
    {"verified", kDate, false, "when its facts were last checked"},
    {"timeline",
     kRecordList,
     false,
     "stages of the process, drawn as a figure",
     {},
     {{"stage", kText, true, "name of the stage"},
      {"duration", kText, true, "how long it takes"},
      {"detail", kText, false, "what happens"},
      {"evidence", kEvidence, true, "level and month, such as `reported 2026-03`"}}},
    {"profile",
     kRecordList,
     false,
     "what the role asks for, drawn as bars",
     {},
     {{"skill", kText, true, "name of the skill"},
      {"rated", kChoice, true, "how much of it, as the source says", kRatings},
      {"evidence", kEvidence, true, "level and month, such as `stated 2026-05`"}}},
    {"week",
     kRecordList,
     false,
     "how a week is spent, drawn as bars",
     {},
     {{"activity", kText, true, "what is done"},
      {"percent", kInteger, true, "share of the week", {}, {}, 0, 100},
      {"evidence", kEvidence, true, "level and month, such as `reported 2026-03`"}}},
    {"levels",
     kRecordList,
     false,
     "levels with their pay a year, drawn as base and what is paid besides",
     {},
     {{"level", kText, true, "name of the level"},
      {"base", kInteger, false, "base pay in thousands of US dollars; with `total`"},
      {"total", kInteger, false, "base, stock and bonus in thousands of US dollars; with `base`"},
      {"stock", kInteger, false, "stock a year in thousands of US dollars, if it is known apart"},
      {"bonus", kInteger, false, "bonus in thousands of US dollars, if it is known apart"},
      {"low", kInteger, false, "smallest total that is known; with `high`"},
      {"high", kInteger, false, "largest total that is known; with `low`"},
      {"evidence", kEvidence, true, "level and month, such as `reported 2026-03`"}}},
    {"mix",
     kRecordList,
     false,
     "kinds of questions with their shares, drawn as bars",
     {},
     {{"kind", kText, true, "kind of question"},
      {"percent", kInteger, true, "share of all questions", {}, {}, 0, 100},
      {"evidence", kEvidence, true, "level and month, such as `reported 2026-03`"}}},
    {"drills", kSlugList, false, "drills to work through"},
    {"cards", kSlugList, false, "cards to practise"},
    {"checklists", kSlugList, false, "its checklists"},
    {"scorecards", kSlugList, false, "worksheets to fill in"},
};

const std::vector<Field> kCard = {
    {"question", kText, true, "the question as it is asked"},
    {"area", kText, true, "part of the interview it belongs to"},
    {"level", kChoiceList, false, "levels it is asked at", kLevels},
    {"related", kSlugList, false, "cards to read next"},
    {"drills", kSlugList, false, "drills that practise it"},
};

const std::vector<Field> kChecklist = {
    {"guide", kSlug, false, "the guide it belongs to"},
};

const std::vector<Field> kPlainPage = {
    {"unlinked", kSlugList, false,
     "of the glossary: terms with an everyday meaning, which pages do not link"},
};

const std::vector<Field> kDrill = {
    {"minutes", kInteger, true, "time box"},
    {"predict", kText, false, "question to answer before reading on"},
    {"starter",
     kRecord,
     true,
     "what a learner begins with; it must fail",
     {},
     {{"file", kText, true, "source file"}, {"title", kText, false, "heading"}}},
    {"rungs",
     kRecordList,
     true,
     "the solutions, naive to best",
     {},
     {{"id", kSlug, true, "stable id"},
      {"title", kText, true, "heading"},
      {"file", kText, true, "source file"},
      {"prediction", kText, false, "what to expect before running it"},
      {"insight", kText, false, "what the counters show"}}},
    {"mutants",
     kRecordList,
     true,
     "wrong variants that verification must catch",
     {},
     {{"id", kSlug, true, "stable id"},
      {"title", kText, true, "what is wrong with it"},
      {"file", kText, true, "source file"},
      {"caught_by", kText, true, "check expected to catch it"},
      {"lesson", kText, false, "what it teaches"}}},
    {"counts",
     kRecordList,
     false,
     "structural counts the profiled run must show",
     {},
     {{"rung", kSlug, true, "id of the rung"},
      {"metric", kText, true, "name of a counter"},
      {"is", kText, true, "condition such as `== 32` or `<= 4.5`"},
      {"because", kText, false, "derivation in one sentence"}}},
    {"cards", kSlugList, false, "cards it belongs to"},
    {"tips", kTextList, false, "hints, shown one by one"},
};

const std::vector<Field> kRole = {{"id", kSlug, true, "stable id"},
                                  {"title", kText, true, "name of the role"},
                                  {"short", kText, false, "short name for labels"},
                                  {"description", kText, false, "one sentence"}};
const std::vector<Field> kTopic = {{"id", kSlug, true, "stable id"},
                                   {"title", kText, true, "name of the topic"}};
const std::vector<Field> kBundle = {
    {"output", kText, true, "file of the built site"},
    {"parts", kTextList, true, "names of the source files, in order, without ending"}};
const std::vector<Field> kSearch = {
    {"output", kText, true, "file of the built site"},
    {"parts", kTextList, true, "names of files of search/, in order, without ending"},
    {"library", kText, true, "the search library, below node_modules/"},
    {"licence", kText, true, "its licence, below node_modules/"},
    {"style", kText, true, "stylesheet of the built site, from search/search.css"},
    {"index", kText, true, "file of the built site that holds the texts"}};
const std::vector<Field> kSearchWords = {
    {"same",
     kRecordList,
     false,
     "words with several spellings",
     {},
     {{"word", kText, true, "what all forms are read as"},
      {"forms", kTextList, true, "words or short phrases"}}},
    {"phrases",
     kRecordList,
     false,
     "phrases of questions, and what to look for besides",
     {},
     {{"when", kText, true, "the phrase"}, {"add", kTextList, true, "words to look for as well"}}},
    {"filler", kTextList, false, "phrases that are left out of questions"},
    {"stop", kTextList, false, "words that say nothing about what is asked"},
};
const std::vector<std::string_view> kRules = {"parts", "evidence", "sentences", "spelling"};
const std::vector<Field> kSite = {
    {"title", kText, false, "name of the site"},
    {"tagline", kText, false, "what it is, in a few words"},
    {"description", kText, false, "one sentence for search results"},
    {"independence", kText, false, "who is behind the site and who is not"},
    {"base_url", kOptionalText, false, "absolute address of the published site"},
    {"edit_base", kOptionalText, false, "address that a source file's path is put behind, for edit links"},
    {"sections",
     kRecordList,
     false,
     "entries of the header",
     {},
     {{"id", kSlug, true, "folder or page"},
      {"title", kText, true, "label"},
      {"url", kText, true, "path from the site's root"}}},
    {"styles", kRecord, false, "stylesheet and its parts", {}, kBundle},
    {"scripts", kRecord, false, "script and its parts", {}, kBundle},
    {"rules", kChoiceList, false, "rules of writing that `check` applies", kRules},
    {"page_scripts",
     kRecordList,
     false,
     "scripts that only pages of one kind load",
     {},
     {{"kind", kText, true, "kind of page, such as quiz"},
      {"output", kText, true, "file of the built site"},
      {"parts", kTextList, true, "names of the source files, in order, without ending"}}},
    {"search", kRecord, false, "what readers load to search", {}, kSearch},
    {"theme_script", kText, false, "script that runs before the first paint"},
    {"icon", kText, false, "icon of the site"},
};

std::vector<Field> joined(const std::vector<Field>& own) {
  std::vector<Field> all = kCommon;
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

const KindRow& row(PageKind kind) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds),
                       [kind](const KindRow& r) { return r.kind == kind; });
}

// Reports one wrong value and says so to the caller.
class Checker {
 public:
  /// `who` as in "a card has no title", `where` as in "unknown key in the front matter of a card".
  Checker(std::string who, std::string where, diagnostics::Sink& sink)
      : who_(std::move(who)), where_(std::move(where)), sink_(sink) {}

  bool mapping(const YamlNode& node, const std::vector<Field>& fields) {
    if (node.kind != YamlNode::Kind::kMapping) {
      return wrong(node.span, fmt::format("{} must be `key: value` lines", where_));
    }
    bool good = true;
    for (const YamlNode::Member& member : node.members) {
      const auto field =
          std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == member.key; });
      if (field == fields.end()) {
        good = unknown(member, fields);
      } else {
        good = value(member.value, *field) && good;
      }
    }
    for (const Field& field : fields) {
      if (!field.required || node.find(field.name) != nullptr) continue;
      const base::Span start{node.span.source, node.span.begin, std::min(node.span.begin + 3, node.span.end)};
      sink_.report({Code::kMissingField,
                    Severity::kError,
                    start,
                    fmt::format("{} has no `{}`", who_, field.name),
                    {},
                    fmt::format("add `{}: …` ({})", field.name, field.purpose)});
      good = false;
    }
    return good;
  }

 private:
  bool wrong(const base::Span& span, std::string message, std::string help = {}) {
    sink_.report({Code::kBadField, Severity::kError, span, std::move(message), {}, std::move(help)});
    return false;
  }

  bool unknown(const YamlNode::Member& member, const std::vector<Field>& fields) {
    std::vector<std::string> names;
    for (const Field& field : fields) names.emplace_back(field.name);
    const auto near = base::nearest(member.key, names);
    std::string help;
    if (near) {
      help = fmt::format("replace `{}` with `{}`", member.key, *near);
    } else {
      help = "known keys: ";
      for (std::size_t i = 0; i < names.size(); ++i) help += (i > 0 ? ", " : "") + names[i];
    }
    sink_.report({Code::kUnknownKey,
                  Severity::kError,
                  member.key_span,
                  fmt::format("unknown key `{}` in {}", member.key, where_),
                  {},
                  help});
    return false;
  }

  bool scalar(const YamlNode& node, const Field& field) {
    if (node.kind == YamlNode::Kind::kScalar && !base::trim(node.scalar).empty()) return true;
    if (node.kind == YamlNode::Kind::kScalar)
      return wrong(node.span, fmt::format("`{}` is empty", field.name));
    return wrong(node.span, fmt::format("`{}` must be a single value", field.name));
  }

  bool choice(const YamlNode& node, const Field& field) {
    if (!scalar(node, field)) return false;
    if (std::find(field.choices.begin(), field.choices.end(), node.scalar) != field.choices.end())
      return true;
    std::vector<std::string> names(field.choices.begin(), field.choices.end());
    const auto near = base::nearest(node.scalar, names);
    return wrong(node.span, fmt::format("`{}` cannot be `{}`", field.name, node.scalar),
                 near ? fmt::format("replace `{}` with `{}`", node.scalar, *near)
                      : fmt::format("use one of: {}", fmt::join(names, ", ")));
  }

  bool sequence(const YamlNode& node, const Field& field) {
    if (node.kind == YamlNode::Kind::kSequence) return true;
    return wrong(node.span, fmt::format("`{}` must be a list", field.name),
                 fmt::format("write `{}: [first, second]` or one `- item` a line", field.name));
  }

  bool slug(const YamlNode& node, const Field& field) {
    if (!scalar(node, field)) return false;
    return is_slug(node.scalar) ||
           wrong(node.span, fmt::format("`{}` is not an id", node.scalar),
                 fmt::format("ids are lower-case words joined by hyphens, such as `{}`",
                             base::slugify(node.scalar)));
  }

  template <typename Check>
  bool each(const YamlNode& node, const Field& field, Check check) {
    if (!sequence(node, field)) return false;
    bool good = true;
    for (const YamlNode& item : node.items) good = check(item) && good;
    return good;
  }

  bool value(const YamlNode& node, const Field& field) {
    switch (field.type) {
      case kText:
        return text(node, field);
      case kOptionalText:
        return node.kind == YamlNode::Kind::kScalar ||
               wrong(node.span, fmt::format("`{}` must be a single value", field.name));
      case kSlug:
        return slug(node, field);
      case kDate:
        if (!scalar(node, field)) return false;
        return is_date(node.scalar) || wrong(node.span, fmt::format("`{}` is not a date", node.scalar),
                                             "write it as YYYY-MM-DD, such as 2026-03-31");
      case kInteger:
        return integer(node, field);
      case kBoolean:
        if (!scalar(node, field)) return false;
        return node.scalar == "true" || node.scalar == "false" ||
               wrong(node.span, fmt::format("`{}` must be true or false", field.name));
      case kChoice:
        return choice(node, field);
      case kEvidence:
        return evidence(node, field);
      case kTextList:
        return each(node, field, [&](const YamlNode& item) { return scalar(item, field); });
      case kSlugList:
        return each(node, field, [&](const YamlNode& item) { return slug(item, field); });
      case kChoiceList:
        return each(node, field, [&](const YamlNode& item) { return choice(item, field); });
      case kRecord:
        return part(fmt::format("`{}`", field.name), node, field);
      case kRecordList:
        return each(node, field, [&](const YamlNode& item) {
          return part(fmt::format("an entry of `{}`", field.name), item, field);
        });
    }
    return false;
  }

  bool part(const std::string& name, const YamlNode& node, const Field& field) {
    return Checker(name, name, sink_).mapping(node, field.fields);
  }

  bool text(const YamlNode& node, const Field& field) {
    if (!scalar(node, field)) return false;
    const std::size_t length = base::code_point_count(node.scalar);
    if (field.max_length == 0 || length <= field.max_length) return true;
    return wrong(node.span,
                 fmt::format("`{}` has {} characters; at most {} fit", field.name, length, field.max_length),
                 "shorten it");
  }

  bool integer(const YamlNode& node, const Field& field) {
    if (!scalar(node, field)) return false;
    const std::string_view digits = std::string_view(node.scalar).substr(node.scalar[0] == '-' ? 1 : 0);
    const bool good = !digits.empty() && digits.size() <= 9 &&
                      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!good) return wrong(node.span, fmt::format("`{}` must be a whole number", field.name));
    const int value = std::atoi(node.scalar.c_str());
    return field.most == 0 || (value >= 1 && value <= field.most) ||
           wrong(node.span, fmt::format("`{}` must be from 1 to {}", field.name, field.most));
  }

  bool evidence(const YamlNode& node, const Field& field) {
    if (!scalar(node, field)) return false;
    std::string level, month;
    return parse_evidence(node.scalar, level, month) ||
           wrong(node.span, fmt::format("`{}` is not an evidence level with its month", node.scalar),
                 fmt::format("write one of {} and YYYY-MM, such as `reported 2026-03`",
                             fmt::join(evidence_levels(), ", ")));
  }

  std::string who_, where_;
  diagnostics::Sink& sink_;
};

}  // namespace

std::string_view name(PageKind kind) {
  return row(kind).name;
}
std::string_view source_folder(PageKind kind) {
  return row(kind).source_folder;
}
std::string_view url_folder(PageKind kind) {
  return row(kind).url_folder;
}
std::string_view source_ending(PageKind kind) {
  return row(kind).ending;
}
std::string_view id_suffix(PageKind kind) {
  return row(kind).id_suffix;
}

const std::vector<PageKind>& all_page_kinds() {
  static const std::vector<PageKind> kinds = [] {
    std::vector<PageKind> all;
    for (const KindRow& r : kKinds) all.push_back(r.kind);
    return all;
  }();
  return kinds;
}

const std::vector<Field>& front_matter_fields(PageKind kind) {
  static const std::vector<Field> guide = joined(kGuide), card = joined(kCard),
                                  checklist = joined(kChecklist), drill = joined(kDrill),
                                  scorecard = joined(scorecard_fields()), plain = joined(kPlainPage);
  switch (kind) {
    case PageKind::kGuide:
      return guide;
    case PageKind::kCard:
      return card;
    case PageKind::kChecklist:
      return checklist;
    case PageKind::kDrill:
      return drill;
    case PageKind::kQuiz:
      return quiz_fields();
    case PageKind::kScorecard:
      return scorecard;
    case PageKind::kPage:
      break;
  }
  return plain;
}

const std::vector<Field>& role_fields() {
  return kRole;
}
const std::vector<Field>& topic_fields() {
  return kTopic;
}
const std::vector<Field>& search_word_fields() {
  return kSearchWords;
}

const std::vector<Field>& site_fields() {
  return kSite;
}

const std::vector<std::string_view>& ratings() {
  return kRatings;
}

const std::vector<std::string_view>& evidence_levels() {
  static const std::vector<std::string_view> levels = {"stated", "reported", "likely", "inferred"};
  return levels;
}

bool parse_evidence(std::string_view text, std::string& level, std::string& month) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return false;
  level = text.substr(0, space);
  month = base::trim(text.substr(space));
  const auto& levels = evidence_levels();
  return std::find(levels.begin(), levels.end(), level) != levels.end() && is_date(month, true);
}

bool is_date(std::string_view text, bool month_only) {
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  if (text.size() != (month_only ? 7U : 10U) || text[4] != '-') return false;
  const int year = digits(0, 4), month = digits(5, 2);
  if (year < 1990 || month < 1 || month > 12) return false;
  if (month_only) return true;
  if (text[7] != '-') return false;
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int last = kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
  const int day = digits(8, 2);
  return day >= 1 && day <= last;
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool check_fields(const YamlNode& mapping, const std::vector<Field>& fields, std::string_view what,
                  diagnostics::Sink& sink, std::string_view place) {
  const bool vowel = std::string_view("aeiou").find(what.front()) != std::string_view::npos;
  const std::string who = fmt::format("{} {}", vowel ? "an" : "a", what);
  return Checker(who, std::string(place) + who, sink).mapping(mapping, fields);
}

}  // namespace drillpress::model
