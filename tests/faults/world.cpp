#include "world.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "cli/program.hpp"
#include "short_files.hpp"

namespace linkferry::test {
namespace {

namespace fs = std::filesystem;

constexpr int seconds_of_patience = 60;

std::string read_file(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Only the forked child comes here.
[[noreturn]] void be_the_program(const std::string& folder,
                                 const std::vector<std::string>& arguments) {
  const auto redirect = [](const std::string& path, int to) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ::dup2(file, to);
  };
  redirect(folder + "/out", STDOUT_FILENO);
  redirect(folder + "/err", STDERR_FILENO);
  ::setenv("XDG_STATE_HOME", (folder + "/disk/state").c_str(), 1);
  ::setenv("HOME", folder.c_str(), 1);
  ::setenv("TMPDIR", (folder + "/tmp").c_str(), 1);
  ::setenv("LINKDING_TOKEN", token_of_services().c_str(), 1);
  ::setenv("LINKFERRY_PLUGIN_PATH", LINKFERRY_FAULT_MODULES, 1);
  ::unsetenv("LINKFERRY_CONFIG");
  ::alarm(seconds_of_patience);
  const int code = run_program(arguments);
  pass_last_point();
  ::_exit(code);
}

}  // namespace

World::World(Target target, std::optional<Target> other_side)
    : target_(target), other_side_(other_side) {
  void* const shared = ::mmap(nullptr, sizeof(SharedPoints), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
  points_ = {new (shared) SharedPoints,
             [](SharedPoints* points) { ::munmap(points, sizeof(SharedPoints)); }};
  for (const char* name : {"disk", "service", "tmp"}) fs::create_directory(path_of(name));
}

WorldService* World::service(Target kind) {
  const auto make = [&]() -> std::unique_ptr<WorldService> {
    switch (kind) {
      case Target::linkding:
        return make_linkding_service();
      case Target::mastodon:
        return make_mastodon_service();
      case Target::bkmark:
        return make_bkmark_service(false);
      case Target::odd_bkmark:
        return make_bkmark_service(true);
      case Target::raindrop:
        return make_raindrop_service();
      default:
        return {};
    }
  };
  auto& service = services_[kind];
  if (!service) service = make();
  return service.get();
}

std::string World::file_of(Target kind, const std::string& place) {
  switch (kind) {
    case Target::shelf:
      return "service/" + place;
    case Target::jsonl:
    case Target::html:
    case Target::xbel:
      return "disk/" + place + "." + name_of(kind);
    default:
      return {};
  }
}

std::string World::options(Target kind, const std::string& place) {
  if (WorldService* const there = service(kind)) return there->options(place);
  if (kind == Target::shelf) return "plugin: shelf, path: ../service/" + place;
  const char* const plugin = kind == Target::html ? "netscape" : name_of(kind);
  return fmt::format("plugin: {}, path: {}.{}", plugin, place, name_of(kind));
}

std::vector<std::pair<Target, std::string>> World::sides() const {
  std::vector<std::pair<Target, std::string>> all{{target_, "target"}};
  if (other_side_) all.emplace_back(*other_side_, "source");
  return all;
}

void World::write(const std::string& path, const std::string& text) {
  std::ofstream(path_of(path)) << text;
}

void World::write_jsonl(const std::string& path, const std::string& bookmarks) {
  std::string lines;
  for (const ShortBookmark& b : parse_short(bookmarks)) lines += line_of(b);
  write(path, lines);
}

void World::write_shelf(const std::string& path, const std::string& bookmarks) {
  std::string lines;
  for (const ShortBookmark& b : parse_short(bookmarks)) lines = shelf_with(lines, b);
  write(path, lines);
}

/// What a file of bookmarks holds, as JSON lines.
std::string World::lines_of(Target kind, const std::string& place) {
  const std::string path = path_of(file_of(kind, place));
  if (kind == Target::jsonl || !fs::exists(path)) return read_file(path);
  fs::remove(path_of("listing.jsonl"));
  const Ended ended = run_any({"copy", "-q", path, path_of("listing.jsonl")});
  if (ended.code != 0) throw std::runtime_error(path + " cannot be read: " + ended.err);
  return read_file(path_of("listing.jsonl"));
}

void World::write_lines(Target kind, const std::string& place, const std::string& lines) {
  const std::string path = file_of(kind, place);
  if (kind == Target::jsonl) return write(path, lines);
  write("given.jsonl", lines);
  fs::remove(path_of(path));
  const Ended ended = run_any({"copy", "-q", path_of("given.jsonl"), path_of(path)});
  if (ended.code != 0) throw std::runtime_error(path + " cannot be filled: " + ended.err);
}

void World::edit(Target kind, const std::string& place, const std::string& bookmarks,
                 bool removes) {
  const std::vector<ShortBookmark> all = parse_short(bookmarks);
  if (WorldService* const there = service(kind)) {
    for (const ShortBookmark& b : all) {
      if (removes) {
        there->remove(place, b.url());
      } else {
        there->put(place, b);
      }
    }
    return;
  }
  if (kind == Target::shelf) {
    std::string text = read_file(path_of(file_of(kind, place)));
    for (const ShortBookmark& b : all)
      text = removes ? shelf_without(text, b) : shelf_with(text, b);
    return write(file_of(kind, place), text);
  }
  std::string lines = lines_of(kind, place);
  for (const ShortBookmark& b : all)
    lines = removes ? lines_without(lines, b) : lines_with(lines, b);
  write_lines(kind, place, lines);
}

void World::put(Target kind, const std::string& place, const std::string& bookmarks) {
  edit(kind, place, bookmarks, false);
}

void World::remove(Target kind, const std::string& place, const std::string& names) {
  edit(kind, place, names, true);
}

void World::write_config(const std::string& endpoints, const std::string& job) {
  write("disk/linkferry.yaml",
        fmt::format("version: 1\nendpoints:\n{}  t: {{{}}}\njobs:\n  j: {{to: t, {}}}\n", endpoints,
                    options(target_, "target") + more_options_, job));
}

void World::write_sync_config(const std::string& rules) {
  write_config(fmt::format("  s: {{{}}}\n", options(*other_side_, "source")),
               fmt::format("from: s, mode: sync{}{}", rules.empty() ? "" : ", ", rules));
}

Ended World::run(const std::vector<std::string>& more, Mishap mishap, std::uint64_t at,
                 std::uint64_t seed) {
  std::vector<std::string> arguments{"run", "j", "-c", path_of("disk/linkferry.yaml"), "-q"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_any(arguments, mishap, at, seed);
}

Ended World::run_any(const std::vector<std::string>& arguments, Mishap mishap, std::uint64_t at,
                     std::uint64_t seed) {
  points_->count = 0;
  points_->has_struck = false;
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process can be made");
  if (child == 0) {
    arm_points(path_of("disk"), path_of("tmp"), mishap, at, seed, *points_);
    set_date(seconds_ahead_);
    be_the_program(folder_.path(), arguments);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (mishap != Mishap::none) {
    for (const auto& [kind, there] : services_)
      if (there) there->settle();
  }
  Ended ended;
  ended.was_killed = WIFSIGNALED(status);
  ended.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended.err = read_file(path_of("err"));
  return ended;
}

std::vector<std::string> World::listing_of(Target kind, const std::string& place) {
  std::vector<std::string> all;
  if (WorldService* const there = service(kind)) {
    all = there->listing(place);
  } else if (kind == Target::shelf) {
    all = listing_of_shelf(read_file(path_of(file_of(kind, place))));
  } else {
    try {
      all = listing_of_lines(lines_of(kind, place));
    } catch (const std::exception& error) {
      all = {error.what()};
    }
  }
  std::ranges::sort(all);
  return all;
}

std::vector<std::string> World::listing() {
  std::vector<std::string> all = listing_of(target_, "target");
  if (!other_side_) return all;
  for (const std::string& line : listing_of(*other_side_, "source"))
    all.push_back("source: " + line);
  return all;
}

std::vector<std::string> World::expected(const std::string& bookmarks) const {
  const std::size_t bar = bookmarks.find(" | ");
  std::vector<std::string> all = expected_listing(bookmarks.substr(0, bar), target_);
  if (!other_side_) return all;
  const std::string there = bar == std::string::npos ? bookmarks : bookmarks.substr(bar + 3);
  for (const std::string& line : expected_listing(there, *other_side_))
    all.push_back("source: " + line);
  return all;
}

std::string World::image() {
  std::string image;
  for (const auto& [kind, place] : sides()) {
    image += file_of(kind, place).starts_with("disk/")
                 ? read_file(path_of(file_of(kind, place)))
                 : fmt::format("{}\n", fmt::join(listing_of(kind, place), "\n"));
  }
  return image;
}

std::size_t World::creates() {
  std::size_t count = 0;
  for (const auto& [kind, there] : services_)
    if (there) count += there->creates();
  for (const auto& [kind, place] : sides()) {
    std::istringstream log(read_file(path_of("service/" + place + ".log")));
    for (std::string line; std::getline(log, line);) count += line.starts_with("create") ? 1 : 0;
  }
  return count;
}

std::size_t World::writes() {
  std::size_t count = 0;
  for (const auto& [kind, there] : services_)
    if (there) count += there->writes();
  for (const auto& [kind, place] : sides()) {
    const std::string log = read_file(path_of("service/" + place + ".log"));
    count += static_cast<std::size_t>(std::ranges::count(log, '\n'));
    // A file that was written again is another file.
    struct stat found {};
    const std::string path = file_of(kind, place);
    const bool is_file = path.starts_with("disk/") && ::stat(path_of(path).c_str(), &found) == 0;
    count += is_file ? found.st_ino : 0;
  }
  return count;
}

void World::forget_writes() {
  for (const auto& [kind, there] : services_)
    if (there) there->forget_writes();
  for (const auto& [kind, place] : sides()) fs::remove(path_of("service/" + place + ".log"));
}

World::Moment World::remember() {
  Moment moment;
  for (const char* root : {"disk", "service"}) {
    for (const auto& entry : fs::recursive_directory_iterator(path_of(root))) {
      if (entry.is_regular_file())
        moment.files[fs::relative(entry.path(), folder_.path())] = read_file(entry.path());
    }
  }
  for (const auto& [kind, there] : services_)
    if (there) moment.services.push_back(there->remember());
  return moment;
}

void World::put_back(const Moment& moment) {
  for (const char* root : {"disk", "service", "tmp"}) {
    fs::remove_all(path_of(root));
    fs::create_directory(path_of(root));
  }
  for (const auto& [name, bytes] : moment.files) {
    const fs::path path = path_of(name);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << bytes;
  }
  for (const auto& put_one_back : moment.services) put_one_back();
  forget_writes();
}

}  // namespace linkferry::test
