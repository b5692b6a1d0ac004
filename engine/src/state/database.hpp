#pragma once

#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "linkferry/failure.hpp"

namespace linkferry {

/// The SQLite database of the state, and its errors in our words. Only files of this folder know
/// it.
///
/// Thread: one at a time. Errors of all calls: as StateStore.
class Database {
 public:
  /// Opens the file, makes it and its tables where there are none, and looks it over.
  explicit Database(const std::filesystem::path& file);

  template <class Call>
  auto guarded(Call&& call) {
    namespace sqlite = Poco::Data::SQLite;
    try {
      return call();
    } catch (const sqlite::CorruptImageException& error) {
      fail_damaged(error.displayText());
    } catch (const sqlite::InvalidSQLStatementException& error) {
      fail_damaged(error.displayText());
    } catch (const Poco::Exception& error) {
      fail(error);
    }
  }

  /// `call` as a whole or not at all.
  template <class Call>
  void in_transaction(Call&& call) {
    guarded([&] {
      session_->begin();
      try {
        call();
        session_->commit();
      } catch (...) {
        roll_back();
        throw;
      }
    });
  }

  Poco::Data::Session& session() { return *session_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  [[noreturn]] void fail_damaged(std::string how) const;
  [[noreturn]] void fail(const Poco::Exception& error) const;
  /// On some errors (disk full) SQLite has done it itself; what is told is the error before.
  void roll_back() noexcept {
    try {
      if (session_->isTransaction()) session_->rollback();
    } catch (const Poco::Exception&) {
      return;
    }
  }
  int found_version();
  void look_over();
  void migrate();

  std::filesystem::path file_;
  std::unique_ptr<Poco::Data::Session> session_;
};

}  // namespace linkferry
