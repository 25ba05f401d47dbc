// A kernel decoded for execution: dense arrays of operations with operands resolved to rows of lanes.
// Immutable once built; shared by every host thread that runs it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ptx/module.h"

namespace drillpress::lockstep {

constexpr std::uint32_t kLanes = 32;
constexpr std::uint32_t kFullMask = 0xffffffffu;

/// Generic addresses of the windows lie where no host pointer can (not canonical on x86-64), so that the high
/// 16 bits name the space and 0 means global memory.
constexpr unsigned kSpaceShift = 48;
/// What a block's shared memory has beside the kernel's own, for the system: a kilobyte (CUDA C++ Programming
/// Guide, "Compute Capability 8.x", shared memory), of which cooperative groups count on 288 bytes.
constexpr std::uint32_t kReservedSharedBytes = 1024;
constexpr std::uint64_t kSharedWindow = 1ull << kSpaceShift;
constexpr std::uint64_t kLocalWindow = 2ull << kSpaceShift;
constexpr std::uint64_t kParameterWindow = 3ull << kSpaceShift;
constexpr std::uint64_t kCodeWindow = 4ull << kSpaceShift;  ///< + 16 × (index of the function + 1)

struct Warp;
struct Op;
using Handler = void (*)(Warp&, const Op&, std::uint32_t mask);

/// Where the 32 lanes of an operand are: a byte offset into the frame's registers, or with kPoolRow set into
/// the function's pool of constants. Lanes are 4 bytes up to 32 bits (zero-extended), 8 above. A register of
/// 128 bits is two rows of 8-byte lanes, the lower halves first.
using RowRef = std::uint32_t;
constexpr RowRef kPoolRow = 0x80000000u;
constexpr RowRef kUpperHalf = 8 * kLanes;  ///< from the lower halves of a 128-bit register to the upper ones

/// Predicates are 32-bit masks, one per register of a frame. The first ones are fixed.
enum FixedPredicate : std::uint16_t { kTruePredicate, kSinkPredicate, kCarryPredicate, kFirstPredicate };

/// What a handler needs to know beyond its operands; set from the modifiers.
enum OpFlag : std::uint32_t {
  kFtz = 1u << 0,
  kSat = 1u << 1,
  kCarryOut = 1u << 2,
  kWideRow = 1u << 3,     ///< ld, cvt: the destination's lanes have 8 bytes; st: the source's; bulk copy: the
                          ///< mbarrier's address
  kResultUsed = 1u << 4,  ///< atom: somebody reads the destination
  kParameter = 1u << 5,   ///< ld/st of call parameters: local memory, but not counted as such
  kRelu = 1u << 6,
  kNaNPropagate = 1u << 7,
  kRoundShift = 8,        ///< two bits: 0 nearest even, 1 zero, 2 minus infinity, 3 plus infinity
  kAligned = 1u << 10,    ///< bar: every thread of the warp must execute it together
  kHasSecond = 1u << 11,  ///< setp, shfl, match: the second destination is wanted
  kBallot = 1u << 12,
  kSatFinite = 1u << 13,
  kApprox = 1u << 14,
  kXorSign = 1u << 15,
  kRoundInteger = 1u << 16,  ///< cvt: round to an integral value (.rni, .rzi, …)
  kAbs = 1u << 17,
  kPolls = 1u << 18,         ///< its result depends on when others act: counts towards fairness
  kCountOperand = 1u << 19,  ///< bar: has an explicit thread count
  kReadOnly = 1u << 20,
  kSourceSigned = 1u << 21,
  kBooleanShift = 22,         ///< setp, set: two bits: 0 none, 1 and, 2 or, 3 xor
  kFloatResult = 1u << 24,    ///< set: 1.0f instead of all ones
  kFrameRelative = 1u << 25,  ///< the address counts from the local frame of the function
  kTransposed = 1u << 26,     ///< ldmatrix, stmatrix: by columns
  kIgnoreSource = 1u << 29,   ///< cp.async: lanes whose predicate source holds copy zeros
  kNoComplete = 1u << 30,     ///< mbarrier.arrive: must not end the phase
  kMeetsAnywhere = 1u << 28,  ///< bar.warp.sync: lanes may meet at different ones
  kWideAddress = 1u << 27,    ///< the address operand is a row of 8-byte lanes
};

/// How an operation is counted; see counters.cc.
enum class OpClass : std::uint8_t {
  kMove,
  kInteger,
  kFp16,
  kFp32,
  kFp64,
  kSpecial,
  kTensor,
  kLoad,
  kStore,
  kAtomic,
  kBranch,
  kBarrier,
  kOther,
  kSynthetic,
};

struct alignas(64) Op {
  Handler handler = nullptr;
  RowRef d = 0, a = 0, b = 0, c = 0, e = 0;
  std::uint32_t flags = 0;
  std::uint32_t guard_flip = 0;  ///< 0, or all ones for `@!p`
  std::uint32_t target = 0;      ///< branch: index in the function's code; else index into a side table
  std::int64_t immediate = 0;    ///< offset of an address, or what the handler says
  std::uint16_t guard = kTruePredicate;
  std::uint16_t p = kSinkPredicate, q = kSinkPredicate;  ///< predicate destinations
  std::uint16_t pa = kTruePredicate;                     ///< predicate source
  std::uint32_t index = 0;                               ///< in the program: its counter row and its origin
  bool pa_negated = false;
  bool leader = false;        ///< first of a basic block
  std::uint8_t space = 0;     ///< ptx::Space of a memory operation
  std::uint8_t elements = 1;  ///< of a vector access
};
static_assert(sizeof(Op) == 64);

/// Where an operation came from, for findings, faults and counters.
struct Origin {
  const ptx::Instruction* instruction = nullptr;
  std::uint32_t function = 0;   ///< index in the module
  std::uint32_t line = 0;       ///< index into Program::lines
  std::uint32_t told_line = 0;  ///< the same, for findings and faults: never line 0 where another is near
  OpClass op_class = OpClass::kOther;
  bool in_library = false;       ///< of a kernel of CUB or Thrust, or inlined from them
  std::uint16_t bytes = 0;       ///< per lane, of a memory access
  std::uint32_t operations = 1;  ///< arithmetic operations per lane (FMA: 2)
};

/// A special register that a function reads: a row set when a frame begins.
enum class Special : std::uint8_t {
  kTidX,
  kTidY,
  kTidZ,
  kNtidX,
  kNtidY,
  kNtidZ,
  kCtaidX,
  kCtaidY,
  kCtaidZ,
  kNctaidX,
  kNctaidY,
  kNctaidZ,
  kLaneId,
  kWarpId,
  kNwarpId,
  kSmId,
  kNsmId,
  kGridId,
  kLanemaskEq,
  kLanemaskLe,
  kLanemaskLt,
  kLanemaskGe,
  kLanemaskGt,
  kTotalSmemSize,
  kDynamicSmemSize,
  kReservedSmem,
  kEnvreg1,
  kEnvreg2,
  kZero,
  kOne,
};
struct SpecialRow {
  Special special;
  bool wide;
  RowRef row;
};

struct Parameter {
  std::uint32_t offset = 0;
  std::uint32_t size_bytes = 0;
};

/// One call in the code: what to copy where when it happens.
struct CallSite {
  enum class Target : std::uint8_t { kFunction, kIndirect, kPrintf, kMalloc, kFree, kAssert, kUnknown };
  Target kind = Target::kUnknown;
  std::uint32_t function = 0;  ///< index into Program::functions
  RowRef address = 0;          ///< of an indirect call
  std::string name;
  std::vector<Parameter> arguments;  ///< offsets in the caller's local frame
  std::vector<Parameter> returns;
};

/// The second address of an operation that copies; the first is in the Op.
struct SourceAddress {
  RowRef row = 0;
  bool is_wide = false;         ///< the row has 8-byte lanes
  bool frame_relative = false;  ///< see kFrameRelative
  std::uint8_t space = 0;       ///< ptx::Space
  std::int64_t offset = 0;
};

/// What an element of a matrix is.
enum class Element : std::uint8_t {
  kF16,
  kBF16,
  kTF32,
  kF32,
  kF64,
  kE4M3,
  kE5M2,
  kS8,
  kU8,
  kS4,
  kU4,
  kS32,
  kB1
};

/// A matrix spread over registers of the 32 lanes.
struct Fragment {
  Element element = Element::kF32;
  std::uint8_t bits = 32;            ///< of an element
  std::uint8_t per_register = 1;     ///< elements in one register of one lane
  std::uint8_t lane_bytes = 4;       ///< of a register
  std::vector<RowRef> rows;          ///< its registers
  std::vector<std::uint16_t> place;  ///< [register][lane][element]: where the element is in the matrix
  /// The matrix is `outer` vectors of `inner` elements: A by rows, B by columns, C and D by rows.
  std::uint32_t outer = 0, inner = 0;
};

/// mma, wmma.mma: D = A×B + C. wmma.load and wmma.store use `d` alone.
struct MatrixOperation {
  std::uint32_t m = 0, n = 0, k = 0;
  std::uint32_t batches = 1;  ///< independent products: 4 in mma.m8n8k4 of halves
  Fragment a, b, c, d;
  bool across = false;  ///< load, store: neighbours in memory are of different `inner` vectors
};

struct DecodedFunction {
  const ptx::Function* source = nullptr;
  std::uint32_t module_index = 0;
  std::vector<Op> code;
  std::vector<char> pool;            ///< rows of constants
  std::uint32_t register_bytes = 0;  ///< of a frame's register rows
  std::uint32_t predicate_count = kFirstPredicate;
  std::vector<SpecialRow> specials;
  std::vector<CallSite> calls;
  std::vector<std::vector<std::uint32_t>> branch_tables;
  std::vector<MatrixOperation> matrices;        ///< by Op::target
  std::vector<SourceAddress> source_addresses;  ///< by Op::target
  std::vector<std::vector<RowRef>> row_lists;  ///< of operations with more rows than an Op has, by Op::target
  std::uint32_t local_bytes = 0;               ///< of a frame, per lane
  std::vector<Parameter> parameters;           ///< in the local frame, or for an entry in the parameter block
  std::vector<Parameter> returns;              ///< in the local frame
};

struct SharedLayout {
  std::uint32_t static_bytes = 0;
  std::unordered_map<std::string, std::uint32_t> offsets;
};

struct LineOfProgram {
  std::string file;
  std::uint32_t line = 0;
};

struct Program {
  std::vector<std::unique_ptr<DecodedFunction>> functions;  ///< [0] is the kernel
  std::unordered_map<std::uint32_t, std::uint32_t> by_module_index;
  std::vector<Origin> origins;  ///< by Op::index
  std::vector<LineOfProgram> lines;
  SharedLayout shared;
  std::uint32_t stack_bytes = 0;  ///< per lane, for the deepest chain of calls
  bool unbounded_calls = false;   ///< recursive or indirect: they may need more
  /// The result depends on the order in which blocks run (atomics with results, floating-point atomics,
  /// volatile or ordered loads, device malloc): such a launch runs on one host thread, so that it is the same
  /// every time.
  bool order_dependent = false;
  bool reserves_shared = false;  ///< asks where the system's part of shared memory is
  std::vector<std::string> unsupported;
};

}  // namespace drillpress::lockstep
