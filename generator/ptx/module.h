// A PTX module as values: what the parser makes and the executor decodes. Nothing here knows how to run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ptx/modifier.h"
#include "ptx/opcode.h"
#include "ptx/type.h"

namespace drillpress::ptx {

/// State spaces, PTX ISA section "State Spaces". kGeneric: an address that may point into any of them.
enum class Space : std::uint8_t { kGeneric, kRegister, kConst, kGlobal, kLocal, kParam, kShared };

using RegisterId = std::uint32_t;  ///< index into Function::registers
using LabelId = std::uint32_t;     ///< index into Function::labels

struct Register {
  std::string name;
  Type type;
  bool operator==(const Register&) const = default;
};

/// Where an instruction came from in the program's source, by `.loc`; 0 means unknown.
struct Location {
  std::uint32_t file = 0;  ///< number of a `.file` directive
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  /// Index into Module::inline_sites of the call this was inlined at, or -1 (`.loc … inlined_at file line
  /// column`).
  std::int32_t inlined_at = -1;
  bool operator==(const Location&) const = default;
};

/// One operand. `kind` says which members mean something.
struct Operand {
  enum class Kind : std::uint8_t {
    kRegister,  ///< reg; negated for `!%p1`; reg2 for the `p|q` form (`p|_` is just p)
    /// bits as written; is_float with float_bits 32 (0f…, or decimal in .f32 context) or 64 (0d…)
    kImmediate,
    /// `[base+offset]`: base is a register (has_register), a symbol, or neither: offset is the address;
    /// elements: what follows the base in `[base, {x,y}]` (tensor coordinates, texture coordinates, …)
    kAddress,
    kSymbol,   ///< the address of a variable or function, plus offset (mov.u32 %r1, table+4)
    kLabel,    ///< `bra`: label is the target; `brx.idx`: label indexes Function::branch_targets
    kSpecial,  ///< %tid.x and its like: name with component as written, e.g. "%tid.x", "%laneid", "%clock64"
    kVector,   ///< `{a, b, …}`: elements
    kSink,     ///< `_`; with reg2 for `_|q`
  };
  Kind kind = Kind::kSink;
  bool negated = false;             ///< `!p`
  bool arithmetic_negated = false;  ///< `-x` before a register where the manual allows it
  bool is_float = false;
  std::uint8_t float_bits = 0;
  bool has_register = false;  ///< kAddress: `reg` is the base
  RegisterId reg = 0;
  std::optional<RegisterId> reg2;  ///< second of a `p|q` pair
  std::string selector;     ///< the part of a register that a video instruction takes, as written: "b0", "h1"
  std::uint64_t bits = 0;   ///< kImmediate: two's complement (64 bits) or the IEEE bits
  std::int64_t offset = 0;  ///< kAddress, kSymbol
  std::string symbol;       ///< kSymbol, kAddress with a symbol, kSpecial, unresolved names
  LabelId label = 0;
  std::vector<Operand> elements;
  bool operator==(const Operand&) const = default;
};

struct Instruction {
  Opcode opcode;
  ModifierList modifiers;  ///< every dot suffix in the order written, types included
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
  bool operator==(const Instruction&) const = default;
};

/// A variable of any space but registers; parameters are variables of space kParam.
struct Variable {
  std::string name;
  Space space = Space::kGlobal;
  Type type = Type::kB8;
  std::uint32_t alignment = 1;
  std::uint64_t size_bytes = 0;  ///< all elements; 0 for an unsized `extern .shared x[]`
  bool is_extern = false;
  bool is_visible = false;                ///< .visible, .weak or .common
  bool is_weak = false;                   ///< .weak or .common: another module may define it too
  bool is_managed = false;                ///< .attribute(.managed)
  bool is_pointer = false;                ///< a parameter with `.ptr`
  Space pointer_space = Space::kGeneric;  ///< where a `.ptr` parameter points
  std::uint32_t pointer_alignment = 0;    ///< and how what it points at is aligned; 0: not given
  /// The first bytes of the value; what it does not reach is zero. Empty: all zeros.
  std::vector<std::uint8_t> initializer;
  /// Addresses inside the initializer: size_bytes bytes at `offset` hold those of the address of `symbol`
  /// plus `addend`, from its byte `first_byte` up (which is not 0 only where the mask operator, `0xFF00(x)`,
  /// picks part of it). `generic`: the generic address, else the address within the symbol's space. The bytes
  /// of the initializer there are zero.
  struct Relocation {
    std::uint64_t offset;
    std::string symbol;
    std::int64_t addend;
    bool generic;
    std::uint32_t size_bytes = 8;
    std::uint32_t first_byte = 0;
    bool operator==(const Relocation&) const = default;
  };
  std::vector<Relocation> relocations;
  bool operator==(const Variable&) const = default;
};

struct Label {
  std::string name;
  std::uint32_t target = 0;  ///< index of the instruction that follows it; may equal instructions.size()
  bool operator==(const Label&) const = default;
};

/// `.callprototype` of an indirect call.
struct Prototype {
  std::string name;
  std::vector<Variable> returns;
  std::vector<Variable> parameters;
  bool is_noreturn = false;
  bool operator==(const Prototype&) const = default;
};

/// `.branchtargets` list of an indirect branch.
struct BranchTargets {
  std::string name;
  std::vector<LabelId> labels;
  bool operator==(const BranchTargets&) const = default;
};

/// `.calltargets` list of an indirect call.
struct CallTargets {
  std::string name;
  std::vector<std::string> functions;
  bool operator==(const CallTargets&) const = default;
};

/// `.pragma "text";`, which speaks of the instruction or loop that follows: "nounroll"; "used_bytes_mask
/// 4095" (the bytes of the next load that the program uses).
struct Pragma {
  std::string text;
  std::uint32_t target = 0;  ///< index of the instruction that follows it; may equal instructions.size()
  bool operator==(const Pragma&) const = default;
};

struct Function {
  std::string name;
  bool is_entry = false;
  bool is_declaration = false;  ///< no body (extern, or forward)
  bool is_visible = false;
  bool is_weak = false;
  bool is_noreturn = false;
  std::vector<Variable> returns;     ///< .func (ret) params
  std::vector<Variable> parameters;  ///< kernel or function parameters in order
  std::vector<Register> registers;
  /// Variables declared in the body (.local, .shared, .param of call sequences, .const, .global). Names are
  /// made unique by the parser where an inner scope reuses one.
  std::vector<Variable> variables;
  std::vector<Label> labels;
  std::vector<Prototype> prototypes;
  std::vector<BranchTargets> branch_targets;
  std::vector<CallTargets> call_targets;
  std::vector<Instruction> instructions;
  std::uint32_t max_threads[3] = {0, 0, 0};       ///< .maxntid, 0: absent
  std::uint32_t required_threads[3] = {0, 0, 0};  ///< .reqntid
  std::uint32_t min_blocks_per_multiprocessor = 0;
  std::uint32_t max_registers = 0;                           ///< .maxnreg, 0: absent
  std::uint32_t required_blocks_per_cluster[3] = {0, 0, 0};  ///< .reqnctapercluster, 0: absent
  std::uint32_t max_blocks_per_cluster = 0;                  ///< .maxclusterrank, 0: absent
  bool is_explicit_cluster = false;                          ///< .explicitcluster
  bool launches_in_clusters = false;                         ///< .blocksareclusters
  std::vector<Pragma> pragmas;                               ///< in order
  std::uint32_t ptx_line = 0;
  bool operator==(const Function&) const = default;
};

/// `.alias name, function;`: another name of a function.
struct Alias {
  std::string name;
  std::string function;
  bool operator==(const Alias&) const = default;
};

struct SourceFile {
  std::uint32_t number;
  std::string path;
  bool operator==(const SourceFile&) const = default;
};

struct InlineSite {
  Location location;     ///< of the call
  std::string function;  ///< name of the inlined function where PTX gives it
  bool operator==(const InlineSite&) const = default;
};

struct Module {
  std::uint32_t version_major = 0, version_minor = 0;
  std::string target;             ///< "sm_90", "sm_90a"
  std::vector<Variable> globals;  ///< module-level .global, .const, .shared
  std::vector<Function> functions;
  std::vector<Alias> aliases;
  std::vector<SourceFile> files;
  std::vector<InlineSite> inline_sites;
  bool operator==(const Module&) const = default;
};

}  // namespace drillpress::ptx
