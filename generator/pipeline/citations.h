// Prose that cites runs: `{{ run … }}` shows a value, `{{ claim … }}` checks one, and a false claim fails the
// build.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "drill/record.h"
#include "drill/spec.h"
#include "model/reference.h"
#include "pipeline/device_records.h"
#include "pipeline/expression.h"
#include "pipeline/programs.h"
#include "pipeline/quantity_format.h"

namespace drillpress::pipeline {

/// A directive that was understood; its programs exist and their ids are written out in full.
struct PlannedCitation {
  markdown::NodeId node = markdown::kNoNode;
  bool claim = false;
  Expression left;
  drill::Comparison comparison = drill::Comparison::kEqual;  ///< of a claim
  Expression right;                                          ///< of a claim
  QuantityFormat format;                                     ///< of a citation
  base::Span span;
};

/// How far a value or claim could be had.
enum class Standing {
  kKnown,        ///< a citation has its value, a claim holds
  kNotMeasured,  ///< it needs a measurement on a GPU, and there is no record of one
  kNotRun,       ///< its program was not run and no valid record of it is there
};

/// What readers see in the place of a directive.
struct Citation {
  Standing standing = Standing::kKnown;
  std::string text;     ///< "65,536"; empty unless the value is known
  std::string number;   ///< the same for machines; empty unless the value is known
  std::string source;   ///< "transpose/naive global_store_sectors"
  std::string program;  ///< id of the first program it names; may be empty
};

/// A claim as the ledger lists it.
struct Claim {
  std::string id;        ///< "transpose/claim-2"
  std::string anchor;    ///< "claim-2", on its page
  std::size_t page = 0;  ///< index in the registry
  std::uint32_t line = 0;
  std::string sentence;   ///< that it stands behind, plain text; may be empty
  std::string condition;  ///< as written
  Standing standing = Standing::kKnown;
  std::string left, right;  ///< values of the two sides; empty when not known
};

/// By page index in the registry, then by node.
struct Citations {
  std::vector<std::vector<PlannedCitation>> planned;
  std::vector<std::map<markdown::NodeId, Citation>> shown;
  std::vector<Claim> claims;  ///< in the order of pages and lines
  std::vector<std::map<markdown::NodeId, std::size_t>> claim_of;
};

/// Id of the program that a page's author means: `naive` on the page of its drill, `#block` on the block's
/// own page, or the whole id. Nothing and a diagnostic when there is none.
std::optional<std::string> find_program(const Programs& programs, const model::Page& page,
                                        const std::string& written, const base::Span& span,
                                        diagnostics::Sink& sink);

/// Reads every citation and claim. Faults of form and unknown programs go to the sink; nothing has to have
/// run.
Citations plan_citations(const model::Registry& registry, const Programs& programs, diagnostics::Sink& sink);

/// Fills in values and verdicts. Unknown values, divisions by zero and claims that do not hold go to the
/// sink; what a failed program would have said is not reported again.
void resolve_citations(const model::Registry& registry, const Programs& programs,
                       const std::vector<drill::Record>& records, const DeviceRecords& device_records,
                       Citations& citations, diagnostics::Sink& sink);

/// "not yet measured", "not run here".
std::string_view label_of(Standing standing);
/// Suffix of its CSS class and word in the ledger's JSON: "known", "not-measured", "not-run".
std::string_view name_of(Standing standing);

}  // namespace drillpress::pipeline
