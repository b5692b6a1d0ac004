#include "state/database.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "state/state_store.hpp"

namespace linkferry {
namespace {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind
namespace sqlite = Poco::Data::SQLite;
namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 10'000;

/// One list for each version: what makes the tables of the version before into those of this one.
/// Never changed, only added to.
///
/// Rationale: links and journal have no index but the row: inserting at random places is 20 times
/// slower, and one scan loads all links of a job. `settled` of runs: 0, its journal tells what is
/// not known yet; 1, it does not; 2, it has none.
constexpr const char* version_1[] = {
    "CREATE TABLE IF NOT EXISTS checkpoints (job TEXT NOT NULL, source TEXT NOT NULL, "
    "digest TEXT NOT NULL, text TEXT NOT NULL, read_at INTEGER NOT NULL, "
    "PRIMARY KEY (job, digest, source)) WITHOUT ROWID"};
constexpr const char* version_2[] = {
    "CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT NOT NULL, identity TEXT NOT NULL, "
    "serial INTEGER NOT NULL, UNIQUE (name, identity))",
    "CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL, "
    "kind TEXT NOT NULL, settled INTEGER NOT NULL, undone INTEGER NOT NULL, started_at INTEGER NOT "
    "NULL, "
    "ended_at INTEGER, outcome INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT "
    "NULL, "
    "deleted INTEGER NOT NULL, failed INTEGER NOT NULL, message TEXT NOT NULL)",
    "CREATE TABLE links (id INTEGER PRIMARY KEY, job INTEGER NOT NULL, high INTEGER NOT NULL, "
    "low INTEGER NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL, sink_id TEXT NOT NULL, "
    "flags INTEGER NOT NULL)",
    "CREATE TABLE journal (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, action INTEGER NOT NULL, "
    "state INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, content INTEGER NOT "
    "NULL, folders INTEGER NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL, "
    "sink_id TEXT NOT NULL, before BLOB)"};
/// bases: what both sides of a sync held of a link at the end of the last one.
constexpr const char* version_3[] = {
    "ALTER TABLE journal ADD COLUMN endpoint TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE bases (id INTEGER PRIMARY KEY, job INTEGER NOT NULL, high INTEGER NOT NULL, "
    "low INTEGER NOT NULL, prints BLOB NOT NULL)"};
constexpr const char* version_4[] = {
    "ALTER TABLE journal ADD COLUMN quarantine INTEGER NOT NULL DEFAULT 0"};

/// Made by us before SQLite opens it, so that nobody else can read it at any moment; SQLite gives
/// its side files the same mode.
void make_private_file(const fs::path& file) {
  const auto fail = [&file](int error) {
    throw Failure(FailureKind::failed,
                  fmt::format("{}: the state cannot be kept here: {}; $XDG_STATE_HOME names "
                              "another folder",
                              file.string(), std::generic_category().message(error)));
  };
  if (const int error = make_state_folder(file.parent_path()); error != 0) fail(error);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) fail(errno);
  ::close(descriptor);
}

}  // namespace

Database::Database(const fs::path& file) : file_(file) {
  make_private_file(file);
  sqlite::Connector::registerConnector();
  guarded([this] {
    session_ = std::make_unique<Poco::Data::Session>(sqlite::Connector::KEY, file_.string());
    *session_ << fmt::format("PRAGMA busy_timeout = {}", busy_timeout_ms), now;
    *session_ << "PRAGMA journal_mode = WAL", now;
    *session_ << "PRAGMA synchronous = FULL", now;
    look_over();
  });
  migrate();
}

void Database::fail_damaged(std::string how) const {
  std::ranges::replace(how, '\n', ' ');
  throw Failure(
      FailureKind::state,
      fmt::format(
          "{}: what linkferry remembers between runs is damaged: {}. Without it no "
          "bookmark is lost and none is deleted: `linkferry state repair` keeps what can be "
          "read of it and puts the file aside",
          file_.string(), how));
}

void Database::fail(const Poco::Exception& error) const {
  // Poco 1.11 has no exception of its own for SQLITE_NOTADB.
  if (error.displayText().find("not a database") != std::string::npos)
    fail_damaged("it is no database");
  throw Failure(FailureKind::failed, fmt::format("{}: the state cannot be read or written: {}",
                                                 file_.string(), error.displayText()));
}

int Database::found_version() {
  int found = 0;
  *session_ << "PRAGMA user_version", into(found), now;
  return found;
}

void Database::look_over() {
  std::string verdict;
  *session_ << "PRAGMA quick_check(1)", into(verdict), now;
  if (verdict != "ok") fail_damaged(verdict);
  const int found = found_version();
  if (found <= StateStore::version) return;
  throw NewerState(
      fmt::format("{}: this was written by a newer linkferry (its version is {}, this one knows "
                  "{}); use the newer one",
                  file_.string(), found, StateStore::version));
}

void Database::migrate() {
  if (guarded([this] { return found_version(); }) == StateStore::version) return;
  in_transaction([this] {
    // Rationale: a transaction that reads before it writes fails at once when another process
    // writes in between; one that writes first waits its turn.
    *session_ << "CREATE TABLE IF NOT EXISTS turn (id INTEGER)", now;
    *session_ << "DROP TABLE turn", now;
    const int found = found_version();
    if (found < 1) {
      for (const char* statement : version_1) *session_ << statement, now;
    }
    if (found < 2) {
      for (const char* statement : version_2) *session_ << statement, now;
    }
    if (found < 3) {
      for (const char* statement : version_3) *session_ << statement, now;
    }
    if (found < 4) {
      for (const char* statement : version_4) *session_ << statement, now;
    }
    *session_ << fmt::format("PRAGMA user_version = {}", StateStore::version), now;
  });
}

}  // namespace linkferry
