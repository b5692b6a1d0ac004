#pragma once

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linkferry/sink.hpp"

namespace linkferry::linkding {

inline constexpr std::size_t max_title_characters = 512;
inline constexpr std::size_t max_tag_characters = 64;

/// What `represent` needs to know of a library; learnt from its bookmarks while they are read.
/// Thread: any.
class Library {
 public:
  /// A bookmark as it is shown, with `origin->id`.
  void learn(const Bookmark& held);

  /// How the library spells a tag that is given in lower case: linkding looks tags up without
  /// regard to case, and what is there already wins; of two spellings the first that was learnt.
  /// Where it has none it is `tag`, and that from then on: what is sent has one spelling, which the
  /// plan shows. Lifetime: of this object.
  Text spelling_of(const std::string& lower, Text tag) const;

  /// The files that the bookmark of this id has, with their texts in `arena`; none where they were
  /// not listed.
  std::vector<Media> files_of(Text id, Arena& arena) const;

  /// When the bookmark of this id was changed last; nothing where there is none.
  std::optional<Timestamp> changed_at(Text id) const;

 private:
  struct File {
    std::string url, kind, name;
  };

  mutable std::shared_mutex mutex_;
  mutable std::map<std::string, std::string, std::less<>> spellings_;  ///< by lower case
  std::unordered_map<std::string, Timestamp> changes_;                 ///< by id
  std::unordered_map<std::string, std::vector<File>> files_;  ///< by id; of those that have some
};

struct RepresentRules {
  bool keeps_dates = true;
  bool takes_any_url = false;        ///< the server's check of addresses is switched off
  const Library* library = nullptr;  ///< may be null
  bool has_files = true;             ///< the server has files beside bookmarks
  std::string_view upload_folder;    ///< files in it are uploaded; empty: none are
};

/// What linkding holds of a bookmark, and what it loses. Pure but for what `library` learns.
///
/// linkding sets the date of change itself whenever something changes; only a create can state one.
/// So a bookmark that it holds (its origin says so) keeps the date it has there: otherwise a wish
/// for another date would be a change to write in every run. It keeps its files, too: none is ever
/// deleted, and one of the same name is taken for the same.
Representation represent(const Bookmark& bookmark, const RepresentRules& rules, Arena& arena);

}  // namespace linkferry::linkding
