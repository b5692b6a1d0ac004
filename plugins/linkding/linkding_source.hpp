#pragma once

#include <memory>
#include <optional>
#include <string>

#include "linkding/linkding_api.hpp"
#include "linkding/linkding_checkpoint.hpp"
#include "linkding/linkding_files.hpp"
#include "linkding/linkding_list.hpp"
#include "linkding/linkding_represent.hpp"
#include "linkferry/source.hpp"

namespace linkferry::linkding {

/// All bookmarks of a library: the archived ones first, then the others, the oldest first.
///
/// What is archived or brought back while it reads is met in the second list, or when the first is
/// looked at again at the end; so nothing is missed and nothing comes twice.
///
/// After `resume` it gives what was added or changed since the checkpoint: it asks with
/// `modified_since`, and believes the answer only when every bookmark in it is newer; it then
/// counts both lists, and where the numbers do not add up it reads all. So it sees additions,
/// changes, archiving, and bookmarks that were added with an old date of change. It does not see
/// what linkding leaves undated: renamed, merged and deleted tags; texts that were fetched after a
/// bookmark was made; and deletions, unless they change the numbers (the cause of another full
/// reading), since telling of them is not a source's business. A deletion and an addition with an
/// old date that cancel each other out are not noticed.
class LinkdingSource : public Source {
 public:
  struct Options {
    std::string endpoint;
    std::size_t page_size = 1000;
    bool lists_files = false;  ///< asks for the files of each bookmark: one request a bookmark
    std::string save_folder;   ///< where they are stored; empty: they are listed only
    /// For a sink: gives only what it can hold, and lets it learn what there is.
    Library* library = nullptr;
  };

  LinkdingSource(std::shared_ptr<Api> api, Options options)
      : api_(std::move(api)), options_(std::move(options)), files_(*api_, options_.save_folder) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool resume(std::string_view checkpoint) override;
  bool is_incremental() const override { return true; }
  std::uint64_t total() const override { return total_; }
  std::uint64_t progress() const override { return handed_out_; }
  /// One request a bookmark. What linkding does not have any more the person has deleted: nobody
  /// else deletes there.
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  enum class Phase { start, archived, active, archived_again, count, done };

  bool next_record(Record& record, Arena& arena, std::stop_token stop);
  void begin(std::stop_token stop);
  void enter(Phase phase, std::string_view path, std::string filter);
  void leave_active();
  void compare_counts(std::stop_token stop);
  void read_all_again(const std::string& why);
  bool is_wanted(const Record& record);
  void add(const Record& record, Batch& batch, std::stop_token stop);
  std::string checkpoint() const;

  std::shared_ptr<Api> api_;
  Options options_;
  FileReader files_;
  View view_ = View::everything;
  Phase phase_ = Phase::start;
  Record record_;  ///< the one that is being handed out
  bool has_record_ = false;
  Arena scratch_;  ///< of its texts
  SeenIds seen_;
  std::unique_ptr<ListReader> list_;
  std::uint64_t archived_count_ = 0;
  bool is_archive_one_page_ = false;
  std::optional<Checkpoint> since_;  ///< while only what is new is read
  Checkpoint last_;                  ///< the one that was resumed
  std::uint64_t new_ids_ = 0;
  std::uint64_t counted_ = 0;  ///< both lists, as counted at the end of an incremental reading
  CheckpointMaker maker_;
  std::uint64_t total_ = 0;
  std::uint64_t handed_out_ = 0;
};

/// What a person who checks a job wants to know of a library.
std::vector<std::string> describe_library(Api& api, std::stop_token stop);

std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::linkding
