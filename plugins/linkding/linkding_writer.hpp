#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "linkding/linkding_api.hpp"
#include "linkding/linkding_format.hpp"
#include "linkding/linkding_upload.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::linkding {

struct WriteRules {
  bool scrapes = false;    ///< lets linkding fetch each page for empty titles and descriptions
  bool snapshots = false;  ///< lets linkding store a copy of each page
  bool archives_instead_of_deleting = false;
  std::size_t page_size = 1000;
  std::string upload_folder;  ///< files in it are uploaded; empty: none are
};

/// Carries out one change at a time, and looks at what the answer says was stored.
///
/// A create is sent once. Where its answer is lost or a fault of the server (500, mostly "database
/// is locked", which leaves the bookmark without its tags), it first looks up what was saved, and
/// sends only what is missing. linkding answers 201 to a create that overwrites a bookmark, too,
/// and then leaves the archive flag and the dates as they were: what the answer shows to be
/// otherwise than it should be is set by a PATCH. Source: linkding 1.46.2 (read 2026-11-22).
/// Thread: any; changes of one bookmark one after the other.
class Writer {
 public:
  Writer(Api& api, WriteRules rules)
      : api_(api), rules_(std::move(rules)), uploader_(api_, rules_.upload_folder) {}

  /// Errors: Failure, when the run cannot go on: authentication, configuration, limit_reached.
  Outcome carry_out(const Change& change, std::stop_token stop);

 private:
  struct Created {
    std::string id;
    std::size_t content = 0;  ///< hash of what was sent
  };

  Outcome with_files(Outcome stored, const Bookmark& bookmark, std::stop_token stop);
  Outcome create(const Bookmark& bookmark, std::stop_token stop);
  Outcome create_new(const Bookmark& bookmark, std::stop_token stop);
  Outcome update(const Bookmark& bookmark, const std::string& id, std::stop_token stop);
  Outcome remove(const std::string& id, std::stop_token stop);

  /// Makes `held` what `wanted` is.
  Outcome settle(const Record& held, const Bookmark& wanted, const Dates& dates,
                 std::stop_token stop);
  std::string set_archived(std::int64_t id, bool is_archived, std::stop_token stop);
  std::optional<Record> look_up(const Bookmark& bookmark, const Dates& dates, Arena& arena,
                                std::unique_ptr<Page>& page, std::stop_token stop);
  Dates dates_of(const Bookmark& bookmark, std::stop_token stop);
  std::string create_path() const;
  Outcome outcome_of(const HttpResponse& answer) const;
  Text key_of(Text url, Arena& arena, std::stop_token stop);

  Api& api_;
  const WriteRules rules_;
  Uploader uploader_;
  std::mutex mutex_;
  std::unordered_map<std::string, Created> created_;  ///< by this writer, by the key of the address
};

}  // namespace linkferry::linkding
