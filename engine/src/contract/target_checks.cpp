#include <fmt/format.h>

#include <algorithm>

#include "contract/contract_run.hpp"
#include "contract/slow_host.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry::contract {
namespace {

namespace fs = std::filesystem;

void need_files(const ContractRun& run) {
  if (!run.is_sink()) throw NotApplicable{"it writes nothing"};
  if (!run.has_files()) throw NotApplicable{"it has no files"};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

/// Writes without commit, over nothing and over an old file, and looks before and after the sink is
/// gone.
std::string check_invisible(ContractRun& run) {
  need_files(run);
  const std::string path = run.place_with(ordinary_records(10));
  const std::string old = bytes_of(path);
  const std::string fresh = run.new_path();
  const auto names = names_in(run.folder());
  {
    OpenSink over_old = run.sink(path);
    OpenSink over_nothing = run.sink(fresh);
    run.write_uncommitted(over_old, ordinary_records(400));
    run.write_uncommitted(over_nothing, ordinary_records(400));
    if (bytes_of(path) != old) return "the file changed before commit";
    if (fs::exists(fresh)) return "the file was there before commit";
  }
  if (bytes_of(path) != old) return "the file changed though there was no commit";
  if (names_in(run.folder()) != names) return "without commit, something was left in the folder";
  return "";
}

std::string check_full_disk(ContractRun& run) {
  need_files(run);
  const std::string path = run.place_with(ordinary_records(10));
  const std::string old = bytes_of(path);
  const auto names = names_in(run.folder());
  FullHost full(run.host(), 10'000);
  try {
    OpenSink sink = run.sink(path, full);
    run.write(sink, ordinary_records(2000));
    return "records for which the disk has no room were written without a word";
  } catch (const Failure& failure) {
    if (std::string_view(failure.what()).find(path) == std::string_view::npos) {
      return fmt::format("the message does not name the file: {}", failure.what());
    }
  }
  if (bytes_of(path) != old) return "the file changed";
  return names_in(run.folder()) == names ? "" : "something was left in the folder";
}

std::string check_missing_folder(ContractRun& run) {
  need_files(run);
  const std::string path = (run.folder() / "absent" / "file").string();
  try {
    OpenSink sink = run.sink(path);
    run.write(sink, ordinary_records(3));
  } catch (const Failure& failure) {
    if (std::string_view(failure.what()).find(path) != std::string_view::npos) return "";
    return fmt::format("the message does not name the file: {}", failure.what());
  }
  return "it was written into a folder that is not there";
}

std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return "";
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const std::size_t from = at > 20 ? at - 20 : 0;
  return fmt::format("from byte {} on: {} and then {}", at,
                     in_quotes(std::string_view(a).substr(from, 60)),
                     in_quotes(std::string_view(b).substr(std::min(from, b.size()), 60)));
}

std::string check_same_bytes(ContractRun& run, const RecordSet& set) {
  need_files(run);
  return first_difference(bytes_of(run.place_with(set)), bytes_of(run.place_with(set)));
}

/// Writes what the file at `path` holds into a new one, as a run does that keeps everything.
std::string copy_through(ContractRun& run, const std::string& path) {
  OpenSink sink = run.sink(path);
  const Listing listing = run.read_back(sink, path);
  RecordSet set;
  for (const auto& item : listing.items) {
    if (item.type == Item::Type::bookmark)
      set.records.push_back({"", deep_copy(item.bookmark, set.arena)});
    if (item.type == Item::Type::folder)
      set.folders.push_back({deep_copy(item.folder, set.arena), set.records.size()});
  }
  return run.place_with(set);
}

std::string check_settled_bytes(ContractRun& run, const RecordSet& set) {
  need_files(run);
  const std::string second = copy_through(run, run.place_with(set));
  return first_difference(bytes_of(second), bytes_of(copy_through(run, second)));
}

}  // namespace

void check_target_files(ContractRun& run) {
  run.check("nothing is visible before commit, and nothing ever is without it",
            [&] { return check_invisible(run); });
  run.check("a full disk is reported with the file's name and leaves it as it was",
            [&] { return check_full_disk(run); });
  run.check("a folder that is not there is reported with the file's name",
            [&] { return check_missing_folder(run); });
  run.check("the same records give the same bytes", [&] {
    const auto difference = check_same_bytes(run, ordinary_records(300));
    return difference.empty() ? check_same_bytes(run, hostile_records()) : difference;
  });
  run.check("what was read back is written as the same bytes", [&] {
    const auto difference = check_settled_bytes(run, ordinary_records(100));
    return difference.empty() ? check_settled_bytes(run, folder_records()) : difference;
  });
}

}  // namespace linkferry::contract
