#include "support/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "support/catch.hpp"

extern char** environ;

namespace linkferry::test {

namespace fs = std::filesystem;

namespace {

// Outside of the folder's own names, so that `names()` shows only what the program left.
std::string beside(const Folder& folder, const char* ending) {
  return folder.path().string() + ending;
}

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> environment_of(const Folder& folder, const RunSettings& settings) {
  std::vector<std::string> variables{"HOME=" + folder.path().string(), "PATH=/usr/bin:/bin"};
  if (!settings.variables.contains("XDG_STATE_HOME"))
    variables.push_back("XDG_STATE_HOME=" + beside(folder, ".state"));
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (text.substr(0, text.find('=')).ends_with("SAN_OPTIONS")) variables.emplace_back(text);
  }
  for (const auto& [name, value] : settings.variables) variables.push_back(name + "=" + value);
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void redirect(int to, const std::string& path, int flags) {
  const int opened = ::open(path.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, to) < 0) ::_exit(126);
}

/// The most memory that a process has had, so far.
///
/// Rationale: getrusage counts what the test had when it forked.
std::uint64_t peak_memory_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  }
  return 0;
}

}  // namespace

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "linkferry-cli-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code error;
  fs::remove_all(path_, error);
  for (const char* ending : {".in", ".out", ".err"}) fs::remove(beside(*this, ending), error);
  fs::remove_all(beside(*this, ".state"), error);
}

void Folder::write(std::string_view name, std::string_view text) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
}

std::string Folder::read(std::string_view name) const {
  INFO(name);
  REQUIRE(has(name));
  return read_file(file(name));
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

pid_t start(const Folder& folder, const std::vector<std::string>& arguments,
            const RunSettings& settings) {
  const std::string input =
      settings.input_pipe.empty() ? beside(folder, ".in") : settings.input_pipe;
  if (settings.input_pipe.empty()) std::ofstream(input, std::ios::binary) << settings.input;
  const std::string output = settings.output.empty() ? beside(folder, ".out") : settings.output;
  const std::string error = beside(folder, ".err");
  std::ofstream(error).close();  // Nobody mistakes what an earlier program wrote for this one's.
  std::vector<std::string> words{LINKFERRY_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto variables = environment_of(folder, settings);
  const auto word_pointers = pointers_to(words);
  const auto variable_pointers = pointers_to(variables);
  const pid_t process = ::fork();
  REQUIRE(process >= 0);
  if (process == 0) {
    if (::chdir(folder.path().c_str()) != 0) ::_exit(126);
    redirect(STDIN_FILENO, input, O_RDONLY);
    redirect(STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, error, O_WRONLY | O_CREAT | O_TRUNC);
    ::execve(LINKFERRY_PROGRAM, word_pointers.data(), variable_pointers.data());
    ::_exit(127);
  }
  return process;
}

std::string errors_so_far(const Folder& folder) { return read_file(beside(folder, ".err")); }

Ran wait_for(const Folder& folder, pid_t process, std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  int status = 0;
  std::uint64_t peak = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    // The last answer counts: before the program begins, the process is a copy of the test.
    if (const std::uint64_t now = peak_memory_of(process); now > 0) peak = now;
    if (std::chrono::steady_clock::now() > end) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      FAIL("the program did not end within " << patience.count() << " s");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Ran ran;
  ran.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ran.out = read_file(beside(folder, ".out"));
  ran.err = read_file(beside(folder, ".err"));
  ran.peak_memory_bytes = peak;
  return ran;
}

Ran run(const Folder& folder, const std::vector<std::string>& arguments,
        const RunSettings& settings) {
  return wait_for(folder, start(folder, arguments, settings), settings.patience);
}

}  // namespace linkferry::test
