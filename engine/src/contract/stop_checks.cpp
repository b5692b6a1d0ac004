#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "contract/contract_run.hpp"
#include "contract/slow_host.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::contract {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// When a plugin has not come back after this, it is left behind in its thread.
constexpr milliseconds patience = 4 * stop_limit;

/// What the thread and its watcher share. It outlives both, since a plugin that never returns keeps
/// using it.
struct Shared {
  std::mutex mutex;
  std::condition_variable is_over;
  bool has_returned = false;
  std::string problem;
  std::stop_source stop;
};

/// Runs `call` in a thread of its own, asks it to stop after `delay`, and says what went wrong; ""
/// when it returned within the limit. `call` owns everything it uses. Failure interrupted counts as
/// an answer.
std::string watch(milliseconds delay, std::function<std::string(std::stop_token)> call) {
  const auto shared = std::make_shared<Shared>();
  if (delay == milliseconds{0}) shared->stop.request_stop();
  std::thread([shared, call = std::move(call)] {
    std::string problem;
    try {
      problem = call(shared->stop.get_token());
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::interrupted) problem = failure.what();
    } catch (const std::exception& error) {
      problem = error.what();
    }
    const std::lock_guard lock(shared->mutex);
    shared->problem = problem;
    shared->has_returned = true;
    shared->is_over.notify_all();
  }).detach();
  std::unique_lock lock(shared->mutex);
  const auto has_returned = [&] { return shared->has_returned; };
  shared->is_over.wait_for(lock, delay, has_returned);
  shared->stop.request_stop();
  const auto asked = Clock::now();
  if (!shared->is_over.wait_for(lock, patience, has_returned)) {
    return fmt::format("it had not returned {} ms after it was asked to stop", patience.count());
  }
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - asked);
  if (!shared->problem.empty()) return shared->problem;
  if (took <= stop_limit) return "";
  return fmt::format("it returned {} ms after it was asked to stop, expected at most {}",
                     took.count(), stop_limit.count());
}

/// What a thread uses that may have to be left behind.
struct Reading {
  Reading(ContractRun& run, const std::string& path)
      : slow(run.host()),
        settings(run.settings_for(path)),
        source(open_source(run.plugin(), *settings, slow)) {}

  SlowHost slow;
  std::unique_ptr<Settings> settings;
  std::unique_ptr<Source> source;
  Listing listing;
};

std::string check_stop_of_read(ContractRun& run, milliseconds delay, std::size_t records) {
  const std::string path = run.input(ordinary_records(records));
  const auto reading = std::make_shared<Reading>(run, path);
  const auto problem = watch(delay, [reading](std::stop_token stop) {
    Batch batch;
    reading->listing.result = ReadResult::more;
    while (reading->listing.result == ReadResult::more) {
      batch.clear();
      reading->listing.result = reading->source->read(batch, 1'000'000, stop);
      append(reading->listing, batch);
      if (stop.stop_requested()) break;
    }
    return std::string();
  });
  if (!problem.empty() || records > 1000) return problem;
  // A stop is no end: who goes on reading gets the rest.
  Listing& listing = reading->listing;
  const Listing whole = read_all(*run.source(path), 1000);
  if (listing.result != ReadResult::more) {
    const auto difference = compare(whole, 0, listing);
    return difference.empty()
               ? ""
               : fmt::format("it says that all was read when it was stopped, but {}", difference);
  }
  const Listing rest = read_all(*reading->source, 1000);
  const auto difference = compare(whole, listing.items.size(), rest);
  return difference.empty() ? "" : fmt::format("going on after a stop, {}", difference);
}

struct Writing {
  Writing(ContractRun& run, const std::string& path)
      : slow(run.host()),
        settings(run.settings_for(path)),
        sink(open_sink(run.plugin(), *settings, slow, MayWrite::yes)),
        records(ordinary_records(20'000)) {}

  SlowHost slow;
  std::unique_ptr<Settings> settings;
  OpenSink sink;
  RecordSet records;
};

std::string write_until_stopped(Writing& writing, std::stop_token stop) {
  Arena arena;
  std::vector<Bookmark> bookmarks;
  for (const auto& record : writing.records.records) {
    const auto represented = writing.sink.view->represent(record.bookmark, arena);
    if (is_absent(represented.refusal)) bookmarks.push_back(represented.bookmark);
  }
  std::vector<Change> changes;
  for (const auto& bookmark : bookmarks)
    changes.push_back({Action::create, &bookmark, nullptr, {}});
  std::vector<Outcome> outcomes(changes.size(), Outcome{Result::rejected, {}, "never set"});
  writing.sink.writer->write(changes, outcomes, stop);
  for (const auto& outcome : outcomes) {
    if (outcome.result == Result::rejected)
      return "a stopped write rejects a change, expected done or failed";
  }
  return "";
}

std::string check_stop_of_write(ContractRun& run, milliseconds delay) {
  if (!run.is_sink()) throw NotApplicable{"it writes nothing"};
  const auto writing = std::make_shared<Writing>(run, run.new_path());
  return watch(delay,
               [writing](std::stop_token stop) { return write_until_stopped(*writing, stop); });
}

}  // namespace

void check_stopping(ContractRun& run) {
  run.check("a stop request before reading is answered within a second, and loses nothing",
            [&] { return check_stop_of_read(run, milliseconds{0}, 300); });
  run.check("a stop request during reading is answered within a second",
            [&] { return check_stop_of_read(run, milliseconds{200}, 20'000); });
  run.check("a stop request before writing is answered within a second",
            [&] { return check_stop_of_write(run, milliseconds{0}); });
  run.check("a stop request during writing is answered within a second",
            [&] { return check_stop_of_write(run, milliseconds{100}); });
}

}  // namespace linkferry::contract
