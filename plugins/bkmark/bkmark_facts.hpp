#pragma once

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "bkmark/bkmark_groups.hpp"
#include "bkmark/bkmark_record.hpp"

namespace linkferry::bkmark {

/// Numbers for names, so that what a library holds can be remembered in little room. Thread: any.
class Names {
 public:
  std::uint32_t number_of(Text name);
  std::string name_of(std::uint32_t number) const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
};

/// What can be changed of a bookmark, in little room: texts as hashes.
struct Facts {
  std::uint64_t title = 0;
  std::uint64_t description = 0;  ///< with the notes
  bool is_favorite = false;
  bool is_archived = false;
  bool is_read = false;
  Timestamp read_at;                  ///< unknown: not read, or nobody knows when
  std::vector<std::uint32_t> tags;    ///< sorted numbers of names
  std::vector<std::uint32_t> groups;  ///< sorted numbers of ids
};

Facts facts_of(const Record& record, Names& names);
/// Of a representation. Where the bookmark stands in groups already (`held`), those of the wanted
/// path count, since several may have one name.
Facts facts_of(const Bookmark& wanted, const std::vector<std::uint32_t>& held_groups,
               const Groups& groups, Names& names, Arena& arena);

/// In what two differ.
struct Differences {
  bool title = false;
  bool description = false;
  bool favorite = false;
  bool archived = false;
  bool read = false;
  bool tags = false;
  bool groups = false;

  bool has_patch() const { return title || description || favorite || archived || read; }
  bool any() const { return has_patch() || tags || groups; }
  /// Their names, for messages.
  std::string in_words() const;
};
Differences compare(const Facts& held, const Facts& wanted);

/// The tags that `wanted` has beyond `held`; nothing where others would have to go.
std::optional<std::vector<std::uint32_t>> added_tags(const Facts& held, const Facts& wanted);

}  // namespace linkferry::bkmark
