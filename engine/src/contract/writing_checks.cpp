#include <fmt/format.h>

#include "contract/contract_run.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::contract {
namespace {

void need_sink(const ContractRun& run) {
  if (!run.is_sink()) throw NotApplicable{"it writes nothing"};
}

std::string check_ordinary(ContractRun& run) {
  need_sink(run);
  const RecordSet set = ordinary_records(300);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  const Expected expected = run.write(sink, set);
  if (expected.bookmarks.empty()) return "it refuses every one of them";
  return compare_content(expected, run.read_back(sink, path));
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
  return read_all(*existing, 10).items.empty()
             ? ""
             : "existing() has records, though nothing was written";
}

Text id_of(const Bookmark& bookmark) {
  return bookmark.origin == nullptr ? Text{} : bookmark.origin->id;
}

void write_all(OpenSink& sink, const std::vector<Change>& changes) {
  std::vector<Outcome> outcomes(changes.size(),
                                Outcome{Result::failed, {}, "its outcome was not filled in"});
  sink.writer->write(changes, outcomes, {});
  for (const auto& outcome : outcomes) {
    if (outcome.result == Result::rejected || outcome.result == Result::failed) {
      throw Failure(FailureKind::failed,
                    fmt::format("a change was not carried out: {}", outcome.reason));
    }
  }
  sink.writer->commit();
}

/// When a record of a service was changed is for the service to say.
void take_date_of_change(const Listing& found, Text url, Expected& expected) {
  for (auto& bookmark : expected.bookmarks) {
    if (bookmark.url != url) continue;
    for (const Bookmark* present : found.bookmarks()) {
      if (present->url == url) bookmark.modified_at = present->modified_at;
    }
  }
}

/// Keeps all records but the third, whose title is changed.
std::string check_update(ContractRun& run) {
  need_sink(run);
  const std::string path = run.new_path();
  OpenSink first = run.sink(path);
  const RecordSet set = ordinary_records(50);
  Expected expected = run.write(first, set);
  const Listing before = run.read_back(first, path);
  OpenSink fresh;
  if (run.has_place()) fresh = run.sink(path);
  OpenSink& sink = run.has_place() ? fresh : first;
  const bool is_staged = sink.view->kind() == SinkKind::staged;
  if (is_staged && !run.has_place()) throw NotApplicable{"it has no place to open again"};
  const auto present = before.bookmarks();
  if (present.size() < 3) throw NotApplicable{"it says that it can hold nothing of this"};
  Bookmark changed = *present[2];
  changed.title = "Changed";
  const auto represented = sink.view->represent(changed, expected.arena);
  if (is_present(represented.refusal))
    return fmt::format("its own record is refused: {}", represented.refusal);
  for (auto& bookmark : expected.bookmarks) {
    if (bookmark.url == represented.bookmark.url) bookmark = represented.bookmark;
  }
  std::vector<Change> changes;
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (i == 2)
      changes.push_back({Action::update, &represented.bookmark, nullptr, id_of(*present[i])});
    if (i != 2 && is_staged)
      changes.push_back({Action::keep, present[i], nullptr, id_of(*present[i])});
  }
  write_all(sink, changes);
  const Listing after = run.read_back(sink, path);
  if (!is_staged) take_date_of_change(after, represented.bookmark.url, expected);
  return compare_content(expected, after);
}

std::string check_remove(ContractRun& run) {
  need_sink(run);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  if (sink.view->kind() != SinkKind::live) throw NotApplicable{"it is written as a whole"};
  const RecordSet set = ordinary_records(10);
  Expected expected = run.write(sink, set);
  const Listing before = run.read_back(sink, path);
  const Bookmark* removed = before.bookmarks().front();
  if (is_absent(id_of(*removed))) return "what it holds has no id, so that nothing can be removed";
  write_all(sink, {{Action::remove, removed, nullptr, id_of(*removed)}});
  std::erase_if(expected.bookmarks,
                [&](const Bookmark& bookmark) { return bookmark.url == removed->url; });
  return compare_content(expected, run.read_back(sink, path));
}

std::string check_written_twice(ContractRun& run) {
  need_sink(run);
  const RecordSet set = ordinary_records(50);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  Expected expected = run.write(sink, set);
  OpenSink again;
  // Staged content is written as a whole by each sink; a live sink gets the same changes once more.
  if (sink.view->kind() == SinkKind::staged && run.has_place()) again = run.sink(path);
  OpenSink& second = again.view != nullptr ? again : sink;
  if (second.view->kind() == SinkKind::staged && !run.has_place())
    throw NotApplicable{"it has no place to open again"};
  expected = run.write(second, set);
  return compare_content(expected, run.read_back(second, path));
}

/// Whether what is read back needs no change when it is represented: else a second run would find
/// something to do.
std::string check_second_run(ContractRun& run, const RecordSet& set) {
  need_sink(run);
  const std::string path = run.new_path();
  OpenSink sink = run.sink(path);
  run.write(sink, set);
  const Listing listing = run.read_back(sink, path);
  for (const Bookmark* bookmark : listing.bookmarks()) {
    Arena arena;
    const auto represented = sink.view->represent(*bookmark, arena);
    if (is_present(represented.refusal))
      return fmt::format("{} was read back and is refused: {}", in_quotes(bookmark->url),
                         represented.refusal);
    const auto difference = describe_difference(*bookmark, represented.bookmark);
    if (!difference.empty())
      return fmt::format("{} was read back and represented: {}", in_quotes(bookmark->url),
                         difference);
  }
  return "";
}

}  // namespace

void check_writing(ContractRun& run) {
  run.check("where nothing was written there is nothing", [&] { return check_nothing_there(run); });
  run.check("ordinary records are read back as they were represented",
            [&] { return check_ordinary(run); });
  run.check("hostile records are read back as they were represented",
            [&] { return check_round_trip(run, hostile_records()); });
  run.check("folder records and separators are read back as they were represented",
            [&] { return check_round_trip(run, folder_records()); });
  run.check("a title of 1 MB is read back as it was represented",
            [&] { return check_round_trip(run, megabyte_title()); });
  run.check("10,000 tags are read back as they were represented",
            [&] { return check_round_trip(run, ten_thousand_tags()); });
  run.check("1,000 folder levels are read back as they were represented",
            [&] { return check_round_trip(run, deep_folder(1000)); });
  run.check("100,000 folder levels are read back as they were represented",
            [&] { return check_round_trip(run, deep_folder(100'000)); });
  run.check("an update changes the record that has its id, and no other",
            [&] { return check_update(run); });
  run.check("a record that is removed is gone, and no other", [&] { return check_remove(run); });
  run.check("writing the same records twice is harmless", [&] { return check_written_twice(run); });
  run.check("what was read back needs no change", [&] {
    const auto difference = check_second_run(run, ordinary_records(50));
    return difference.empty() ? check_second_run(run, hostile_records()) : difference;
  });
}

}  // namespace linkferry::contract
