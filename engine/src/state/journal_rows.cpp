#include "state/journal_rows.hpp"

#include "pipeline/record_codec.hpp"
#include "state/database.hpp"

namespace linkferry {

using namespace Poco::Data::Keywords;  // `use`, `into`, `now`: the library's own way to bind

void JournalRows::add(const JournalEntry& entry) {
  action.push_back(static_cast<std::int64_t>(entry.action));
  state.push_back(static_cast<std::int64_t>(EntryState::open));
  high.push_back(static_cast<std::int64_t>(entry.key.high));
  low.push_back(static_cast<std::int64_t>(entry.key.low));
  content.push_back(static_cast<std::int64_t>(entry.after.content));
  folders.push_back(static_cast<std::int64_t>(entry.after.folders));
  quarantine.push_back(entry.is_quarantine ? 1 : 0);
  endpoint.emplace_back(entry.endpoint);
  source.emplace_back(entry.source);
  source_id.emplace_back(entry.source_id);
  sink_id.emplace_back(entry.sink_id);
  std::string image;
  if (entry.before != nullptr) {
    image.push_back(static_cast<char>(stored_record_version));
    encode(*entry.before, image);
  }
  before.emplace_back(image);
}

void write_journal(Database& database, std::int64_t run, JournalRows& rows) {
  std::vector<std::int64_t> runs(rows.size(), run);
  database.session()
      << "INSERT INTO journal (run, action, state, high, low, content, folders, "
         "source, source_id, sink_id, before, endpoint, quarantine) VALUES (?, ?, ?, ?, "
         "?, ?, ?, ?, ?, ?, ?, ?, ?)",
      use(runs), use(rows.action), use(rows.state), use(rows.high), use(rows.low),
      use(rows.content), use(rows.folders), use(rows.source), use(rows.source_id),
      use(rows.sink_id), use(rows.before), use(rows.endpoint), use(rows.quarantine), now;
}

JournalRows read_journal(Database& database, std::int64_t run, JournalRows::Part part) {
  JournalRows rows;
  std::int64_t of_run = run;
  database.guarded([&] {
    Poco::Data::Statement select(database.session());
    const bool has_images = part == JournalRows::Part::all;
    select << std::string(
                  "SELECT action, state, high, low, content, folders, source, source_id, "
                  "sink_id, endpoint, quarantine") +
                  (has_images ? ", before" : "") + " FROM journal WHERE run = ? ORDER BY id",
        into(rows.action), into(rows.state), into(rows.high), into(rows.low), into(rows.content),
        into(rows.folders), into(rows.source), into(rows.source_id), into(rows.sink_id),
        into(rows.endpoint), into(rows.quarantine), use(of_run);
    if (has_images) select, into(rows.before);
    select.execute();
  });
  return rows;
}

}  // namespace linkferry
