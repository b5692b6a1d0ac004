#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/endpoints.hpp"
#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/job_runner.hpp"
#include "cli/open_endpoints.hpp"
#include "cli/output.hpp"
#include "config/settings.hpp"
#include "linkferry/failure.hpp"
#include "report/wording.hpp"

namespace linkferry {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t first_records = 256;

/// The absolute path of an endpoint that is a file; nothing for others and for standard streams.
std::optional<std::string> file_of(const Endpoint& endpoint) {
  const ConfigNode* path = endpoint.options->find("path");
  if (path == nullptr || path->kind != ConfigNode::Kind::text || path->text == "-") return {};
  return resolve_path(path->text, endpoint.base);
}

/// Tries the places of jobs, one after the other, and says in words how they are.
class Checker {
 public:
  explicit Checker(Session& session) : session_(session) {}

  void check(const Config& config, const Job& job) {
    print(escape_for_terminal(fmt::format("job {}\n", job.name)));
    for (const auto& name : job.from)
      check_role(*config.find_endpoint(name),
                 job.mode == Mode::sync ? &Checker::check_sink : &Checker::check_source);
    check_role(*config.find_endpoint(job.to), &Checker::check_sink);
    if (job.schedule) print(escape_for_terminal(describe_schedule(*job.schedule)));
  }

  int worst() const { return worst_; }

 private:
  using Check = std::string (Checker::*)(const Endpoint&);

  static std::string describe_schedule(const Schedule& schedule) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const std::string next =
        schedule.cron
            ? fmt::format("next {}", format_local(next_due(schedule, now), *schedule.zone))
            : "from the start of one run to that of the next";
    return fmt::format("  {}, {}; {}\n", describe(schedule), next,
                       schedule.missed == MissedRuns::run ? "one run makes up for those missed"
                                                          : "missed runs are left out");
  }

  void check_role(const Endpoint& endpoint, Check check_one) {
    try {
      print(escape_for_terminal(fmt::format("  {} ({}): {}\n", endpoint.name, endpoint.plugin,
                                            (this->*check_one)(endpoint))));
    } catch (const Failure& failure) {
      flush_output();
      session_.logger.log(LogLevel::error, fmt::format("{} ({}): {}", endpoint.name,
                                                       endpoint.plugin, failure.what()));
      worst_ = worse_of(worst_, exit_code_of(failure.kind(), Interruption::signal()));
    }
  }

  std::string check_source(const Endpoint& endpoint) {
    if (is_standard_stream(endpoint)) return "standard input, not tried";
    warn_of_other_format(endpoint);
    OpenEndpoints open(session_);
    const auto source = open.source(endpoint);
    return "can be read, " + describe_first_records(*source) +
           sentences(source->describe(session_.stop));
  }

  std::string check_sink(const Endpoint& endpoint) {
    if (is_standard_stream(endpoint)) return "standard output, not tried";
    OpenEndpoints open(session_);
    const OpenSink sink = open.sink(endpoint, MayWrite::no);
    if (const auto file = file_of(endpoint)) check_writable(*file);
    const auto existing = sink.view->existing();
    const std::string content =
        existing == nullptr ? "nothing yet" : describe_first_records(*existing);
    return "can be written, holds " + content + sentences(sink.view->describe(session_.stop));
  }

  /// A line for each, below that of the endpoint.
  static std::string sentences(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& sentence : all) text += "\n    " + sentence;
    return text;
  }

  std::string describe_first_records(Source& source) {
    Batch batch;
    std::size_t bookmarks = 0;
    std::size_t rejections = 0;
    ReadResult result = ReadResult::more;
    while (result == ReadResult::more && bookmarks < first_records) {
      batch.clear();
      result = source.read(batch, first_records - bookmarks, session_.stop);
      if (session_.stop.stop_requested()) throw Failure(FailureKind::interrupted, "interrupted");
      bookmarks += batch.bookmarks.size();
      rejections += batch.rejections.size();
    }
    std::string text =
        fmt::format("{} bookmarks{}", bookmarks, result == ReadResult::more ? " or more" : "");
    if (rejections > 0) text += fmt::format(", {} entries that cannot be used", rejections);
    if (result == ReadResult::incomplete) text += "; the input is cut off";
    return text;
  }

  void warn_of_other_format(const Endpoint& endpoint) {
    const auto file = file_of(endpoint);
    if (!file) return;
    const auto head = session_.host.peek(*file);
    const Plugin& own = session_.catalog.load(endpoint.plugin);
    if (own.descriptor->recognize == nullptr || head.bytes.empty()) return;
    const auto best = session_.catalog.recognize(head.bytes, head.is_whole);
    if (best.plugin == &own || own.descriptor->recognize(head.bytes, head.is_whole) > 0) return;
    const std::string looks = best.plugin != nullptr
                                  ? fmt::format("a file of the plugin {}", best.plugin->name())
                                  : describe_content(head.bytes);
    session_.logger.log(LogLevel::warning, fmt::format("{} ({}): {} looks like {}", endpoint.name,
                                                       endpoint.plugin, *file, looks));
  }

  static void check_writable(const std::string& file) {
    const fs::path folder = fs::path(file).parent_path();
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
      throw Failure(FailureKind::configuration,
                    fmt::format("{}: there is no folder {}; expected one to write into", file,
                                folder.string()));
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
      throw Failure(FailureKind::configuration,
                    fmt::format("{}: the folder {} is not writable", file, folder.string()));
    }
    if (fs::exists(file, error) && ::access(file.c_str(), R_OK | W_OK) != 0) {
      throw Failure(FailureKind::configuration,
                    fmt::format("{}: the file is there, but may not be read and written", file));
    }
  }

  Session& session_;
  int worst_ = exit_code::done;
};

}  // namespace

int check_command(Session& session) {
  const Config config = session.load_config();
  const auto& names = session.line.arguments;
  const auto jobs = names.empty() ? config.jobs : std::vector{config.job(names.front())};
  print(escape_for_terminal(fmt::format("{}: {} and {}, no mistakes\n", config.file.string(),
                                        counted(config.endpoints.size(), "endpoint"),
                                        counted(config.jobs.size(), "job"))));
  Checker checker(session);
  for (const auto& job : jobs) checker.check(config, job);
  return checker.worst();
}

}  // namespace linkferry
