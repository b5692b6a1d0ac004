#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_filter.hpp"
#include "bkmark/bkmark_library.hpp"
#include "bkmark/bkmark_walk.hpp"
#include "linkferry/source.hpp"

namespace linkferry::bkmark {

/// All bookmarks of a library that are not in trash, the oldest first; or a view of it.
///
/// There is no way to ask for changes only, and how long a cursor is good is not said: so each
/// reading is a whole one, and begins anew after a break. Thread: one at a time.
class BkmarkSource : public Source {
 public:
  struct Options {
    std::string endpoint;
    WalkRules walk;
    View view;
    Filter filter;
  };

  /// `library` learns what is read where this is the inside of a sink; null otherwise.
  BkmarkSource(std::shared_ptr<Api> api, std::shared_ptr<Groups> groups, Library* library,
               Options options)
      : api_(std::move(api)),
        groups_(std::move(groups)),
        library_(library),
        options_(std::move(options)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  std::uint64_t progress() const override { return walk_ ? walk_->size() : 0; }
  /// What is in trash was removed by the person, and so was what is nowhere: nobody else deletes
  /// from a library. What is in the library is present, though it fell out of the view.
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  bool next(std::stop_token stop);
  void add(Batch& batch);

  std::shared_ptr<Api> api_;
  std::shared_ptr<Groups> groups_;
  Library* library_;
  Options options_;
  std::unique_ptr<LibraryWalk> walk_;
  common::JsonValue item_;  ///< the one that is being handed out
  bool has_item_ = false;
};

/// What a person who checks a job wants to know of a library.
std::vector<std::string> describe_library(Api& api, std::stop_token stop);

WalkRules walk_rules(const Settings& settings);

std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::bkmark
