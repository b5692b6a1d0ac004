#include "state/state_store.hpp"

#include <cstdlib>

#include "state/database.hpp"

namespace linkferry {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind
namespace fs = std::filesystem;

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

int make_state_folder(const fs::path& folder) {
  std::error_code error;
  const bool is_new = fs::create_directories(folder, error);
  if (error) return error.value();
  if (is_new) fs::permissions(folder, fs::perms::owner_all, fs::perm_options::replace, error);
  return error.value();
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
