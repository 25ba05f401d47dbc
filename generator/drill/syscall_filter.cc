#include "drill/syscall_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace drillpress::drill {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

// Refused with EPERM.
constexpr long kRefused[] = {
    // namespaces, mounts and roots: none of the sandbox's walls is moved from inside
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount,
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_open_by_handle_at,
    SYS_name_to_handle_at, SYS_quotactl, SYS_swapon, SYS_swapoff, SYS_acct,
    // other processes' memory
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    // the kernel itself, and parts of it that no namespace divides
    SYS_bpf, SYS_perf_event_open, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_userfaultfd, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_syslog, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_kexec_load, SYS_reboot,
    // memory that is counted for no process: System V segments, queues of messages
    SYS_shmget, SYS_msgget, SYS_semget, SYS_mq_open};
// As well, but a GPU's driver needs it.
constexpr long kRefusedWithoutGpu[] = {SYS_memfd_create, SYS_memfd_secret};

// Kinds of sockets that a network namespace keeps to itself. A vsock, for one, would reach the host of a
// virtual machine.
constexpr std::uint32_t kSocketFamilies[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
// clone3 takes its flags from memory, where no filter can look; the C library falls back to clone.
constexpr std::uint32_t kUnknownCall = SECCOMP_RET_ERRNO | ENOSYS;
constexpr std::uint32_t kNewNamespaces =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

class Program {
 public:
  void load(std::size_t offset) {
    steps_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  void load_argument(std::size_t number) {  // its lower half: processors here are little-endian
    load(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t));
  }
  void give(std::uint32_t verdict) { steps_.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }
  void if_equal(std::uint32_t value, std::uint32_t verdict) { jump(BPF_JEQ, value, verdict); }
  void if_any_bit(std::uint32_t bits, std::uint32_t verdict) { jump(BPF_JSET, bits, verdict); }
  void if_at_least(std::uint32_t value, std::uint32_t verdict) { jump(BPF_JGE, value, verdict); }
  void unless_equal(std::uint32_t value, std::uint32_t verdict) {
    steps_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
    give(verdict);
  }
  // Skips `count` steps unless the value is loaded.
  void unless_equal_skip(std::uint32_t value, std::uint8_t count) {
    steps_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count));
  }
  std::size_t size() const { return steps_.size(); }
  void append(const Program& other) { steps_.insert(steps_.end(), other.steps_.begin(), other.steps_.end()); }
  std::string bytes() const {
    return {reinterpret_cast<const char*>(steps_.data()), steps_.size() * sizeof(sock_filter)};
  }

 private:
  void jump(std::uint16_t condition, std::uint32_t value, std::uint32_t verdict) {
    steps_.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), value, 0, 1));
    give(verdict);
  }
  std::vector<sock_filter> steps_;
};

// `rules` decide when the call is `number`; they end in a verdict.
void add_call(long number, const Program& rules, Program& program) {
  program.unless_equal_skip(static_cast<std::uint32_t>(number), static_cast<std::uint8_t>(rules.size()));
  program.append(rules);
}

}  // namespace

std::string syscall_filter(bool for_gpu) {
  if (kArchitecture == 0) return {};
  Program program;
  program.load(offsetof(seccomp_data, arch));
  program.unless_equal(kArchitecture, SECCOMP_RET_KILL_PROCESS);  // 32-bit calls have other numbers
  program.load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  constexpr std::uint32_t kX32Bit = 0x40000000;
  program.if_at_least(kX32Bit, kRefuse);
#endif
  for (const long number : kRefused) program.if_equal(static_cast<std::uint32_t>(number), kRefuse);
  for (const long number : kRefusedWithoutGpu) {
    if (!for_gpu) program.if_equal(static_cast<std::uint32_t>(number), kRefuse);
  }
  program.if_equal(SYS_clone3, kUnknownCall);

  Program clone;
  clone.load_argument(0);
  clone.if_any_bit(kNewNamespaces, kRefuse);
  clone.give(kAllow);
  add_call(SYS_clone, clone, program);

  Program socket;
  socket.load_argument(0);
  for (const std::uint32_t family : kSocketFamilies) socket.if_equal(family, kAllow);
  socket.give(kRefuse);
  add_call(SYS_socket, socket, program);
  add_call(SYS_socketpair, socket, program);

  program.give(kAllow);
  return program.bytes();
}

}  // namespace drillpress::drill
