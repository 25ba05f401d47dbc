#include "ptx/variables.h"

#include <fmt/format.h>

#include "ptx/constant.h"
#include "ptx/initializer.h"

namespace drillpress::ptx {
namespace {

struct SpaceName {
  std::string_view text;
  Space space;
};
constexpr SpaceName kVariableSpaces[] = {{"global", Space::kGlobal},
                                         {"const", Space::kConst},
                                         {"shared", Space::kShared},
                                         {"local", Space::kLocal},
                                         {"param", Space::kParam}};

constexpr std::size_t kMostDimensions = 8;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 48;
constexpr std::uint64_t kMostAlignment = std::uint64_t{1} << 30;

std::uint32_t parse_alignment(Lexer& lexer) {
  const Token start = lexer.current();
  const std::uint64_t value = parse_count(lexer, "an alignment", 1, kMostAlignment);
  if ((value & (value - 1)) != 0) Lexer::fail(start, "an alignment must be a power of two");
  return static_cast<std::uint32_t>(value);
}

// What precedes the name: everything that a list of names shares.
struct Shape {
  Variable variable;
  std::uint64_t vector_elements = 1;
  bool has_alignment = false;
};

void parse_attribute(Lexer& lexer, Variable& variable) {
  lexer.expect('(', "after `.attribute`");
  do {
    const Token name = lexer.current();
    if (lexer.accept_suffix("managed")) {
      variable.is_managed = true;
    } else if (lexer.accept_suffix("unified")) {
      lexer.expect('(', "after `.unified`");
      parse_count(lexer, "an identifier of `.unified`", 0, ~std::uint64_t{0});
      lexer.expect(',');
      parse_count(lexer, "an identifier of `.unified`", 0, ~std::uint64_t{0});
      lexer.expect(')', "to close `.unified`");
    } else {
      Lexer::fail(name, fmt::format("unknown attribute {}", quoted(name)));
    }
  } while (lexer.accept(','));
  lexer.expect(')', "to close `.attribute`");
}

// `.ptr [.space] [.align n]` of a kernel's parameter, with `ptr` taken.
void parse_pointer(Lexer& lexer, Variable& variable) {
  variable.is_pointer = true;
  if (lexer.current().is(Token::Kind::kSuffix)) {
    variable.pointer_space = find_variable_space(lexer.current().text);
    if (variable.pointer_space != Space::kGeneric) lexer.advance();
  }
  if (lexer.accept_suffix("align")) variable.pointer_alignment = parse_alignment(lexer);
}

Shape parse_shape(Lexer& lexer) {
  Shape shape;
  shape.variable.type = Type::kNone;
  while (lexer.current().is(Token::Kind::kSuffix)) {
    const Token suffix = lexer.take();
    if (const Type type = find_type(suffix.text); type != Type::kNone) {
      if (shape.variable.type != Type::kNone) Lexer::fail(suffix, "a variable has one type");
      if (type == Type::kPred) Lexer::fail(suffix, "only registers can be `.pred`");
      shape.variable.type = type;
    } else if (suffix.text == "align") {
      shape.variable.alignment = parse_alignment(lexer);
      shape.has_alignment = true;
    } else if (suffix.text == "v2" || suffix.text == "v4" || suffix.text == "v8") {
      shape.vector_elements = static_cast<std::uint64_t>(suffix.text[1] - '0');
    } else if (suffix.text == "ptr") {
      parse_pointer(lexer, shape.variable);
    } else if (suffix.text == "attribute") {
      parse_attribute(lexer, shape.variable);
    } else {
      Lexer::fail(suffix, fmt::format("unexpected {} in the declaration of a variable", quoted(suffix)));
    }
  }
  if (shape.variable.type == Type::kNone) lexer.fail_expected("the type of a variable");
  if (!shape.has_alignment) {
    shape.variable.alignment =
        size_bytes(shape.variable.type) * static_cast<std::uint32_t>(shape.vector_elements);
  }
  return shape;
}

// `[4][2]`; an empty first pair of brackets is 0.
std::vector<std::uint64_t> parse_dimensions(Lexer& lexer) {
  std::vector<std::uint64_t> dimensions;
  while (lexer.current().is('[')) {
    const Token bracket = lexer.take();
    if (dimensions.size() == kMostDimensions) Lexer::fail(bracket, "too many array dimensions");
    if (lexer.current().is(']') && dimensions.empty()) {
      dimensions.push_back(0);
    } else {
      dimensions.push_back(parse_count(lexer, "an array dimension", dimensions.empty() ? 0 : 1, kMostBytes));
    }
    lexer.expect(']', "to close an array dimension");
  }
  return dimensions;
}

std::uint64_t total_bytes(const Token& name, const Variable& variable,
                          const std::vector<std::uint64_t>& dimensions) {
  std::uint64_t bytes = size_bytes(variable.type);
  for (const std::uint64_t count : dimensions) {
    if (count != 0 && bytes > kMostBytes / count) {
      Lexer::fail(name, fmt::format("{} is larger than 2^48 bytes", quoted(name)));
    }
    bytes *= count;
  }
  return bytes;
}

// The name and what follows it.
DeclaredVariable parse_declarator(Lexer& lexer, const Shape& shape, Budget* budget) {
  DeclaredVariable declared{
      shape.variable, lexer.expect(Token::Kind::kIdentifier, "the name of a variable"), {}};
  Variable& variable = declared.variable;
  variable.name = declared.name_token.text;
  std::vector<std::uint64_t> dimensions = parse_dimensions(lexer);
  if (shape.vector_elements != 1) dimensions.push_back(shape.vector_elements);
  variable.size_bytes = total_bytes(declared.name_token, variable, dimensions);
  if (budget != nullptr && lexer.accept('=')) {
    if (variable.space != Space::kGlobal && variable.space != Space::kConst) {
      Lexer::fail(declared.name_token, "only variables in `.global` and `.const` have initial values");
    }
    // The strides of an unsized array are checked through its inner dimensions above: 0 times them is 0.
    if (!dimensions.empty() && dimensions[0] == 0) {
      total_bytes(declared.name_token, variable, {dimensions.begin() + 1, dimensions.end()});
    }
    parse_initializer(lexer, std::move(dimensions), *budget, declared);
  }
  return declared;
}

}  // namespace

Linkage parse_linkage(Lexer& lexer) {
  Linkage linkage;
  while (lexer.current().is(Token::Kind::kSuffix)) {
    const std::string_view name = lexer.current().text;
    if (name == "extern") {
      linkage.is_extern = true;
    } else if (name == "visible") {
      linkage.is_visible = true;
    } else if (name == "weak" || name == "common") {
      linkage.is_visible = linkage.is_weak = true;
    } else {
      break;
    }
    lexer.advance();
  }
  return linkage;
}

Space find_variable_space(std::string_view directive) {
  for (const SpaceName& name : kVariableSpaces) {
    if (name.text == directive) return name.space;
  }
  return Space::kGeneric;
}

std::string_view text(Space space) {
  for (const SpaceName& name : kVariableSpaces) {
    if (name.space == space) return name.text;
  }
  return space == Space::kRegister ? "reg" : "";
}

std::vector<DeclaredVariable> parse_variables(Lexer& lexer, Space space, const Linkage& linkage,
                                              Budget& budget) {
  Shape shape = parse_shape(lexer);
  shape.variable.space = space;
  shape.variable.is_extern = linkage.is_extern;
  shape.variable.is_visible = linkage.is_visible;
  shape.variable.is_weak = linkage.is_weak;
  std::vector<DeclaredVariable> variables;
  do {
    variables.push_back(parse_declarator(lexer, shape, &budget));
  } while (lexer.accept(','));
  lexer.expect(';', "after the declaration of a variable");
  return variables;
}

std::vector<DeclaredVariable> parse_parameters(Lexer& lexer) {
  std::vector<DeclaredVariable> parameters;
  lexer.expect('(', "to open a parameter list");
  if (lexer.accept(')')) return parameters;
  do {
    const Token space = lexer.expect(Token::Kind::kSuffix, "`.param`");
    if (space.text != "param" && space.text != "reg") {
      Lexer::fail(space, fmt::format("expected `.param` or `.reg`, found {}", quoted(space)));
    }
    Shape shape = parse_shape(lexer);
    shape.variable.space = space.text == "param" ? Space::kParam : Space::kRegister;
    parameters.push_back(parse_declarator(lexer, shape, nullptr));
  } while (lexer.accept(','));
  lexer.expect(')', "to close a parameter list");
  return parameters;
}

}  // namespace drillpress::ptx
