// A PTX module as values: what the parser makes and the executor decodes. Nothing here knows how to run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ptx/modifier.h"
#include "ptx/opcode.h"

namespace drillpress::ptx {

/// State spaces, PTX ISA section "State Spaces". kGeneric: an address that may point into any of them.
enum class Space : std::uint8_t { kGeneric, kRegister, kConst, kGlobal, kLocal, kParam, kShared };

/// Fundamental types, PTX ISA section "Fundamental Types", with the packed and alternate floating-point ones.
enum class Type : std::uint8_t {
  kNone,
  kB8, kB16, kB32, kB64, kB128,
  kU8, kU16, kU32, kU64,
  kS8, kS16, kS32, kS64,
  kF16, kF16x2, kBF16, kBF16x2, kTF32, kE4M3, kE5M2, kE4M3x2, kE5M2x2,
  kF32, kF32x2, kF64,
  kPred,
};
std::uint32_t size_bytes(Type type);  ///< 0 for kPred and kNone

using RegisterId = std::uint32_t;  ///< index into Function::registers
using LabelId = std::uint32_t;     ///< index into Function::labels

struct Register {
  std::string name;
  Type type;
};

/// Where an instruction came from in the program's source, by `.loc`; 0 means unknown.
struct Location {
  std::uint32_t file = 0;  ///< number of a `.file` directive
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  /// Index into Module::inline_sites of the call this was inlined at, or -1 (`.loc … inlined_at file line column`).
  std::int32_t inlined_at = -1;
};

/// One operand. `kind` says which members mean something.
struct Operand {
  enum class Kind : std::uint8_t {
    kRegister,   ///< reg; negated for `!%p1`; pair for the `p|q` form (reg|reg2, either may be a sink)
    kImmediate,  ///< bits as written; is_float with float_bits 32 (0f…, or decimal in .f32 context) or 64 (0d…)
    kAddress,    ///< `[base+offset]`: base is a register (has_register) or symbol, or an absolute immediate
    kSymbol,     ///< the address of a variable or function, plus offset (mov.u32 %r1, table+4)
    kLabel,      ///< a branch target, or the name of a .branchtargets / .callprototype / .calltargets label
    kSpecial,    ///< %tid.x and its like: name with component as written, e.g. "%tid.x", "%laneid", "%clock64"
    kVector,     ///< `{a, b, …}`: elements
    kSink,       ///< `_`
  };
  Kind kind = Kind::kSink;
  bool negated = false;       ///< `!p`
  bool arithmetic_negated = false;  ///< `-x` before a register where the manual allows it
  bool is_float = false;
  std::uint8_t float_bits = 0;
  bool has_register = false;  ///< kAddress: `reg` is the base
  RegisterId reg = 0;
  std::optional<RegisterId> reg2;  ///< second of a `p|q` pair
  std::uint64_t bits = 0;     ///< kImmediate: two's complement (64 bits) or the IEEE bits
  std::int64_t offset = 0;    ///< kAddress, kSymbol
  std::string symbol;         ///< kSymbol, kAddress with a symbol, kSpecial, unresolved names
  LabelId label = 0;
  std::vector<Operand> elements;
};

struct Instruction {
  Opcode opcode;
  std::vector<Modifier> modifiers;  ///< every dot suffix in the order written, types included
  bool guarded = false;
  bool guard_negated = false;
  RegisterId guard = 0;
  std::vector<Operand> operands;
  /// `call` only: (return), callee, (arguments), prototype. Callee is operands[0] (kSymbol or kRegister).
  std::vector<Operand> call_returns;
  std::vector<Operand> call_arguments;
  std::string call_prototype;  ///< label of the .callprototype / .calltargets of an indirect call
  Location location;
  std::uint32_t ptx_line = 0;  ///< 1-based line in the PTX text
};

/// A variable of any space but registers; parameters are variables of space kParam.
struct Variable {
  std::string name;
  Space space = Space::kGlobal;
  Type type = Type::kB8;
  std::uint32_t alignment = 1;
  std::uint64_t size_bytes = 0;   ///< all elements; 0 for an unsized `extern .shared x[]`
  bool is_extern = false;
  bool is_visible = false;        ///< .visible, .weak or .common
  bool is_managed = false;        ///< .attribute(.managed)
  std::vector<std::uint8_t> initializer;  ///< empty: zeros
  /// Addresses inside the initializer: 8 bytes at `offset` hold the (generic) address of `symbol` plus `addend`.
  struct Relocation {
    std::uint64_t offset;
    std::string symbol;
    std::int64_t addend;
    bool generic;
    std::uint32_t size_bytes = 8;
  };
  std::vector<Relocation> relocations;
};

struct Label {
  std::string name;
  std::uint32_t target = 0;  ///< index of the instruction that follows it; may equal instructions.size()
};

/// `.callprototype` of an indirect call.
struct Prototype {
  std::string name;
  std::vector<Variable> returns;
  std::vector<Variable> parameters;
};

/// `.branchtargets` list of an indirect branch.
struct BranchTargets {
  std::string name;
  std::vector<LabelId> labels;
};

struct Function {
  std::string name;
  bool is_entry = false;
  bool is_declaration = false;  ///< no body (extern, or forward)
  bool is_visible = false;
  bool is_weak = false;
  std::vector<Variable> returns;     ///< .func (ret) params
  std::vector<Variable> parameters;  ///< kernel or function parameters in order
  std::vector<Register> registers;
  /// Variables declared in the body (.local, .shared, .param of call sequences, .const, .global). Names are made
  /// unique by the parser where an inner scope reuses one.
  std::vector<Variable> variables;
  std::vector<Label> labels;
  std::vector<Prototype> prototypes;
  std::vector<BranchTargets> branch_targets;
  std::vector<Instruction> instructions;
  std::uint32_t max_threads[3] = {0, 0, 0};       ///< .maxntid, 0: absent
  std::uint32_t required_threads[3] = {0, 0, 0};  ///< .reqntid
  std::uint32_t min_blocks_per_multiprocessor = 0;
  std::uint32_t ptx_line = 0;
};

struct SourceFile {
  std::uint32_t number;
  std::string path;
};

struct InlineSite {
  Location location;         ///< of the call
  std::string function;      ///< name of the inlined function where PTX gives it
};

struct Module {
  std::uint32_t version_major = 0, version_minor = 0;
  std::string target;  ///< "sm_90", "sm_90a"
  std::vector<Variable> globals;  ///< module-level .global, .const, .shared
  std::vector<Function> functions;
  std::vector<SourceFile> files;
  std::vector<InlineSite> inline_sites;
};

}  // namespace drillpress::ptx
