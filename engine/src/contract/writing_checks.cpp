#include <fmt/format.h>

#include "contract/contract_run.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::contract {
namespace {

void need_sink(const ContractRun& run) {
  if (!run.is_sink()) throw NotApplicable{"it writes nothing"};
}

std::string check_round_trip(ContractRun& run, const RecordSet& set) {
  need_sink(run);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  const Expected expected = run.write(sink, set);
  if (expected.bookmarks.empty() && expected.folders.empty()) {
    throw NotApplicable{"it says that it can hold nothing of this"};
  }
  return compare_content(expected, run.read_back(sink, path));
}

std::string check_nothing_there(ContractRun& run) {
  need_sink(run);
  const OpenSink sink = run.sink(run.new_path());
  const auto existing = sink.view->existing();
  if (existing == nullptr) return "";
  return read_all(*existing, 10).items.empty() ? "" : "existing() has records, though nothing was written";
}

/// What engine and sink do when a run is repeated: what is there is kept, whatever the action is called.
std::string check_actions(ContractRun& run) {
  need_sink(run);
  const RecordSet set = ordinary_records(50);
  for (const Action action : {Action::keep, Action::update}) {
    const std::string path = run.new_path();
    OpenSink sink = run.sink(path);
    if (sink.view->kind() != SinkKind::staged) throw NotApplicable{"it gets changes only"};
    const Expected expected = run.write(sink, set, action);
    const auto difference = compare_content(expected, run.read_back(sink, path));
    if (!difference.empty()) return fmt::format("written as {}: {}", action == Action::keep ? "keep" : "update", difference);
  }
  return "";
}

std::string check_written_twice(ContractRun& run) {
  need_sink(run);
  const RecordSet set = ordinary_records(50);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  Expected expected = run.write(sink, set);
  OpenSink again;
  // Staged content is written as a whole by each sink; a live sink gets the same changes once more.
  if (sink.view->kind() == SinkKind::staged && run.has_path()) again = run.sink(path);
  OpenSink& second = again.view != nullptr ? again : sink;
  if (second.view->kind() == SinkKind::staged && !run.has_path()) throw NotApplicable{"it has no file to open again"};
  expected = run.write(second, set);
  return compare_content(expected, run.read_back(second, path));
}

/// Whether what is read back needs no change when it is represented: else a second run would find something to do.
std::string check_second_run(ContractRun& run, const RecordSet& set) {
  need_sink(run);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  run.write(sink, set);
  const Listing listing = run.read_back(sink, path);
  for (const Bookmark* bookmark : listing.bookmarks()) {
    Arena arena;
    const auto represented = sink.view->represent(*bookmark, arena);
    if (is_present(represented.refusal)) return fmt::format("{} was read back and is refused: {}", in_quotes(bookmark->url), represented.refusal);
    const auto difference = describe_difference(*bookmark, represented.bookmark);
    if (!difference.empty()) return fmt::format("{} was read back and represented: {}", in_quotes(bookmark->url), difference);
  }
  return "";
}

}  // namespace

void check_writing(ContractRun& run) {
  run.check("where nothing was written there is nothing", [&] { return check_nothing_there(run); });
  run.check("ordinary records are read back as they were represented", [&] { return check_round_trip(run, ordinary_records(300)); });
  run.check("hostile records are read back as they were represented", [&] { return check_round_trip(run, hostile_records()); });
  run.check("folder records and separators are read back as they were represented", [&] { return check_round_trip(run, folder_records()); });
  run.check("a title of 1 MB is read back as it was represented", [&] { return check_round_trip(run, megabyte_title()); });
  run.check("10,000 tags are read back as they were represented", [&] { return check_round_trip(run, ten_thousand_tags()); });
  run.check("1,000 folder levels are read back as they were represented", [&] { return check_round_trip(run, deep_folder(1000)); });
  run.check("100,000 folder levels are read back as they were represented", [&] { return check_round_trip(run, deep_folder(100'000)); });
  run.check("records that are kept or updated are written like new ones", [&] { return check_actions(run); });
  run.check("writing the same records twice is harmless", [&] { return check_written_twice(run); });
  run.check("what was read back needs no change", [&] {
    const auto difference = check_second_run(run, ordinary_records(50));
    return difference.empty() ? check_second_run(run, hostile_records()) : difference;
  });
}

}  // namespace linkferry::contract
