#include <fmt/format.h>

#include <algorithm>

#include "contract/contract_run.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"
#include "pipeline/compare.hpp"
#include "pipeline/record_codec.hpp"
#include "text/repair.hpp"

namespace linkferry::contract {
namespace {

/// Every record that `represent` is asked about; the sets keep their memory.
std::vector<RecordSet> all_sets() {
  std::vector<RecordSet> sets;
  sets.push_back(ordinary_records(20));
  sets.push_back(hostile_records());
  sets.push_back(megabyte_title());
  sets.push_back(ten_thousand_tags());
  sets.push_back(deep_folder(1000));
  sets.push_back(deep_folder(100'000));
  return sets;
}

using RecordTest = std::function<std::string(const SinkView&, const Bookmark&)>;

/// Runs `test` on every record and says the first problem, with the record's name.
std::string for_each_record(ContractRun& run, const RecordTest& test) {
  if (!run.is_sink()) throw NotApplicable{"it writes nothing"};
  const OpenSink sink = run.sink(run.new_path());
  std::string problems;
  for (const auto& set : all_sets()) {
    for (const auto& record : set.records) {
      const auto problem = test(*sink.view, record.bookmark);
      if (!problem.empty())
        problems += fmt::format("{}{}: {}", problems.empty() ? "" : "\n", record.name, problem);
    }
  }
  return problems;
}

bool is_same_loss(const Loss& a, const Loss& b) {
  return a.field == b.field && a.kind == b.kind && a.reason == b.reason;
}

std::string loss_text(const Loss& loss) {
  return fmt::format("{} {}: {}", name_of(loss.field), name_of(loss.kind), loss.reason);
}

std::string check_pure(const SinkView& sink, const Bookmark& bookmark) {
  Arena arena;
  const Bookmark before = deep_copy(bookmark, arena);
  const auto first = sink.represent(bookmark, arena);
  const auto second = sink.represent(bookmark, arena);
  if (!differing_fields(before, bookmark).empty()) return "its input was changed";
  if (is_present(first.refusal) || is_present(second.refusal)) {
    return is_equal(first.refusal, second.refusal) ? ""
                                                   : "it is refused one time and not the other";
  }
  const auto difference = describe_difference(first.bookmark, second.bookmark);
  if (!difference.empty()) return fmt::format("the second time, {}", difference);
  if (std::ranges::equal(first.losses, second.losses, is_same_loss)) return "";
  return fmt::format("{} losses, and {} the second time", first.losses.size(),
                     second.losses.size());
}

std::string check_stable(const SinkView& sink, const Bookmark& bookmark) {
  Arena arena;
  const auto first = sink.represent(bookmark, arena);
  if (is_present(first.refusal)) return "";
  const auto again = sink.represent(first.bookmark, arena);
  if (is_present(again.refusal))
    return fmt::format("its own representation is refused: {}", again.refusal);
  const auto difference = describe_difference(first.bookmark, again.bookmark);
  if (!difference.empty()) return fmt::format("represented again, {}", difference);
  return again.losses.empty()
             ? ""
             : fmt::format("represented again, it loses: {}", loss_text(again.losses.front()));
}

/// Rationale: absent and empty are told apart wherever a format can; but an empty text that becomes
/// none is nothing lost, and naming it would bury the losses that matter.
bool is_empty_or_absent(const Bookmark& a, const Bookmark& b, Field field) {
  switch (field) {
    case Field::title:
      return a.title.empty() && b.title.empty();
    case Field::description:
      return a.description.empty() && b.description.empty();
    case Field::notes:
      return a.notes.empty() && b.notes.empty();
    case Field::language:
      return a.language.empty() && b.language.empty();
    case Field::icon:
      return a.icon.empty() && b.icon.empty();
    case Field::cover_url:
      return a.cover_url.empty() && b.cover_url.empty();
    case Field::keyword:
      return a.keyword.empty() && b.keyword.empty();
    default:
      return false;
  }
}

std::string check_losses_named(const SinkView& sink, const Bookmark& bookmark) {
  Arena arena;
  const auto represented = sink.represent(bookmark, arena);
  if (is_present(represented.refusal))
    return represented.refusal.empty() ? "it is refused without a reason" : "";
  for (const Field field : differing_fields(bookmark, represented.bookmark)) {
    if (is_empty_or_absent(bookmark, represented.bookmark, field)) continue;
    const auto is_named = [&](const Loss& loss) {
      return loss.field == field && !loss.reason.empty();
    };
    if (std::ranges::any_of(represented.losses, is_named)) continue;
    return fmt::format("{} becomes {} and no loss says so: {}", name_of(field),
                       value_of(represented.bookmark, field), value_of(bookmark, field));
  }
  return "";
}

/// Whether a date has another precision: it is equal, but says something else.
bool is_precision_changed(const Bookmark& a, const Bookmark& b, Field field) {
  switch (field) {
    case Field::created_at:
      return a.created_at.precision != b.created_at.precision;
    case Field::modified_at:
      return a.modified_at.precision != b.modified_at.precision;
    case Field::read_at:
      return a.read_at.precision != b.read_at.precision;
    case Field::visited_at:
      return a.visited_at.precision != b.visited_at.precision;
    default:
      return false;
  }
}

std::string check_losses_true(const SinkView& sink, const Bookmark& bookmark) {
  Arena arena;
  const auto represented = sink.represent(bookmark, arena);
  if (is_present(represented.refusal)) return "";
  const auto differing = differing_fields(bookmark, represented.bookmark);
  for (const auto& loss : represented.losses) {
    if (std::ranges::find(differing, loss.field) != differing.end()) continue;
    if (is_precision_changed(bookmark, represented.bookmark, loss.field)) continue;
    return fmt::format("a loss is named, but the field is kept: {}", loss_text(loss));
  }
  return "";
}

std::string check_clean_texts(const SinkView& sink, const Bookmark& bookmark) {
  Arena arena;
  const auto represented = sink.represent(bookmark, arena);
  if (is_present(represented.refusal)) return "";
  Listing listing;
  Item item;
  item.bookmark = represented.bookmark;
  listing.items.push_back(item);
  if (auto problem = find_invalid_text(listing); !problem.empty()) return problem;
  const Bookmark& b = represented.bookmark;
  for (const Text text : {b.title, b.description, b.notes}) {
    if (!is_clean_text(text)) return fmt::format("control characters came in: {}", in_quotes(text));
  }
  return "";
}

std::string check_unique_key(const SinkView& sink, const Bookmark& bookmark) {
  Arena arena;
  const Text first = sink.unique_key(bookmark.url, arena);
  const std::string kept(first);
  const Text second = sink.unique_key(arena.copy(bookmark.url), arena);
  return is_present(first) == is_present(second) && kept == second
             ? ""
             : fmt::format("{} and then {}", in_quotes(kept), in_quotes(second));
}

std::string check_folder_representation(ContractRun& run) {
  if (!run.is_sink()) throw NotApplicable{"it writes nothing"};
  const OpenSink sink = run.sink(run.new_path());
  const RecordSet set = folder_records();
  for (const auto& placed : set.folders) {
    Arena arena;
    const auto first = sink.view->represent_folder(placed.folder, arena);
    if (!first.is_held) continue;
    const auto again = sink.view->represent_folder(first.folder, arena);
    if (!again.is_held)
      return fmt::format("{}: its own representation is not held", describe(placed.folder));
    if (auto difference = describe_difference(first.folder, again.folder); !difference.empty())
      return difference;
    if (!again.losses.empty())
      return fmt::format("{}, represented again, loses: {}", describe(placed.folder),
                         loss_text(again.losses.front()));
    const auto difference = describe_difference(placed.folder, first.folder);
    if (!difference.empty() && first.losses.empty())
      return fmt::format("no loss says so: {}", difference);
    if (difference.empty() && !first.losses.empty())
      return fmt::format("{} is kept, but it loses: {}", describe(placed.folder),
                         loss_text(first.losses.front()));
  }
  return "";
}

}  // namespace

void check_representation(ContractRun& run) {
  run.check("a record is represented the same each time",
            [&] { return for_each_record(run, check_pure); });
  run.check("a representation is represented as itself and loses nothing",
            [&] { return for_each_record(run, check_stable); });
  run.check("every field that changes is named as a loss",
            [&] { return for_each_record(run, check_losses_named); });
  run.check("every loss that is named is one",
            [&] { return for_each_record(run, check_losses_true); });
  run.check("a representation has clean texts in valid UTF-8",
            [&] { return for_each_record(run, check_clean_texts); });
  run.check("folder records are represented stably, and their losses named",
            [&] { return check_folder_representation(run); });
  run.check("the unique key of an address is the same each time",
            [&] { return for_each_record(run, check_unique_key); });
}

}  // namespace linkferry::contract
