#include "state/state_care.hpp"

#include "state/database.hpp"
#include "state/history.hpp"

namespace linkferry {
namespace {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind
namespace fs = std::filesystem;

/// A statement whose rows are lines of JSON, made by SQLite itself. Source:
/// https://www.sqlite.org/json1.html (read 2026-11-22).
constexpr const char* exports[] = {
    "SELECT json_object('type', 'job', 'id', id, 'name', name, 'identity', identity, 'serial', "
    "serial) FROM jobs ORDER BY id",
    "SELECT json_object('type', 'run', 'id', id, 'job', job, 'kind', kind, 'started_at', "
    "started_at, 'ended_at', ended_at, 'outcome', outcome, 'created', created, 'updated', updated, "
    "'deleted', deleted, 'failed', failed) FROM runs ORDER BY id",
    "SELECT json_object('type', 'link', 'job', job, 'source', source, 'source_id', source_id, "
    "'sink_id', sink_id, 'owned', flags & 1, 'removed', flags >> 1) FROM links ORDER BY id"};

/// Rows of one table that are copied at once: what one of them breaks is lost with the others.
constexpr std::int64_t rows_at_once = 64;
/// Where not even the highest number can be read.
constexpr std::int64_t most_rows = 1'000'000;

fs::path free_name(const fs::path& file) {
  for (int number = 1;; ++number) {
    fs::path name = file;
    name += ".damaged-" + std::to_string(number);
    if (!fs::exists(name)) return name;
  }
}

constexpr const char* endings[] = {"-wal", "-shm", ""};

void remove_database(const fs::path& file) {
  std::error_code error;
  for (const char* ending : endings) fs::remove(file.string() + ending, error);
}

/// The damaged file stays where it is until the new one takes its place: killed at any moment, one
/// of them is there. A log of the damaged one must not be there beside the new one.
void replace(const fs::path& file, const fs::path& repaired, const fs::path& aside) {
  const auto fail = [&](const std::error_code& error) {
    if (error)
      throw Failure(FailureKind::failed,
                    fmt::format("{}: cannot be put aside: {}", file.string(), error.message()));
  };
  std::error_code error;
  for (const char* ending : endings) {
    const std::string old = file.string() + ending;
    if (!fs::exists(old, error)) continue;
    fs::create_hard_link(old, aside.string() + ending, error);
    if (error) fs::copy_file(old, aside.string() + ending, error);
    fail(error);
  }
  for (const char* ending : {"-wal", "-shm"}) fs::remove(file.string() + ending, error);
  fs::rename(repaired, file, error);
  fail(error);
}

/// What can be read is kept, what cannot is left.
template <class Call>
bool try_to(Call&& call) {
  try {
    call();
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

/// The columns of a table that both databases have, as a list; an older version has fewer. Empty
/// where the damaged one has no such table, or what tells of it cannot be read.
std::string common_columns(Poco::Data::Session& session, const std::string& table) {
  std::vector<std::string> names;
  try_to([&] {
    session << fmt::format(
        "SELECT name FROM pragma_table_info('{0}', 'old') WHERE name IN (SELECT name FROM "
        "pragma_table_info('{0}', 'main')) ORDER BY cid",
        table),
        into(names), now;
  });
  return fmt::format("{}", fmt::join(names, ", "));
}

std::uint64_t salvage(Poco::Data::Session& session, const std::string& table) {
  const std::string columns = common_columns(session, table);
  if (columns.empty()) return 0;
  std::int64_t highest = 0;
  if (!try_to(
          [&] { session << "SELECT ifnull(max(id), 0) FROM old." + table, into(highest), now; })) {
    highest = most_rows;
  }
  int failures = 0;
  constexpr int most_failures = 1000;
  for (std::int64_t first = 0; first <= highest && failures < most_failures;
       first += rows_at_once) {
    const bool is_read = try_to([&] {
      session << fmt::format(
          "INSERT OR IGNORE INTO main.{0} ({3}) SELECT {3} FROM old.{0} WHERE id "
          "BETWEEN {1} AND {2}",
          table, first, first + rows_at_once - 1, columns),
          now;
    });
    if (!is_read) ++failures;
  }
  std::int64_t count = 0;
  session << "SELECT count(*) FROM main." + table, into(count), now;
  return static_cast<std::uint64_t>(count);
}

/// What belongs to a job or a run that could not be read must not be taken for that of the next one
/// that gets its number.
void drop_orphans(Poco::Data::Session& session) {
  for (const char* table : {"runs", "links", "bases"}) {
    session << fmt::format("DELETE FROM main.{} WHERE job NOT IN (SELECT id FROM main.jobs)",
                           table),
        now;
  }
  session << "DELETE FROM main.journal WHERE run NOT IN (SELECT id FROM main.runs)", now;
}

}  // namespace

void export_state(StateStore& store, const std::function<void(std::string_view)>& output) {
  Database& database = store.database();
  for (const char* statement : exports) {
    database.guarded([&] {
      std::string line;
      Poco::Data::Statement select(database.session());
      select << statement, into(line), range(0, 1);
      while (!select.done()) {
        if (select.execute() > 0) output(line + "\n");
      }
    });
  }
}

namespace {

void salvage_all(Poco::Data::Session& session, const fs::path& damaged, Repair& repair) {
  std::string old = damaged.string();
  if (!try_to([&] { session << "ATTACH ? AS old", use(old), now; })) return;
  salvage(session, "jobs");
  repair.runs = salvage(session, "runs");
  repair.links = salvage(session, "links");
  salvage(session, "journal");
  salvage(session, "bases");
  drop_orphans(session);
  try_to([&] {
    session << "INSERT OR IGNORE INTO main.checkpoints SELECT * FROM old.checkpoints", now;
  });
  try_to([&] { session << "DETACH old", now; });
}

/// All of it is in the one file then.
void make_repaired(const fs::path& damaged, const fs::path& repaired, Repair& repair) {
  remove_database(repaired);  // of a repair that was killed
  StateStore store(repaired);
  Database& database = store.database();
  salvage_all(database.session(), damaged, repair);
  database.guarded([&] { database.session() << "PRAGMA journal_mode = DELETE", now; });
}

}  // namespace

Repair repair_state(const fs::path& file) {
  Repair repair;
  try {
    const StateStore store(file);
    return repair;
  } catch (const NewerState&) {
    throw;
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::state) throw;
  }
  repair.was_damaged = true;
  repair.aside = free_name(file);
  const fs::path repaired = file.string() + ".repaired";
  make_repaired(file, repaired, repair);
  replace(file, repaired, repair.aside);
  return repair;
}

}  // namespace linkferry
