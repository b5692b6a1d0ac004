#pragma once

#include <chrono>
#include <deque>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "bkmark/bkmark_writer.hpp"

namespace linkferry::bkmark {

enum class ImportUse : std::uint8_t {
  never,
  automatic,  ///< from `import_from` creates at once, while the hour has imports left
  always,     ///< waits for the next hour where it must
};

/// Creates many bookmarks by an import, which tells numbers only: so the library is read after it,
/// and a create counts as done when it is shown there. Thread: one at a time.
class Importer {
 public:
  static constexpr std::size_t most_bytes = 4 * 1024 * 1024;

  Importer(Api& api, Library& library, Writer& writer, ImportUse use, std::size_t import_from)
      : api_(api), library_(library), writer_(writer), use_(use), import_from_(import_from) {}

  /// The ids of creates that are there now, in the places of the changes; empty for all others.
  /// What was imported may still differ from what is wanted. Errors: as Writer; temporary, with
  /// `always`, where no import is left, or two in a row have made nothing.
  std::vector<std::string> run(std::span<const Change> changes, std::stop_token stop);

  /// Whether many creates at once would save requests now.
  bool is_of_use() const;
  /// Says once that dates of creation are lost, where what is there now has another one than was
  /// wanted: it was not imported, or imports do not keep them.
  void check_dates(const Change& change, const std::string& id);

 private:
  enum class Sent : std::uint8_t { no, failed, perhaps, yes };
  struct Part {
    std::vector<std::string> items;
    std::vector<std::size_t> places;  ///< of the changes that they are of
    std::size_t bytes = 0;
    Sent sent = Sent::no;
  };

  /// Errors of the server in a row after which imports are of no use.
  static constexpr unsigned most_failures = 2;

  std::vector<std::size_t> candidates(std::span<const Change> changes, std::stop_token stop);
  std::vector<Part> divide(std::span<const Change> changes,
                           std::span<const std::size_t> places) const;
  bool has_budget() const;
  Sent send(const Part& part, std::stop_token stop);
  bool send_all(std::vector<Part>& parts, std::stop_token stop);
  bool has_taken_all(const HttpResponse& answer, const Part& part) const;
  bool may_be_ours(const std::string& id, const Bookmark& wanted) const;
  void find_made(const Part& part, std::span<const Change> changes, std::vector<std::string>& ids);

  Api& api_;
  Library& library_;
  Writer& writer_;
  ImportUse use_;
  std::size_t import_from_;
  std::deque<std::chrono::steady_clock::time_point> sent_;  ///< within the last hour
  unsigned failures_ = 0;                                   ///< in a row, that made nothing
  bool is_refused_ = false;
  bool has_said_dates_ = false;
};

}  // namespace linkferry::bkmark
