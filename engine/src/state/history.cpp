#include "state/history.hpp"

#include <unordered_map>

#include "pipeline/record_codec.hpp"
#include "state/database.hpp"
#include "state/journal_rows.hpp"

namespace linkferry {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind

History::History(StateStore& store) : database_(store.database()) {}

std::vector<PastRun> History::select(std::string_view where, std::string_view job,
                                     std::int64_t number, std::size_t limit) {
  std::string of_job(job);
  std::vector<std::int64_t> id, started, ended, outcome, created, updated, deleted, failed, undone;
  std::vector<std::string> name, identity, kind, message;
  database_.guarded([&] {
    Poco::Data::Statement select(database_.session());
    select << "SELECT runs.id, name, identity, kind, started_at, ifnull(ended_at, -1), outcome, "
              "created, updated, deleted, failed, message, undone FROM runs JOIN jobs ON "
              "jobs.id = runs.job WHERE " +
                  std::string(where) + " ORDER BY runs.id DESC LIMIT " + std::to_string(limit),
        into(id), into(name), into(identity), into(kind), into(started), into(ended), into(outcome),
        into(created), into(updated), into(deleted), into(failed), into(message), into(undone);
    if (number != 0) {
      select, use(number);
    } else if (!of_job.empty()) {
      select, use(of_job);
    }
    select.execute();
  });
  std::vector<PastRun> runs;
  for (std::size_t i = 0; i < id.size(); ++i) {
    PastRun run;
    run.id = id[i];
    run.job = name[i];
    run.identity = identity[i];
    run.kind = kind[i];
    run.started_at = started[i];
    if (ended[i] >= 0) run.ended_at = ended[i];
    run.outcome = static_cast<RunOutcome>(outcome[i]);
    run.created = created[i];
    run.updated = updated[i];
    run.deleted = deleted[i];
    run.failed = failed[i];
    run.message = message[i];
    run.undone_by = undone[i];
    runs.push_back(std::move(run));
  }
  count_unended(runs);
  return runs;
}

/// One scan of the journal, which has no index but the row, and only where there is such a run.
void History::count_unended(std::vector<PastRun>& runs) {
  std::unordered_map<std::int64_t, PastRun*> unended;
  for (PastRun& run : runs) {
    if (run.outcome == RunOutcome::running || run.outcome == RunOutcome::failed ||
        run.outcome == RunOutcome::interrupted)
      unended.emplace(run.id, &run);
  }
  if (unended.empty()) return;
  std::vector<std::int64_t> run, action, state, count;
  database_.guarded([&] {
    database_.session() << "SELECT run, action, state, count(*) FROM journal GROUP BY 1, 2, 3",
        into(run), into(action), into(state), into(count), now;
  });
  for (std::size_t i = 0; i < run.size(); ++i) {
    const auto found = unended.find(run[i]);
    if (found == unended.end()) continue;
    PastRun& past = *found->second;
    const auto is_action = static_cast<Action>(action[i]);
    if (static_cast<EntryState>(state[i]) == EntryState::open) {
      past.unsure += count[i];
    } else if (static_cast<EntryState>(state[i]) == EntryState::done) {
      (is_action == Action::create   ? past.created
       : is_action == Action::update ? past.updated
                                     : past.deleted) += count[i];
    }
  }
}

std::vector<PastRun> History::runs(std::string_view job, std::size_t limit) {
  return select(job.empty() ? "1" : "name = ?", job, 0, limit);
}

std::optional<PastRun> History::find(std::int64_t run) {
  auto found = select("runs.id = ?", "", run, 1);
  if (found.empty()) return {};
  return std::move(found.front());
}

std::optional<std::int64_t> History::last_start(std::string_view job, std::string_view identity) {
  std::string name(job);
  std::string of_identity(identity);
  int stopped = static_cast<int>(RunOutcome::interrupted);
  int killed = static_cast<int>(RunOutcome::running);
  std::int64_t started_at = -1;
  database_.guarded([&] {
    // The newest, not the latest: the clock may have been wrong.
    database_.session() << "SELECT started_at FROM runs JOIN jobs ON jobs.id = runs.job WHERE "
                           "name = ? AND identity = ? AND kind <> 'undo' AND outcome NOT IN (?, ?) "
                           "ORDER BY runs.id DESC LIMIT 1",
        into(started_at), use(name), use(of_identity), use(stopped), use(killed), now;
  });
  if (started_at < 0) return {};
  return started_at;
}

std::vector<UndoEntry> History::entries_to_undo(std::int64_t run) {
  const JournalRows rows = read_journal(database_, run, JournalRows::Part::all);
  std::vector<UndoEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.entry_state(i) == EntryState::failed) continue;
    UndoEntry entry{rows.entry_action(i), rows.key(i),   rows.endpoint[i],
                    rows.sink_id[i],      rows.after(i), {}};
    const auto& image = rows.before[i];
    if (image.size() > 0) {
      if (image.rawContent()[0] > stored_record_version)
        throw Failure(FailureKind::usage,
                      "the run was made by a newer version of linkferry, which "
                      "alone can take it back");
      entry.before.assign(image.rawContent() + 1, image.size() - 1);
    }
    entries.push_back(std::move(entry));
  }
  if (entries.empty())
    throw Failure(
        FailureKind::usage,
        "run " + std::to_string(run) +
            " has changed nothing that is still remembered (of each job "
            "the last 100 runs that changed something are), so there is nothing to take back");
  return entries;
}

void History::note_undone(std::int64_t run, std::int64_t by) {
  database_.in_transaction([&] {
    database_.session() << "UPDATE runs SET undone = ? WHERE id = ?", use(by), use(run), now;
  });
}

bool History::forget(std::string_view job) {
  std::string name(job);
  std::int64_t known = 0;
  database_.in_transaction([&] {
    auto& session = database_.session();
    session << "SELECT count(*) FROM jobs WHERE name = ?", into(known), use(name), now;
    session << "DELETE FROM journal WHERE run IN (SELECT runs.id FROM runs JOIN jobs ON jobs.id = "
               "runs.job WHERE name = ?)",
        use(name), now;
    session << "DELETE FROM runs WHERE job IN (SELECT id FROM jobs WHERE name = ?)", use(name), now;
    session << "DELETE FROM bases WHERE job IN (SELECT id FROM jobs WHERE name = ?)", use(name),
        now;
    session << "DELETE FROM links WHERE job IN (SELECT id FROM jobs WHERE name = ?)", use(name),
        now;
    session << "DELETE FROM checkpoints WHERE job = ?", use(name), now;
    session << "DELETE FROM jobs WHERE name = ?", use(name), now;
  });
  return known > 0;
}

}  // namespace linkferry
