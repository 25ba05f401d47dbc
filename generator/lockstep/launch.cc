#include "lockstep/launch.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <map>

#include "lockstep/race.h"

namespace drillpress::lockstep {
namespace {

/// Workers take several blocks at once, so that they seldom meet at the counter, but each takes many times,
/// so that none is left alone with much work at the end.
constexpr std::uint64_t kTurns = 32, kMostAtOnce = 16;

/// A worker's blocks and what became of them.
struct alignas(kSharingBytes) WorkerRun {
  Worker worker;
  std::vector<std::unique_ptr<Block>> idle;
  std::map<std::uint64_t, std::string> output;  ///< by order of block
  std::map<std::uint64_t, Fault> faults;
};

void finish(WorkerRun& run, std::unique_ptr<Block> block, Launch& launch) {
  if (!block->output.empty()) run.output[block->order] = std::move(block->output);
  if (block->fault.kind != FaultKind::kNone) {
    run.faults[block->order] = block->fault;
    // With the checkers on, other blocks go on after a wrong access, so that all mistakes are seen in one
    // run.
    const bool recoverable =
        launch.options->checks.any() && (block->fault.kind == FaultKind::kIllegalAddress ||
                                         block->fault.kind == FaultKind::kMisalignedAddress);
    if (!recoverable) {
      std::uint64_t first = launch.first_fault;
      while (block->order < first && !launch.first_fault.compare_exchange_weak(first, block->order)) {
      }
    }
  }
  block->output.clear();
  run.idle.push_back(std::move(block));
}

/// Takes blocks until none are left. Blocks that only poll are set aside while others begin (one worker
/// only).
void work(WorkerRun& run, Launch& launch, std::uint32_t resident_blocks) {
  // Allocated by the thread that counts in it, so that it shares no cache line with another's.
  run.worker.counts.resize(launch.program->origins.size());
  std::deque<std::unique_ptr<Block>> parked;
  std::uint64_t place = 0, taken = 0;  // blocks from `place` up to `taken` are this worker's
  bool more = true;
  while (more || !parked.empty()) {
    std::unique_ptr<Block> block;
    if (more && parked.size() < resident_blocks) {
      if (place == taken) {
        place = launch.next_block.fetch_add(launch.blocks_at_once);
        taken = place + launch.blocks_at_once;
      }
      if (place >= launch.blocks || place > launch.first_fault || launch.out_of_time ||
          launch.out_of_instructions) {
        more = false;
        continue;
      }
      if (run.idle.empty()) {
        block = std::make_unique<Block>();
      } else {
        block = std::move(run.idle.back());
        run.idle.pop_back();
      }
      block->begin(run.worker, place++);
    } else {
      block = std::move(parked.front());
      parked.pop_front();
      if (block->order > launch.first_fault || launch.out_of_time || launch.out_of_instructions) {
        finish(run, std::move(block), launch);
        continue;
      }
    }
    if (block->run() == Block::Outcome::kSpinning) {
      parked.push_back(std::move(block));
    } else {
      finish(run, std::move(block), launch);
    }
  }
}

void merge_findings(std::vector<WorkerRun>& runs, const Launch& launch, LaunchResult& result) {
  std::map<std::tuple<std::uint32_t, FindingKind>, BlockFinding> merged;
  for (WorkerRun& run : runs) {
    for (auto& [key, entry] : run.worker.findings) {
      auto [at, is_new] = merged.try_emplace(key, entry);
      if (is_new) continue;
      const std::uint64_t count = at->second.finding.count + entry.finding.count;
      if (entry.order < at->second.order) at->second = entry;
      at->second.finding.count = count;
    }
  }
  for (auto& [key, entry] : merged) {
    const LineOfProgram& line = launch.program->lines[std::get<0>(key)];
    entry.finding.kernel = launch.request->kernel->name;
    entry.finding.where = {line.file, line.line};
    result.findings.push_back(std::move(entry.finding));
  }
  std::stable_sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.where.file, a.where.line, a.kind) < std::tie(b.where.file, b.where.line, b.kind);
  });
}

void merge_watched(std::vector<WorkerRun>& runs, const Launch& launch, LaunchResult& result) {
  std::map<std::uint32_t, BlockStore> merged;
  for (WorkerRun& run : runs) {
    for (auto& [line, entry] : run.worker.watched) {
      auto [at, is_new] = merged.try_emplace(line, entry);
      if (is_new) continue;
      const std::uint64_t count = at->second.store.count + entry.store.count;
      if (entry.order > at->second.order) at->second = entry;
      at->second.store.count = count;
    }
  }
  const BlockStore* last = nullptr;
  for (auto& [line, entry] : merged) {
    if (last == nullptr || std::tie(entry.order, entry.sequence) > std::tie(last->order, last->sequence))
      last = &entry;
  }
  for (auto& [line, entry] : merged) {
    entry.store.where = {launch.program->lines[line].file, launch.program->lines[line].line};
    entry.store.last = &entry == last;
    result.watched_stores.push_back(entry.store);
  }
}

void merge_faults(std::vector<WorkerRun>& runs, const Launch& launch, LaunchResult& result) {
  std::uint64_t first = ~0ull;
  for (WorkerRun& run : runs) {
    if (run.faults.empty() || run.faults.begin()->first > first) continue;
    first = run.faults.begin()->first;
    result.fault = run.faults.begin()->second;
  }
  if (result.fault.kind != FaultKind::kNone) return;
  if (launch.out_of_instructions) {
    result.fault.kind = FaultKind::kInstructionLimit;
    result.fault.message = "the kernel executed more instructions than the limit allows";
  } else if (launch.out_of_time) {
    result.fault.kind = FaultKind::kTimeout;
    result.fault.message = "the kernel ran longer than the limit allows";
  }
}

void write_output(std::vector<WorkerRun>& runs, const Launch& launch) {
  std::map<std::uint64_t, const std::string*> output;
  for (WorkerRun& run : runs) {
    for (auto& [order, text] : run.output) output[order] = &text;
  }
  for (const auto& [order, text] : output) {
    if (order <= launch.first_fault) std::fwrite(text->data(), 1, text->size(), stdout);
  }
}

}  // namespace

LaunchResult run_launch(Launch& launch, WorkerThreads& threads, std::uint32_t count,
                        std::uint32_t resident_blocks) {
  count = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, launch.blocks));
  launch.exclusive = count == 1;
  launch.blocks_at_once = std::clamp<std::uint64_t>(launch.blocks / count / kTurns, 1, kMostAtOnce);
  std::vector<WorkerRun> runs(count);
  for (WorkerRun& run : runs) {
    run.worker.launch = &launch;
    run.worker.observed = launch.observed();
    run.worker.race = launch.race;
  }
  threads.run(count, [&](std::uint32_t k) { work(runs[k], launch, resident_blocks); });

  LaunchResult result;
  result.host_threads = count;
  merge_faults(runs, launch, result);
  merge_findings(runs, launch, result);
  merge_watched(runs, launch, result);
  write_output(runs, launch);
  // One block is traced, so that one worker has all of it.
  for (WorkerRun& run : runs) {
    if (!run.worker.traced.empty()) result.trace = std::move(run.worker.traced);
  }
  if (launch.count) {
    std::vector<OpCounts>& total = runs[0].worker.counts;
    for (std::size_t r = 1; r < runs.size(); ++r) {
      for (std::size_t k = 0; k < total.size(); ++k) {
        const OpCounts& other = runs[r].worker.counts[k];
        total[k].executed += other.executed;
        total[k].lanes += other.lanes;
        total[k].detail += other.detail;
        total[k].global_requests += other.global_requests;
        total[k].global_sectors += other.global_sectors;
        total[k].shared_requests += other.shared_requests;
        total[k].shared_wavefronts += other.shared_wavefronts;
        total[k].local_requests += other.local_requests;
      }
    }
    derive_counters(*launch.program, total, result);
    if (launch.observed()) {
      for (std::size_t r = 1; r < runs.size(); ++r) runs[0].worker.touched.merge(runs[r].worker.touched);
      result.global_unique_bytes = runs[0].worker.touched.count();
    }
    result.counted = true;
  }
  return result;
}

void derive_counters(const Program& program, const std::vector<OpCounts>& counts, LaunchResult& result) {
  std::vector<Counters> lines(program.lines.size());
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const OpCounts& count = counts[k];
    const Origin& origin = program.origins[k];
    if (count.executed == 0 || origin.op_class == OpClass::kSynthetic) continue;
    Counters& to = lines[origin.line];
    to.warp_instructions += count.executed;
    to.lane_instructions += count.lanes;
    const std::uint64_t operations = count.lanes * origin.operations;
    switch (origin.op_class) {
      case OpClass::kInteger:
        to.integer_operations += operations;
        break;
      case OpClass::kFp16:
        to.fp16_operations += operations;
        break;
      case OpClass::kFp32:
        to.fp32_operations += operations;
        break;
      case OpClass::kFp64:
        to.fp64_operations += operations;
        break;
      case OpClass::kSpecial:
        to.special_operations += operations;
        break;
      case OpClass::kTensor:
        to.tensor_operations += operations;
        break;
      case OpClass::kBranch:
        to.branches += count.executed;
        to.divergent_branches += count.detail;
        break;
      case OpClass::kBarrier:
        to.barriers += count.executed;
        break;
      case OpClass::kLoad:
        to.global_load_requests += count.global_requests;
        to.global_load_sectors += count.global_sectors;
        to.shared_load_requests += count.shared_requests;
        to.shared_load_wavefronts += count.shared_wavefronts;
        to.local_load_requests += count.local_requests;
        to.bytes_loaded += count.lanes * origin.bytes;
        to.global_bytes_loaded += count.detail * origin.bytes;
        if (count.global_requests + count.shared_requests + count.local_requests == 0) {
          to.constant_load_requests += count.executed;
        }
        break;
      case OpClass::kStore:
        to.global_store_requests += count.global_requests;
        to.global_store_sectors += count.global_sectors;
        to.shared_store_requests += count.shared_requests;
        to.shared_store_wavefronts += count.shared_wavefronts;
        to.local_store_requests += count.local_requests;
        to.bytes_stored += count.lanes * origin.bytes;
        to.global_bytes_stored += count.detail * origin.bytes;
        break;
      case OpClass::kAtomic:
        to.atomics += count.executed;
        to.atomic_lanes += count.lanes;
        to.atomic_passes += count.local_requests;
        break;
      default:
        break;
    }
  }
  for (std::size_t k = 0; k < lines.size(); ++k) {
    if (lines[k].warp_instructions == 0) continue;
    result.counters += lines[k];
    result.lines.push_back({{program.lines[k].file, program.lines[k].line}, lines[k]});
  }
  std::sort(result.lines.begin(), result.lines.end(), [](const LineCounters& a, const LineCounters& b) {
    return std::tie(a.where.file, a.where.line) < std::tie(b.where.file, b.where.line);
  });
}

}  // namespace drillpress::lockstep
