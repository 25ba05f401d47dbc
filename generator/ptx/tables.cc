// The lookups of opcode.h, modifier.h and type.h, made from their .def files.
#include "ptx/modifier.h"
#include "ptx/name_table.h"
#include "ptx/opcode.h"
#include "ptx/type.h"

namespace drillpress::ptx {
namespace {

constexpr NameTable kOpcodes(std::to_array<std::string_view>({
#define OPCODE(enumerator, name, section) name,
#include "ptx/opcodes.def"
#undef OPCODE
}));

constexpr auto kSections = std::to_array<std::string_view>({
#define OPCODE(enumerator, name, section) section,
#include "ptx/opcodes.def"
#undef OPCODE
});

constexpr NameTable kModifiers(std::to_array<std::string_view>({
#define MODIFIER(enumerator, text) text,
#include "ptx/modifiers.def"
#undef MODIFIER
}));

constexpr auto kTypeNames = std::to_array<std::string_view>({
#define TYPE(enumerator, text, bytes) text,
#include "ptx/types.def"
#undef TYPE
});
constexpr NameTable kTypes(kTypeNames);

constexpr auto kTypeSizes = std::to_array<std::uint8_t>({
#define TYPE(enumerator, text, bytes) bytes,
#include "ptx/types.def"
#undef TYPE
});

}  // namespace

std::string_view name(Opcode opcode) {
  return kOpcodes[static_cast<std::size_t>(opcode)];
}
std::string_view manual_section(Opcode opcode) {
  return kSections[static_cast<std::size_t>(opcode)];
}
std::optional<Opcode> find_opcode(std::string_view name) {
  const auto index = kOpcodes.find(name);
  return index ? std::optional(static_cast<Opcode>(*index)) : std::nullopt;
}

std::string_view text(Modifier modifier) {
  return kModifiers[static_cast<std::size_t>(modifier)];
}
std::optional<Modifier> find_modifier(std::string_view text) {
  const auto index = kModifiers.find(text);
  return index ? std::optional(static_cast<Modifier>(*index)) : std::nullopt;
}

std::uint32_t size_bytes(Type type) {
  return type == Type::kNone ? 0U : kTypeSizes[static_cast<std::size_t>(type) - 1];
}
std::string_view text(Type type) {
  return type == Type::kNone ? std::string_view() : kTypeNames[static_cast<std::size_t>(type) - 1];
}
Type find_type(std::string_view text) {
  const auto index = kTypes.find(text);
  return index ? static_cast<Type>(*index + 1) : Type::kNone;
}
Type type_of(Modifier modifier) {
  switch (modifier) {
#define TYPE(enumerator, text, bytes) \
  case Modifier::enumerator:          \
    return Type::enumerator;
#include "ptx/types.def"
#undef TYPE
    default:
      return Type::kNone;
  }
}

}  // namespace drillpress::ptx
