#include "template/parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "template/expression_parser.h"
#include "template/lexer.h"

namespace drillpress::templating {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

class Parser {
 public:
  Parser(const TemplateFile& file, diagnostics::Sink& sink) : sink_(sink) {
    syntax_.name = file.name;
    open_.push_back({});
    for (const Piece& piece : split_pieces(file.source, sink)) {
      if (piece.kind == Piece::Kind::kText) {
        add({Node::Kind::kText, piece.span});
        if (!base::trim(piece.span.text()).empty()) content_seen_ = true;
      } else if (piece.kind == Piece::Kind::kOutput) {
        parse_output(piece);
      } else {
        parse_block(piece);
      }
    }
    while (open_.size() > 1) {
      report(Code::kTemplateBlock, open_.back().keyword,
             fmt::format("`{}` is never closed", open_.back().keyword.text()), "close it with `{% end %}`");
      close_block();
    }
    syntax_.nodes = std::move(open_.front().node.branches.front().body);
  }

  Syntax take() { return std::move(syntax_); }

 private:
  // A block whose `end` has not come yet; the first one stands for the whole file.
  struct Open {
    Node node = {Node::Kind::kIf, {}, {}, {Branch{}}};
    base::Span keyword = {};
    bool had_else = false;
  };

  struct Tag {
    std::string_view keyword;
    void (Parser::*parse)(const Piece&, const base::Span& keyword, TagReader&);
  };
  static const std::vector<Tag>& tags() {
    static const std::vector<Tag> table = {
        {"elif", &Parser::parse_elif},     {"else", &Parser::parse_else}, {"end", &Parser::parse_end},
        {"for", &Parser::parse_for},       {"if", &Parser::parse_if},     {"include", &Parser::parse_include},
        {"layout", &Parser::parse_layout},
    };
    return table;
  }

  void report(Code code, const base::Span& span, std::string message, std::string help = {}) {
    sink_.report({code, Severity::kError, span, std::move(message), {}, std::move(help)});
  }

  void add(Node node) { open_.back().node.branches.back().body.push_back(std::move(node)); }

  void close_block() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void parse_output(const Piece& piece) {
    content_seen_ = true;
    TagReader reader(piece.inside, sink_);
    auto expression = reader.read_expression();
    if (!expression || !reader.finish()) return;
    const bool content = expression->kind == Expression::Kind::kPath && expression->path.size() == 1 &&
                         expression->path[0].text == "content";
    add({content ? Node::Kind::kContent : Node::Kind::kOutput, piece.span, {std::move(*expression)}});
  }

  void parse_block(const Piece& piece) {
    TagReader reader(piece.inside, sink_);
    const auto keyword = reader.read_name("a tag such as `if`, `for` or `include`");
    if (!keyword) return;
    const auto row = std::find_if(tags().begin(), tags().end(),
                                  [&](const Tag& tag) { return tag.keyword == keyword->text; });
    if (row == tags().end()) return report_unknown_tag(*keyword);
    (this->*row->parse)(piece, keyword->span, reader);
    if (row->keyword != "layout") content_seen_ = true;
  }

  void report_unknown_tag(const Name& keyword) {
    std::vector<std::string> known;
    for (const Tag& tag : tags()) known.emplace_back(tag.keyword);
    std::string help = "known tags: " + fmt::format("{}", fmt::join(known, ", "));
    if (keyword.text.starts_with("end")) {
      help = "every block ends with `{% end %}`";
    } else if (const auto near = base::nearest(keyword.text, known)) {
      help = fmt::format("replace `{}` with `{}`", keyword.text, *near);
    }
    report(Code::kTemplateSyntax, keyword.span, fmt::format("unknown tag `{}`", keyword.text),
           std::move(help));
  }

  // A block whose head is faulty is opened all the same, so that its `end` does not become a second fault.
  void parse_if(const Piece& piece, const base::Span& keyword, TagReader& reader) {
    Open open{{Node::Kind::kIf, piece.span, {}, {Branch{{}, piece.span, {}}}}, keyword};
    auto condition = reader.read_expression();
    if (condition && reader.finish()) open.node.branches[0].condition.push_back(std::move(*condition));
    open_.push_back(std::move(open));
  }

  void parse_for(const Piece& piece, const base::Span& keyword, TagReader& reader) {
    Open open{{Node::Kind::kFor, piece.span, {}, {Branch{{}, piece.span, {}}}}, keyword};
    auto name = reader.read_name("a name for the element");
    if (name && reader.expect("in")) {
      auto list = reader.read_expression();
      if (list && reader.finish()) {
        open.node.name = std::move(*name);
        open.node.expression.push_back(std::move(*list));
      }
    }
    open_.push_back(std::move(open));
  }

  void parse_elif(const Piece& piece, const base::Span& keyword, TagReader& reader) {
    auto condition = reader.read_expression();
    if (!in_branching_block(keyword, true)) return;
    Branch branch{{}, piece.span, {}};
    if (condition && reader.finish()) branch.condition.push_back(std::move(*condition));
    open_.back().node.branches.push_back(std::move(branch));
  }

  void parse_else(const Piece& piece, const base::Span& keyword, TagReader& reader) {
    if (!reader.finish() || !in_branching_block(keyword, false)) return;
    open_.back().had_else = true;
    open_.back().node.branches.push_back(Branch{{}, piece.span, {}});
  }

  bool in_branching_block(const base::Span& keyword, bool only_if) {
    const bool inside = open_.size() > 1 && !(only_if && open_.back().node.kind != Node::Kind::kIf);
    if (!inside) {
      report(Code::kTemplateBlock, keyword,
             fmt::format("`{}` outside of {}", keyword.text(), only_if ? "`if`" : "`if` and `for`"));
    } else if (open_.back().had_else) {
      report(Code::kTemplateBlock, keyword, fmt::format("`{}` after `else`", keyword.text()),
             "`else` is the last branch of its block");
      return false;
    }
    return inside;
  }

  void parse_end(const Piece&, const base::Span& keyword, TagReader& reader) {
    if (!reader.finish()) return;
    if (open_.size() > 1) return close_block();
    report(Code::kTemplateBlock, keyword, "`end` without an open block",
           "remove it, or open a block with `if` or `for` before it");
  }

  void parse_include(const Piece& piece, const base::Span&, TagReader& reader) {
    Node node{Node::Kind::kInclude, piece.span};
    auto name = reader.read_text("the template's name");
    if (!name) return;
    node.name = std::move(*name);
    if (reader.accept("with")) {
      do {
        auto bound = reader.read_name("a name to bind");
        if (!bound || !reader.expect("=")) return;
        auto value = reader.read_expression();
        if (!value) return;
        node.bindings.push_back({std::move(*bound), std::move(*value)});
      } while (reader.accept(","));
    }
    if (reader.finish()) add(std::move(node));
  }

  void parse_layout(const Piece&, const base::Span& keyword, TagReader& reader) {
    auto name = reader.read_text("the layout's name");
    if (!name || !reader.finish()) return;
    if (content_seen_ || !syntax_.layout.empty()) {
      report(Code::kTemplateSyntax, keyword, "`layout` has to come first in the file, once");
      return;
    }
    syntax_.layout.push_back(std::move(*name));
  }

  diagnostics::Sink& sink_;
  Syntax syntax_;
  std::vector<Open> open_;
  bool content_seen_ = false;
};

}  // namespace

Syntax parse_template(const TemplateFile& file, diagnostics::Sink& sink) {
  return Parser(file, sink).take();
}

}  // namespace drillpress::templating
