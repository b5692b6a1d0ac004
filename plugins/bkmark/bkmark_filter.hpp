#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_record.hpp"
#include "linkferry/settings.hpp"

namespace linkferry::bkmark {

/// The view of a library that the user asks for: the options `group`, `tag`, `type`, `source`,
/// `favorite`, `archived`, `unread` and `search`. What falls out of it is not deleted.
///
/// What the service can filter it is asked to; all of it but the search is checked again, since
/// what it does with a filter of false, or with names, is not said.
class Filter {
 public:
  Filter() = default;
  explicit Filter(const Settings& settings);

  bool is_empty() const;
  bool wants_archive() const { return !archived_ || *archived_; }

  /// What to ask the service for, encoded. Learns first how its search is asked for, since its page
  /// does not name the parameter. Errors: Failure as Api.
  std::string query(Api& api, std::stop_token stop);

  bool passes(const Record& record) const;

 private:
  std::string find_search_parameter(Api& api, std::stop_token stop) const;

  std::string group_, tag_, type_, source_, search_;
  std::optional<bool> favorite_, archived_, unread_;
  bool searches_here_ = false;
};

}  // namespace linkferry::bkmark
