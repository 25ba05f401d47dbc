// GitHub's alerts: block quotes whose first line is `[!NOTE]`, with this site's STRONG and WEAK answers.
#pragma once

#include <cmark-gfm.h>

#include <optional>
#include <string>

#include "markdown/conversion.h"

namespace drillpress::markdown {

struct AlertKind {
  std::string_view name;   ///< as in Alert::kind
  std::string_view title;  ///< shown to readers
};
inline constexpr AlertKind kAlertKinds[] = {
    {"note", "Note"},        {"tip", "Tip"},         {"important", "Important"},
    {"warning", "Warning"},  {"caution", "Caution"}, {"strong", "Strong answer"},
    {"weak", "Weak answer"},
};

/// A block quote that begins like an alert.
struct AlertMarker {
  std::string word;    ///< as written between `[!` and `]`
  std::string kind;    ///< in lower case
  bool known = false;  ///< one of kAlertKinds, alone on its line
  bool alone = false;
  const cmark_node* last = nullptr;  ///< last inline of the marker's line
};

std::optional<AlertMarker> find_alert(cmark_node* block_quote);

/// Reports an unknown kind or text on the marker's line. `map` is of the quote's first paragraph.
void check_alert(const AlertMarker& marker, const ContentMap& map, Conversion& conversion);

}  // namespace drillpress::markdown
