#pragma once

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "bkmark/bkmark_facts.hpp"
#include "bkmark/bkmark_record.hpp"

namespace linkferry::bkmark {

/// Ids by address. Memory: some 100 bytes a bookmark. Thread: one at a time.
class UrlIndex {
 public:
  void add(Text url, std::string id);
  void remove(Text url, const std::string& id);
  void clear() { exact_.clear(), loose_.clear(); }

  /// The bookmark of exactly this address; else the only one whose address some service may take
  /// for the same (`loose_key`).
  std::optional<std::string> find(Text url) const;
  std::optional<std::string> find_exact(Text url) const;

 private:
  using Ids = std::unordered_multimap<std::uint64_t, std::string>;
  static void erase(Ids& ids, std::uint64_t key, const std::string& id);

  Ids exact_;
  Ids loose_;
};

/// What a sink knows of the library that it writes to; learnt whenever a record is seen. Memory:
/// some 400 bytes a bookmark. Thread: any.
class Library {
 public:
  explicit Library(Groups& groups) : groups_(groups) {}

  struct Held {
    Facts facts;
    Kind kind = Kind::link;
    Timestamp created;
  };

  /// Everything there is to know of a record that is not in trash.
  void learn(const Record& record);
  /// What a bulk action has made of one.
  void change(const std::string& id, Facts facts);
  void forget(const std::string& id, Text url);

  std::optional<Held> find(const std::string& id) const;
  std::optional<std::string> find_url(Text url) const;
  std::optional<std::string> find_exact_url(Text url) const;
  std::size_t size() const;

  Names& names() { return names_; }
  Groups& groups() { return groups_; }

 private:
  Groups& groups_;
  Names names_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Held> held_;
  UrlIndex urls_;
};

}  // namespace linkferry::bkmark
