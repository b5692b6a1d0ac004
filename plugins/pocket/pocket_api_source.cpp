#include "pocket/pocket_api_source.hpp"

#include <charconv>

#include "linkferry/failure.hpp"
#include "pocket/pocket_json.hpp"

namespace linkferry::pocket {
namespace {

constexpr std::size_t items_between_checks = 64;

}  // namespace

PocketApiSource::PocketApiSource(const std::string& json, const std::string& name,
                                 std::string endpoint)
    : endpoint_(std::move(endpoint)) {
  simdjson::dom::element list;
  if (parse_json(parser_, json, name)["list"].get(list) != simdjson::SUCCESS) {
    throw Failure(FailureKind::configuration,
                  name + ": this is no dump of Pocket's API: it has no \"list\"");
  }
  // An account without bookmarks has an empty array there.
  simdjson::dom::object items;
  if (list.get(items) == simdjson::SUCCESS) {
    for (const auto& [id, item] : items) items_.emplace_back(id, item);
  }
}

ReadResult PocketApiSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  const Text endpoint = batch.arena.copy(endpoint_);
  for (std::size_t turn = 0; next_ < items_.size() && batch.bookmarks.size() < limit; ++turn) {
    if (turn % items_between_checks == 0 && stop.stop_requested()) break;
    const auto& [id, item] = items_[next_++];
    take_api_item(id, item, endpoint, batch);
  }
  batch.checkpoint = std::to_string(next_);
  return next_ == items_.size() ? ReadResult::end : ReadResult::more;
}

bool PocketApiSource::rewind() {
  next_ = 0;
  return true;
}

bool PocketApiSource::resume(std::string_view checkpoint) {
  std::size_t next = 0;
  const auto [end, error] =
      std::from_chars(checkpoint.data(), checkpoint.data() + checkpoint.size(), next);
  if (error != std::errc{} || end != checkpoint.data() + checkpoint.size() || next > items_.size())
    return false;
  next_ = next;
  return true;
}

}  // namespace linkferry::pocket
