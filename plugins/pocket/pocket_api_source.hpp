#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linkferry/source.hpp"

namespace linkferry::pocket {

/// A dump of Pocket's v3 API, as pockexport and older tools wrote it:
///
///     {"list": {"1042711293": {"item_id": "1042711293", "given_url": "http://e.org/", "favorite":
///     "0", "status": "0",
///       "time_added": "1464715504", "tags": {"quantum": {"tag": "quantum"}}, …}, …}}
///
/// All of it is held in memory. Thread: one at a time. Source: as `take_api_item`.
class PocketApiSource : public Source {
 public:
  static constexpr std::uint64_t max_json_bytes = 256 * 1024 * 1024;

  /// Errors: Failure configuration when it is no JSON or has no `list`.
  PocketApiSource(const std::string& json, const std::string& name, std::string endpoint);

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return items_.size(); }
  std::uint64_t progress() const override { return next_; }

 private:
  std::string endpoint_;
  simdjson::dom::parser parser_;
  std::vector<std::pair<std::string_view, simdjson::dom::element>> items_;  ///< id and item
  std::size_t next_ = 0;
};

}  // namespace linkferry::pocket
