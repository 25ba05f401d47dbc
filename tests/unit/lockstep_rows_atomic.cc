#include <algorithm>

#include "lockstep/instruction_set.h"
#include "lockstep_rows.h"
#include "lockstep_rows_numbers.h"
#include "lockstep_rows_pattern.h"

// Definitions from PTX ISA "atom" and "red": every spelling of every row, in every space, on the lane's own
// memory.
namespace drillpress::lockstep::test {
namespace {

struct Type {
  const char* name;
  int bits;
  char letter;
  const char* values;
  const Format* format;  ///< of one element; null: an integer
};
const Type kTypes[] = {
    {"u32", 32, 'r', "int", nullptr},
    {"s32", 32, 'r', "int", nullptr},
    {"b32", 32, 'r', "int", nullptr},
    {"u64", 64, 'd', "int", nullptr},
    {"s64", 64, 'd', "int", nullptr},
    {"b64", 64, 'd', "int", nullptr},
    {"b16", 16, 'h', "int", nullptr},
    {"f32", 32, 'r', "f32", &kF32},
    {"f64", 64, 'd', "f64", &kF64},
    {"f16", 16, 'h', "f16", &kF16},
    {"bf16", 16, 'h', "bf16", &kBf16},
    {"f16x2", 32, 'r', "f16x2 numbers", &kF16},
    {"bf16x2", 32, 'r', "bf16x2 numbers", &kBf16},
};

std::int64_t extended(Bits v, int bits) {
  return static_cast<std::int64_t>(v << (64 - bits)) >> (64 - bits);
}

Bits float_sum(Bits a, Bits b, const Format& f, bool flushes) {
  if (&f == &kF64) return std::bit_cast<Bits>(std::bit_cast<double>(a) + std::bit_cast<double>(b));
  if (flushes) a = flushed(a, f), b = flushed(b, f);
  const Bits sum = encode(odd_sum(decode(a, f), decode(b, f)), kNearest, f);
  return flushes ? flushed(sum, f) : sum;
}

/// What memory holds after the operation. Sums of .f32 in global memory flush subnormals.
Bits after(const std::string& operation, const Type& type, bool global, Bits old, Bits b, Bits c) {
  const bool is_signed = type.name[0] == 's';
  auto less = [&](Bits x, Bits y) {
    return is_signed ? extended(x, type.bits) < extended(y, type.bits) : x < y;
  };
  if (operation == "and") return old & b;
  if (operation == "or") return old | b;
  if (operation == "xor") return old ^ b;
  if (operation == "exch") return b;
  if (operation == "cas") return old == b ? c : old;
  if (operation == "min") return less(b, old) ? b : old;
  if (operation == "max") return less(old, b) ? b : old;
  if (operation == "inc") return old >= b ? 0 : old + 1;
  if (operation == "dec") return old == 0 || old > b ? b : old - 1;
  if (type.format == nullptr) return old + b;
  const std::string name = type.name;
  if (name.find("x2") == std::string::npos) return float_sum(old, b, *type.format, global && name == "f32");
  return float_sum(old & 0xffff, b & 0xffff, *type.format, false) |
         float_sum(old >> 16, b >> 16, *type.format, false) << 16;
}

/// A place in memory: how to reach it, and the space that plain loads and stores of it name.
struct Target {
  std::string address, space, before;
};
std::vector<Target> targets(const std::string& form) {
  if (has_suffix(form, "global")) return {{"%global", "global", ""}};
  for (const char* shared : {"shared", "shared::cta", "shared::cluster"}) {
    if (has_suffix(form, shared)) return {{"%shared", "shared", ""}};
  }
  return {{"%global", "global", ""}, {"%nowhere", "shared", "cvta.shared.u64 %nowhere, %shared; "}};
}

void add(std::vector<RowCase>& rows, const std::string& form, const std::string& operation,
         const Type& type) {
  const bool reduces = form.rfind("red", 0) == 0, swaps = operation == "cas";
  const std::string r = std::string("%") + type.letter, bits = std::to_string(type.bits);
  for (const Target& place : targets(form)) {
    const std::string plain = "%" + place.space;
    const std::string operands = " [" + place.address + "], " + r + "2" + (swaps ? ", " + r + "3" : "") +
                                 (has_suffix(form, "L2::cache_hint") ? ", %d4" : "") + ";";
    const std::string store =
        place.before + "st." + place.space + ".b" + bits + " [" + plain + "], " + r + "1; ";
    const std::string load = " ld." + place.space + ".b" + bits + " " + r + "d, [" + plain + "];";
    const char free_nan = type.format == &kF64 ? 'D' : type.letter;
    const std::string sources(swaps ? 3 : 2, type.letter);
    RowCase changed{form, free_nan + sources, {}, type.values};
    changed.definition = [=, &type, global = place.space == "global"](auto a, auto b, auto c) {
      return after(operation, type, global, a, b, c);
    };
    changed.text = "mov.b64 %d4, 0; " + store + form + (reduces ? "" : " " + r + "0,") + operands + load;
    rows.push_back(changed);
    if (reduces) continue;
    RowCase old{form, type.letter + sources, [](auto a, auto, auto) { return a; }, type.values};
    old.text = "mov.b64 %d4, 0; " + store + form + " " + r + "d," + operands;
    rows.push_back(old);
  }
}

int elements_of(const std::string& form) {
  return has_suffix(form, "v8") ? 8 : has_suffix(form, "v4") ? 4 : has_suffix(form, "v2") ? 2 : 1;
}

/// What one element of a vector becomes. Extremes are of numbers here, -0 below +0.
Bits vector_element(const std::string& operation, const Type& type, Bits old, Bits b) {
  if (operation == "add") return after(operation, type, true, old, b, 0);
  const Format& f = *type.format;
  const ExtremeForm form{operation == "min", false, false, false};
  if (type.bits == f.bits()) return extreme(old, b, form, f);
  return extreme(old & 0xffff, b & 0xffff, form, f) | extreme(old >> 16, b >> 16, form, f) << 16;
}

/// Elements hold the first and the third source in turn, and each meets the second.
void add_vector(std::vector<RowCase>& rows, const std::string& form, const std::string& operation,
                const Type& type) {
  const int n = elements_of(form), bytes = type.bits / 8;
  const bool reduces = form.rfind("red", 0) == 0;
  const std::string r = std::string("%") + type.letter, bits = std::to_string(type.bits);
  const std::string values =
      std::string(type.values).substr(0, std::string(type.values).find(' ')) + " numbers";
  for (const int observed : {0, n - 1}) {
    std::string stores = "mov.b64 %d4, 0; ", results = "{", operands = "{";
    for (int e = 0; e < n; ++e) {
      stores += "st.global.b" + bits + " [%global+" + std::to_string(bytes * e) + "], " + r +
                (e % 2 == 0 ? "1; " : "3; ");
      results +=
          (e == 0 ? "" : ", ") + r + (e == observed ? std::string("d") : std::string(1, "04567890"[e]));
      operands += (e == 0 ? "" : ", ") + r + "2";
    }
    const std::string instruction = form + " " + (reduces ? "" : results + "}, ") + "[%global], " + operands +
                                    "}" + (has_suffix(form, "L2::cache_hint") ? ", %d4; " : "; ");
    const std::string sources(3, type.letter);
    RowCase changed{form, type.letter + sources, {}, values};
    changed.definition = [=, &type](auto a, auto b, auto c) {
      return vector_element(operation, type, observed % 2 == 0 ? a : c, b);
    };
    changed.text = stores + instruction + "ld.global.b" + bits + " " + r + "d, [%global+" +
                   std::to_string(bytes * observed) + "];";
    rows.push_back(changed);
    if (reduces) continue;
    RowCase old{form, type.letter + sources, [=](auto a, auto, auto c) { return observed % 2 == 0 ? a : c; },
                values};
    old.text = stores + instruction;
    rows.push_back(old);
  }
}

}  // namespace

std::vector<RowCase> atomic_rows() {
  static const char* const operations[] = {"add", "min", "max", "inc",  "dec",
                                           "and", "or",  "xor", "exch", "cas"};
  std::vector<RowCase> rows;
  for (std::uint32_t k = 0; k < kInstructionRowCount; ++k) {
    const std::string pattern(kInstructionRows[k].pattern);
    if (pattern.rfind("atom", 0) != 0 && pattern.rfind("red{", 0) != 0) continue;
    const std::vector<std::string> forms = spellings(parse_pattern(pattern));
    for (const std::string& form : forms) {
      const std::vector<std::string> suffixes = split_form(form);
      const std::size_t first = rows.size();
      const auto type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                     [&](const Type& t) { return suffixes.back() == t.name; });
      // 128 bits have tests of their own.
      if (type == std::end(kTypes)) continue;
      for (const std::string operation : operations) {
        if (!has_suffix(form, operation)) continue;
        elements_of(form) == 1 ? add(rows, form, operation, *type) : add_vector(rows, form, operation, *type);
      }
      // Orders, scopes and hints change no result: fewer values do.
      if (suffixes.size() <= split_form(forms.front()).size()) continue;
      for (std::size_t row = first; row < rows.size(); ++row) {
        rows[row].values = rows[row].values == "int" ? "bits" : rows[row].values + " few";
      }
    }
  }
  return rows;
}

}  // namespace drillpress::lockstep::test
