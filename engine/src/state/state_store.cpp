#include "state/state_store.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind
namespace sqlite = Poco::Data::SQLite;
namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 10'000;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw Failure(FailureKind::failed,
                fmt::format("{}: the state cannot be kept here: {}; $XDG_STATE_HOME names another "
                            "folder",
                            file.string(), std::generic_category().message(error)));
}

[[noreturn]] void fail_damaged(const fs::path& file, const std::string& how) {
  throw Failure(
      FailureKind::state,
      fmt::format(
          "{}: what linkferry remembers between runs is damaged: {}. Without it no bookmark "
          "is lost: move the file away, and the next run reads everything again",
          file.string(), how));
}

/// Made by us before SQLite opens it, so that nobody else can read it at any moment; SQLite gives
/// its side files the same mode.
void make_private_file(const fs::path& file) {
  std::error_code error;
  const bool is_new_folder = fs::create_directories(file.parent_path(), error);
  if (error) fail(file, error.value());
  if (is_new_folder)
    fs::permissions(file.parent_path(), fs::perms::owner_all, fs::perm_options::replace, error);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) fail(file, errno);
  ::close(descriptor);
}

}  // namespace

/// Poco's session, and its errors in our words.
class StateStore::Database {
 public:
  /// Errors: as StateStore.
  template <class Call>
  auto guarded(Call&& call) {
    try {
      return call();
    } catch (const sqlite::CorruptImageException& error) {
      fail_damaged(file_, error.displayText());
    } catch (const sqlite::InvalidSQLStatementException& error) {
      fail_damaged(file_, error.displayText());
    } catch (const Poco::Exception& error) {
      // Poco 1.11 has no exception of its own for SQLITE_NOTADB.
      if (error.displayText().find("not a database") != std::string::npos)
        fail_damaged(file_, "it is no database");
      throw Failure(FailureKind::failed, fmt::format("{}: the state cannot be read or written: {}",
                                                     file_.string(), error.displayText()));
    }
  }

  explicit Database(const fs::path& file) : file_(file) {
    make_private_file(file);
    sqlite::Connector::registerConnector();
    guarded([this] {
      session_ = std::make_unique<Poco::Data::Session>(sqlite::Connector::KEY, file_.string());
      *session_ << fmt::format("PRAGMA busy_timeout = {}", busy_timeout_ms), now;
      *session_ << "PRAGMA journal_mode = WAL", now;
      *session_ << "PRAGMA synchronous = FULL", now;
      look_over();
      make_tables();
    });
  }

  Poco::Data::Session& session() { return *session_; }

 private:
  void look_over() {
    std::string verdict;
    *session_ << "PRAGMA quick_check(1)", into(verdict), now;
    if (verdict != "ok") fail_damaged(file_, verdict);
    int found = 0;
    *session_ << "PRAGMA user_version", into(found), now;
    if (found > version) {
      throw Failure(
          FailureKind::state,
          fmt::format("{}: this was written by a newer linkferry (its version is {}, this "
                      "one knows {}); use the newer one",
                      file_.string(), found, version));
    }
  }

  void make_tables() {
    *session_ << "CREATE TABLE IF NOT EXISTS checkpoints (job TEXT NOT NULL, source TEXT NOT NULL, "
                 "digest TEXT NOT NULL, text TEXT NOT NULL, read_at INTEGER NOT NULL, "
                 "PRIMARY KEY (job, digest, source)) WITHOUT ROWID",
        now;
    *session_ << fmt::format("PRAGMA user_version = {}", version), now;
  }

  fs::path file_;
  std::unique_ptr<Poco::Data::Session> session_;
};

StateStore::StateStore(const fs::path& file) : database_(std::make_unique<Database>(file)) {}
StateStore::~StateStore() = default;

std::optional<Checkpoint> StateStore::find_checkpoint(std::string_view job, std::string_view digest,
                                                      std::string_view source) {
  std::string of_job(job);
  std::string of_source(source);
  std::string of_digest(digest);
  Checkpoint found;
  return database_->guarded([&]() -> std::optional<Checkpoint> {
    Poco::Data::Statement select(database_->session());
    select << "SELECT text, read_at FROM checkpoints WHERE job = ? AND source = ? AND digest = ?",
        into(found.text), into(found.read_at), use(of_job), use(of_source), use(of_digest);
    if (select.execute() == 0) return {};
    return found;
  });
}

void StateStore::store_checkpoint(std::string_view job, std::string_view digest,
                                  std::string_view source, const Checkpoint& checkpoint) {
  std::string of_job(job);
  std::string of_source(source);
  std::string of_digest(digest);
  Checkpoint stored = checkpoint;
  database_->guarded([&] {
    database_->session()
        << "INSERT OR REPLACE INTO checkpoints (job, source, digest, text, read_at) "
           "VALUES (?, ?, ?, ?, ?)",
        use(of_job), use(of_source), use(of_digest), use(stored.text), use(stored.read_at), now;
  });
}

fs::path default_state_file() {
  const char* const state = std::getenv("XDG_STATE_HOME");
  const char* const home = std::getenv("HOME");
  fs::path folder;
  if (state != nullptr && *state == '/') {
    folder = state;
  } else {
    folder = fs::path(home != nullptr ? home : "/") / ".local/state";
  }
  return folder / "linkferry/state.db";
}

}  // namespace linkferry
