#include "world.hpp"

#include <Poco/JSON/Parser.h>
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
#include "short_bookmarks.hpp"

namespace linkferry::test {
namespace {

namespace fs = std::filesystem;

constexpr int seconds_of_patience = 60;

std::string read_file(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Bookmarks as JSON lines.
std::vector<std::string> listing_of(const std::string& lines) {
  std::vector<std::string> all;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const auto object = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    if (!object->has("url")) continue;
    std::vector<std::string> tags;
    if (const auto array = object->getArray("tags")) {
      for (const auto& tag : *array) tags.push_back(tag.convert<std::string>());
    }
    all.push_back(show_bookmark(object->getValue<std::string>("url"),
                                object->optValue<std::string>("title", ""), tags,
                                object->optValue("archived", false)));
  }
  std::ranges::sort(all);
  return all;
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
  ::setenv("LINKDING_TOKEN", FakeLinkding::Options().token.c_str(), 1);
  ::setenv("LINKFERRY_PLUGIN_PATH", LINKFERRY_FAULT_MODULES, 1);
  ::unsetenv("LINKFERRY_CONFIG");
  ::alarm(seconds_of_patience);
  const int code = run_program(arguments);
  pass_last_point();
  ::_exit(code);
}

}  // namespace

World::World(Target target) : target_(target) {
  void* const shared = ::mmap(nullptr, sizeof(SharedPoints), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
  points_ = {new (shared) SharedPoints,
             [](SharedPoints* points) { ::munmap(points, sizeof(SharedPoints)); }};
  for (const char* name : {"disk", "service", "tmp"}) fs::create_directory(path_of(name));
}

FakeLinkding& World::linkding() {
  if (!linkding_) linkding_ = std::make_unique<FakeLinkding>();
  return *linkding_;
}

FakeMastodon& World::mastodon() {
  if (mastodon_) return *mastodon_;
  mastodon_ = std::make_unique<FakeMastodon>();
  mastodon_->post_now(50);
  mastodon_->before = [this](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method == "POST") count_marking(request.path());
    return {};
  };
  return *mastodon_;
}

void World::count_marking(const std::string& path) {
  ++marks_;
  const std::size_t end = path.rfind('/');
  const std::string post =
      path.substr(path.rfind('/', end - 1) + 1, end - path.rfind('/', end - 1) - 1);
  if (path.ends_with("/unbookmark")) {
    marked_.erase(post);
  } else if (marked_.insert(post).second) {
    ++new_marks_;
  }
}

void World::mark(std::size_t post) {
  mastodon().mark_now("bookmarks", post, "target");
  marked_.insert(mastodon().post_now(post).id);
}

std::string World::target_file() const {
  switch (target_) {
    case Target::shelf:
      return "service/target";
    case Target::jsonl:
      return "disk/target.jsonl";
    case Target::html:
      return "disk/target.html";
    case Target::xbel:
      return "disk/target.xbel";
    case Target::linkding:
    case Target::mastodon:
      break;
  }
  return {};
}

std::string World::target_options() const {
  World& self = const_cast<World&>(*this);
  const std::string path = fs::path(target_file()).filename();
  switch (target_) {
    case Target::shelf:
      return "plugin: shelf, path: ../service/target";
    case Target::jsonl:
    case Target::xbel:
      return fmt::format("plugin: {}, path: {}", name_of(target_), path);
    case Target::html:
      return "plugin: netscape, path: " + path;
    case Target::linkding:
      return fmt::format("plugin: linkding, url: '{}', token: {{env: LINKDING_TOKEN}}",
                         self.linkding().url("target"));
    case Target::mastodon:
      return fmt::format(
          "plugin: mastodon, url: '{}', token: {{env: LINKDING_TOKEN}}, requests_per_5_minutes: 0",
          self.mastodon().url("target"));
  }
  return {};
}

void World::write(const std::string& path, const std::string& text) {
  std::ofstream(path_of(path)) << text;
}

void World::write_jsonl(const std::string& path, const std::string& bookmarks) {
  std::string lines;
  for (const ShortBookmark& b : parse_short(bookmarks)) {
    lines += fmt::format("{{\"url\":\"{}\",\"title\":\"{}\"", b.url(), b.title);
    if (!b.tags.empty()) lines += fmt::format(",\"tags\":[\"{}\"]", fmt::join(b.tags, "\",\""));
    if (b.name[0] == 'p' && b.is_post()) {
      lines += fmt::format(
          ",\"kind\":\"post\",\"post\":{{\"uri\":\"https://origin.example/users/bob/statuses/"
          "{}\"}}",
          b.number());
    }
    lines += b.is_archived ? ",\"archived\":true}\n" : "}\n";
  }
  write(path, lines);
}

void World::write_shelf(const std::string& path, const std::string& bookmarks) {
  std::string lines;
  for (const ShortBookmark& b : parse_short(bookmarks))
    lines += fmt::format("{}\t{}\t{}\t{}\t{}\n", 100 + b.name[0], b.url(), b.title,
                         fmt::join(b.tags, ","), b.is_archived ? 1 : 0);
  write(path, lines);
}

void World::fill_linkding(const std::string& place, const std::string& bookmarks) {
  for (const ShortBookmark& b : parse_short(bookmarks)) {
    LinkdingLibrary::Fields fields;
    fields.url = b.url();
    fields.title = b.title;
    fields.tags = b.tags;
    linkding().library(place).post(fields);
  }
}

void World::remove_from_linkding(const std::string& place, const std::string& name) {
  LinkdingLibrary& library = linkding().library(place);
  library.remove(library.find_url("https://s.example/" + name)->id);
}

void World::fill_target(const std::string& bookmarks) {
  if (target_ == Target::shelf) return write_shelf("service/target", bookmarks);
  if (target_ == Target::linkding) return fill_linkding("target", bookmarks);
  if (target_ == Target::mastodon) {
    for (const ShortBookmark& b : parse_short(bookmarks)) mark(std::stoul(b.name.substr(1)));
    return;
  }
  write_jsonl("given.jsonl", bookmarks);
  const Ended ended = run_any({"copy", "-q", path_of("given.jsonl"), path_of(target_file())});
  if (ended.code != 0) throw std::runtime_error("the target cannot be filled: " + ended.err);
}

void World::write_config(const std::string& endpoints, const std::string& job) {
  write("disk/linkferry.yaml",
        fmt::format("version: 1\nendpoints:\n{}  t: {{{}}}\njobs:\n  j: {{to: t, {}}}\n", endpoints,
                    target_options(), job));
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
  Ended ended;
  ended.was_killed = WIFSIGNALED(status);
  ended.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended.err = read_file(path_of("err"));
  return ended;
}

std::vector<std::string> World::listing() {
  std::vector<std::string> all;
  if (target_ == Target::mastodon) {
    for (const std::string& uri : mastodon().uris("bookmarks", "target"))
      all.push_back("p" + std::to_string(std::stoi(uri.substr(uri.rfind('/') + 1)) - 5000));
    std::ranges::sort(all);
    return all;
  }
  if (target_ == Target::shelf) {
    std::istringstream lines(read_file(path_of("service/target")));
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> fields;
      std::istringstream parts(line);
      for (std::string field; std::getline(parts, field, '\t');) fields.push_back(field);
      std::vector<std::string> tags;
      std::istringstream names(fields.at(3));
      for (std::string tag; std::getline(names, tag, ',');) tags.push_back(tag);
      all.push_back(show_bookmark(fields.at(1), fields.at(2), tags, fields.at(4) == "1"));
    }
    std::ranges::sort(all);
    return all;
  }
  if (target_ == Target::linkding) {
    for (const auto& [id, row] : linkding().library("target").rows())
      all.push_back(show_bookmark(row.url, row.title, row.tags, row.is_archived));
    std::ranges::sort(all);
    return all;
  }
  if (!fs::exists(path_of(target_file()))) return {};
  fs::remove(path_of("listing.jsonl"));
  const Ended ended = run_any({"copy", "-q", path_of(target_file()), path_of("listing.jsonl")});
  if (ended.code != 0) return {"the target cannot be read: " + ended.err};
  return listing_of(read_file(path_of("listing.jsonl")));
}

std::string World::image() {
  if (target_file().starts_with("disk/")) return read_file(path_of(target_file()));
  return fmt::format("{}", fmt::join(listing(), "\n"));
}

std::size_t World::creates() {
  if (target_ == Target::mastodon) return new_marks_;
  if (target_ == Target::linkding) return linkding_creates();
  const std::string log = read_file(path_of("service/target.log"));
  std::size_t count = log.starts_with("create") ? 1 : 0;
  for (std::size_t at = 0; (at = log.find("\ncreate", at)) != std::string::npos; ++at) ++count;
  return count;
}

/// Whole ones: a request that breaks off in its body changes nothing.
std::size_t World::linkding_creates() {
  const auto seen = linkding().server().requests();
  return static_cast<std::size_t>(std::count_if(
      seen.begin() + static_cast<std::ptrdiff_t>(seen_before_), seen.end(),
      [](const SeenRequest& request) {
        return request.method == "POST" && request.path().ends_with("/api/bookmarks/") &&
               request.body.ends_with('}');
      }));
}

std::size_t World::writes() {
  if (target_ == Target::mastodon) return marks_;
  if (target_ == Target::linkding) return linkding().writes();
  if (target_ == Target::shelf) {
    const std::string log = read_file(path_of("service/target.log"));
    return static_cast<std::size_t>(std::ranges::count(log, '\n'));
  }
  // A file that was written again is another file.
  struct stat found {};
  return ::stat(path_of(target_file()).c_str(), &found) == 0 ? found.st_ino : 0;
}

void World::forget_writes() {
  marks_ = new_marks_ = 0;
  if (linkding_) {
    linkding_->forget_counts();
    seen_before_ = linkding_->server().request_count();
  }
  fs::remove(path_of("service/target.log"));
}

World::Moment World::remember() {
  Moment moment;
  for (const char* root : {"disk", "service"}) {
    for (const auto& entry : fs::recursive_directory_iterator(path_of(root))) {
      if (entry.is_regular_file())
        moment.files[fs::relative(entry.path(), folder_.path())] = read_file(entry.path());
    }
  }
  if (linkding_) {
    for (const char* place : {"source", "target"})
      moment.libraries.emplace(place, linkding_->library(place));
  }
  if (mastodon_) moment.marks = mastodon_->uris("bookmarks", "target");
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
  for (const auto& [place, library] : moment.libraries) linkding_->library(place) = library;
  if (mastodon_) {
    for (std::size_t post = 0; post <= 50; ++post)
      mastodon_->unmark_now("bookmarks", post, "target");
    marked_.clear();
    for (auto uri = moment.marks.rbegin(); uri != moment.marks.rend(); ++uri)
      mark(std::stoul(uri->substr(uri->rfind('/') + 1)) - 5000);
  }
  forget_writes();
}

}  // namespace linkferry::test
