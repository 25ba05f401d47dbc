#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "system/family.h"
#include "system/files.h"
#include "system/process.h"

using namespace drillpress::system;

namespace {

ProcessRequest shell(std::string script) {
  ProcessRequest request;
  request.argv = {"/bin/sh", "-c", std::move(script)};
  request.environment = {{"PATH", "/usr/bin:/bin"}};
  return request;
}

}  // namespace

TEST_CASE("output, errors, input and exit status come back") {
  ProcessRequest request = shell("cat; echo wrong >&2; exit 7");
  request.input = std::string(300'000, 'x');  // more than a pipe holds
  const auto outcome = run_process(request);
  REQUIRE(outcome.ok());
  CHECK(outcome.value().out == request.input);
  CHECK(outcome.value().err == "wrong\n");
  CHECK(outcome.value().exit_code == 7);
  CHECK(outcome.value().signal == 0);
}

TEST_CASE("a program that cannot be started is a failure, not an exit status") {
  ProcessRequest request;
  request.argv = {"/nonexistent/program"};
  const auto outcome = run_process(request);
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.error().find("No such file") != std::string::npos);
}

TEST_CASE("the child sees only the environment it was given") {
  ::setenv("DRILLPRESS_SECRET", "1", 1);
  const auto outcome = run_process(shell("echo ${DRILLPRESS_SECRET:-none}"));
  REQUIRE(outcome.ok());
  CHECK(outcome.value().out == "none\n");
}

TEST_CASE("a program that never ends is killed with its children") {
  ProcessRequest request = shell("sleep 1000 & echo started; wait");
  request.limits.timeout_ms = 300;
  const auto outcome = run_process(request);
  REQUIRE(outcome.ok());
  CHECK(outcome.value().exceeded == Limit::kTime);
  CHECK_FALSE(outcome.value().succeeded());
  CHECK(outcome.value().out == "started\n");
}

TEST_CASE("a child left in the background does not hold the run") {
  const auto outcome = run_process(shell("sleep 1000 & echo done"));
  REQUIRE(outcome.ok());
  CHECK(outcome.value().out == "done\n");
  CHECK_FALSE(outcome.value().exceeded);
}

TEST_CASE("a signal is named") {
  const auto outcome = run_process(shell("kill -SEGV $$"));
  REQUIRE(outcome.ok());
  CHECK(outcome.value().signal == SIGSEGV);
}

TEST_CASE("a program that writes too much is ended, and the rest is dropped") {
  ProcessRequest request = shell("while :; do echo 0123456789; done");
  request.limits.max_output_bytes = 1000;
  const auto outcome = run_process(request);
  REQUIRE(outcome.ok());
  CHECK(outcome.value().out.size() == 1000);
  CHECK(outcome.value().exceeded == Limit::kOutput);
  CHECK_FALSE(outcome.value().succeeded());
}

TEST_CASE("a program whose family uses too much memory is ended") {
  // Two processes of 60 MB each: neither is too large by itself.
  const std::string hold =
      "python3 -c \"x = bytearray(60000000); print('held', flush=True); import time; time.sleep(1000)\"";
  ProcessRequest request = shell(hold + " & " + hold + " & wait");
  request.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
  request.limits.max_family_bytes = 100'000'000;
  request.limits.timeout_ms = 60'000;
  const auto outcome = run_process(request);
  REQUIRE(outcome.ok());
  CHECK(outcome.value().exceeded == Limit::kMemory);
}

TEST_CASE("a program that starts too many processes is ended") {
  ProcessRequest request = shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; echo all; wait");
  request.limits.max_threads = 10;
  request.limits.timeout_ms = 60'000;
  const auto outcome = run_process(request);
  REQUIRE(outcome.ok());
  CHECK(outcome.value().exceeded == Limit::kThreads);
  request.limits.max_threads = 100;
  request.argv.back() = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.2 & done; wait";
  CHECK(run_process(request).value().succeeded());
}

TEST_CASE("data is handed over on a descriptor, and an announced process is waited for") {
  char name[] = "/tmp/drillpress-announce-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  // $1 $2 are `--data FD`, $3 $4 are `--tell FD`; the announced process leaves the group and outlives the
  // shell.
  REQUIRE(write_file(folder + "/script", R"(#!/bin/sh
cat /proc/self/fd/$2
setsid sleep 0.3 >/dev/null 2>&1 &
echo "{ \"child-pid\": $! }" >/proc/self/fd/$4
echo $! >&2
)")
              .ok());
  std::filesystem::permissions(folder + "/script", std::filesystem::perms::owner_all);
  ProcessRequest request = shell("");
  request.argv = {folder + "/script"};
  request.data_option = "--data";
  request.data = "handed over";
  request.announce_option = "--tell";
  const auto outcome = run_process(request);
  REQUIRE(outcome.ok());
  CHECK(outcome.value().out == "handed over");
  const int pid = std::stoi(outcome.value().err);
  const auto stat = read_file("/proc/" + std::to_string(pid) + "/comm");
  CHECK(
      (!stat.ok() || measure_family(pid).resident_bytes == 0));  // gone, or not yet reaped by its new parent
  std::filesystem::remove_all(folder);
}

TEST_CASE("processes run from several threads at once") {
  std::vector<std::thread> threads;
  std::vector<std::string> outputs(8);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    threads.emplace_back(
        [&, i] { outputs[i] = run_process(shell("echo " + std::to_string(i))).value().out; });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < outputs.size(); ++i) CHECK(outputs[i] == std::to_string(i) + "\n");
}

TEST_CASE("a program just written can be started while other threads start processes") {
  char name[] = "/tmp/drillpress-busy-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  std::vector<std::thread> threads;
  std::vector<int> failures(4);
  for (std::size_t t = 0; t < failures.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const std::string copy = folder + "/p" + std::to_string(t) + "-" + std::to_string(i);
        if (!copy_file("/bin/true", copy).ok()) ++failures[t];
        ProcessRequest request;
        request.argv = {copy};
        const auto outcome = run_process(request);
        if (!outcome.ok() || !outcome.value().succeeded()) ++failures[t];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failures == std::vector<int>(4, 0));
  std::filesystem::remove_all(folder);
}

namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/drillpress-test-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a folder is swapped in whole, whether or not there was one") {
  const TemporaryFolder folder;
  make_folders(folder / "fresh");
  write_file(folder / "fresh/a", "1");
  REQUIRE(swap_in_folder(folder / "fresh", folder / "site").ok());
  CHECK(read_file(folder / "site/a").value() == "1");
  make_folders(folder / "fresh");
  write_file(folder / "fresh/b", "2");
  REQUIRE(swap_in_folder(folder / "fresh", folder / "site").ok());
  CHECK_FALSE(exists(folder / "site/a"));
  CHECK(read_file(folder / "site/b").value() == "2");
  CHECK_FALSE(exists(folder / "fresh"));
}

TEST_CASE("reading says what stands in the way") {
  const TemporaryFolder folder;
  make_folders(folder / "sub");
  CHECK(read_file(folder / "sub").error().find("is a folder") != std::string::npos);
  CHECK(read_file(folder / "none").error().find("No such file") != std::string::npos);
  write_file(folder / "big", std::string(100, 'x'));
  CHECK(read_file(folder / "big", 99).error().find("100 bytes") != std::string::npos);
  CHECK(read_file(folder / "big", 100).ok());
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(read_file(folder / "pipe").error().find("not a regular file") != std::string::npos);
}

TEST_CASE("listing is sorted, skips hidden names and judges links") {
  const TemporaryFolder folder;
  make_folders(folder / "b/c");
  write_file(folder / "b/c/file", "x");
  write_file(folder / "a", "xy");
  write_file(folder / ".hidden", "x");
  std::filesystem::create_symlink(folder / "a", folder / "in");
  std::filesystem::create_symlink("/etc/passwd", folder / "out");
  std::filesystem::create_symlink(folder / "gone", folder / "dangling");
  const auto entries = list_tree(folder.path(), folder.path());
  REQUIRE(entries.ok());
  std::vector<std::pair<std::string, EntryKind>> got;
  for (const Entry& entry : entries.value()) got.emplace_back(entry.path, entry.kind);
  const std::vector<std::pair<std::string, EntryKind>> expected = {{"a", EntryKind::kFile},
                                                                   {"b", EntryKind::kFolder},
                                                                   {"b/c", EntryKind::kFolder},
                                                                   {"b/c/file", EntryKind::kFile},
                                                                   {"dangling", EntryKind::kSymlinkOutside},
                                                                   {"in", EntryKind::kSymlinkInside},
                                                                   {"out", EntryKind::kSymlinkOutside}};
  CHECK(got == expected);
  for (const auto& [path, kind] : expected) {
    INFO(path);
    CHECK(kind_of(folder / path, folder.path()) == kind);
  }
  CHECK_FALSE(kind_of(folder / "none", folder.path()));
  std::filesystem::create_symlink("/etc", folder / "etc");
  CHECK(kind_of(folder / "etc/passwd", folder.path()) == EntryKind::kSymlinkOutside);  // a link on the way
}

TEST_CASE("what a user names for a report is replaced only when it is a file") {
  const TemporaryFolder folder;
  REQUIRE(write_wherever(folder / "deep/new", "one").ok());
  CHECK(read_file(folder / "deep/new").value() == "one");
  std::filesystem::create_symlink(folder / "deep/new", folder / "link");
  REQUIRE(write_wherever(folder / "link", "two").ok());
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_file(folder / "deep/new").value() == "two");
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(write_wherever(pipe, "three").ok());
  CHECK(std::filesystem::is_fifo(pipe));
  char text[8] = {};
  CHECK(::read(reader, text, sizeof text) == 5);
  CHECK(std::string(text) == "three");
  ::close(reader);
  CHECK_FALSE(write_wherever(folder.path(), "four").ok());
}

TEST_CASE("an atomic write leaves the old file when it fails") {
  const TemporaryFolder folder;
  REQUIRE(write_file_atomically(folder / "deep/er/file", "one").ok());
  CHECK(read_file(folder / "deep/er/file").value() == "one");
  make_folders(folder / "taken/x");
  CHECK_FALSE(write_file_atomically(folder / "taken", "two").ok());
  CHECK(list_tree(folder.path(), folder.path()).value().size() == 5);  // no temporary file is left
}
