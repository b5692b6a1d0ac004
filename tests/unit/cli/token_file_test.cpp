#include "cli/token_file.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "linkferry-token-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    std::error_code error;
    fs::remove_all(path, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path path;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a token file appears whole, for its owner alone", "[token-file]") {
  Folder folder;
  const mode_t before = ::umask(0);
  TokenFile file(folder.path / "a.token", false);
  ::umask(before);
  CHECK_FALSE(fs::exists(folder.path / "a.token"));
  file.store(Secret(std::string("secret")));
  CHECK(read(folder.path / "a.token") == "secret\n");
  CHECK(fs::status(folder.path / "a.token").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(files_in(folder.path) == 1);
}

TEST_CASE("a token file that is given up leaves no trace", "[token-file]") {
  Folder folder;
  { const TokenFile file(folder.path / "a.token", false); }
  CHECK(files_in(folder.path) == 0);
}

TEST_CASE("a file that came up meanwhile is not replaced", "[token-file]") {
  Folder folder;
  {
    TokenFile file(folder.path / "a.token", false);
    std::ofstream(folder.path / "a.token") << "mine";
    CHECK_THROWS_AS(file.store(Secret(std::string("secret"))), Failure);
  }
  CHECK(read(folder.path / "a.token") == "mine");
  TokenFile file(folder.path / "a.token", true);
  file.store(Secret(std::string("secret")));
  CHECK(read(folder.path / "a.token") == "secret\n");
  CHECK(files_in(folder.path) == 1);
}

TEST_CASE("folders are made for the user alone, and what is there stays as it is", "[token-file]") {
  Folder folder;
  fs::permissions(folder.path, fs::perms::owner_all | fs::perms::group_read);
  make_private_folder(folder.path / "a" / "b");
  CHECK(fs::status(folder.path / "a" / "b").permissions() == fs::perms::owner_all);
  CHECK(fs::status(folder.path / "a").permissions() == fs::perms::owner_all);
  CHECK(fs::status(folder.path).permissions() == (fs::perms::owner_all | fs::perms::group_read));
}
