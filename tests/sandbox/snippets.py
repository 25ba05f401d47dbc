"""Hostile programs, one a card's code block each, and what must become of them.

An entry is (id, fence, code, outcome). An outcome that begins with "[" is the code of the one diagnostic at the snippet's
own lines, with a part of its message behind it; any other outcome is the whole output of a program that ran to its end:
what it tried was refused, and it says how. @NAME@ stands for what the test plants: @HOME@, @PARENT@ and @SITE@ are
folders outside of the sandbox with a file `secret`, @FOLDER_FD@ is a descriptor of one that drillpress inherits, @PORT@ and
@SOCKET@ listen on the host.
"""

# Tries `attempts`, a list of (name, function), and prints for each the error's name or ESCAPED.
TRY = """import errno, os
def attempt(name, function):
    try:
        function()
        print(name, "ESCAPED")
    except OSError as error:
        print(name, errno.errorcode[error.errno])
"""
LIBC = TRY + """import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    def function():
        if getattr(libc, name)(*arguments) == -1:
            raise OSError(ctypes.get_errno(), name)
    attempt(name, function)
"""
MAIN = "#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\n"

SNIPPETS = [
    # --- more than its share
    ("fork-bomb", "cpp run timeout=200", MAIN + "int main() { for (;;) fork(); }\n",
     "[program-limit] had more than 400 processes and threads"),
    ("much-memory", "python run timeout=200", "held = []\nwhile True:\n    held.append(bytearray(64 << 20))\n",
     "[program-limit] used more than 4 GiB of memory"),
    ("shared-memory", "cpp run timeout=200", MAIN + """#include <cstring>
#include <sys/mman.h>
int main() {
  for (;;) {
    void* p = mmap(nullptr, 64 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p != MAP_FAILED) std::memset(p, 1, 64 << 20);
  }
}
""", "[program-limit] used more than 4 GiB of memory"),
    ("one-huge-allocation", "cpp run", MAIN + """#include <cstring>
int main(int count, char**) {
  char* p = new char[(100ull << 30) * count];
  std::memset(p, 1, (100ull << 30) * count);
  std::printf("%p %d\\n", p, p[count]);
}
""", "[program-crashed] was ended by signal SIGABRT"),
    ("uncounted-memory", "python run", LIBC + """attempt("memfd_create", lambda: os.memfd_create("m"))
call("syscall", 447, 0)  # memfd_secret
call("shmget", 0, 1 << 20, 0o1600)
def fill():
    with open("/dev/shm/f", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
attempt("/dev/shm", fill)
""", "memfd_create EPERM\nsyscall EPERM\nshmget EPERM\n/dev/shm ENOSPC\n"),
    ("endless-output", "cpp run timeout=200", MAIN + 'int main() { for (;;) std::puts("again"); }\n',
     "[output-too-long] wrote more than 1 MiB"),
    ("endless-loop", "cpp run timeout=1", "int main() { for (volatile int i = 0;; i = 1 - i) {} }\n",
     "[program-timeout] did not end within 1 s"),
    ("ignores-the-signal", "python run timeout=1", """import signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
time.sleep(1000)
""", "[program-timeout] did not end within 1 s"),
    ("closes-its-output", "python run timeout=1", """import os
for number in range(64):
    try: os.close(number)
    except OSError: pass
while True: pass
""", "[program-timeout] did not end within 1 s"),
    ("fills-the-disk", "python run timeout=200", TRY + """def fill():
    for number in range(1000):
        with open(f"part{number}", "wb") as file:
            for _ in range(48):
                file.write(bytes(1 << 20))
attempt("many files", fill)
import signal
def grow():
    with open("/drill/part0", "wb") as file:
        file.truncate(65 << 20)
attempt("one file", grow)
""", "many files ENOSPC\none file EFBIG\n"),
    ("raises-its-limits", "python run", """import resource
for name in ("RLIMIT_NPROC", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE"):
    try:
        resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(name, "ESCAPED")
    except (ValueError, OSError):
        print(name, "kept")
""", "RLIMIT_NPROC kept\nRLIMIT_DATA kept\nRLIMIT_FSIZE kept\nRLIMIT_CPU kept\nRLIMIT_NOFILE kept\n"),
    # --- out of the sandbox
    ("network", "python run", TRY + """import socket
attempt("loopback", lambda: socket.create_connection(("127.0.0.1", @PORT@), 2))
attempt("elsewhere", lambda: socket.create_connection(("192.0.2.1", 80), 2))
def abstract():
    socket.socket(socket.AF_UNIX).connect("\\0@SOCKET@")
attempt("abstract", abstract)
attempt("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
""", "loopback ECONNREFUSED\nelsewhere ENETUNREACH\nabstract ECONNREFUSED\nvsock EPERM\npacket EPERM\n"),
    ("reads-secrets", "python run", TRY + """for path in ("@HOME@/secret", "@PARENT@/secret", "@SITE@/secret", "@SITE@/content/guides/hostile.md",
             "/etc/passwd", "/etc/shadow", "/proc/1/root@HOME@/secret", "/proc/self/cwd/../../@HOME@/secret"):
    try: print("ESCAPED", path, open(path).read())
    except (FileNotFoundError, PermissionError): print("hidden")
import sys
python = sys.base_prefix.split("/")[1]  # of an interpreter outside of /usr, the way there
print(sorted(set(os.listdir("/")) - {python, "usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"}))
print(os.listdir("/etc"), os.environ.get("HOME"), sorted(os.listdir("/drill")))
""".replace("print(os.listdir", "print(sorted(os.listdir").replace('("/etc"),', '("/etc")),'),
     "hidden\n" * 8 + "['dev', 'drill', 'etc', 'proc', 'tmp']\n['alternatives', 'ld.so.cache'] /drill/run ['out', 'run']\n"),
    ("writes-outside", "python run", TRY + """for path in ("@SITE@/new", "@SITE@/.drillpress/new", "@PARENT@/new", "/usr/new", "/new", "/dev/new", "/etc/new",
             "/usr/bin/python3"):
    attempt("write", lambda: open(path, "a"))
open("/tmp/drillpress-hostile-marker", "w").write("only in here")
os.symlink("/usr/new", "link")
attempt("link", lambda: open("link", "w"))
attempt("replace", lambda: os.rename("link", "program.py"))
attempt("remove", lambda: os.unlink("program.py"))
""", "write ENOENT\nwrite ENOENT\nwrite ENOENT\n" + "write EROFS\n" * 4 + "write EACCES\n" + "link EROFS\nreplace EBUSY\nremove EBUSY\n"),
    ("proc-tricks", "python run", TRY + """for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger"):
    try:
        open(path, "w").write("x")
        print("ESCAPED", path)
    except OSError:
        print("kept")
pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
print(max(pids) < 10)
try:
    seen = open("/proc/1/environ").read()
    print("SECRET" in seen)
except OSError:
    print(False)
""", "kept\nkept\nkept\nTrue\nFalse\n"),
    ("other-processes", "python run", LIBC + """call("ptrace", 16, os.getppid(), 0, 0)
call("unshare", 0x10000000)
call("mount", b"none", b"/tmp", b"tmpfs", 0, None)
call("chroot", b"/tmp")
call("setns", 0, 0)
call("syscall", 250, 0, 0, 0, 0, 0)
import signal
for target in (os.getppid(), 1, -1):
    try: os.kill(target, signal.SIGKILL)
    except OSError: pass
print("alive")
""", "ptrace EPERM\nunshare EPERM\nmount EPERM\nchroot EPERM\nsetns EPERM\nsyscall EPERM\nalive\n"),
    ("becomes-root", "python run", TRY + """attempt("setuid", lambda: os.setuid(0 if os.getuid() else 1))
status = open("/proc/self/status").read()
print([line.split()[1] for line in status.splitlines() if line.startswith(("CapEff", "NoNewPrivs"))])
""", "setuid @SETUID@\n['0000000000000000', '1']\n"),
    ("leaves-a-daemon", "python run", """import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/usr/bin/sleep", ["sleep", "@MARK@"])
    os._exit(0)
os.wait()
print("parent has ended")
""", "parent has ended\n"),
    # --- through the compiler
    ("includes-absolute", "cpp run", '#include "@HOME@/secret"\nint main() {}\n', "[compile-failed] No such file or directory"),
    ("includes-relative", "cpp run", '#include "../../../../../../../../../..@HOME@/secret"\nint main() {}\n',
     "[compile-failed] No such file or directory"),
    ("includes-by-macro", "cpp run", '#define NAME "@SITE@/secret"\n#include NAME\nint main() {}\n', "[compile-failed] No such file or directory"),
    ("includes-the-site", "cpp run", '#include "content/guides/hostile.md"\nint main() {}\n', "[compile-failed] No such file or directory"),
    ("has-include", "cpp run", MAIN + """#if __has_include("@HOME@/secret") || __has_include("/etc/passwd")
#error "@HOME@/secret ESC" "APED"
#endif
int main() { std::puts("not there"); }
""", "not there\n"),
    ("incbin", "cpp run", 'asm(".incbin \\"@HOME@/secret\\"");\nint main() {}\n', "[compile-failed] "),
    ("embed", "cpp run", "const char text[] = {\n#embed \"@HOME@/secret\"\n};\nint main() {}\n", "[compile-failed] "),
    ("constexpr-bomb", "cpp run", "constexpr int spin() {\n  int n = 0;\n  for (;;) n = 1 - n;\n  return n;\n}\nconstexpr int never = spin();\n"
     "int main() {}\n", "[compile-failed] loop iteration count exceeds limit"),
    ("include-endless", "cpp run", '#include "/dev/zero"\nint main() {}\n', "[compile-failed] "),
    ("include-own-input", "cpp run", '#include "/dev/stdin"\n#include "/proc/self/fd/0"\n' + MAIN + 'int main() { std::puts("empty"); }\n', "empty\n"),
    ("template-recursion", "cpp run", "template <int N> struct A { using B = typename A<N + 1>::B; };\nA<0>::B b;\nint main() {}\n",
     "[compile-failed] template instantiation depth"),
    ("huge-object", "cpp run", "char text[6'000'000'000] = {1};\nint main() { return text[5]; }\n", "[compile-failed] "),
    # --- into the page and the terminal
    ("odd-bytes", "python run", "import sys\nsys.stdout.buffer.write(b'\\x1b]0;title\\x07 \\xff\\xfe \\0 \\x1b[2J\\n')\n",
     "\u241b]0;title\u2407 \ufffd\ufffd \u2400 \u241b[2J\n"),
    ("odd-errors", "python run", "import sys\nsys.stderr.write('\\x1b[31mred\\x1b[0m\\n')\nsys.exit(3)\n", "[exit-status] ended with status 3"),
    ("descriptors", "python run", TRY + """import socket
for name in os.listdir("/proc/self/fd"):
    kind = os.stat(int(name)).st_mode if os.path.exists("/proc/self/fd/" + name) else 0
    if kind & 0o170000 == 0o040000: print("ESCAPED", os.listdir(int(name)))
attempt("inherited", lambda: os.fstat(@FOLDER_FD@))
print(socket.gethostname())
""", "inherited EBADF\ndrill\n"),
    ("environment", "python run args=\"LD_PRELOAD=/x.so -- --help -o /usr/new\"", """import os, sys
print("arguments", sys.argv[1:], sys.stdin.read() == "")
print(sorted(os.environ))
""", "arguments ['LD_PRELOAD=/x.so', '--', '--help', '-o', '/usr/new'] True\n"
     "['HOME', 'LC_ALL', 'PWD', 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED', 'PYTHONUTF8', 'TMPDIR']\n"),
]

CUDA_SNIPPETS = [
    ("endless-kernel", "cuda run timeout=5", """__global__ void forever(volatile int* p) {
  while (*p >= 0) *p = *p ^ 1;  // it stores: threads that only poll are found out before the time is up
}
int main() {
  int* p;
  cudaMalloc(&p, 4);
  cudaMemset(p, 0, 4);
  forever<<<1, 32>>>(p);
  cudaDeviceSynchronize();
}
""", "[program-timeout] did not end within 5 s"),
    ("incbin-of-nvcc", "cuda run", 'asm(".incbin \\"@HOME@/secret\\"");\nint main() {}\n', "[compile-failed] "),
    ("swaps-its-reports", "cuda run", """#include <cerrno>
#include <cstdio>
#include <unistd.h>
int main() {
  const char* report = "/drill/out/counters.json";
  const int removed = unlink(report) == 0 ? 0 : errno;
  std::printf("%s\\n", removed == EBUSY ? "kept" : "ESCAPED");
  std::printf("%d\\n", symlink("@HOME@/secret", "/drill/findings.json"));
}
""", "kept\n0\n"),
]
