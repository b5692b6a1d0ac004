/// measure [-r TIMES] COMMAND ARGUMENT…: runs the command (TIMES times in a row, output thrown
/// away) and prints one line: CPU milliseconds (user + system) and wall milliseconds of one run,
/// peak memory in KiB, exit code.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

struct Cost {
  double cpu_ms = 0;
  double wall_ms = 0;
  long peak_kib = 0;
  int exit_code = 0;
};

bool run_once(char** command, Cost& cost) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = 0;
  const auto start = std::chrono::steady_clock::now();
  const int error = posix_spawnp(&process, command[0], &actions, nullptr, command, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    std::fprintf(stderr, "measure: %s: %s\n", command[0], std::strerror(error));
    return false;
  }
  int status = 0;
  rusage usage{};
  if (wait4(process, &status, 0, &usage) != process) return false;
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  cost.cpu_ms += milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  cost.wall_ms += wall.count();
  cost.peak_kib = std::max(cost.peak_kib, usage.ru_maxrss);
  cost.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  int first = 1;
  int times = 1;
  if (count > 3 && std::string_view(arguments[1]) == "-r") {
    times = std::max(1, std::atoi(arguments[2]));
    first = 3;
  }
  if (first >= count) {
    std::fputs("usage: measure [-r TIMES] COMMAND ARGUMENT...\n", stderr);
    return 64;
  }
  Cost cost;
  for (int i = 0; i < times; ++i) {
    if (!run_once(arguments + first, cost)) return 1;
  }
  std::printf("%.3f %.3f %ld %d\n", cost.cpu_ms / times, cost.wall_ms / times, cost.peak_kib,
              cost.exit_code);
  return 0;
}
