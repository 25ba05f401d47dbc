// Functions: directives, registers, scopes, labels and lists.
#include "ptx_fixture.h"

using namespace ptx_test;

TEST_CASE("module directives", "[ptx]") {
  const Module module = parse_whole(
      ".version 8.10\n.target sm_100a, debug\n.address_size 64\n.pragma \"nounroll\";\n.func f() { ret; }\n"
      ".func g();\n.alias g, f;\n.alias h, f;\n");
  CHECK(module.version_major == 8);
  CHECK(module.version_minor == 10);
  CHECK(module.target == "sm_100a");
  CHECK(module.aliases == std::vector<Alias>{{"g", "f"}, {"h", "f"}});
}

TEST_CASE("a definition takes the place of its declaration", "[ptx]") {
  const Module module = parse(
      ".func (.param .b32 r) f(.param .b32 x);\n"
      ".entry k() { ret; }\n"
      ".visible .func (.param .b32 r) f(.param .b32 x) { ret; }\n"
      ".func (.param .b32 r) f(.param .b32 x);\n"
      ".extern .func (.param .b32 r) vprintf(.param .b64 a, .param .b64 b);\n");
  REQUIRE(module.functions.size() == 3);
  CHECK(module.functions[0].name == "f");
  CHECK_FALSE(module.functions[0].is_declaration);
  CHECK(module.functions[0].is_visible);
  CHECK(module.functions[0].ptx_line == 6);
  CHECK(module.functions[1].is_entry);
  CHECK(module.functions[2].is_declaration);
  CHECK(module.functions[2].instructions.empty());
}

TEST_CASE("directives of a function", "[ptx]") {
  const Module module = parse(
      ".visible .entry k()\n.maxntid 128, 2\n.reqntid 8\n.minnctapersm 3\n.maxnreg 64\n.reqnctapercluster 2, "
      "1, 1\n"
      ".maxclusterrank 8\n.explicitcluster\n.blocksareclusters\n"
      "{ .pragma \"nounroll\"; ret; .pragma \"used_bytes_mask 15\"; }\n"
      ".weak .func .attribute(.unified(1, 2)) f() .noreturn .abi_preserve 8 { exit; }\n");
  const Function& k = module.functions.at(0);
  const auto dimensions = [](const std::uint32_t(&d)[3]) { return std::vector<std::uint32_t>(d, d + 3); };
  CHECK(dimensions(k.max_threads) == std::vector<std::uint32_t>{128, 2, 1});
  CHECK(dimensions(k.required_threads) == std::vector<std::uint32_t>{8, 1, 1});
  CHECK(dimensions(k.required_blocks_per_cluster) == std::vector<std::uint32_t>{2, 1, 1});
  CHECK(k.min_blocks_per_multiprocessor == 3);
  CHECK(k.max_registers == 64);
  CHECK(k.max_blocks_per_cluster == 8);
  CHECK(k.is_explicit_cluster);
  CHECK(k.launches_in_clusters);
  CHECK(k.is_visible);
  CHECK(k.pragmas == std::vector<Pragma>{{"nounroll", 0}, {"used_bytes_mask 15", 1}});
  const Function& f = module.functions.at(1);
  CHECK(f.is_weak);
  CHECK(f.is_noreturn);
  CHECK_FALSE(f.is_entry);
}

TEST_CASE("registers come from ranges and plain names", "[ptx]") {
  const Module module = parse(
      ".entry k() { .reg .b32 %r<3>, x; .reg .pred p; .reg .b64 %r1x, r9<2>; mov.b32 %r2, x; mov.b64 r91, "
      "%r1x; }\n");
  const Function& k = module.functions[0];
  std::string names;
  for (const Register& r : k.registers) names += r.name + ":" + std::string(text(r.type)) + " ";
  CHECK(names == "%r0:b32 %r1:b32 %r2:b32 x:b32 p:pred %r1x:b64 r90:b64 r91:b64 ");
  CHECK(k.instructions[0].operands[0].reg == 2);
  CHECK(k.instructions[0].operands[1].reg == 3);
  CHECK(k.instructions[1].operands[0].reg == 7);
}

TEST_CASE("an inner scope shadows and gives back", "[ptx]") {
  const Function k = parse_kernel(
      "mov.b32 %r1, 1;\n"
      "{ .reg .b32 %r1; mov.b32 %r1, 2; { .reg .b32 %r<2>; mov.b32 %r1, 3; } mov.b32 %r1, 4; }\n"
      "mov.b32 %r1, 5;\n");
  REQUIRE(k.instructions.size() == 5);
  const auto name_at = [&k](std::size_t i) { return register_name(k, k.instructions[i].operands[0]); };
  CHECK(name_at(0) == "%r1");
  CHECK(name_at(1) == "%r1$2");
  CHECK(name_at(2) == "%r1$3");
  CHECK(name_at(3) == "%r1$2");
  CHECK(name_at(4) == "%r1");
}

TEST_CASE("variables of scopes get names of their own", "[ptx]") {
  const Function k = parse_kernel(
      "{ .param .b32 x; st.param.b32 [x], 1; }\n"
      "{ .param .b64 x; st.param.b64 [x+8], 2; }\n"
      ".local .align 8 .b8 depot[16]; .shared .f32 tile[4][4];\n"
      "ld.param.u64 %rd1, [a];\n");
  REQUIRE(k.variables.size() == 4);
  CHECK(k.variables[0].name == "x");
  CHECK(k.variables[1].name == "x$2");
  CHECK(k.variables[1].type == Type::kB64);
  CHECK(k.variables[2].space == Space::kLocal);
  CHECK(k.variables[3].size_bytes == 64);
  CHECK(k.instructions[0].operands[0].symbol == "x");
  CHECK(k.instructions[1].operands[0].symbol == "x$2");
  CHECK(k.instructions[1].operands[0].offset == 8);
  CHECK(k.instructions[2].operands[1].symbol == "a");
}

TEST_CASE("labels are seen before they occur, innermost first", "[ptx]") {
  const Function k = parse_kernel(
      "bra L;\n"                         // 0, to the outer L
      "{ bra L; mov.b32 %r1, 1; L: }\n"  // 1 and 2, inner L at 3
      "{ bra L; bra END; }\n"            // 3 and 4, outer
      "L: M: mov.b32 %r1, 2;\n"          // 5
      "bra.uni M;\n"                     // 6
      "END:\n");
  const auto target = [&k](std::size_t i) {
    REQUIRE(k.instructions[i].operands.at(0).kind == Operand::Kind::kLabel);
    return k.labels[k.instructions[i].operands[0].label].target;
  };
  CHECK(target(0) == 5);
  CHECK(target(1) == 3);
  CHECK(target(3) == 5);
  CHECK(target(4) == 7);
  CHECK(target(6) == 5);
  REQUIRE(k.labels.size() == 4);
  CHECK(k.labels[0].name == "L");
  CHECK(k.labels[1].name == "L$2");
  CHECK(k.labels[3].target == k.instructions.size());
}

TEST_CASE("branch targets, prototypes and call targets", "[ptx]") {
  const Function k = parse_kernel(
      "{ list: .branchtargets B, A, B; brx.idx %r1, list; }\n"
      "A: ret;\nB: ret;\n"
      "proto: .callprototype (.param .b32 _) _ (.param .b64 _, .param .align 8 .b8 _[24]) .noreturn;\n"
      "empty: .callprototype _ ();\n"
      "calls: .calltargets f, f;\n"
      "{ list: .branchtargets A; brx.idx %r2, list; }\n",
      ".func f();\n");
  REQUIRE(k.branch_targets.size() == 2);
  CHECK(k.branch_targets[0].name == "list");
  CHECK(k.branch_targets[1].name == "list$2");
  REQUIRE(k.branch_targets[0].labels.size() == 3);
  CHECK(k.labels[k.branch_targets[0].labels[0]].name == "B");
  CHECK(k.labels[k.branch_targets[0].labels[1]].name == "A");
  CHECK(k.labels[k.branch_targets[0].labels[2]].name == "B");
  CHECK(k.instructions[3].operands[1].kind == Operand::Kind::kLabel);
  CHECK(k.instructions[3].operands[1].label == 1);
  CHECK(k.instructions[3].operands[1].symbol == "list$2");
  REQUIRE(k.prototypes.size() == 2);
  CHECK(k.prototypes[0].is_noreturn);
  CHECK(k.prototypes[0].returns.size() == 1);
  REQUIRE(k.prototypes[0].parameters.size() == 2);
  CHECK(k.prototypes[0].parameters[1].size_bytes == 24);
  CHECK(k.prototypes[1].parameters.empty());
  CHECK(k.call_targets == std::vector<CallTargets>{{"calls", {"f", "f"}}});
}

TEST_CASE("names do not depend on an earlier function", "[ptx]") {
  const Module module = parse(
      ".entry a() { .reg .b32 x; L: mov.b32 x, 1; bra L; }\n.entry b() { .reg .b64 x; L: mov.b64 x, 1; bra "
      "L; }\n");
  for (const Function& function : module.functions) {
    CHECK(function.registers.at(0).name == "x");
    CHECK(function.labels.at(0).name == "L");
    CHECK(function.labels.at(0).target == 0);
  }
}
