#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mastodon/archive_lists.hpp"
#include "mastodon/json_list.hpp"

namespace linkferry::mastodon {

/// Takes the members of an archive that are lists, whatever it is packed in.
class ListMembers {
 public:
  /// `name` is what messages call the archive; `lists` outlives this.
  ListMembers(std::string name, WantedLists wanted, ArchiveLists& lists)
      : name_(std::move(name)), wanted_(wanted), lists_(lists) {}

  /// Whether the file of this name (in the archive) is a list to be read; remembers that it is
  /// there.
  bool is_wanted(std::string_view member);

  void begin(std::string_view member);
  void feed(std::string_view bytes) { json_->feed(bytes); }
  /// The end of the open list. Errors: Failure configuration when it is no JSON.
  void end();
  /// The archive ends before its end, inside a list perhaps.
  void cut_off();
  /// Whether the open list has come to its end.
  bool is_complete() const { return json_->is_complete() || !json_->is_json(); }

  /// The end of the archive: says what is missing or was passed over. Errors: Failure configuration
  /// when no list was there.
  void finish();

  [[noreturn]] void fail(std::string_view what) const;

 private:
  void add(ArchiveList list, Text item, Text problem);
  bool has(ArchiveList list) const { return seen_[static_cast<std::size_t>(list)]; }

  std::string name_;
  WantedLists wanted_;
  ArchiveLists& lists_;
  std::optional<JsonList> json_;
  std::string member_;
  bool seen_[2] = {};
};

/// The list that a file of an archive is, by its name; nothing for any other file.
std::optional<ArchiveList> list_of(std::string_view member);

}  // namespace linkferry::mastodon
