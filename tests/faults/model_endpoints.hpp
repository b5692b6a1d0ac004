#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "host/sink_proxy.hpp"
#include "linkferry/source.hpp"

namespace linkferry::test {

/// A bookmark of the model.
struct ModelBookmark {
  std::string url;
  std::string title;
  std::vector<std::string> tags;
  bool is_archived = false;
  std::int64_t id = 0;
  bool by_us = false;        ///< a run has created it
  bool was_matched = false;  ///< a source had it while it was there

  std::string content() const;
};

/// The name in an address of the model, `https://m.example/NAME`, whatever its spelling.
std::string model_name_in(const std::string& url);

/// What one list is like in one run.
struct ListFault {
  bool is_cut_off = false;
  std::size_t unreadable = 0;  ///< entries at its end
};

/// What the sink does to one run.
struct WriteFault {
  enum class Kind { none, rejected, failed, failed_but_done, thrown_before, thrown_after };
  Kind kind = Kind::none;
  std::size_t at = 0;  ///< which change, from 0, counted over the run
};

/// A sink with its own rules, and what it holds.
struct ModelSinkStore {
  SinkKind kind = SinkKind::live;
  bool has_tags = true;
  bool lowers_tags = false;
  bool has_archive = true;
  std::size_t max_title = 0;  ///< characters; 0: no limit
  bool folds_path = false;    ///< its own keys: two names that differ in case only are one
  std::vector<ModelBookmark> held;
  std::int64_t last_id = 0;
  ListFault list_fault;
  WriteFault write_fault;
  std::size_t changes = 0;  ///< in this run
};

std::unique_ptr<Source> make_model_source(const std::vector<ModelBookmark>& list,
                                          const ListFault& fault, bool has_ids);
OpenSink open_model_sink(ModelSinkStore& store, bool may_write);

}  // namespace linkferry::test
