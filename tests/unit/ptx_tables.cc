// The declarative tables: opcodes, suffixes, types.
#include <set>

#include "ptx/modifier.h"
#include "ptx/opcode.h"
#include "ptx_fixture.h"

namespace {

using namespace drillpress::ptx;

struct OpcodeRow {
  Opcode opcode;
  std::string_view name, section;
};
constexpr OpcodeRow kOpcodes[] = {
#define OPCODE(enumerator, name, section) {Opcode::enumerator, name, section},
#include "ptx/opcodes.def"
#undef OPCODE
};

struct ModifierRow {
  Modifier modifier;
  std::string_view text;
};
constexpr ModifierRow kModifiers[] = {
#define MODIFIER(enumerator, text) {Modifier::enumerator, text},
#include "ptx/modifiers.def"
#undef MODIFIER
};

struct TypeRow {
  Type type;
  std::string_view text;
  std::uint32_t bytes;
};
constexpr TypeRow kTypes[] = {
#define TYPE(enumerator, text, bytes) {Type::enumerator, text, bytes},
#include "ptx/types.def"
#undef TYPE
};

}  // namespace

TEST_CASE("every opcode is found by its name and has a section", "[ptx]") {
  std::set<std::string_view> seen;
  for (const OpcodeRow& row : kOpcodes) {
    CAPTURE(row.name);
    CHECK(seen.insert(row.name).second);
    CHECK(find_opcode(row.name) == row.opcode);
    CHECK(name(row.opcode) == row.name);
    CHECK(manual_section(row.opcode) == row.section);
    CHECK(row.section.find("Instructions: " + std::string(row.name)) != std::string_view::npos);
  }
  CHECK_FALSE(find_opcode("frobnicate"));
  CHECK_FALSE(find_opcode(""));
  CHECK_FALSE(find_opcode("ad"));
}

TEST_CASE("every suffix is found by its text", "[ptx]") {
  std::set<std::string_view> seen;
  for (const ModifierRow& row : kModifiers) {
    CAPTURE(row.text);
    CHECK(seen.insert(row.text).second);
    CHECK(find_modifier(row.text) == row.modifier);
    CHECK(text(row.modifier) == row.text);
  }
  CHECK_FALSE(find_modifier("shared::"));
  CHECK_FALSE(find_modifier(""));
}

TEST_CASE("every type is a suffix of the same spelling", "[ptx]") {
  for (const TypeRow& row : kTypes) {
    CAPTURE(row.text);
    CHECK(find_type(row.text) == row.type);
    CHECK(text(row.type) == row.text);
    CHECK(size_bytes(row.type) == row.bytes);
    const auto modifier = find_modifier(row.text);
    REQUIRE(modifier);
    CHECK(type_of(*modifier) == row.type);
  }
  CHECK(find_type("global") == Type::kNone);
  CHECK(type_of(Modifier::kGlobal) == Type::kNone);
  CHECK(size_bytes(Type::kNone) == 0);
}

TEST_CASE("a suffix list holds its suffixes in order and refuses one too many", "[ptx]") {
  ModifierList list{Modifier::kRn, Modifier::kFtz, Modifier::kF32};
  CHECK(list.size() == 3);
  CHECK(list[1] == Modifier::kFtz);
  CHECK(list.back() == Modifier::kF32);
  CHECK(list.contains(Modifier::kRn));
  CHECK_FALSE(list.contains(Modifier::kRz));
  CHECK(list == ModifierList{Modifier::kRn, Modifier::kFtz, Modifier::kF32});
  CHECK_FALSE(list == ModifierList{Modifier::kRn, Modifier::kFtz});
  while (list.size() < ModifierList::kCapacity) REQUIRE(list.push_back(Modifier::kSync));
  CHECK_FALSE(list.push_back(Modifier::kSync));
  CHECK(list.size() == ModifierList::kCapacity);
}
