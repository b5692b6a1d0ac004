#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "boundary/module_path.hpp"
#include "host/engine_host.hpp"

using namespace linkferry;
using namespace linkferry::boundary;
using Catch::Matchers::Contains;

namespace {

std::string read_all(InputFile& file) {
  std::string text;
  char buffer[7];
  while (const std::size_t count = file.read(buffer)) text.append(buffer, count);
  return text;
}

/// The names in a folder, hidden ones too.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

void replace(Host& host, const fs::path& path, std::string_view bytes) {
  const auto file = host.stage_file(path.string());
  file->write(bytes);
  file->commit();
}

}  // namespace

TEST_CASE("a file is read from the front and, when nothing has changed it, again", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  write_bytes(scratch / "a.txt", "0123456789");
  const auto file = host.open_file((scratch / "a.txt").string());
  CHECK(file->size_bytes() == 10);
  CHECK(file->name() == (scratch / "a.txt").string());
  CHECK(read_all(*file) == "0123456789");
  CHECK(file->rewind());
  CHECK(read_all(*file) == "0123456789");
}

TEST_CASE("a file that was changed while it was read is not read again", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  write_bytes(scratch / "a.txt", "0123456789");
  const auto file = host.open_file((scratch / "a.txt").string());
  write_bytes(scratch / "a.txt", "01234567890");
  const Failure failure = failure_of([&] { file->rewind(); });
  CHECK(failure.kind() == FailureKind::input);
  CHECK_THAT(failure.what(), Contains("a.txt: was changed while it was read"));
}

TEST_CASE("a file that cannot be read is named with the reason", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const Failure missing = failure_of([&] { host.open_file((scratch / "absent.html").string()); });
  CHECK(missing.kind() == FailureKind::input);
  CHECK_THAT(missing.what(), Contains("absent.html: cannot be opened: No such file or directory"));
  const Failure folder = failure_of([&] { host.open_file(scratch.path().string()); });
  CHECK(folder.kind() == FailureKind::input);
  CHECK_THAT(folder.what(), Contains("is a folder"));
  CHECK_FALSE(host.file_exists((scratch / "absent.html").string()));
  CHECK_FALSE(host.file_exists("-"));
}

TEST_CASE("a pipe is read once, and waiting for it ends with a stop request", "[disk]") {
  const ScratchFolder scratch;
  std::stop_source stop;
  EngineHost host({}, stop.get_token());
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  const int writer = ::open((scratch / "pipe").c_str(), O_RDWR | O_CLOEXEC);
  const auto file = host.open_file((scratch / "pipe").string());
  REQUIRE(::write(writer, "abc", 3) == 3);
  char buffer[3];
  CHECK(file->read(buffer) == 3);
  CHECK_FALSE(file->rewind());
  CHECK(file->size_bytes() == 0);
  const auto start = std::chrono::steady_clock::now();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop.request_stop();
  });
  CHECK(failure_of([&] { file->read(buffer); }).kind() == FailureKind::interrupted);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  later.join();
  ::close(writer);
}

TEST_CASE("a staged file is not visible before commit and leaves nothing without it", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  write_bytes(scratch / "a.txt", "old");
  {
    const auto file = host.stage_file((scratch / "a.txt").string());
    file->write("new");
    CHECK(bytes_of(scratch / "a.txt") == "old");
  }
  CHECK(bytes_of(scratch / "a.txt") == "old");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"a.txt"});
  replace(host, scratch / "a.txt", "new");
  CHECK(bytes_of(scratch / "a.txt") == "new");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"a.txt"});
}

TEST_CASE("staged bytes are read back from any place, written out or not", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const auto file = host.stage_file((scratch / "big").string());
  std::string all;
  for (int i = 0; i < 20'000; ++i) {
    const std::string line =
        "line " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 61), '.') + "\n";
    all += line;
    file->write(line);
    if (i % 1000 != 0) continue;
    std::string back(100, '\0');
    const std::size_t from = all.size() / 2;
    back.resize(file->read_at(from, back));
    CHECK(back == all.substr(from, 100));
  }
  file->write(std::string(600'000, 'x'));
  all += std::string(600'000, 'x');
  CHECK(file->size_bytes() == all.size());
  char beyond[4];
  CHECK(file->read_at(all.size(), beyond) == 0);
  file->commit();
  CHECK(bytes_of(scratch / "big") == all);
}

TEST_CASE("what another program wrote since the target was read is not overwritten", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const auto path = (scratch / "library.html").string();
  write_bytes(path, "old");
  read_all(*host.open_file(path));
  const auto staged = host.stage_file(path);
  staged->write("old and ours");
  SECTION("in place") { write_bytes(path, "old and theirs"); }
  SECTION("by another file in its place") {
    write_bytes(scratch / "theirs", "old");
    fs::rename(scratch / "theirs", path);
  }
  const std::string theirs = bytes_of(path);
  const Failure failure = failure_of([&] { staged->commit(); });
  CHECK(failure.kind() == FailureKind::temporary);
  CHECK_THAT(failure.what(), Contains("library.html: was written by another program"));
  CHECK(bytes_of(path) == theirs);
}

TEST_CASE("a file that appeared since nothing was there is not overwritten", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const auto path = (scratch / "library.html").string();
  REQUIRE_FALSE(host.file_exists(path));
  const auto staged = host.stage_file(path);
  staged->write("ours");
  write_bytes(path, "theirs");
  CHECK(failure_of([&] { staged->commit(); }).kind() == FailureKind::temporary);
  CHECK(bytes_of(path) == "theirs");
}

TEST_CASE("a replaced file keeps its permissions, a new one gets what the umask allows", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  write_bytes(scratch / "private", "old");
  REQUIRE(::chmod((scratch / "private").c_str(), 0640) == 0);
  replace(host, scratch / "private", "new");
  CHECK(mode_of(scratch / "private") == 0640);
  const mode_t mask = ::umask(027);
  replace(host, scratch / "fresh", "new");
  ::umask(mask);
  CHECK(mode_of(scratch / "fresh") == 0640);
}

TEST_CASE("a symbolic link stays a link, and the file it points to is replaced", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  fs::create_directory(scratch / "real");
  write_bytes(scratch / "real/a.txt", "old");
  fs::create_symlink("real/a.txt", scratch / "link");
  fs::create_symlink("real/new.txt", scratch / "dangling");
  fs::create_symlink("circle", scratch / "circle");
  replace(host, scratch / "link", "new");
  replace(host, scratch / "dangling", "fresh");
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(bytes_of(scratch / "real/a.txt") == "new");
  CHECK(fs::is_symlink(scratch / "dangling"));
  CHECK(bytes_of(scratch / "real/new.txt") == "fresh");
  CHECK_THAT(failure_of([&] { host.stage_file((scratch / "circle").string()); }).what(),
             Contains("in a circle"));
}

TEST_CASE("leftovers of a killed run are removed by the next, those of a living run are not",
          "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const auto living = host.stage_file((scratch / "a.txt").string());
  write_bytes(scratch / ".a.txt.linkferry-dead01", "half");
  write_bytes(scratch / ".b.txt.linkferry-dead01", "of another target");
  write_bytes(scratch / ".a.txt.linkferry-mine", "no such name is ours");
  replace(host, scratch / "a.txt", "new");
  CHECK_FALSE(fs::exists(scratch / ".a.txt.linkferry-dead01"));
  CHECK(fs::exists(scratch / ".b.txt.linkferry-dead01"));
  CHECK(fs::exists(scratch / ".a.txt.linkferry-mine"));
  living->write("newer");
  living->commit();
  CHECK(bytes_of(scratch / "a.txt") == "newer");
}

TEST_CASE("a target that cannot be written is named before anything is done", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const auto refusal = [&](const std::string& path) {
    const Failure failure = failure_of([&] { host.stage_file(path); });
    CHECK(failure.kind() == FailureKind::failed);
    CHECK_THAT(failure.what(), Contains(path));
    return std::string(failure.what());
  };
  CHECK_THAT(refusal((scratch / "absent/a.txt").string()), Contains("No such file or directory"));
  CHECK_THAT(refusal(scratch.path().string()), Contains("is a folder"));
  if (::geteuid() == 0) {
    WARN("root may write everywhere: write protection is not tested");
    return;
  }
  write_bytes(scratch / "kept", "old");
  REQUIRE(::chmod((scratch / "kept").c_str(), 0444) == 0);
  CHECK_THAT(refusal((scratch / "kept").string()), Contains("Permission denied"));
}

TEST_CASE("names of 255 bytes can be written", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  const std::string name(255, 'n');
  replace(host, scratch / name, "new");
  CHECK(bytes_of(scratch / name) == "new");
}

TEST_CASE("a full disk names the target and leaves it as it was", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  write_bytes(scratch / "a.txt", "old");
  // A limit on the size of files stands in for a full disk.
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
  rlimit small = limit;
  small.rlim_cur = 100'000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    replace(host, scratch / "a.txt", std::string(1'000'000, 'x'));
  } catch (const Failure& failure) {
    message = failure.what();
  }
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  std::signal(SIGXFSZ, previous);
  CHECK_THAT(message, Contains((scratch / "a.txt").string()) && Contains("cannot be written") &&
                          Contains("untouched"));
  CHECK(bytes_of(scratch / "a.txt") == "old");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"a.txt"});
}

TEST_CASE("a device is written to, not replaced", "[disk]") {
  EngineHost host{{}};
  const Failure failure = failure_of([&] { replace(host, "/dev/full", "bytes"); });
  CHECK_THAT(failure.what(), Contains("/dev/full") && Contains("No space left on device"));
  replace(host, "/dev/null", "bytes");
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a pipe gets everything at commit and nothing before", "[disk]") {
  const ScratchFolder scratch;
  EngineHost host{{}};
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  const int reader = ::open((scratch / "pipe").c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  const auto file = host.stage_file((scratch / "pipe").string());
  file->write("all of it");
  char buffer[64];
  CHECK(::read(reader, buffer, sizeof buffer) < 0);
  file->commit();
  CHECK(::read(reader, buffer, sizeof buffer) == 9);
  ::close(reader);
}
