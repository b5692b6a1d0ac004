#include <sys/stat.h>

#include "boundary/module_path.hpp"
#include "host/plugin_library.hpp"

using namespace linkferry;
using namespace linkferry::boundary;
using Catch::Matchers::Contains;

namespace {

/// What the handshake says about a file; every refusal names the file and is a matter of
/// configuration.
std::string refusal_of(const fs::path& file) {
  const Failure failure = failure_of([&] { load_plugin_library(file); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK_THAT(failure.what(), Contains(file.string()));
  return failure.what();
}

}  // namespace

TEST_CASE("a plugin that keeps the rules is loaded", "[boundary]") {
  const Descriptor& descriptor = load_plugin_library(module_path("good"));
  CHECK(std::string(descriptor.name) == "good");
  CHECK(descriptor.make_source != nullptr);
}

TEST_CASE("a plugin that is not there is refused with the reason of the system", "[boundary]") {
  CHECK_THAT(refusal_of("/nowhere/absent.so"), Contains("No such file or directory"));
}

TEST_CASE("a folder is no plugin", "[boundary]") {
  const ScratchFolder scratch;
  CHECK_THAT(refusal_of(scratch.path()), Contains("is no regular file"));
}

TEST_CASE("a text file named .so is refused and its beginning shown", "[boundary]") {
  const ScratchFolder scratch;
  write_bytes(scratch / "notes.so", "Dear diary, today");
  CHECK_THAT(refusal_of(scratch / "notes.so"),
             Contains("expected an ELF file, found \"Dear diary, toda\""));
  write_bytes(scratch / "empty.so", "");
  CHECK_THAT(refusal_of(scratch / "empty.so"), Contains("expected an ELF file, found \"\""));
}

TEST_CASE("a truncated library is refused before it is loaded, wherever it is cut", "[boundary]") {
  const ScratchFolder scratch;
  const std::string whole = bytes_of(module_path("good"));
  REQUIRE(whole.size() > 4096);
  for (const std::size_t size :
       {std::size_t{20}, std::size_t{64}, std::size_t{1000}, whole.size() / 2, whole.size() - 1}) {
    write_bytes(scratch / "good.so", std::string_view(whole).substr(0, size));
    CHECK_THAT(refusal_of(scratch / "good.so"),
               Contains("is cut off after " + std::to_string(size) + " bytes"));
  }
}

TEST_CASE("a library with damaged headers is refused without a crash", "[boundary]") {
  const ScratchFolder scratch;
  const std::string whole = bytes_of(module_path("good"));
  for (std::size_t at = 16; at < 64; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xA5);
    // A name each: some damage is harmless, and a file that is loaded must not be written to. Those
    // are refused for their name in the end.
    const fs::path file = scratch / ("damaged" + std::to_string(at) + ".so");
    write_bytes(file, damaged);
    INFO("byte " << at);
    CHECK_FALSE(refusal_of(file).empty());
  }
}

TEST_CASE("a library without the symbol is refused without being loaded", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("no_symbol")),
             Contains("does not export the symbol linkferry_plugin"));
}

TEST_CASE("a plugin whose dependency is missing is refused with the name of the symbol",
          "[boundary]") {
  CHECK_THAT(refusal_of(module_path("missing_dependency")),
             Contains("cannot be loaded") &&
                 Contains("undefined symbol: linkferry_test_function_that_is_nowhere") &&
                 !Contains("Bad file descriptor"));
}

TEST_CASE("a descriptor with another magic is refused and both are shown", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("wrong_magic")),
             Contains("begins with \"MUSICBO\\x0a\", expected \"LNKFERRY\""));
}

TEST_CASE("a descriptor of another size is refused and both are shown", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("wrong_size")),
             Contains("has " + std::to_string(sizeof(Descriptor) - 8) + " bytes, expected " +
                      std::to_string(sizeof(Descriptor))) &&
                 Contains("rebuild the plugin"));
}

TEST_CASE("a plugin of another build is refused and only the parts that differ are shown",
          "[boundary]") {
  const std::string text = refusal_of(module_path("wrong_fingerprint"));
  CHECK_THAT(text,
             Contains("compiler: the plugin has gcc-9, linkferry has " LINKFERRY_ABI_COMPILER) &&
                 Contains("rebuild the plugin") && !Contains("headers:") && !Contains("debug:"));
}

TEST_CASE("fingerprints are compared part by part", "[boundary]") {
  CHECK(compare_fingerprints("a=1 b=2", "a=1 b=2").empty());
  CHECK(compare_fingerprints("a=1 b=2 c=3", "a=1 b=4 d=5") ==
        "  b: the plugin has 2, linkferry has 4\n"
        "  d: the plugin has nothing, linkferry has 5\n"
        "  c: the plugin has 3, linkferry has nothing");
}

TEST_CASE("a plugin must be called as its file is", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("wrong_name")),
             Contains("calls itself \"another\", expected \"wrong_name\""));
}

TEST_CASE("a plugin that is neither source nor sink is refused", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("no_roles")), Contains("offers neither a source nor a sink"));
}

TEST_CASE("a plugin without an options schema is refused", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("no_schema")), Contains("has no options schema"));
}

TEST_CASE("a plugin whose options schema is no JSON is refused", "[boundary]") {
  CHECK_THAT(refusal_of(module_path("bad_schema")),
             Contains("options schema that is no JSON Schema"));
}

TEST_CASE("a plugin that others may write is refused and the permission named", "[boundary]") {
  const ScratchFolder scratch;
  fs::copy_file(module_path("good"), scratch / "good.so");
  REQUIRE(::chmod((scratch / "good.so").c_str(), 0646) == 0);
  CHECK_THAT(refusal_of(scratch / "good.so"),
             Contains("may be written by everyone (o+w)") && Contains("chmod go-w"));
  REQUIRE(::chmod((scratch / "good.so").c_str(), 0644) == 0);
  CHECK_NOTHROW(load_plugin_library(scratch / "good.so"));
}

TEST_CASE("a plugin that a foreign group may write is refused", "[boundary]") {
  const ScratchFolder scratch;
  fs::copy_file(module_path("good"), scratch / "good.so");
  if (::chown((scratch / "good.so").c_str(), static_cast<uid_t>(-1), 12345) != 0) {
    WARN("only root can give a file to another group: not tested");
    return;
  }
  REQUIRE(::chmod((scratch / "good.so").c_str(), 0664) == 0);
  CHECK_THAT(refusal_of(scratch / "good.so"), Contains("may be written by its group (g+w)"));
}

TEST_CASE("a plugin in a folder that others may write is refused unless the folder is sticky",
          "[boundary]") {
  const ScratchFolder scratch;
  fs::copy_file(module_path("good"), scratch / "good.so");
  REQUIRE(::chmod(scratch.path().c_str(), 0777) == 0);
  CHECK_THAT(refusal_of(scratch / "good.so"),
             Contains("stands in a folder that may be written by everyone (o+w)"));
  REQUIRE(::chmod(scratch.path().c_str(), 01777) == 0);
  CHECK_NOTHROW(load_plugin_library(scratch / "good.so"));
}
