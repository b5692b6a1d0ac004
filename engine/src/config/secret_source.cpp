#include "config/secret_source.hpp"

#include <Poco/Exception.h>
#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <istream>
#include <vector>

#include "config/settings.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

constexpr std::size_t largest_secret = 64 * 1024;

/// Wipes the text that a secret was taken from.
struct WipedText {
  std::string text;
  ~WipedText() {
    for (volatile char& byte : text) byte = '\0';
  }
};

[[noreturn]] void refuse(const std::string& option, const std::string& problem) {
  throw Failure(FailureKind::configuration, fmt::format("{}: {}", option, problem));
}

Secret make_secret(const WipedText& found, const std::string& option, const std::string& from) {
  constexpr std::string_view blanks = " \t\r\n";
  if (found.text.size() > largest_secret)
    refuse(option, from + " is larger than 64 KiB, expected a token");
  const std::size_t start = found.text.find_first_not_of(blanks);
  if (start == std::string::npos) refuse(option, from + " is empty, expected a token");
  const std::size_t end = found.text.find_last_not_of(blanks) + 1;
  std::string text = found.text.substr(start, end - start);
  return Secret(std::move(text));
}

/// At most one byte more than a secret may have.
void read_all(std::istream& input, WipedText& found) {
  found.text.resize(largest_secret + 1);
  input.read(found.text.data(), static_cast<std::streamsize>(found.text.size()));
  found.text.resize(static_cast<std::size_t>(input.gcount()));
}

Secret read_variable(const std::string& name, const std::string& option) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) refuse(option, fmt::format("the environment variable {} is not set", name));
  return make_secret({value}, option, fmt::format("the environment variable {}", name));
}

/// Where to get what is not there.
std::string hint_of(const std::string& path, std::string_view authorizing_plugin) {
  if (authorizing_plugin.empty()) return "";
  const std::string word = path.find(' ') == std::string::npos ? path : '"' + path + '"';
  return fmt::format("; linkferry auth {} URL -o {} gets a token and stores it there",
                     authorizing_plugin, word);
}

Secret read_file(const std::string& path, const std::string& option,
                 std::string_view authorizing_plugin) {
  errno = 0;
  std::ifstream input(path, std::ios::binary);
  WipedText found;
  if (input) read_all(input, found);
  if (!input.is_open() || input.bad()) {
    const int error = errno;
    refuse(option,
           fmt::format("{} cannot be read: {}{}", path,
                       error == 0 ? "unknown reason" : std::strerror(error),
                       error == ENOENT ? hint_of(path, authorizing_plugin) : std::string()));
  }
  return make_secret(found, option, path);
}

Secret run_program(const std::vector<std::string>& words, const std::string& option) {
  const std::string from = fmt::format("the output of {}", words.front());
  WipedText found;
  int status = 0;
  try {
    Poco::Pipe output;
    const auto process = Poco::Process::launch(words.front(), {words.begin() + 1, words.end()},
                                               nullptr, &output, nullptr);
    Poco::PipeInputStream input(output);
    read_all(input, found);
    // What is too much is not waited for: closing the pipe ends the program.
    output.close(Poco::Pipe::CLOSE_BOTH);
    status = process.wait();
  } catch (const Poco::Exception& error) {
    refuse(option, fmt::format("{} cannot be run: {}", words.front(), error.displayText()));
  }
  if (status != 0 && found.text.size() <= largest_secret) {
    refuse(option, fmt::format("{} ended with status {}, expected a token on its standard output",
                               words.front(), status));
  }
  return make_secret(found, option, from);
}

}  // namespace

Secret read_secret(const ConfigNode& reference, const std::string& option,
                   const std::filesystem::path& base, std::string_view authorizing_plugin) {
  if (const ConfigNode* name = reference.find("env")) return read_variable(name->text, option);
  if (const ConfigNode* path = reference.find("file"))
    return read_file(resolve_path(path->text, base), option, authorizing_plugin);
  if (const ConfigNode* command = reference.find("command");
      command != nullptr && !command->items.empty()) {
    std::vector<std::string> words;
    for (const auto& word : command->items) words.push_back(word->text);
    return run_program(words, option);
  }
  refuse(option,
         "says nothing about where the secret is, expected {env: NAME}, {file: PATH} or {command: "
         "[program, ...]}");
}

}  // namespace linkferry
