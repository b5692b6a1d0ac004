#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "text/key_index.hpp"

namespace linkferry {

/// What a mirror has done to a bookmark of the sink that no source had any more.
enum class Removed : std::uint8_t { no, deleted, quarantined };

/// The remembered pair of one bookmark: the record of a source, and what the sink holds for it.
struct Link {
  Key key;                  ///< of the bookmark as the sink holds it
  Text source;              ///< the endpoint it comes from
  Text source_id;           ///< the source's own id; empty where it has none
  Text sink_id;             ///< the sink's own id; empty where it has none
  bool is_owned = false;    ///< linkferry has created it at the sink
  bool is_pending = false;  ///< an earlier run was about to create it, and did not hear what became
                            ///< of that
  Removed removed = Removed::no;  ///< a tombstone: so that it is known when it comes back
  bool is_dropped = false;
  bool is_new = false;      ///< created at the sink in this run
  bool is_changed = false;  ///< since it was loaded
  std::int64_t row = 0;     ///< in the state; 0: not stored yet
};

/// What a job remembers of the bookmarks that it keeps in step. Loaded before a run, changed by it,
/// and stored after it.
///
/// Memory: about 120 bytes a link and its ids. Thread: one at a time. Lifetime: texts are its own.
class LinkTable {
 public:
  /// Takes in what was remembered.
  void load(const Link& link);

  /// Null where there is none, or it was dropped or removed. Lifetime: until the next `put` or
  /// `load`.
  const Link* find(const Key& key) const;
  /// What a mirror has done to a bookmark of this key, or may have done.
  Removed removed(const Key& key) const;

  struct Ends {
    Text source;
    Text source_id;
    Text sink_id;
  };
  /// The sink holds this bookmark, and a source has it. `creates`: linkferry has just made it
  /// there; else it stays owned or not, as it was.
  void put(const Key& key, const Ends& ends, bool creates);
  void drop(const Key& key);
  /// The tombstone of what was deleted; null where there is none. A pending link in its place is as
  /// much linkferry's own, where what comes back has the id that it had.
  const Link* find_deleted(const Key& key) const;
  /// What a pending link was to make there; told when it is loaded.
  void expect(const Key& key, std::uint64_t content) { expected_[hash_of(key)] = content; }
  /// Nothing where it is not known.
  std::optional<std::uint64_t> expected(const Key& key) const;
  /// The sink holds this under the key of a link. A pending one is linkferry's own where it is what
  /// was to be made there, else it is dropped; and one that is in the quarantine of a run that did
  /// not end becomes a tombstone.
  void settle(const Key& key, std::uint64_t content);
  /// An earlier run that did not end was about to put it into quarantine, where it says this; told
  /// when it is loaded. `key`: of the bookmark in its place.
  void expect_mark(const Key& key, std::uint64_t content) { marks_[hash_of(key)] = content; }
  /// Whether what the place holds under the key is what that quarantine was to make of it.
  bool is_marked(const Key& key, std::uint64_t content) const;
  /// Leaves a tombstone.
  void remove(const Key& key, Removed how);

  /// How many there are.
  std::size_t size() const { return size_; }
  /// All of them, dropped and removed ones too.
  std::span<const Link> all() const { return links_; }

  /// Whether they were made under the identity that the job has now: else they are no evidence that
  /// a bookmark was deleted.
  bool is_evidence() const { return is_evidence_; }
  void set_evidence(bool is_evidence) { is_evidence_ = is_evidence; }

 private:
  static std::uint64_t hash_of(const Key& key) { return key.high ^ key.low; }
  static bool is_live(const Link& link) { return !link.is_dropped && link.removed == Removed::no; }
  Link* find_any(const Key& key);
  void set(Text& field, Text value);

  std::vector<Link> links_;
  KeyIndex index_;
  Arena texts_;
  std::unordered_map<std::uint64_t, std::uint64_t> expected_;  ///< of pending links, by hash
  std::unordered_map<std::uint64_t, std::uint64_t> marks_;     ///< of quarantines, by hash
  std::size_t size_ = 0;
  bool is_evidence_ = true;
};

}  // namespace linkferry
