// Decoding of one function into a DecodedFunction of a program.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "lockstep/decode.h"
#include "lockstep/instruction_set.h"

namespace drillpress::lockstep {

/// Functions that PTX declares and the engine provides.
CallSite::Target provided_function(const std::string& name);

class FunctionDecoder {
 public:
  FunctionDecoder(const ModuleView& view, Program& program, std::uint32_t module_index);
  void decode();

 private:
  // decode_function.cc: blocks, labels, order.
  void assign_registers();
  void assign_locals();
  void find_blocks();
  void emit_blocks(const std::vector<std::uint32_t>& order);
  void emit_instruction(const ptx::Instruction& instruction);
  void emit_jump(const ptx::Instruction& near, std::uint32_t block);
  Op& emit(const ptx::Instruction& instruction, std::uint32_t row);
  bool is_in_library(const ptx::Instruction& instruction) const;
  const ptx::Instruction& with_line(const ptx::Instruction& instruction) const;
  std::uint32_t line_index(const ptx::Instruction& instruction);
  std::uint32_t block_of_label(ptx::LabelId label) const;
  void refuse(const ptx::Instruction& instruction, const std::string& why);
  void note_order_dependence(const ptx::Instruction& instruction);
  bool is_polling_load(const ptx::Instruction& load) const;

  // decode_operands.cc: each gives false for operands that the form does not allow.
  bool decode_operands(const ptx::Instruction& instruction, const InstructionRow& row, Op& op);
  bool decode_plain(const ptx::Instruction& instruction, std::string_view letters, Op& op);
  bool decode_memory(const ptx::Instruction& instruction, Op& op, bool store);
  bool decode_elements(const ptx::Operand& value, std::uint32_t bytes, bool halves, bool store, Op& op);
  bool decode_mov(const ptx::Instruction& instruction, Op& op);
  bool decode_mov_b128(const ptx::Operand& to, const ptx::Operand& from, Op& op);
  bool decode_cvta(const ptx::Instruction& instruction, Op& op, bool to_space);
  bool decode_cvt(const ptx::Instruction& instruction, Op& op);
  bool decode_video(const ptx::Instruction& instruction, Op& op);
  bool decode_isspacep(const ptx::Instruction& instruction, Op& op);
  bool decode_branch(const ptx::Instruction& instruction, Op& op);
  bool decode_call(const ptx::Instruction& instruction, Op& op);
  bool decode_barrier(const ptx::Instruction& instruction, Op& op, bool reduction);
  bool decode_warp(const ptx::Instruction& instruction, std::string_view kind, Op& op);
  bool decode_atomic(const ptx::Instruction& instruction, Op& op);
  bool decode_atomic_vector(const ptx::Operand* results, const ptx::Operand& values, std::uint32_t width,
                            Op& op);

  // decode_async.cc
  bool decode_async(const ptx::Instruction& instruction, std::string_view kind, Op& op);
  bool decode_async_copy(const ptx::Instruction& instruction, Op& op);
  bool decode_bulk_copy(const ptx::Instruction& instruction, Op& op);
  bool decode_mbarrier(const ptx::Instruction& instruction, std::string_view kind, Op& op);
  bool source_address(const ptx::Operand& operand, ptx::Space space, Op& op);

  // decode_matrix.cc
  bool decode_matrix(const ptx::Instruction& instruction, std::string_view kind, Op& op);
  bool decode_multiply(const ptx::Instruction& instruction, Op& op);
  bool decode_matrix_memory(const ptx::Instruction& instruction, Op& op, bool store);
  bool decode_matrix_rows(const ptx::Instruction& instruction, Op& op, bool store);
  bool fragment_rows(const ptx::Operand& operand, bool store, Fragment& out);

  /// A source or destination row of `width` byte lanes.
  bool row(const ptx::Operand& operand, std::uint32_t width, RowRef& out);
  bool destination(const ptx::Operand& operand, std::uint32_t width, RowRef& out);
  bool predicate_source(const ptx::Operand& operand, std::uint16_t& p, bool& negated);
  bool predicate_destination(const ptx::Operand& operand, Op& op);
  bool address(const ptx::Operand& operand, Op& op);
  /// Op::space from the suffixes, for an address that has been decoded.
  void set_space(const ptx::Instruction& instruction, const ptx::Operand& where, Op& op);
  RowRef constant(std::uint64_t value, std::uint32_t width);
  bool special(const std::string& name, std::uint32_t width, RowRef& out);
  /// Where a symbol is: its space, and its address there (local: within the frame).
  struct Place {
    ptx::Space space;
    std::uint64_t address;
    bool frame_relative;
  };
  bool symbol(const std::string& name, Place& out) const;
  std::uint32_t row_width(ptx::RegisterId id) const;
  bool is_predicate(const ptx::Operand& operand) const;
  bool is_read(const ptx::Operand& operand) const;

  const ModuleView& view_;
  Program& program_;
  const ptx::Function& source_;
  DecodedFunction& out_;
  std::vector<std::uint32_t> rows_;  ///< by register: row offset, or predicate index
  std::vector<std::uint32_t> uses_;  ///< by register: how often it is named
  std::unordered_map<std::string, Place> locals_;
  std::map<std::pair<std::uint64_t, std::uint32_t>, RowRef> constants_;
  std::map<std::pair<Special, bool>, RowRef> specials_;
  std::vector<std::uint32_t> block_starts_;  ///< by block: index of its first instruction
  std::vector<std::uint32_t> block_of_;      ///< by instruction
  std::vector<std::vector<std::uint32_t>> successors_;
  std::vector<std::uint32_t> polling_loads_;                    ///< sorted indices of instructions
  std::vector<std::uint32_t> block_places_;                     ///< by block: index of its first operation
  std::vector<std::pair<std::uint32_t, std::uint32_t>> jumps_;  ///< operation, block
  std::vector<std::vector<std::uint32_t>> table_blocks_;        ///< blocks of each branch table
};

}  // namespace drillpress::lockstep
