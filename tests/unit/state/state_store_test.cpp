#include "state/state_store.hpp"

#include <cstdlib>
#include <functional>

#include "linkferry/failure.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;

namespace {

std::filesystem::path file_in(const test::Folder& folder) {
  return folder.path() / "state/linkferry/state.db";
}

std::string failure_of(FailureKind kind, const std::function<void()>& call) {
  try {
    call();
  } catch (const Failure& failure) {
    CHECK(failure.kind() == kind);
    return failure.what();
  }
  return "";
}

/// The bytes of a database of SQLite that says it is of this version. Source:
/// https://www.sqlite.org/fileformat2.html section 1.3 (read 2026-11-22): 4 bytes at 60.
void set_version(const std::filesystem::path& file, char version) {
  std::FILE* const stream = std::fopen(file.c_str(), "r+b");
  REQUIRE(stream != nullptr);
  std::fseek(stream, 63, SEEK_SET);
  std::fputc(version, stream);
  std::fclose(stream);
}

}  // namespace

TEST_CASE("a checkpoint is there when the state is opened again", "[state]") {
  const test::Folder folder;
  StateStore(file_in(folder)).store_checkpoint("job", "d1", "social", {"110;220", 1'700'000'000});
  StateStore store(file_in(folder));
  const auto found = store.find_checkpoint("job", "d1", "social");
  REQUIRE(found);
  CHECK(found->text == "110;220");
  CHECK(found->read_at == 1'700'000'000);
}

TEST_CASE("a later checkpoint takes the place of the earlier one", "[state]") {
  const test::Folder folder;
  StateStore store(file_in(folder));
  store.store_checkpoint("job", "d1", "social", {"1", 10});
  store.store_checkpoint("job", "d1", "social", {"2", 20});
  CHECK(store.find_checkpoint("job", "d1", "social")->text == "2");
}

TEST_CASE("a job that has changed, another job and another source know of no checkpoint",
          "[state]") {
  const test::Folder folder;
  StateStore store(file_in(folder));
  store.store_checkpoint("job", "d1", "social", {"1", 10});
  CHECK_FALSE(store.find_checkpoint("job", "d2", "social"));
  CHECK_FALSE(store.find_checkpoint("other", "d1", "social"));
  CHECK_FALSE(store.find_checkpoint("job", "d1", "links"));
}

TEST_CASE("only its owner can read the state", "[state]") {
  namespace fs = std::filesystem;
  const test::Folder folder;
  StateStore store(file_in(folder));
  store.store_checkpoint("job", "d1", "social", {"1", 10});
  for (const auto& file : fs::directory_iterator(file_in(folder).parent_path())) {
    INFO(file.path());
    CHECK(file.status().permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
  CHECK(fs::status(file_in(folder).parent_path()).permissions() == fs::perms::owner_all);
}

TEST_CASE("two processes may use the state at the same time", "[state]") {
  const test::Folder folder;
  StateStore one(file_in(folder));
  StateStore two(file_in(folder));
  one.store_checkpoint("job", "d1", "a", {"1", 10});
  two.store_checkpoint("job", "d1", "b", {"2", 10});
  CHECK(one.find_checkpoint("job", "d1", "b")->text == "2");
  CHECK(two.find_checkpoint("job", "d1", "a")->text == "1");
}

TEST_CASE("a state that is no database, or a damaged one, is said to be damaged", "[state]") {
  const test::Folder folder;
  const auto file = file_in(folder);
  SECTION("something else") {
    std::filesystem::create_directories(file.parent_path());
    folder.write("state/linkferry/state.db", std::string(5000, 'x'));
  }
  SECTION("a page overwritten") {
    {
      StateStore store(file);
      for (int i = 0; i < 300; ++i)
        store.store_checkpoint("job" + std::to_string(i), "d", "s", {std::string(200, 'c'), 1});
    }
    auto bytes = folder.read("state/linkferry/state.db");
    REQUIRE(bytes.size() > 20'000);
    bytes.replace(8192, 8192, std::string(8192, '\x7F'));
    folder.write("state/linkferry/state.db", bytes);
  }
  const auto message = failure_of(FailureKind::state, [&] { StateStore store(file); });
  INFO(message);
  CHECK(message.find("is damaged") != std::string::npos);
  CHECK(message.find("state.db") != std::string::npos);
  CHECK(message.find("linkferry state repair") != std::string::npos);
}

TEST_CASE("the state of a newer linkferry is left alone", "[state]") {
  const test::Folder folder;
  { StateStore store(file_in(folder)); }
  set_version(file_in(folder), StateStore::version + 1);
  const auto message = failure_of(FailureKind::state, [&] { StateStore store(file_in(folder)); });
  CHECK(message.find("newer linkferry") != std::string::npos);
}

TEST_CASE("a folder that takes no state is an error that names it", "[state]") {
  const test::Folder folder;
  folder.write("state", "a file where a folder is wanted");
  const auto message = failure_of(FailureKind::failed, [&] { StateStore store(file_in(folder)); });
  CHECK(message.find((folder.path() / "state").string()) != std::string::npos);
  CHECK(message.find("XDG_STATE_HOME") != std::string::npos);
}
