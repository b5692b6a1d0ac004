#pragma once

#include <map>
#include <memory>
#include <string>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "memory/memory_store.hpp"

namespace linkferry::memory {

/// What a service may be like. Texts that are empty and numbers that are 0 say nothing.
struct Limits {
  std::size_t max_title = 0;  ///< in characters (code points)
  bool has_folders = true;
  bool folds_path = false;  ///< two URLs that differ in the case of host or path only are one to it
  std::string rejected_part;  ///< of URLs that it never takes
  std::string failing_part;   ///< of URLs that it cannot take now
};

/// A service in the memory of this process. The reference for sinks: the shortest that keeps every
/// promise.
class MemorySink : public Sink {
 public:
  MemorySink(Store& store, SinkKind kind, Limits limits, std::string endpoint)
      : store_(store), kind_(kind), limits_(std::move(limits)), endpoint_(std::move(endpoint)) {}

  SinkKind kind() const override { return kind_; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  Text unique_key(Text url, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  void commit() override;

 private:
  Outcome carry_out(const Change& change);
  Outcome create(const Bookmark& bookmark);
  Outcome stage(const Change& change);
  void load_keys();
  std::string key_of(const Bookmark& bookmark) const;

  Store& store_;
  SinkKind kind_;
  Limits limits_;
  std::string endpoint_;
  std::map<std::string, std::string>
      ids_by_key_;          ///< of what the store held when `write` began, and of what it added
  StoredBookmarks staged_;  ///< what `commit` makes visible, when it is a staged sink
};

/// All options of the schema.
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::memory
