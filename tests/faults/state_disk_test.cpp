#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "state/job_state.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "world.hpp"

using namespace linkferry::test;
using linkferry::JobState, linkferry::JournalEntry, linkferry::RunOutcome, linkferry::StateStore,
    linkferry::StoredLinks;
namespace fs = std::filesystem;

namespace {

constexpr char config[] =
    "version: 1\n"
    "endpoints:\n"
    "  s: {plugin: jsonl, path: s.jsonl}\n"
    "  t: {plugin: jsonl, path: t.jsonl}\n"
    "jobs:\n"
    "  j: {from: s, to: t, mode: mirror}\n"
    "  other: {from: s, to: t}\n";

/// A job with a disk for its state.
struct Place {
  Folder folder;
  RunSettings settings;

  Place() {
    folder.write("linkferry.yaml", config);
    folder.write("s.jsonl", two_bookmarks);
    fs::create_directory(folder.path() / "state");
    settings.variables["XDG_STATE_HOME"] = folder.file("state");
  }
  Ran run_job() { return run(folder, {"run", "j"}, settings); }
  /// The next run does what the one before could not.
  void check_recovery() {
    const Ran ran = run_job();
    INFO(ran.err);
    CHECK(ran.code == 0);
    CHECK(folder.read("t.jsonl") == two_bookmarks);
    CHECK(run_job().out.find("Nothing to do.") != std::string::npos);
  }
};

/// No file of the program gets longer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

/// A disk of its own, where this process may have one.
class SmallDisk {
 public:
  SmallDisk(std::string path, const std::string& size) : path_(std::move(path)) {
    is_there_ = ::mount("linkferry-test", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_there_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_there() const { return is_there_; }

 private:
  std::string path_;
  bool is_there_ = false;
};

/// What is started in the meantime has not the rights of the superuser.
class OrdinaryUser {
 public:
  explicit OrdinaryUser(const Folder& folder) : is_root_(::geteuid() == 0) {
    if (!is_root_) return;
    const auto give = [](const fs::path& path) { return ::lchown(path.c_str(), nobody, nobody); };
    REQUIRE(give(folder.path()) == 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      REQUIRE(give(entry.path()) == 0);
    for (const char* ending : {".in", ".out", ".err"})
      (void)fs::remove(folder.path().string() + ending);
    REQUIRE(::seteuid(nobody) == 0);
  }
  ~OrdinaryUser() {
    if (is_root_ && ::seteuid(0) != 0) std::abort();
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

 private:
  static constexpr uid_t nobody = 65534;
  bool is_root_;
};

}  // namespace

TEST_CASE("a second process at the same job or place is refused, and told who is at it",
          "[faults][cli]") {
  Place place;
  fs::remove(place.folder.path() / "s.jsonl");
  const std::string pipe = place.folder.file("s.jsonl");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const pid_t first = start(place.folder, {"run", "j"}, place.settings);
  const int write_end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  // It reads by now, and holds its locks since before.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  Folder elsewhere;
  for (const char* job : {"j", "other"}) {
    const Ran second =
        run(elsewhere, {"run", job, "-c", place.folder.file("linkferry.yaml")}, place.settings);
    INFO(job << second.err);
    CHECK(second.code == 9);
    CHECK(second.err.find(fmt::format("process {} on ", first)) != std::string::npos);
    CHECK(second.err.find("run again") != std::string::npos);
  }
  CHECK_FALSE(place.folder.has("t.jsonl"));
  REQUIRE(::write(write_end, two_bookmarks, sizeof two_bookmarks - 1) > 0);
  ::close(write_end);
  CHECK(wait_for(place.folder, first).code == 0);
  CHECK(place.folder.read("t.jsonl") == two_bookmarks);
}

TEST_CASE("the lock of a process that was killed holds nobody up", "[faults][cli]") {
  Place place;
  fs::remove(place.folder.path() / "s.jsonl");
  const std::string pipe = place.folder.file("s.jsonl");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const pid_t first = start(place.folder, {"run", "j"}, place.settings);
  const int write_end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  REQUIRE(::kill(first, SIGKILL) == 0);
  CHECK(wait_for(place.folder, first).code == 137);
  ::close(write_end);
  fs::remove(pipe);
  place.folder.write("s.jsonl", two_bookmarks);
  place.check_recovery();
}

TEST_CASE("where the state has no room nothing is written, and the message says which file",
          "[faults][cli]") {
  Place place;
  const bool is_disk = GENERATE(true, false);
  {
    std::optional<SmallDisk> disk;
    std::optional<FileSizeLimit> limit;
    if (is_disk) {
      disk.emplace(place.folder.file("state"), "24k");
      if (!disk->is_there()) {
        WARN("skipped: this user may not mount a disk");
        return;
      }
    } else {
      limit.emplace(8 * 1024);
    }
    const Ran ran = place.run_job();
    INFO(ran.err);
    CHECK(ran.code == 1);
    CHECK(ran.err.find("state.db: the state cannot be read or written") != std::string::npos);
    CHECK(ran.err.find("damaged") == std::string::npos);
    CHECK_FALSE(place.folder.has("t.jsonl"));
  }
  place.check_recovery();
}

TEST_CASE("where the state may not be written nothing is, and the message names the way out",
          "[faults][cli]") {
  Place place;
  const bool is_known = GENERATE(false, true);
  if (is_known) place.check_recovery();
  const std::string before = is_known ? place.folder.read("t.jsonl") : "";
  place.folder.write("s.jsonl", "{\"url\":\"https://a.example/\",\"title\":\"A\"}\n");
  {
    const OrdinaryUser user(place.folder);
    const auto protect = [&](fs::perms folder, fs::perms file) {
      const fs::path state = place.folder.path() / "state";
      fs::permissions(state, fs::perms::owner_all);
      std::vector<fs::path> folders;
      for (const auto& entry : fs::recursive_directory_iterator(state)) {
        if (entry.is_directory())
          folders.push_back(entry.path());
        else
          fs::permissions(entry.path(), file);
      }
      for (const fs::path& path : folders) fs::permissions(path, folder);
      fs::permissions(state, folder);
    };
    protect(fs::perms::owner_read | fs::perms::owner_exec, fs::perms::owner_read);
    const Ran ran = place.run_job();
    protect(fs::perms::owner_all, fs::perms::owner_read | fs::perms::owner_write);
    if (ran.code == 126 || ran.code == 127) {
      WARN("skipped: an ordinary user cannot run " LINKFERRY_PROGRAM);
      return;
    }
    INFO(ran.err);
    CHECK(ran.code == 1);
    CHECK(ran.err.find("Permission denied") != std::string::npos);
    CHECK(ran.err.find("$XDG_STATE_HOME names another folder") != std::string::npos);
    CHECK(place.folder.has("t.jsonl") == is_known);
    if (is_known) CHECK(place.folder.read("t.jsonl") == before);
  }
}

TEST_CASE("a clock that was set back changes nothing", "[faults][cli]") {
#ifdef __SANITIZE_ADDRESS__  // without a service: CMakeLists.txt says why
  World world(GENERATE(Target::shelf, Target::jsonl));
#else
  World world(GENERATE(Target::shelf, Target::jsonl, Target::linkding));
#endif
  constexpr long year = 365L * 24 * 3600;
  world.write_config("  s: {plugin: jsonl, path: s.jsonl}\n", "from: s, mode: mirror");
  world.write_jsonl("disk/s.jsonl", "a b c d");
  const auto run_in = [&](long seconds) {
    world.set_clock(seconds);
    const Ended ended = world.run({"--detailed-exitcode"});
    INFO(ended.err);
    CHECK((ended.code == 0 || ended.code == 2));
    return ended.code;
  };
  CHECK(run_in(5 * year) == 2);
  CHECK(run_in(0) == 0);
  world.write_jsonl("disk/s.jsonl", "a c d=New e");
  CHECK(run_in(-5 * year) == 2);
  CHECK(world.listing() == expected_listing("a c d=New e", world.target()));
  CHECK(run_in(0) == 0);
  world.write_jsonl("disk/s.jsonl", "a c d=New");
  CHECK(run_in(-10 * year) == 2);
  CHECK(world.listing() == expected_listing("a c d=New", world.target()));
}

TEST_CASE("each time a file is about to be replaced the journal is on the disk",
          "[faults][state]") {
  const Folder folder;
  StateStore store(folder.path() / "state.db");
  JobState state(store, "j", "one");
  state.begin("sync", 0);
  // A sync replaces one file after the other.
  for (int side = 0; side < 2; ++side) {
    JournalEntry entry;
    entry.key = {1, static_cast<std::uint64_t>(side)};
    state.open({&entry, 1}, false);
    const auto before = std::filesystem::file_size(folder.path() / "state.db-wal");
    state.make_durable();
    // Only a commit that has something to write brings what was before it to the disk.
    CHECK(std::filesystem::file_size(folder.path() / "state.db-wal") > before);
    state.settle();
  }
  state.finish(RunOutcome::done, {}, "", StoredLinks::not_seen);
}
