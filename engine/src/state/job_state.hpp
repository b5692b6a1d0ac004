#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/journal.hpp"
#include "pipeline/ledger.hpp"
#include "pipeline/link_table.hpp"
#include "state/state_store.hpp"
#include "sync/base_table.hpp"

namespace linkferry {

/// How a run ended.
enum class RunOutcome : std::uint8_t {
  running,      ///< it has not ended, or was killed
  done,         ///< all of it
  partly_done,  ///< some records were not taken
  blocked,      ///< a safety limit held it; nothing was written
  failed,       ///< an error stopped it
  interrupted,  ///< somebody, or a limit of time, stopped it
};

/// What a run has learnt of the links.
enum class StoredLinks : std::uint8_t {
  yes,       ///< they tell what both sides hold
  no,        ///< the sink was looked at, but the run has kept none
  not_seen,  ///< nothing: the sink was not looked at to the end
};

/// What the state holds of one job, for the time of one run: the links, and the journal.
///
/// A job is known by its name and identity. Under another identity than that of its last run it
/// starts without evidence, whether it had this one before or not: what was known under the last
/// one tells only what linkferry has created. What an earlier run that did not end has opened in
/// the journal and not closed is taken as a pending link, until the sink has been looked at.
/// Thread: one at a time. Errors: as StateStore.
class JobState final : public Journal {
 public:
  /// Reads what is there, and writes nothing.
  JobState(StateStore& store, std::string_view name, std::string_view identity);

  LinkTable& links() { return links_; }
  /// Of a sync: what both sides held at the end of the last one. None where something else than a
  /// sync under this identity, or what takes one back, was the last run of the job.
  BaseTable& bases() { return bases_; }
  /// Goes up with every run that changed something.
  std::int64_t serial() const { return serial_; }

  /// Notes that a run begins; returns its number. `kind`: copy, mirror, sync or undo.
  std::int64_t begin(std::string_view kind, std::int64_t started_at);
  /// The number of the run; 0 before `begin`.
  std::int64_t run() const { return run_; }
  /// Notes how it ended, and stores the links where the run has kept them. The earlier runs of the
  /// job that were not settled are, when the sink has been looked at.
  void finish(RunOutcome outcome, const Ledger& ledger, std::string_view message,
              StoredLinks links);

  void open(std::span<const JournalEntry> entries, bool is_durable) override;
  void close(std::span<const Outcome> outcomes, bool are_visible) override;
  void make_durable() override;
  void settle() override;
  void keep_bases() override;

 private:
  void find_job();
  struct Ended {
    std::int64_t run = 0;  ///< 0: none
    std::int64_t job = 0;
  };
  Ended find_last_run();
  enum class Otherwise : std::uint8_t { elsewhere, by_no_sync };
  bool has_done_otherwise(Otherwise how);
  void load_links(std::int64_t job);
  void load_unsettled(const Ended& last);
  void load_bases(std::int64_t job);
  struct LinkColumns;
  bool store_links();
  void insert_links(LinkColumns rows);
  void update_links(LinkColumns rows);
  bool store_bases();
  void set_durable(bool is_durable);
  void insert_entries(std::span<const JournalEntry> entries);
  void forget_old_runs();

  Database& database_;
  std::string name_;
  std::string identity_;
  std::int64_t job_ = 0;  ///< its row; 0: none yet
  std::int64_t serial_ = 0;
  std::int64_t run_ = 0;
  unsigned replacements_ = 0;  ///< of sinks, that were begun
  LinkTable links_;
  BaseTable bases_;
  bool is_durable_ = true;
  bool has_written_ = false;
  bool has_journal_ = false;  ///< of this run
  bool are_bases_kept_ = false;
  bool are_links_outdated_ = false;  ///< those that are stored, of this identity
  bool are_bases_outdated_ = false;
  bool may_be_visible_ = false;   ///< something of what was opened
  std::int64_t first_entry_ = 0;  ///< of the last `open`
  std::vector<Action> actions_;   ///< of its entries
};

}  // namespace linkferry
