#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linkferry::test {

/// Moments as the fake keeps them: milliseconds since 1970.
using Milliseconds = std::int64_t;

struct RaindropHighlight {
  std::string id, text, note, color = "yellow";
  Milliseconds created = 0;
};

struct RaindropRow {
  std::int64_t id = 0;
  std::string link, title, excerpt, note, cover, type = "link", reminder;
  std::vector<std::string> tags, media;
  std::vector<RaindropHighlight> highlights;
  std::int64_t collection = -1;
  bool is_important = false;
  bool is_broken = false;
  Milliseconds created = 0;
  Milliseconds updated = 0;
};

struct RaindropCollection {
  std::int64_t id = 0;
  std::int64_t parent = 0;  ///< 0: a root
  std::string title;
  std::int64_t sort = 0;
  int access = 4;
  bool is_public = false;
};

/// One account of Raindrop with its rules: no de-duplication, Trash, tags that are replaced here
/// and appended there. Written from the contract, apart from the plugin, so that the two can
/// disagree. Source: developer.raindrop.io (read 2026-11-22).
class RaindropAccount {
 public:
  /// Fields of a request; what is not there was not sent.
  struct Fields {
    std::optional<std::string> link, title, excerpt, note, cover, type;
    std::optional<std::vector<std::string>> tags;
    std::optional<std::int64_t> collection;
    std::optional<bool> important;
    std::optional<Milliseconds> created;
    /// With an id those that are changed, or removed by an empty text; without those that are new.
    std::optional<std::vector<RaindropHighlight>> highlights;
  };

  RaindropRow& create(const Fields& fields);
  /// Replaces tags. A collection takes it out of Trash.
  void update(RaindropRow& row, const Fields& fields);
  /// To Trash; from there for good.
  bool remove(std::int64_t id);
  RaindropRow* find(std::int64_t id);
  std::int64_t add_collection(std::string title, std::int64_t parent = 0);

  /// A list in the order of `sort` (`created`, `-created`), ties by id.
  std::vector<const RaindropRow*> list(std::int64_t collection, const std::string& sort) const;
  /// Those outside of Trash whose address is the same to the service.
  std::vector<const RaindropRow*> same_as(const std::string& url) const;
  std::vector<const RaindropCollection*> children_of(std::int64_t parent) const;

  std::map<std::int64_t, RaindropRow>& rows() { return rows_; }
  std::map<std::int64_t, RaindropCollection>& collections() { return collections_; }
  Milliseconds last_update() const { return last_update_; }
  void touch() { last_update_ = now(); }

  /// How long ago everything happens: what is stored is dated so much earlier than now.
  Milliseconds age = 0;
  bool rewrites_links = false;  ///< what is sent as http is stored as https
  /// Ids of the roots in the person's order; those that are missing come last.
  std::vector<std::int64_t> roots_order;

 private:
  Milliseconds now();
  void set(RaindropRow& row, const Fields& fields);
  void set_highlights(RaindropRow& row, const std::vector<RaindropHighlight>& changes);

  std::int64_t next_id_ = 100;
  std::map<std::int64_t, RaindropRow> rows_;
  std::map<std::int64_t, RaindropCollection> collections_;
  std::multimap<std::string, std::int64_t> by_key_;  ///< rows that have, or had, this address
  Milliseconds last_update_ = 1'600'000'000'000;
  Milliseconds last_now_ = 0;
};

/// The form in which the service compares addresses.
std::string raindrop_key(std::string_view url);

}  // namespace linkferry::test
