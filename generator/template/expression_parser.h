// The inside of one tag: tokens read one after the other, and the expressions among them.
#pragma once

#include <optional>

#include "diagnostics/sink.h"
#include "template/lexer.h"
#include "template/syntax.h"

namespace drillpress::templating {

/// Reads the tokens of one tag. The first fault is reported; everything after it answers nothing.
class TagReader {
 public:
  TagReader(const base::Span& inside, diagnostics::Sink& sink);

  /// or < and < not < == != < filter < primary.
  std::optional<Expression> read_expression();
  std::optional<Name> read_name(std::string_view what);
  /// A text between double quotes, without them.
  std::optional<Name> read_text(std::string_view what);

  /// Steps over the symbol or word, if it comes next.
  bool accept(std::string_view spelling);
  bool expect(std::string_view spelling);
  /// Reports what is left over; false when something is, or when the tag was faulty already.
  bool finish();
  bool at_end() const { return peek().kind == Token::Kind::kEnd; }

 private:
  const Token& peek() const { return tokens_.list[next_]; }
  const Token& take() { return tokens_.list[at_end() ? next_ : next_++]; }
  void fail(const Token& at, std::string message, std::string help = {});

  std::optional<Expression> read_binary(std::size_t level);
  std::optional<Expression> read_not();
  std::optional<Expression> read_filtered();
  std::optional<Expression> read_primary();

  diagnostics::Sink& sink_;
  Tokens tokens_;
  std::size_t next_ = 0;
  bool ok_;
};

}  // namespace drillpress::templating
