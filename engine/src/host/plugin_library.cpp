#include "host/plugin_library.hpp"

#include <Poco/Exception.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "host/elf_file.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

namespace fs = std::filesystem;

constexpr const char* symbol_name = "linkferry_plugin";

[[noreturn]] void refuse(const fs::path& file, std::string_view found,
                         std::string_view what_to_do) {
  throw Failure(FailureKind::configuration,
                fmt::format("{}: {}; {}", file.string(), found, what_to_do));
}

/// Which write permission others have, or nothing.
/// Rationale: where every user has a group of his own, files are group writable by default
/// (Debian's umask 002), and that group has the number of the user: it gives the file to nobody
/// else.
const char* foreign_write_permission(const struct stat& status) {
  if ((status.st_mode & S_IWOTH) != 0) return "everyone (o+w)";
  if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != status.st_uid) return "its group (g+w)";
  return nullptr;
}

void check_file(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    refuse(file, fmt::format("cannot be opened as a plugin: {}", std::strerror(errno)),
           "check the path and --plugin-path");
  }
  if (!S_ISREG(status.st_mode)) {
    refuse(file, "is no regular file, which a plugin must be", "give the path of the .so file");
  }
  if (const char* who = foreign_write_permission(status)) {
    refuse(
        file,
        fmt::format("may be written by {}, and a plugin must be writable by its owner only", who),
        fmt::format("run: chmod go-w {}", file.string()));
  }
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (::stat(folder.c_str(), &status) != 0 || (status.st_mode & S_ISVTX) != 0) return;
  if (const char* who = foreign_write_permission(status)) {
    refuse(
        file,
        fmt::format(
            "stands in a folder that may be written by {}, so anyone there could replace it", who),
        fmt::format("run: chmod go-w {}", folder.string()));
  }
}

void check_exported_symbol(const fs::path& file) {
  if (const std::string damage = find_elf_damage(file); !damage.empty()) {
    refuse(file, damage, "build or install the plugin again");
  }
  std::vector<std::string> symbols;
  try {
    symbols = boost::dll::library_info(file).symbols();
  } catch (const std::exception& error) {
    refuse(file, fmt::format("is no library that can be loaded here: {}", error.what()),
           "build the plugin for this machine");
  }
  if (std::ranges::find(symbols, symbol_name) != symbols.end()) return;
  refuse(
      file, fmt::format("does not export the symbol {}", symbol_name),
      "if it is a plugin, define it with LINKFERRY_PLUGIN and link it with linkferry_add_plugin()");
}

/// Every library that was ever loaded. Never destroyed: see the header.
std::vector<boost::dll::shared_library>& loaded_libraries() {
  static auto& libraries = *new std::vector<boost::dll::shared_library>;
  return libraries;
}

/// What the dynamic linker said. Boost.DLL puts it into its own text, and behind it an error code
/// that means nothing here.
std::string linker_message(std::string_view text) {
  constexpr std::string_view before = "dlerror system message: ";
  const std::size_t start = text.find(before);
  const std::size_t end = text.rfind(')');
  if (start == text.npos || end == text.npos || end < start) return std::string(text);
  return std::string(text.substr(start + before.size(), end - start - before.size()));
}

const Descriptor& load_descriptor(const fs::path& file) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  try {
    // rtld_now: a missing symbol fails here and is named, instead of ending the program in the
    // middle of a run.
    boost::dll::shared_library library(
        file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    const auto& descriptor = library.get<const Descriptor>(symbol_name);
    loaded_libraries().push_back(std::move(library));
    return descriptor;
  } catch (const std::exception& error) {
    // The error code of Boost.DLL means nothing here; the text that the dynamic linker gave is the
    // part to show.
    refuse(file, fmt::format("cannot be loaded: {}", linker_message(error.what())),
           "install the library that it needs, or build the plugin again");
  }
}

std::string printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes)
    text += c >= ' ' && c <= '~' ? std::string(1, c)
                                 : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

void check_build(const fs::path& file, const Descriptor& found) {
  const Descriptor expected;
  constexpr std::string_view rebuild = "rebuild the plugin with this version of linkferry";
  if (std::memcmp(found.magic, expected.magic, sizeof expected.magic) != 0) {
    refuse(file,
           fmt::format("is no linkferry plugin: its descriptor begins with \"{}\", expected \"{}\"",
                       printable({found.magic, sizeof found.magic}),
                       printable({expected.magic, sizeof expected.magic})),
           "define the descriptor with LINKFERRY_PLUGIN");
  }
  if (found.size_bytes != expected.size_bytes) {
    refuse(file,
           fmt::format("was built for another linkferry: its descriptor has {} bytes, expected {}",
                       found.size_bytes, expected.size_bytes),
           rebuild);
  }
  if (found.fingerprint == nullptr || std::strcmp(found.fingerprint, expected.fingerprint) != 0) {
    refuse(file,
           fmt::format("was built against another linkferry or with other settings:\n{}",
                       compare_fingerprints(found.fingerprint == nullptr ? "" : found.fingerprint,
                                            expected.fingerprint)),
           rebuild);
  }
}

bool is_plugin_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void check_schema(const fs::path& file, const char* schema) {
  constexpr std::string_view hint =
      "give options_schema a JSON Schema object, \"{\\\"type\\\": \\\"object\\\"}\" at least";
  if (schema == nullptr || *schema == '\0') refuse(file, "has no options schema", hint);
  std::string problem;
  try {
    Poco::JSON::Parser parser;
    const auto parsed = parser.parse(schema);
    if (parsed.type() != typeid(Poco::JSON::Object::Ptr)) problem = "it is no object";
  } catch (const Poco::Exception& error) {
    problem = error.displayText();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!problem.empty())
    refuse(file, fmt::format("has an options schema that is no JSON Schema: {}", problem), hint);
}

void check_content(const fs::path& file, const Descriptor& found) {
  const std::string expected = file.stem().string();
  const std::string_view name = found.name == nullptr ? "" : found.name;
  if (name != expected) {
    refuse(file,
           fmt::format("calls itself \"{}\", expected \"{}\" as the file is named", printable(name),
                       expected),
           "rename the file or the plugin");
  }
  if (!is_plugin_name(name)) {
    refuse(file,
           fmt::format("is named \"{}\", expected lower case letters, digits and _ only", name),
           "rename the plugin and its file");
  }
  if (found.make_source == nullptr && found.make_sink == nullptr) {
    refuse(file, "offers neither a source nor a sink",
           "set make_source or make_sink in its descriptor");
  }
  check_schema(file, found.options_schema);
}

/// The value of `key` in a fingerprint, or nothing.
std::string_view part_of(std::string_view fingerprint, std::string_view key) {
  std::size_t start = 0;
  while (start < fingerprint.size()) {
    const std::size_t end = std::min(fingerprint.find(' ', start), fingerprint.size());
    const std::string_view part = fingerprint.substr(start, end - start);
    const std::size_t equals = std::min(part.find('='), part.size());
    if (part.substr(0, equals) == key) return part.substr(std::min(equals + 1, part.size()));
    start = end + 1;
  }
  return {};
}

std::vector<std::string_view> keys_of(std::string_view fingerprint) {
  std::vector<std::string_view> keys;
  std::size_t start = 0;
  while (start < fingerprint.size()) {
    const std::size_t end = std::min(fingerprint.find(' ', start), fingerprint.size());
    const std::string_view part = fingerprint.substr(start, end - start);
    keys.push_back(part.substr(0, part.find('=')));
    start = end + 1;
  }
  return keys;
}

/// Digests are told apart by their first 16 digits well enough.
std::string_view shortened(std::string_view value) {
  if (value.empty()) return "nothing";
  return value.size() == 64 ? value.substr(0, 16) : value.substr(0, 80);
}

}  // namespace

std::string compare_fingerprints(std::string_view of_plugin, std::string_view of_host) {
  std::vector<std::string_view> keys = keys_of(of_host);
  for (const auto key : keys_of(of_plugin)) {
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  }
  std::string text;
  for (const auto key : keys) {
    const auto plugin = part_of(of_plugin, key);
    const auto host = part_of(of_host, key);
    if (plugin == host) continue;
    if (!text.empty()) text += '\n';
    text += fmt::format("  {}: the plugin has {}, linkferry has {}", key,
                        printable(shortened(plugin)), shortened(host));
  }
  return text;
}

const Descriptor& load_plugin_library(const std::filesystem::path& file) {
  check_file(file);
  check_exported_symbol(file);
  const Descriptor& descriptor = load_descriptor(file);
  check_build(file, descriptor);
  check_content(file, descriptor);
  return descriptor;
}

}  // namespace linkferry
