#include "maths/mathml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"

namespace drillpress::maths {
namespace {

// MathML Core without what links, acts or embeds; `menclose` only as Temml's over- and underlines.
constexpr std::string_view kElements[] = {
    "annotation", "math",  "menclose", "mfrac",    "mi",          "mmultiscripts", "mn",
    "mo",         "mover", "mpadded",  "mphantom", "mprescripts", "mroot",         "mrow",
    "mspace",     "msqrt", "mstyle",   "msub",     "msubsup",     "msup",          "mtable",
    "mtd",        "mtext", "mtr",      "munder",   "munderover",  "none",          "semantics",
};

constexpr std::string_view kAttributes[] = {
    "accent",      "class",     "depth",    "display",       "displaystyle",  "encoding",
    "fence",       "form",      "height",   "largeop",       "linethickness", "lspace",
    "mathvariant", "maxsize",   "minsize",  "movablelimits", "notation",      "rspace",
    "scriptlevel", "separator", "stretchy", "symmetric",     "voffset",       "width",
};

// What Temml writes into `style`, and the class that stands for it; none where a class of Temml's own does.
struct StyleClass {
  std::string_view declaration, name;
};
constexpr StyleClass kStyles[] = {
    {"display:block math", ""},
    // Temml's own state, which it writes into the cells of rows that are cut short. No browser reads it.
    {"level:0", ""},
    {"level:1", ""},
    {"color:undefined", ""},
    {"font:", ""},
    {"font-family:", ""},
    {"font-size:1", ""},
    {"font-weight:", ""},
    {"font-shape:", ""},
    {"max-size:Infinity,Infinity", ""},
    {"math-depth:0", "tml-flat"},
    {"margin-left:-0.1667em", "tml-back"},
    {"padding:3pt", "tml-fbox"},
    {"border:1px solid", "tml-fbox"},
    {"padding-left:0em", "tml-l0"},
    {"padding-left:0pt", "tml-l0"},
    {"padding-left:1em", "tml-l1"},
    {"padding-left:2em", "tml-l2"},
    {"padding-left:5.9776pt", "tml-lc"},
    {"padding-left:0.1389em", "tml-ls"},
    {"padding-right:0em", "tml-r0"},
    {"padding-right:0pt", "tml-r0"},
    {"padding-right:1em", "tml-r1"},
    {"padding-right:5.9776pt", "tml-rc"},
    {"padding-right:0.1389em", "tml-rs"},
    {"border-left:0.06em solid", "tml-rule-left"},
    {"border-right:0.06em solid", "tml-rule-right"},
    {"border-top:0.06em solid", "tml-rule-top"},
    {"border-bottom:0.06em solid", "tml-rule-bottom"},
};

constexpr std::string_view kEntities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x27;"};

template <typename Table>
bool has(const Table& table, std::string_view name) {
  return std::find(std::begin(table), std::end(table), name) != std::end(table);
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// Numbers with units, words and lists of classes: nothing that could be more than a value.
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_name(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '%' || c == '+' || c == '/' || c == ' ';
  });
}

class Cleaner {
 public:
  explicit Cleaner(std::string_view text) : text_(text) {}

  base::Result<std::string> run() {
    while (at_ < text_.size() && fault_.empty()) {
      if (text_[at_] != '<') {
        read_text();
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '/') {
        read_end();
      } else {
        read_start();
      }
    }
    if (fault_.empty() && (!open_.empty() || out_.empty())) fault_ = "its MathML is cut short";
    if (!fault_.empty()) return base::Failure{fault_};
    return std::move(out_);
  }

 private:
  void fail(std::string reason) {
    if (fault_.empty()) fault_ = std::move(reason);
  }

  std::string_view read_name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

  bool take(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  void read_text() {
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    const std::string_view run = text_.substr(at_, end - at_);
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (run[i] != '&') continue;
      if (std::none_of(std::begin(kEntities), std::end(kEntities),
                       [&](std::string_view entity) { return run.substr(i, entity.size()) == entity; })) {
        return fail("its MathML has an unknown entity");
      }
    }
    if (open_.empty()) return fail("its MathML has text outside of `math`");
    out_ += run;
    at_ = end;
  }

  void read_end() {
    at_ += 2;
    const std::string_view name = read_name();
    if (open_.empty() || open_.back() != name || !take(">")) return fail("its MathML is not well formed");
    out_ += fmt::format("</{}>", name);
    open_.pop_back();
  }

  void read_start() {
    ++at_;
    const std::string_view name = read_name();
    if (!has(kElements, name))
      return fail(fmt::format("it needs the element `{}`, which pages cannot hold", name));
    if (open_.empty() != (name == "math") || (open_.empty() && !out_.empty()))
      return fail("its MathML is not one `math` element");
    std::vector<std::string> classes;
    std::string attributes;
    while (take(" ") && fault_.empty()) read_attribute(classes, attributes);
    const bool empty = take("/");
    if (!fault_.empty()) return;
    if (!take(">")) return fail("its MathML is not well formed");
    out_ += fmt::format("<{}{}", name, attributes);
    if (!classes.empty()) out_ += fmt::format(" class=\"{}\"", fmt::join(classes, " "));
    out_ += '>';
    empty ? static_cast<void>(out_ += fmt::format("</{}>", name)) : open_.push_back(name);
  }

  void read_attribute(std::vector<std::string>& classes, std::string& attributes) {
    const std::string_view name = read_name();
    if (!take("=\"")) return fail("its MathML is not well formed");
    const std::size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) return fail("its MathML is not well formed");
    const std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (name == "style") return add_styles(value, classes);
    if (!has(kAttributes, name) || !is_value(value))
      return fail(fmt::format("it needs the attribute `{}=\"{}\"`, which pages cannot hold", name, value));
    if (name == "class") {
      classes.insert(classes.begin(), std::string(value));
    } else {
      attributes += fmt::format(" {}=\"{}\"", name, value);
    }
  }

  void add_styles(std::string_view style, std::vector<std::string>& classes) {
    while (!style.empty()) {
      const std::size_t end = std::min(style.find(';'), style.size());
      const std::string_view declaration = base::trim(style.substr(0, end));
      style.remove_prefix(std::min(end + 1, style.size()));
      const auto* row = std::find_if(std::begin(kStyles), std::end(kStyles),
                                     [&](const StyleClass& r) { return r.declaration == declaration; });
      if (row == std::end(kStyles))
        return fail(fmt::format("it needs the inline style `{}`, which pages cannot hold", declaration));
      if (!row->name.empty() && (classes.empty() || classes.back() != row->name))
        classes.emplace_back(row->name);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;
  std::string out_;
  std::string fault_;
};

}  // namespace

base::Result<std::string> clean_mathml(std::string_view mathml) {
  return Cleaner(mathml).run();
}

}  // namespace drillpress::maths
