#include "linkding/linkding_checkpoint.hpp"

#include <algorithm>
#include <charconv>

#include "linkferry/http.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::linkding {
namespace {

constexpr std::string_view mark = "linkding1";
constexpr std::int64_t us_a_second = 1'000'000;
/// How much later than its date a change may become visible.
constexpr std::int64_t margin_us = 5 * us_a_second;

template <class Number>
bool take_number(std::string_view& text, char before, Number& number) {
  if (!text.starts_with(before)) return false;
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

bool Checkpoint::is_known(std::int64_t id, std::int64_t modified_us) const {
  return std::ranges::binary_search(known, Known{id, modified_us});
}

std::string format_checkpoint(const Checkpoint& checkpoint) {
  std::string text(mark);
  const auto add = [&text](char before, auto number) {
    text += before;
    text += std::to_string(number);
  };
  add(' ', checkpoint.since_us);
  add(' ', checkpoint.total);
  add(' ', checkpoint.highest_id);
  for (const auto& known : checkpoint.known) {
    add(' ', known.id);
    add(':', known.modified_us);
  }
  return text;
}

std::optional<Checkpoint> parse_checkpoint(std::string_view text) {
  if (!text.starts_with(mark)) return {};
  text.remove_prefix(mark.size());
  Checkpoint checkpoint;
  if (!take_number(text, ' ', checkpoint.since_us) || !take_number(text, ' ', checkpoint.total) ||
      !take_number(text, ' ', checkpoint.highest_id))
    return {};
  const std::int64_t seconds = checkpoint.since_us / us_a_second;
  if (seconds <= first_second || seconds >= last_second) return {};
  while (!text.empty()) {
    Checkpoint::Known known;
    if (!take_number(text, ' ', known.id) || !take_number(text, ':', known.modified_us)) return {};
    checkpoint.known.push_back(known);
  }
  std::ranges::sort(checkpoint.known);
  return checkpoint;
}

std::int64_t microseconds_of(const Timestamp& time) {
  return time.is_known() ? time.seconds * us_a_second + time.nanoseconds / 1000 : 0;
}

std::string format_since(std::int64_t microseconds) {
  std::int64_t seconds = microseconds / us_a_second;
  std::int64_t rest = microseconds % us_a_second;
  if (rest < 0) rest += us_a_second, --seconds;
  return percent_encode(
      format_rfc3339({seconds, static_cast<std::uint32_t>(rest) * 1000, Precision::microsecond}));
}

std::int64_t CheckpointMaker::edge_us() const { return began_us_ - margin_us; }

void CheckpointMaker::see(std::int64_t id, const Timestamp& modified) {
  const std::int64_t us = microseconds_of(modified);
  newest_us_ = std::max(newest_us_, us);
  if (us > edge_us() && recent_.size() < most_known) recent_.push_back({id, us});
}

Checkpoint CheckpointMaker::make(std::uint64_t total, std::int64_t highest_id,
                                 std::int64_t least_since_us) const {
  Checkpoint checkpoint;
  checkpoint.since_us = std::max(std::min(newest_us_, edge_us()), least_since_us);
  checkpoint.total = total;
  checkpoint.highest_id = highest_id;
  checkpoint.known = recent_;
  std::ranges::sort(checkpoint.known);
  return checkpoint;
}

}  // namespace linkferry::linkding
