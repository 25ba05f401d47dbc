#include "pipeline/tex_text.h"

#include <algorithm>
#include <iterator>

namespace drillpress::pipeline {
namespace {

// Set or size what follows and say nothing themselves.
constexpr std::string_view kSilent[] = {
    "mathbb", "mathbf", "mathcal",    "mathit",       "mathrm", "mathsf", "text", "textbf",
    "textit", "textrm", "boldsymbol", "operatorname", "left",   "right",  "big",  "displaystyle",
    "limits", "bigl",   "bigr",       "Big",          "Bigl",   "Bigr"};

struct Sign {
  std::string_view command, text;
};
constexpr Sign kSigns[] = {
    {"cdot", "\u00b7"},   {"times", "\u00d7"}, {"le", "\u2264"},       {"leq", "\u2264"},
    {"ge", "\u2265"},     {"geq", "\u2265"},   {"ne", "\u2260"},       {"neq", "\u2260"},
    {"approx", "\u2248"}, {"to", "\u2192"},    {"infty", "\u221e"},    {"pm", "\u00b1"},
    {"mid", "|"},         {"ldots", "\u2026"}, {"dots", "\u2026"},     {"cdots", "\u2026"},
    {"langle", "("},      {"rangle", ")"},     {"lVert", "|"},         {"rVert", "|"},
    {"in", "\u2208"},     {"sim", "~"},        {"leftarrow", "\u2190"}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

class Reader {
 public:
  explicit Reader(std::string_view tex) : tex_(tex) {}

  std::string run() {
    while (at_ < tex_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = tex_[at_];
    if (c == '\\') return command();
    if (c == '{') {
      out_ += group();
      return;
    }
    ++at_;
    if (c == '^' || c == '_') {
      out_ += c;
      out_ += argument();
    } else if (c == '~') {
      space();
    } else if (c != '}' && c != '&') {
      out_ += c;
    }
  }

  void command() {
    std::size_t end = ++at_;
    while (end < tex_.size() && is_letter(tex_[end])) ++end;
    const std::string_view name = tex_.substr(at_, end - at_);
    if (name.empty()) {  // `\,` and `\\` are spaces, `\{` and `\%` themselves
      const char c = at_ < tex_.size() ? tex_[at_++] : ' ';
      if (std::string_view(",;:! \\").find(c) != std::string_view::npos) return space();
      out_ += c == '{' || c == '}' ? (c == '{' ? '(' : ')') : c;
      return;
    }
    at_ = end;
    if (name == "frac" || name == "tfrac" || name == "dfrac") {
      const std::string above = argument(), below = argument();
      out_ += above + "/" + below;
    } else if (name == "quad" || name == "qquad") {
      space();
    } else if (std::find(std::begin(kSilent), std::end(kSilent), name) != std::end(kSilent)) {
      skip_spaces();
      if (at_ < tex_.size() && tex_[at_] == '{') out_ += group();
    } else {
      word(name);
    }
  }

  void word(std::string_view name) {
    const auto* sign =
        std::find_if(std::begin(kSigns), std::end(kSigns), [&](const Sign& s) { return s.command == name; });
    if (sign != std::end(kSigns)) {
      out_ += sign->text;
      return;
    }
    if (!out_.empty() && is_word(out_.back())) space();
    out_ += name;
    if (at_ < tex_.size() && tex_[at_] == '{') {
      const std::string inside = group();
      out_ += "(" + inside + ")";
    } else if (at_ < tex_.size() && is_word(tex_[at_])) {
      space();
    }
  }

  // What a `{` encloses, without its braces.
  std::string group() {
    std::size_t depth = 0, end = at_;
    for (; end < tex_.size(); ++end) {
      if (tex_[end] == '\\') {
        ++end;
      } else if (tex_[end] == '{') {
        ++depth;
      } else if (tex_[end] == '}' && --depth == 0) {
        break;
      }
    }
    end = std::min(end, tex_.size());
    const std::string inside = Reader(tex_.substr(at_ + 1, end - at_ - 1)).run();
    at_ = std::min(end + 1, tex_.size());
    return inside;
  }

  // Argument of a script or a fraction, in parentheses where it is more than one word.
  std::string argument() {
    skip_spaces();
    if (at_ >= tex_.size()) return {};
    std::string inside;
    if (tex_[at_] == '{') {
      inside = group();
    } else if (tex_[at_] == '\\') {
      std::size_t end = at_ + 1;
      while (end < tex_.size() && is_letter(tex_[end])) ++end;
      inside = Reader(tex_.substr(at_, end - at_)).run();
      at_ = end;
    } else {
      inside = tex_[at_++];
    }
    const bool simple = std::all_of(inside.begin(), inside.end(), [](char c) {
      return is_word(c) || static_cast<unsigned char>(c) >= 0x80;
    });
    return simple ? inside : "(" + inside + ")";
  }

  void space() {
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  }
  void skip_spaces() {
    while (at_ < tex_.size() && tex_[at_] == ' ') ++at_;
  }

  std::string_view tex_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string tex_text(std::string_view tex) {
  return Reader(tex).run();
}

}  // namespace drillpress::pipeline
