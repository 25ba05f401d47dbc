// Where in the markup a place of a template is: decides what may be written there and how it is escaped.
#pragma once

#include <string>
#include <string_view>

namespace drillpress::templating {

/// A small state machine over the literal markup, after the tokenizer of the HTML standard (section 13.2.5),
/// reduced to the distinctions that matter for writing values.
class HtmlContext {
 public:
  enum class State {
    kText,               ///< between tags
    kEscapableText,      ///< inside <title> or <textarea>: text is escaped, tags mean nothing
    kRawText,            ///< inside <script> or <style>: nothing is escaped there
    kTagOpen,            ///< right after `<`
    kMarkupDeclaration,  ///< <!doctype …>
    kComment,            ///< <!-- … -->
    kTagName,
    kInTag,  ///< between attributes
    kAttributeName,
    kBeforeValue,  ///< after `=`
    kDoubleQuoted,
    kSingleQuoted,
    kUnquoted,
  };

  /// Steps over literal markup; `offset` is where it begins, for `opened_at`.
  void feed(std::string_view markup, std::size_t offset);

  State state() const { return state_; }
  /// Lower-case name of the attribute whose value this is.
  const std::string& attribute() const { return attribute_; }
  /// Lower-case name of the element whose tag or raw text this is.
  const std::string& element() const { return element_; }
  /// Offset of the `<` that is still open.
  std::size_t opened_at() const { return opened_at_; }

  /// Ends a half-written tag or attribute name, as a block tag does: `<tr{% if x %} class="y"{% end %}>`.
  void end_name();

  /// Two branches may be joined only when they end in the same context.
  bool same_place(const HtmlContext& other) const {
    return state_ == other.state_ && attribute_ == other.attribute_ && element_ == other.element_;
  }

 private:
  void step(char c, std::size_t offset);
  void step_text(char c, std::size_t offset);
  void step_tag(char c);
  void leave_tag();

  State state_ = State::kText;
  std::string element_;
  std::string attribute_;
  std::string seen_;  // the last characters that can end a comment or a raw text
  bool closing_ = false;
  std::size_t opened_at_ = 0;
};

}  // namespace drillpress::templating
