// MathML as Temml writes it → MathML as our pages may hold it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace drillpress::maths {

/// The same formula with elements and attributes of an allow-list only, inline styles as classes (defined in
/// `site/assets/maths.css`), written one way. MathML that has been cleaned comes out as it is. Fails with a
/// reason, in words for the formula's author, for anything that the list does not have.
base::Result<std::string> clean_mathml(std::string_view mathml);

}  // namespace drillpress::maths
