// The words of each language, separated by blanks.
#pragma once

#include <string_view>

namespace drillpress::highlight::words {

// C++20 (ISO/IEC 14882:2020, tables 5 and 6).
inline constexpr std::string_view kCppKeywords =
    "alignas alignof and and_eq asm bitand bitor break case catch class co_await co_return co_yield compl "
    "concept const "
    "const_cast consteval constexpr constinit continue decltype default delete do dynamic_cast else enum "
    "explicit export "
    "extern final for friend goto if import inline module mutable namespace new noexcept not not_eq operator "
    "or or_eq "
    "override private protected public register reinterpret_cast requires return sizeof static static_assert "
    "static_cast "
    "struct switch template this thread_local throw try typedef typeid typename union using virtual volatile "
    "while xor "
    "xor_eq restrict __restrict __restrict__ __asm__ __volatile__";
inline constexpr std::string_view kCppTypes =
    "auto bool char char8_t char16_t char32_t double float int long short signed unsigned void wchar_t "
    "string string_view "
    "vector array span optional variant tuple pair map set unordered_map unordered_set unique_ptr shared_ptr "
    "atomic "
    "mutex thread function";
inline constexpr std::string_view kCppConstants = "true false nullptr NULL";

// CUDA C++ Programming Guide, "C++ Language Extensions".
inline constexpr std::string_view kCudaQualifiers =
    "__global__ __device__ __host__ __constant__ __shared__ __managed__ __grid_constant__ __launch_bounds__ "
    "__maxnreg__ __cluster_dims__ __noinline__ __forceinline__ __inline_hint__ __align__";
inline constexpr std::string_view kCudaTypes =
    "dim3 half half2 __half __half2 nv_bfloat16 nv_bfloat162 __nv_bfloat16 __nv_bfloat162 __nv_fp8_e4m3 "
    "__nv_fp8_e5m2 "
    "char1 char2 char3 char4 uchar1 uchar2 uchar3 uchar4 short1 short2 short3 short4 ushort1 ushort2 ushort3 "
    "ushort4 "
    "int1 int2 int3 int4 uint1 uint2 uint3 uint4 long1 long2 long3 long4 ulong1 ulong2 ulong3 ulong4 "
    "longlong1 longlong2 "
    "ulonglong1 ulonglong2 float1 float2 float3 float4 double1 double2 double3 double4 uint "
    "cudaError_t cudaStream_t cudaEvent_t cudaDeviceProp cudaMemcpyKind cudaGraph_t cudaGraphExec_t "
    "cudaTextureObject_t thread_block thread_block_tile grid_group coalesced_group barrier pipeline";
inline constexpr std::string_view kCudaBuiltins =
    "threadIdx blockIdx blockDim gridDim warpSize "
    "__syncthreads __syncthreads_count __syncthreads_and __syncthreads_or __syncwarp __threadfence "
    "__threadfence_block "
    "__threadfence_system __shfl_sync __shfl_up_sync __shfl_down_sync __shfl_xor_sync __all_sync __any_sync "
    "__ballot_sync __activemask __match_any_sync __match_all_sync __reduce_add_sync __reduce_min_sync "
    "__reduce_max_sync "
    "__reduce_and_sync __reduce_or_sync __reduce_xor_sync __ldg __ldca __ldcg __ldcs __ldlu __ldcv __stwb "
    "__stcg __stcs "
    "__stwt __popc __popcll __clz __clzll __ffs __ffsll __brev __byte_perm __funnelshift_l __funnelshift_r "
    "__fmaf_rn "
    "__fadd_rn __fmul_rn __fdividef __expf __logf __log2f __sinf __cosf __powf __frcp_rn __fsqrt_rn "
    "__saturatef __dp4a "
    "__dp2a __half2float __float2half __float2bfloat16 __bfloat162float __hadd __hmul __hfma __hfma2 __hadd2 "
    "__hmul2 "
    "__float_as_int __int_as_float __float_as_uint __uint_as_float __double_as_longlong __longlong_as_double "
    "__trap "
    "__nanosleep __assume __builtin_assume __builtin_unreachable __isShared __isGlobal "
    "__cvta_generic_to_shared "
    "__pipeline_memcpy_async __pipeline_commit __pipeline_wait_prior "
    "atomicAdd atomicSub atomicExch atomicMin atomicMax atomicInc atomicDec atomicCAS atomicAnd atomicOr "
    "atomicXor "
    "atomicAdd_block atomicAdd_system clock clock64 rsqrtf fmaf __fma_rn";

// PTX ISA 9.0, "Directives", "Types", "Special Registers" and "Instruction Set".
inline constexpr std::string_view kPtxDirectives =
    ".version .target .address_size .entry .func .visible .extern .weak .common .reg .param .shared .global "
    ".local "
    ".const .sreg .align .maxntid .reqntid .minnctapersm .maxnreg .maxnctapersm .noreturn .pragma .section "
    ".file .loc "
    ".branchtargets .calltargets .callprototype .alias .attribute .reqnctapercluster .explicitcluster "
    ".maxclusterrank "
    ".ptr .managed .tex";
inline constexpr std::string_view kPtxTypes =
    ".s8 .s16 .s32 .s64 .u8 .u16 .u32 .u64 .f16 .f16x2 .bf16 .bf16x2 .tf32 .f32 .f64 .b8 .b16 .b32 .b64 "
    ".b128 .pred "
    ".e4m3 .e5m2 .e4m3x2 .e5m2x2 .texref .samplerref .surfref .v2 .v4 .v8";
inline constexpr std::string_view kPtxSpecial =
    "%tid %tid.x %tid.y %tid.z %ntid %ntid.x %ntid.y %ntid.z %ctaid %ctaid.x %ctaid.y %ctaid.z %nctaid "
    "%nctaid.x "
    "%nctaid.y %nctaid.z %laneid %warpid %nwarpid %smid %nsmid %gridid %clock %clock_hi %clock64 "
    "%globaltimer "
    "%globaltimer_lo %globaltimer_hi %lanemask_eq %lanemask_le %lanemask_lt %lanemask_ge %lanemask_gt "
    "%dynamic_smem_size %total_smem_size %cluster_ctaid %cluster_nctaid %cluster_ctarank "
    "%is_explicit_cluster WARP_SZ";
inline constexpr std::string_view kPtxOpcodes =
    "abs activemask add addc alloca and applypriority atom bar barrier bfe bfi bfind bmsk bra brev brkpt brx "
    "call clz "
    "clusterlaunchcontrol cnot copysign cos cp createpolicy cvt cvta discard div dp2a dp4a elect ex2 exit "
    "fence fma fns "
    "getctarank griddepcontrol isspacep istypep ld ldmatrix ldu lg2 lop3 mad mad24 madc mapa match max "
    "mbarrier membar "
    "min mma mov movmatrix mul mul24 multimem nanosleep neg not or pmevent popc prefetch prefetchu prmt rcp "
    "red redux rem "
    "ret rsqrt sad selp set setmaxnreg setp shf shfl shl shr sin slct sqrt st stackrestore stacksave "
    "stmatrix sub subc "
    "suld suq sured sust szext tanh tcgen05 tensormap testp tex tld4 trap txq vote wgmma wmma xor";

// Python 3.12, "Keywords", "Soft Keywords" and "Built-in Functions".
inline constexpr std::string_view kPythonKeywords =
    "and as assert async await break case class continue def del elif else except finally for from global if "
    "import in is "
    "lambda match nonlocal not or pass raise return try type while with yield";
inline constexpr std::string_view kPythonBuiltins =
    "abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr "
    "dict dir divmod "
    "enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int "
    "isinstance "
    "issubclass iter len list locals map max memoryview min next object oct open ord pow print property "
    "range repr "
    "reversed round set setattr slice sorted staticmethod str sum super tuple vars zip self cls __name__ "
    "__file__ "
    "Exception ValueError TypeError KeyError IndexError RuntimeError OSError StopIteration";

// Bash 5.2, "Reserved Words" and "Shell Builtin Commands".
inline constexpr std::string_view kShellKeywords =
    "if then elif else fi time for in until while do done case esac coproc select function { } [[ ]] !";
inline constexpr std::string_view kShellBuiltins =
    "alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown "
    "echo enable eval "
    "exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf "
    "pushd pwd read "
    "readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask "
    "unalias "
    "unset wait [ . :";

// CMake 3.25, "cmake-commands": the ones that are control flow.
inline constexpr std::string_view kCMakeKeywords =
    "if elseif else endif foreach endforeach while endwhile function endfunction macro endmacro block "
    "endblock break "
    "continue return include include_guard cmake_minimum_required project";
inline constexpr std::string_view kCMakeConstants = "on off true false yes no not and or";

}  // namespace drillpress::highlight::words
