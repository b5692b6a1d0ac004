#pragma once

#include <Poco/Data/LOB.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/journal.hpp"

namespace linkferry {

class Database;

/// What is known of a journal entry.
enum class EntryState : std::uint8_t {
  open,    ///< it was about to go out; whether it arrived is not known
  done,    ///< it arrived
  failed,  ///< the sink did not take it, or had it already: this run has changed nothing there
};

/// Entries of the journal, a column each, as the database binds them.
struct JournalRows {
  enum class Part : std::uint8_t { all, without_images };

  std::vector<std::int64_t> action, state, high, low, content, folders, quarantine;
  std::vector<std::string> source, source_id, sink_id;
  std::vector<std::string> endpoint;     ///< the side of a sync that it went to; else empty
  std::vector<Poco::Data::CLOB> before;  ///< a version byte and the record; empty: none

  std::size_t size() const { return action.size(); }
  Key key(std::size_t i) const {
    return {static_cast<std::uint64_t>(high[i]), static_cast<std::uint64_t>(low[i])};
  }
  Action entry_action(std::size_t i) const { return static_cast<Action>(action[i]); }
  EntryState entry_state(std::size_t i) const { return static_cast<EntryState>(state[i]); }
  bool is_quarantine(std::size_t i) const { return quarantine[i] != 0; }
  Fingerprint after(std::size_t i) const {
    return {static_cast<std::uint64_t>(content[i]), static_cast<std::uint64_t>(folders[i])};
  }

  /// Adds an open entry.
  void add(const JournalEntry& entry);
};

/// Within a transaction. Errors: those of the database.
void write_journal(Database& database, std::int64_t run, JournalRows& rows);

/// All entries of a run, in order. Errors: as StateStore.
JournalRows read_journal(Database& database, std::int64_t run, JournalRows::Part part);

}  // namespace linkferry
