#include "state/job_state.hpp"

#include "state/database.hpp"
#include "state/journal_rows.hpp"

namespace linkferry {
namespace {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind

/// Runs whose journal is kept, for each job; those that have none do not count.
constexpr int kept_runs = 100;
/// Of a run, whether the next one has to look at its journal.
constexpr std::int64_t unsettled = 0;
constexpr std::int64_t settled = 1;
constexpr std::int64_t without_journal = 2;
/// Links that are bound to one statement.
constexpr std::size_t rows_at_once = 10'000;

}  // namespace

struct JobState::LinkColumns {
  std::vector<std::int64_t> row, high, low, flags;  ///< flags: 1 for owned, 2 × Removed
  std::vector<std::string> source, source_id, sink_id;

  void add(const Link& link) {
    row.push_back(link.row);
    high.push_back(static_cast<std::int64_t>(link.key.high));
    low.push_back(static_cast<std::int64_t>(link.key.low));
    flags.push_back((link.is_owned ? 1 : 0) | static_cast<int>(link.removed) << 1);
    source.emplace_back(link.source);
    source_id.emplace_back(link.source_id);
    sink_id.emplace_back(link.sink_id);
  }
  Link link(std::size_t i) const {
    Link made{{static_cast<std::uint64_t>(high[i]), static_cast<std::uint64_t>(low[i])},
              source[i],
              source_id[i],
              sink_id[i]};
    made.is_owned = (flags[i] & 1) != 0;
    made.removed = static_cast<Removed>(flags[i] >> 1 & 3);
    made.row = row[i];
    return made;
  }
};

JobState::JobState(StateStore& store, std::string_view name, std::string_view identity)
    : database_(store.database()), name_(name), identity_(identity) {
  find_job();
  const Ended last = find_last_run();
  const bool was_elsewhere = has_done_otherwise(Otherwise::elsewhere);
  // A run under a new identity that did not come to its end has taken over nothing.
  links_.set_evidence(!was_elsewhere && (last.job == job_ || last.job == 0));
  are_links_outdated_ = last.job != job_ && last.job != 0;
  if (last.job != 0) load_links(last.job);
  if (job_ != 0) {
    are_bases_outdated_ = was_elsewhere || has_done_otherwise(Otherwise::by_no_sync);
    if (!are_bases_outdated_) load_bases(job_);
  }
  load_unsettled(last);
}

/// The last run that has come to its end and knows what the same sink holds, under whatever
/// identity: what was created elsewhere is not linkferry's own here.
JobState::Ended JobState::find_last_run() {
  Ended last;
  database_.guarded([&] {
    database_.session() << "SELECT runs.id, runs.job FROM runs JOIN jobs ON jobs.id = runs.job "
                           "WHERE name = ? AND substr(identity, 1, 32) = substr(?, 1, 32) AND "
                           "outcome IN (?, ?) AND kind <> 'undo' ORDER BY runs.id DESC LIMIT 1",
        into(last.run), into(last.job), use(name_), use(identity_),
        bind(static_cast<int>(RunOutcome::done)), bind(static_cast<int>(RunOutcome::partly_done)),
        now;
  });
  return last;
}

/// Whether, after the last run under this identity that has come to its end, there was one of the
/// job, under another or of another kind, that may have changed something.
bool JobState::has_done_otherwise(Otherwise how) {
  const bool is_of_kind = how == Otherwise::by_no_sync;
  const std::string own = is_of_kind ? " AND kind = 'sync'" : "";
  const std::string other = is_of_kind ? "kind <> 'sync'" : "job <> " + std::to_string(job_);
  const auto done = static_cast<int>(RunOutcome::done);
  const auto partly_done = static_cast<int>(RunOutcome::partly_done);
  int count = 0;
  database_.guarded([&] {
    database_.session()
        << "SELECT count(*) FROM (SELECT 1 FROM runs WHERE job IN (SELECT id FROM jobs WHERE "
           "name = ?) AND kind <> 'undo' AND " +
               other +
               " AND (outcome IN (?, ?) OR settled <> 2 AND EXISTS (SELECT 1 FROM journal WHERE "
               "run = runs.id)) "
               "AND id > (SELECT ifnull(max(id), 0) FROM runs WHERE job = ? AND outcome IN "
               "(?, ?) AND kind <> 'undo'" +
               own + ") LIMIT 1)",
        into(count), use(name_), bind(done), bind(partly_done), use(job_), bind(done),
        bind(partly_done), now;
  });
  return count > 0;
}

/// The row of the job of this name and identity; 0: none.
void JobState::find_job() {
  database_.guarded([&] {
    database_.session() << "SELECT id, serial FROM jobs WHERE name = ? AND identity = ?",
        into(job_), into(serial_), use(name_), use(identity_), now;
  });
}

void JobState::load_links(std::int64_t job) {
  std::int64_t last = 0;
  for (bool is_more = true; is_more;) {
    LinkColumns rows;
    database_.guarded([&] {
      database_.session() << "SELECT id, high, low, flags, source, source_id, sink_id FROM links "
                             "WHERE job = ? AND id > ? ORDER BY id LIMIT " +
                                 std::to_string(rows_at_once),
          into(rows.row), into(rows.high), into(rows.low), into(rows.flags), into(rows.source),
          into(rows.source_id), into(rows.sink_id), use(job), use(last), now;
    });
    for (std::size_t i = 0; i < rows.row.size(); ++i) {
      Link link = rows.link(i);
      // Those of another identity are stored anew under this one.
      link.is_changed = job != job_;
      if (link.is_changed) link.row = 0;
      links_.load(link);
    }
    is_more = rows.row.size() == rows_at_once;
    if (is_more) last = rows.row.back();
  }
}

void JobState::load_bases(std::int64_t job) {
  std::vector<std::int64_t> row, high, low;
  std::vector<Poco::Data::CLOB> prints;
  database_.guarded([&] {
    database_.session() << "SELECT id, high, low, prints FROM bases WHERE job = ? ORDER BY id",
        into(row), into(high), into(low), into(prints), use(job), now;
  });
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Key key{static_cast<std::uint64_t>(high[i]), static_cast<std::uint64_t>(low[i])};
    bases_.load(key, {prints[i].rawContent(), prints[i].size()}, row[i]);
  }
}

/// Of the identity that the links are from, and what was begun since under any for the same sink.
void JobState::load_unsettled(const Ended& last) {
  std::vector<std::int64_t> runs;
  database_.guarded([&] {
    database_.session() << "SELECT runs.id FROM runs JOIN jobs ON jobs.id = runs.job WHERE name = "
                           "? AND substr(identity, 1, 32) = substr(?, 1, 32) AND settled = 0 AND "
                           "(job = ? OR runs.id > ?) ORDER BY runs.id",
        into(runs), use(name_), use(identity_), bind(last.job), bind(last.run), now;
  });
  for (const std::int64_t run : runs) {
    const JournalRows rows = read_journal(database_, run, JournalRows::Part::without_images);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Key key = rows.key(i);
      const auto state = rows.entry_state(i);
      if (rows.is_quarantine(i) && state != EntryState::failed) {
        links_.expect_mark(key, rows.after(i).content);
        // A sync remembers the mark with what both sides hold.
        if (state == EntryState::done && rows.endpoint[i].empty())
          links_.remove(key, Removed::quarantined);
      }
      if (rows.entry_action(i) == Action::remove && state == EntryState::done)
        links_.remove(key, Removed::deleted);
      if (rows.entry_action(i) != Action::create || state == EntryState::failed) continue;
      const Link* const known = links_.find(key);
      // A service may restore what it has in its trash, and then make it what was sent.
      const Link* const deleted = links_.find_deleted(key);
      const Link* const before = known != nullptr ? known : deleted;
      Link link{key, rows.source[i], rows.source_id[i], rows.sink_id[i]};
      link.is_owned = state == EntryState::done || (before != nullptr && before->is_owned);
      link.is_pending = state == EntryState::open;
      if (link.is_pending && deleted != nullptr) link.sink_id = deleted->sink_id;
      link.is_changed = true;
      links_.load(link);
      if (link.is_pending) links_.expect(key, rows.after(i).content);
    }
  }
}

std::int64_t JobState::begin(std::string_view kind, std::int64_t started_at) {
  std::string of_kind(kind);
  database_.in_transaction([&] {
    auto& session = database_.session();
    if (job_ == 0) {
      session << "INSERT INTO jobs (name, identity, serial) VALUES (?, ?, 0)", use(name_),
          use(identity_), now;
      session << "SELECT last_insert_rowid()", into(job_), now;
    }
    int outcome = static_cast<int>(RunOutcome::running);
    session << "INSERT INTO runs (job, kind, settled, undone, started_at, outcome, created, "
               "updated, deleted, failed, message) VALUES (?, ?, 0, 0, ?, ?, 0, 0, 0, 0, '')",
        use(job_), use(of_kind), use(started_at), use(outcome), now;
    session << "SELECT last_insert_rowid()", into(run_), now;
  });
  return run_;
}

bool JobState::store_links() {
  if (std::exchange(are_links_outdated_, false))
    database_.session() << "DELETE FROM links WHERE job = ?", use(job_), now;
  LinkColumns added;
  LinkColumns changed;
  std::vector<std::int64_t> dropped;
  bool has_stored = false;
  for (const Link& link : links_.all()) {
    if (!link.is_changed) continue;
    has_stored = true;
    if (link.is_dropped || link.is_pending) {
      if (link.row != 0) dropped.push_back(link.row);
    } else if (link.row == 0) {
      added.add(link);
    } else {
      changed.add(link);
    }
    if (added.row.size() == rows_at_once) insert_links(std::exchange(added, {}));
    if (changed.row.size() == rows_at_once) update_links(std::exchange(changed, {}));
  }
  insert_links(std::move(added));
  update_links(std::move(changed));
  if (!dropped.empty()) database_.session() << "DELETE FROM links WHERE id = ?", use(dropped), now;
  return has_stored;
}

void JobState::insert_links(LinkColumns rows) {
  if (rows.row.empty()) return;
  std::vector<std::int64_t> jobs(rows.row.size(), job_);
  database_.session() << "INSERT INTO links (job, high, low, source, source_id, sink_id, flags) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?)",
      use(jobs), use(rows.high), use(rows.low), use(rows.source), use(rows.source_id),
      use(rows.sink_id), use(rows.flags), now;
}

void JobState::update_links(LinkColumns rows) {
  if (rows.row.empty()) return;
  database_.session() << "UPDATE links SET source = ?, source_id = ?, sink_id = ?, flags = ? WHERE "
                         "id = ?",
      use(rows.source), use(rows.source_id), use(rows.sink_id), use(rows.flags), use(rows.row), now;
}

bool JobState::store_bases() {
  if (are_bases_kept_) return false;
  std::vector<std::int64_t> old, high, low;
  std::vector<Poco::Data::CLOB> prints;
  for (const BaseTable::Row& row : bases_.all()) {
    if (!row.is_changed) continue;
    if (row.id != 0) old.push_back(row.id);
    if (row.is_dropped) continue;
    high.push_back(static_cast<std::int64_t>(row.key.high));
    low.push_back(static_cast<std::int64_t>(row.key.low));
    const std::string_view bytes = bases_.prints_of(row);
    prints.emplace_back(bytes.data(), bytes.size());
  }
  auto& session = database_.session();
  if (std::exchange(are_bases_outdated_, false))
    session << "DELETE FROM bases WHERE job = ?", use(job_), now;
  if (!old.empty()) session << "DELETE FROM bases WHERE id = ?", use(old), now;
  if (!prints.empty()) {
    std::vector<std::int64_t> jobs(prints.size(), job_);
    session << "INSERT INTO bases (job, high, low, prints) VALUES (?, ?, ?, ?)", use(jobs),
        use(high), use(low), use(prints), now;
  }
  return !old.empty() || !prints.empty();
}

void JobState::finish(RunOutcome outcome, const Ledger& ledger, std::string_view message,
                      StoredLinks links) {
  if (run_ == 0) return;
  set_durable(true);
  std::string text(message);
  int ended = static_cast<int>(outcome);
  auto created = static_cast<std::int64_t>(ledger[Fate::created]);
  auto updated = static_cast<std::int64_t>(ledger[Fate::updated] + ledger[Fate::quarantined]);
  auto deleted = static_cast<std::int64_t>(ledger[Fate::deleted]);
  auto failed = static_cast<std::int64_t>(ledger[Fate::failed]);
  database_.in_transaction([&] {
    auto& session = database_.session();
    // Links tell the truth only when the sink was looked at in this run.
    if (links == StoredLinks::yes && store_links()) has_written_ = true;
    if (links == StoredLinks::yes && store_bases()) has_written_ = true;
    std::int64_t none = static_cast<std::int64_t>(EntryState::failed);
    std::int64_t open = static_cast<std::int64_t>(EntryState::open);
    if (!may_be_visible_) {
      session << "UPDATE journal SET state = ? WHERE run = ? AND state = ?", use(none), use(run_),
          use(open), now;
    }
    std::int64_t now_settled = !has_journal_                    ? without_journal
                               : outcome == RunOutcome::done    ? settled
                               : outcome == RunOutcome::blocked ? settled
                                                                : unsettled;
    session << "UPDATE runs SET settled = ?, ended_at = CAST(strftime('%s', 'now') AS INTEGER), "
               "outcome = ?, created = ?, updated = ?, deleted = ?, failed = ?, message = ? WHERE "
               "id = ?",
        use(now_settled), use(ended), use(created), use(updated), use(deleted), use(failed),
        use(text), use(run_), now;
    if (links != StoredLinks::not_seen) {
      session << "UPDATE runs SET settled = 1 WHERE job = ? AND settled = 0 AND id < ?", use(job_),
          use(run_), now;
    }
    if (has_written_) session << "UPDATE jobs SET serial = serial + 1 WHERE id = ?", use(job_), now;
    forget_old_runs();
  });
}

void JobState::forget_old_runs() {
  database_.session() << "DELETE FROM journal WHERE run IN (SELECT id FROM runs WHERE job = ? AND "
                         "settled = 1 ORDER BY id DESC LIMIT -1 OFFSET " +
                             std::to_string(kept_runs) + ")",
      use(job_), now;
}

/// Cannot be changed within a transaction.
void JobState::set_durable(bool is_durable) {
  if (is_durable == is_durable_) return;
  database_.guarded([&] {
    database_.session() << (is_durable ? "PRAGMA synchronous = FULL"
                                       : "PRAGMA synchronous = NORMAL"),
        now;
  });
  is_durable_ = is_durable;
}

void JobState::open(std::span<const JournalEntry> entries, bool is_durable) {
  may_be_visible_ |= is_durable;
  set_durable(is_durable);
  has_written_ = true;
  has_journal_ |= !entries.empty();
  database_.in_transaction([&] { insert_entries(entries); });
}

void JobState::insert_entries(std::span<const JournalEntry> entries) {
  JournalRows rows;
  actions_.clear();
  for (const JournalEntry& entry : entries) {
    rows.add(entry);
    actions_.push_back(entry.action);
  }
  write_journal(database_, run_, rows);
  std::int64_t last = 0;
  database_.session() << "SELECT last_insert_rowid()", into(last), now;
  first_entry_ = last - static_cast<std::int64_t>(entries.size()) + 1;
}

void JobState::close(std::span<const Outcome> outcomes, bool are_visible) {
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> states;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Result result = outcomes[i].result;
    // A service may have done what it could not tell: the entry stays open, and the next run looks.
    if (are_visible && result == Result::failed) continue;
    const bool has_failed = result == Result::rejected || result == Result::failed;
    // What was there already was not made by this run, so there is nothing to take back.
    const bool is_nothing = has_failed || result == Result::already_so;
    if (!are_visible && !is_nothing) continue;
    rows.push_back(first_entry_ + static_cast<std::int64_t>(i));
    states.push_back(static_cast<std::int64_t>(is_nothing ? EntryState::failed : EntryState::done));
    ids.push_back(outcomes[i].id);
  }
  if (rows.empty()) return;
  database_.in_transaction([&] {
    database_.session() << "UPDATE journal SET state = ?, sink_id = CASE WHEN ? = '' THEN sink_id "
                           "ELSE ? END WHERE id = ?",
        use(states), use(ids), use(ids), use(rows), now;
  });
}

void JobState::keep_bases() {
  set_durable(true);
  database_.in_transaction([&] { store_bases(); });
  are_bases_kept_ = true;
  has_written_ = true;
}

void JobState::make_durable() {
  may_be_visible_ = true;
  set_durable(true);
  // Any commit brings what was written before it to the disk; but what changes no byte is none, and
  // a sync comes here for either side.
  std::string text =
      "it stopped while the sink was replaced (" + std::to_string(++replacements_) + ")";
  database_.in_transaction([&] {
    database_.session() << "UPDATE runs SET message = ? WHERE id = ?", use(text), use(run_), now;
  });
}

void JobState::settle() {
  std::int64_t done = static_cast<std::int64_t>(EntryState::done);
  std::int64_t open = static_cast<std::int64_t>(EntryState::open);
  database_.in_transaction([&] {
    database_.session() << "UPDATE journal SET state = ? WHERE run = ? AND state = ?", use(done),
        use(run_), use(open), now;
  });
}

}  // namespace linkferry
