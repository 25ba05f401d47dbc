// The committed file of typeset formulas: TeX → MathML, one line each, so that a build rarely needs Node.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "base/source.h"
#include "diagnostics/sink.h"

namespace drillpress::maths {

/// The version whose output the cache holds; `site/package.json` asks for the same one.
inline constexpr std::string_view kTemmlVersion = "0.13.5";

/// One formula, as it is looked up.
struct Formula {
  std::string tex;
  bool display = false;

  bool operator==(const Formula& other) const { return tex == other.tex && display == other.display; }
  bool operator<(const Formula& other) const {
    return std::tie(tex, display) < std::tie(other.tex, other.display);
  }
};

/// Formula → MathML that `clean_mathml` has passed.
using Typeset = std::map<Formula, std::string>;

/// Reads the file. Every line carries a checksum of its fields and of the Temml version; a line that has none
/// or another one, or MathML that pages may not hold, is reported and left out. Lines of another version are
/// left out silently: their formulas are typeset anew.
Typeset parse_cache(const base::SourcePtr& source, diagnostics::Sink& sink);

/// The file's text: one JSON object a line, sorted by TeX.
std::string render_cache(const Typeset& formulas);

}  // namespace drillpress::maths
