#include "lockstep/handlers.h"

// Integer arithmetic. Signed arithmetic wraps, so it is computed unsigned.
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

template <typename T>
DRILLPRESS_INLINE T clamp_to(s64 value, s64 low, s64 high) {
  return static_cast<T>(value < low ? low : value > high ? high : value);
}
DRILLPRESS_INLINE s32 saturate_s32(s64 value) {
  return clamp_to<s32>(value, INT32_MIN, INT32_MAX);
}

/// Division by zero gives all ones (unsigned) on the devices that PTX runs on; the manual leaves it
/// unspecified.
template <typename T>
DRILLPRESS_INLINE T divide(T a, T b) {
  if (b == 0) return static_cast<T>(-1);
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(a));
  }
  return static_cast<T>(a / b);
}
template <typename T>
DRILLPRESS_INLINE T remainder(T a, T b) {
  if (b == 0) return a;
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return 0;
  }
  return static_cast<T>(a % b);
}

template <typename T>
DRILLPRESS_INLINE T high_product(T a, T b) {
  if constexpr (sizeof(T) == 8) {
    using Wide = std::conditional_t<std::is_signed_v<T>, s128, u128>;
    return static_cast<T>(static_cast<Wide>(a) * b >> 64);
  } else {
    using Wide = std::conditional_t<std::is_signed_v<T>, s64, u64>;
    return static_cast<T>(static_cast<Wide>(a) * b >> (8 * sizeof(T)));
  }
}

template <typename T>
DRILLPRESS_INLINE T sum_of_absolute_difference(T a, T b, T c) {
  using U = std::make_unsigned_t<T>;
  const U difference =
      static_cast<U>(a < b ? static_cast<U>(b) - static_cast<U>(a) : static_cast<U>(a) - static_cast<U>(b));
  return static_cast<T>(static_cast<U>(static_cast<U>(c) + difference));
}

/// a + b + carry per lane; the carry flag is that of the unsigned sum. Subtraction is a + ~b + 1, so that its
/// flag is set when nothing was borrowed, which is what subc and addc after it expect.
template <typename U, bool kSubtract, bool kUseCarry>
DRILLPRESS_INLINE void add_with_carry(Warp& w, const Op& op, u32 mask) {
  const Lane<U>* a = w.source<Lane<U>>(op.a);
  const Lane<U>* b = w.source<Lane<U>>(op.b);
  Lane<U>* d = w.destination<Lane<U>>(op.d);
  const u32 carry_in = kUseCarry ? w.predicates[kCarryPredicate] : (kSubtract ? kFullMask : 0u);
  u32 carry_out = 0;
  for_each_lane(mask, [&](u32 i) {
    const U x = static_cast<U>(a[i]);
    const U y = kSubtract ? static_cast<U>(~b[i]) : static_cast<U>(b[i]);
    const u128 sum = static_cast<u128>(x) + y + (carry_in >> i & 1u);
    d[i] = static_cast<U>(sum);
    carry_out |= static_cast<u32>(sum >> (8 * sizeof(U)) & 1u) << i;
  });
  if (has(op, kCarryOut)) w.set_predicate(kCarryPredicate, mask, carry_out);
}

/// Low or high half of a × b, plus c, plus the carry when kUseCarry.
template <typename T, bool kHigh, bool kUseCarry>
DRILLPRESS_INLINE void multiply_add_with_carry(Warp& w, const Op& op, u32 mask) {
  using U = std::make_unsigned_t<T>;
  const Lane<T>* a = w.source<Lane<T>>(op.a);
  const Lane<T>* b = w.source<Lane<T>>(op.b);
  const Lane<T>* c = w.source<Lane<T>>(op.c);
  Lane<T>* d = w.destination<Lane<T>>(op.d);
  const u32 carry_in = kUseCarry ? w.predicates[kCarryPredicate] : 0u;
  u32 carry_out = 0;
  for_each_lane(mask, [&](u32 i) {
    const U product = kHigh ? static_cast<U>(high_product(from_lane<T>(a[i]), from_lane<T>(b[i])))
                            : static_cast<U>(static_cast<U>(a[i]) * static_cast<U>(b[i]));
    const u128 sum = static_cast<u128>(product) + static_cast<U>(c[i]) + (carry_in >> i & 1u);
    d[i] = static_cast<U>(sum);
    carry_out |= static_cast<u32>(sum >> (8 * sizeof(U)) & 1u) << i;
  });
  if (has(op, kCarryOut)) w.set_predicate(kCarryPredicate, mask, carry_out);
}

DRILLPRESS_INLINE s32 low_24_signed(s32 a) {
  return static_cast<s32>(static_cast<u32>(a) << 8) >> 8;
}
DRILLPRESS_INLINE s64 product_24_s32(s32 a, s32 b) {
  return static_cast<s64>(low_24_signed(a)) * low_24_signed(b);
}
DRILLPRESS_INLINE u64 product_24_u32(u32 a, u32 b) {
  return static_cast<u64>(a & 0xffffffu) * (b & 0xffffffu);
}

template <typename F>
DRILLPRESS_INLINE u32 halves(u32 a, u32 b, F f) {
  return static_cast<u32>(static_cast<u16>(f(static_cast<u16>(a), static_cast<u16>(b)))) |
         static_cast<u32>(static_cast<u16>(f(static_cast<u16>(a >> 16), static_cast<u16>(b >> 16)))) << 16;
}

/// Position of the highest bit that differs from the sign, or all ones.
template <typename T>
DRILLPRESS_INLINE u32 find_bit(T a, bool shift_amount) {
  using U = std::make_unsigned_t<T>;
  U bits = static_cast<U>(a);
  if (std::is_signed_v<T> && a < 0) bits = ~bits;
  if (bits == 0) return kFullMask;
  const u32 position = 8 * sizeof(T) - 1 - static_cast<u32>(std::countl_zero(bits));
  return shift_amount ? 8 * sizeof(T) - 1 - position : position;
}

/// Bit field of `length` bits from `position`; what lies beyond the top is the sign (the manual's
/// pseudo-code).
template <typename T>
DRILLPRESS_INLINE T extract_field(T a, u32 position, u32 length) {
  using U = std::make_unsigned_t<T>;
  constexpr u32 kTop = 8 * sizeof(T) - 1;
  const U bits = static_cast<U>(a);
  const u32 pos = position & 0xff, len = length & 0xff;
  const bool sign =
      std::is_signed_v<T> && len != 0 && (bits >> (pos + len - 1 < kTop ? pos + len - 1 : kTop) & 1) != 0;
  const U field = pos > kTop ? U{0} : static_cast<U>(bits >> pos);
  const u32 available = pos > kTop ? 0 : kTop + 1 - pos;
  const u32 kept = len < available ? len : available;
  const U low_mask = kept > kTop ? ~U{0} : static_cast<U>((U{1} << kept) - 1);
  return static_cast<T>((field & low_mask) | (sign ? static_cast<U>(~low_mask) : U{0}));
}

template <typename U>
DRILLPRESS_INLINE U insert_field(U a, U b, u32 position, u32 length) {
  constexpr u32 kBits = 8 * sizeof(U);
  const u32 pos = position & 0xff, len = length & 0xff;
  if (pos >= kBits || len == 0) return b;
  const U mask = static_cast<U>((len >= kBits ? ~U{0} : (U{1} << len) - 1) << pos);
  return (b & ~mask) | ((a << pos) & mask);
}

template <typename U>
DRILLPRESS_INLINE U reverse_bits(U a) {
  U result = 0;
  for (u32 i = 0; i < 8 * sizeof(U); ++i) result |= (a >> i & 1) << (8 * sizeof(U) - 1 - i);
  return result;
}

/// The offset-th set bit from the base, upwards for a positive offset (PTX ISA "fns").
DRILLPRESS_INLINE u32 find_nth_set(u32 value, u32 base, s32 offset) {
  if (offset == 0) return base < 32 && (value >> base & 1u) != 0 ? base : kFullMask;
  const s32 step = offset > 0 ? 1 : -1;
  s32 left = offset > 0 ? offset : -offset;
  for (s64 position = base; position >= 0 && position < 32; position += step) {
    if ((value >> position & 1u) != 0 && --left == 0) return static_cast<u32>(position);
  }
  return kFullMask;
}

DRILLPRESS_INLINE u32 sign_extend(u32 a, u32 n, bool is_signed, bool clamp) {
  const u32 bits = clamp ? (n > 32 ? 32 : n) : n & 31u;
  if (bits == 0) return 0;
  if (bits == 32) return a;
  const u32 low = a & ((1u << bits) - 1);
  return is_signed && (low >> (bits - 1) & 1u) != 0 ? low | ~((1u << bits) - 1) : low;
}

DRILLPRESS_INLINE u32 bit_mask(u32 a, u32 b, bool clamp) {
  const u32 start = clamp ? (a > 32 ? 32 : a) : a & 31u;
  const u32 width = clamp ? (b > 32 ? 32 : b) : b & 31u;
  const u64 ones = ((u64{1} << width) - 1) << start;
  return static_cast<u32>(ones);
}

template <typename A, typename B>
DRILLPRESS_INLINE u32 dot_bytes(u32 a, u32 b, u32 c) {
  u32 sum = c;
  for (u32 k = 0; k < 32; k += 8) {
    sum +=
        static_cast<u32>(static_cast<s32>(static_cast<A>(a >> k)) * static_cast<s32>(static_cast<B>(b >> k)));
  }
  return sum;
}
/// Two 16-bit numbers of a with two bytes of b, low or high pair.
template <typename A, typename B>
DRILLPRESS_INLINE u32 dot_halves(u32 a, u32 b, u32 c, u32 first_byte) {
  u32 sum = c;
  for (u32 k = 0; k < 2; ++k) {
    sum += static_cast<u32>(static_cast<s32>(static_cast<A>(a >> (16 * k))) *
                            static_cast<s32>(static_cast<B>(b >> (8 * (first_byte + k)))));
  }
  return sum;
}

}  // namespace

HANDLER2(add_b16, u16, u16, u16, a + b)
HANDLER2(sub_b16, u16, u16, u16, a - b)
HANDLER2(mul_lo_b16, u16, u16, u16, u32{a} * b)
HANDLER3(mad_lo_b16, u16, u16, u16, u16, u32{a} * b + c)
HANDLER2(add_b32, u32, u32, u32, a + b)
HANDLER2(sub_b32, u32, u32, u32, a - b)
HANDLER2(mul_lo_b32, u32, u32, u32, a* b)
HANDLER3(mad_lo_b32, u32, u32, u32, u32, a* b + c)
HANDLER2(add_b64, u64, u64, u64, a + b)
HANDLER2(sub_b64, u64, u64, u64, a - b)
HANDLER2(mul_lo_b64, u64, u64, u64, a* b)
HANDLER3(mad_lo_b64, u64, u64, u64, u64, a* b + c)
HANDLER2(add_sat_s32, s32, s32, s32, saturate_s32(s64{a} + b))
HANDLER2(sub_sat_s32, s32, s32, s32, saturate_s32(s64{a} - b))
HANDLER2(add_b16x2, u32, u32, u32, halves(a, b, [](u16 x, u16 y) { return x + y; }))
HANDLER2(mul_hi_s16, s16, s16, s16, high_product<s16>(a, b))
HANDLER3(mad_hi_s16, s16, s16, s16, s16, static_cast<u16>(high_product<s16>(a, b)) + static_cast<u16>(c))
HANDLER3(sad_s16, s16, s16, s16, s16, sum_of_absolute_difference<s16>(a, b, c))
HANDLER2(div_s16, s16, s16, s16, divide<s16>(a, b))
HANDLER2(rem_s16, s16, s16, s16, remainder<s16>(a, b))
HANDLER2(min_s16, s16, s16, s16, a < b ? a : b)
HANDLER2(max_s16, s16, s16, s16, a > b ? a : b)
HANDLER2(mul_hi_u16, u16, u16, u16, high_product<u16>(a, b))
HANDLER3(mad_hi_u16, u16, u16, u16, u16, static_cast<u16>(high_product<u16>(a, b)) + static_cast<u16>(c))
HANDLER3(sad_u16, u16, u16, u16, u16, sum_of_absolute_difference<u16>(a, b, c))
HANDLER2(div_u16, u16, u16, u16, divide<u16>(a, b))
HANDLER2(rem_u16, u16, u16, u16, remainder<u16>(a, b))
HANDLER2(min_u16, u16, u16, u16, a < b ? a : b)
HANDLER2(max_u16, u16, u16, u16, a > b ? a : b)
HANDLER2(mul_hi_s32, s32, s32, s32, high_product<s32>(a, b))
HANDLER3(mad_hi_s32, s32, s32, s32, s32, static_cast<u32>(high_product<s32>(a, b)) + static_cast<u32>(c))
HANDLER3(sad_s32, s32, s32, s32, s32, sum_of_absolute_difference<s32>(a, b, c))
HANDLER2(div_s32, s32, s32, s32, divide<s32>(a, b))
HANDLER2(rem_s32, s32, s32, s32, remainder<s32>(a, b))
HANDLER2(min_s32, s32, s32, s32, a < b ? a : b)
HANDLER2(max_s32, s32, s32, s32, a > b ? a : b)
HANDLER2(mul_hi_u32, u32, u32, u32, high_product<u32>(a, b))
HANDLER3(mad_hi_u32, u32, u32, u32, u32, static_cast<u32>(high_product<u32>(a, b)) + static_cast<u32>(c))
HANDLER3(sad_u32, u32, u32, u32, u32, sum_of_absolute_difference<u32>(a, b, c))
HANDLER2(div_u32, u32, u32, u32, divide<u32>(a, b))
HANDLER2(rem_u32, u32, u32, u32, remainder<u32>(a, b))
HANDLER2(min_u32, u32, u32, u32, a < b ? a : b)
HANDLER2(max_u32, u32, u32, u32, a > b ? a : b)
HANDLER2(mul_hi_s64, s64, s64, s64, high_product<s64>(a, b))
HANDLER3(mad_hi_s64, s64, s64, s64, s64, static_cast<u64>(high_product<s64>(a, b)) + static_cast<u64>(c))
HANDLER3(sad_s64, s64, s64, s64, s64, sum_of_absolute_difference<s64>(a, b, c))
HANDLER2(div_s64, s64, s64, s64, divide<s64>(a, b))
HANDLER2(rem_s64, s64, s64, s64, remainder<s64>(a, b))
HANDLER2(min_s64, s64, s64, s64, a < b ? a : b)
HANDLER2(max_s64, s64, s64, s64, a > b ? a : b)
HANDLER2(mul_hi_u64, u64, u64, u64, high_product<u64>(a, b))
HANDLER3(mad_hi_u64, u64, u64, u64, u64, static_cast<u64>(high_product<u64>(a, b)) + static_cast<u64>(c))
HANDLER3(sad_u64, u64, u64, u64, u64, sum_of_absolute_difference<u64>(a, b, c))
HANDLER2(div_u64, u64, u64, u64, divide<u64>(a, b))
HANDLER2(rem_u64, u64, u64, u64, remainder<u64>(a, b))
HANDLER2(min_u64, u64, u64, u64, a < b ? a : b)
HANDLER2(max_u64, u64, u64, u64, a > b ? a : b)
HANDLER2(mul_wide_s16, s32, s16, s16, s32{a} * b)
HANDLER3(mad_wide_s16, u32, s16, s16, u32, static_cast<u32>(s32{a} * b) + c)
HANDLER2(mul_wide_u16, u32, u16, u16, u32{a} * b)
HANDLER3(mad_wide_u16, u32, u16, u16, u32, static_cast<u32>(u32{a} * b) + c)
HANDLER2(mul_wide_s32, s64, s32, s32, s64{a} * b)
HANDLER3(mad_wide_s32, u64, s32, s32, u64, static_cast<u64>(s64{a} * b) + c)
HANDLER2(mul_wide_u32, u64, u32, u32, u64{a} * b)
HANDLER3(mad_wide_u32, u64, u32, u32, u64, static_cast<u64>(u64{a} * b) + c)
HANDLER3(mad_hi_sat_s32, s32, s32, s32, s32, saturate_s32(s64{high_product<s32>(a, b)} + c))
HANDLER2(mul24_lo_s32, u32, s32, s32, product_24_s32(a, b))
HANDLER3(mad24_lo_s32, u32, s32, s32, u32, static_cast<u32>(product_24_s32(a, b)) + c)
HANDLER2(mul24_lo_u32, u32, u32, u32, product_24_u32(a, b))
HANDLER3(mad24_lo_u32, u32, u32, u32, u32, static_cast<u32>(product_24_u32(a, b)) + c)
HANDLER2(mul24_hi_s32, u32, s32, s32, product_24_s32(a, b) >> 16)
HANDLER3(mad24_hi_s32, u32, s32, s32, u32, static_cast<u32>(product_24_s32(a, b) >> 16) + c)
HANDLER2(mul24_hi_u32, u32, u32, u32, product_24_u32(a, b) >> 16)
HANDLER3(mad24_hi_u32, u32, u32, u32, u32, static_cast<u32>(product_24_u32(a, b) >> 16) + c)
HANDLER3(mad24_hi_sat_s32, s32, s32, s32, s32, saturate_s32((product_24_s32(a, b) >> 16) + c))
HANDLER2(min_relu_s32, s32, s32, s32, (a < b ? a : b) < 0 ? 0 : (a < b ? a : b))
HANDLER2(max_relu_s32, s32, s32, s32, (a > b ? a : b) < 0 ? 0 : (a > b ? a : b))
HANDLER1(abs_s16, u16, s16, a < 0 ? u16{0} - static_cast<u16>(a) : static_cast<u16>(a))
HANDLER1(neg_s16, u16, u16, u32{0} - a)
HANDLER1(abs_s32, u32, s32, a < 0 ? u32{0} - static_cast<u32>(a) : static_cast<u32>(a))
HANDLER1(neg_s32, u32, u32, 0 - a)
HANDLER1(abs_s64, u64, s64, a < 0 ? u64{0} - static_cast<u64>(a) : static_cast<u64>(a))
HANDLER1(neg_s64, u64, u64, 0 - a)
HANDLER2(min_u16x2, u32, u32, u32, halves(a, b, [](u16 x, u16 y) { return x < y ? x : y; }))
void min_s16x2(Warp& w, const Op& op, u32 mask) {
  const s16 floor = has(op, kRelu) ? s16{0} : s16{INT16_MIN};
  map2<u32, u32, u32>(w, op, mask, [floor](u32 a, u32 b) {
    return halves(a, b, [floor](u16 x, u16 y) {
      const s16 p = static_cast<s16>(x), q = static_cast<s16>(y);
      const s16 chosen = p < q ? p : q;
      return chosen < floor ? floor : chosen;
    });
  });
}
HANDLER2(max_u16x2, u32, u32, u32, halves(a, b, [](u16 x, u16 y) { return x > y ? x : y; }))
void max_s16x2(Warp& w, const Op& op, u32 mask) {
  const s16 floor = has(op, kRelu) ? s16{0} : s16{INT16_MIN};
  map2<u32, u32, u32>(w, op, mask, [floor](u32 a, u32 b) {
    return halves(a, b, [floor](u16 x, u16 y) {
      const s16 p = static_cast<s16>(x), q = static_cast<s16>(y);
      const s16 chosen = p > q ? p : q;
      return chosen < floor ? floor : chosen;
    });
  });
}
HANDLER1(popc_b32, u32, u32, __builtin_popcountll(a))
HANDLER1(clz_b32, u32, u32, std::countl_zero(a))
HANDLER1(brev_b32, u32, u32, reverse_bits(a))
void bfi_b32(Warp& w, const Op& op, u32 mask) {
  const u32* length = w.source<u32>(op.e);
  const u32* position = w.source<u32>(op.c);
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  write<u32>(w, op.d, mask, [=](u32 i) { return insert_field<u32>(a[i], b[i], position[i], length[i]); });
}
void add_cc_b32(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u32, false, false>(w, op, mask);
}
void sub_cc_b32(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u32, true, false>(w, op, mask);
}
void addc_b32(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u32, false, true>(w, op, mask);
}
void subc_b32(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u32, true, true>(w, op, mask);
}
HANDLER1(popc_b64, u32, u64, __builtin_popcountll(a))
HANDLER1(clz_b64, u32, u64, std::countl_zero(a))
HANDLER1(brev_b64, u64, u64, reverse_bits(a))
void bfi_b64(Warp& w, const Op& op, u32 mask) {
  const u32* length = w.source<u32>(op.e);
  const u32* position = w.source<u32>(op.c);
  const u64* a = w.source<u64>(op.a);
  const u64* b = w.source<u64>(op.b);
  write<u64>(w, op.d, mask, [=](u32 i) { return insert_field<u64>(a[i], b[i], position[i], length[i]); });
}
void add_cc_b64(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u64, false, false>(w, op, mask);
}
void sub_cc_b64(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u64, true, false>(w, op, mask);
}
void addc_b64(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u64, false, true>(w, op, mask);
}
void subc_b64(Warp& w, const Op& op, u32 mask) {
  add_with_carry<u64, true, true>(w, op, mask);
}
HANDLER1(bfind_s32, u32, s32, find_bit<s32>(a, false))
HANDLER1(bfind_shiftamt_s32, u32, s32, find_bit<s32>(a, true))
HANDLER3(bfe_s32, s32, s32, u32, u32, extract_field<s32>(a, b, c))
void mad_lo_cc_s32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s32, false, false>(w, op, mask);
}
void madc_lo_s32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s32, false, true>(w, op, mask);
}
void mad_hi_cc_s32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s32, true, false>(w, op, mask);
}
void madc_hi_s32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s32, true, true>(w, op, mask);
}
HANDLER1(bfind_u32, u32, u32, find_bit<u32>(a, false))
HANDLER1(bfind_shiftamt_u32, u32, u32, find_bit<u32>(a, true))
HANDLER3(bfe_u32, u32, u32, u32, u32, extract_field<u32>(a, b, c))
void mad_lo_cc_u32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u32, false, false>(w, op, mask);
}
void madc_lo_u32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u32, false, true>(w, op, mask);
}
void mad_hi_cc_u32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u32, true, false>(w, op, mask);
}
void madc_hi_u32(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u32, true, true>(w, op, mask);
}
HANDLER1(bfind_s64, u32, s64, find_bit<s64>(a, false))
HANDLER1(bfind_shiftamt_s64, u32, s64, find_bit<s64>(a, true))
HANDLER3(bfe_s64, s64, s64, u32, u32, extract_field<s64>(a, b, c))
void mad_lo_cc_s64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s64, false, false>(w, op, mask);
}
void madc_lo_s64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s64, false, true>(w, op, mask);
}
void mad_hi_cc_s64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s64, true, false>(w, op, mask);
}
void madc_hi_s64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<s64, true, true>(w, op, mask);
}
HANDLER1(bfind_u64, u32, u64, find_bit<u64>(a, false))
HANDLER1(bfind_shiftamt_u64, u32, u64, find_bit<u64>(a, true))
HANDLER3(bfe_u64, u64, u64, u32, u32, extract_field<u64>(a, b, c))
void mad_lo_cc_u64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u64, false, false>(w, op, mask);
}
void madc_lo_u64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u64, false, true>(w, op, mask);
}
void mad_hi_cc_u64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u64, true, false>(w, op, mask);
}
void madc_hi_u64(Warp& w, const Op& op, u32 mask) {
  multiply_add_with_carry<u64, true, true>(w, op, mask);
}
HANDLER3(fns_b32, u32, u32, u32, s32, find_nth_set(a, b, c))
HANDLER2(szext_wrap_s32, u32, u32, u32, sign_extend(a, b, true, false))
HANDLER2(szext_wrap_u32, u32, u32, u32, sign_extend(a, b, false, false))
HANDLER2(bmsk_wrap_b32, u32, u32, u32, bit_mask(a, b, false))
HANDLER2(szext_clamp_s32, u32, u32, u32, sign_extend(a, b, true, true))
HANDLER2(szext_clamp_u32, u32, u32, u32, sign_extend(a, b, false, true))
HANDLER2(bmsk_clamp_b32, u32, u32, u32, bit_mask(a, b, true))
HANDLER3(dp4a_s32_s32, u32, u32, u32, u32, (dot_bytes<s8, s8>(a, b, c)))
HANDLER3(dp2a_lo_s32_s32, u32, u32, u32, u32, (dot_halves<s16, s8>(a, b, c, 0)))
HANDLER3(dp2a_hi_s32_s32, u32, u32, u32, u32, (dot_halves<s16, s8>(a, b, c, 2)))
HANDLER3(dp4a_s32_u32, u32, u32, u32, u32, (dot_bytes<s8, u8>(a, b, c)))
HANDLER3(dp2a_lo_s32_u32, u32, u32, u32, u32, (dot_halves<s16, u8>(a, b, c, 0)))
HANDLER3(dp2a_hi_s32_u32, u32, u32, u32, u32, (dot_halves<s16, u8>(a, b, c, 2)))
HANDLER3(dp4a_u32_s32, u32, u32, u32, u32, (dot_bytes<u8, s8>(a, b, c)))
HANDLER3(dp2a_lo_u32_s32, u32, u32, u32, u32, (dot_halves<u16, s8>(a, b, c, 0)))
HANDLER3(dp2a_hi_u32_s32, u32, u32, u32, u32, (dot_halves<u16, s8>(a, b, c, 2)))
HANDLER3(dp4a_u32_u32, u32, u32, u32, u32, (dot_bytes<u8, u8>(a, b, c)))
HANDLER3(dp2a_lo_u32_u32, u32, u32, u32, u32, (dot_halves<u16, u8>(a, b, c, 0)))
HANDLER3(dp2a_hi_u32_u32, u32, u32, u32, u32, (dot_halves<u16, u8>(a, b, c, 2)))

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
