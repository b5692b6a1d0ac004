#include "common/http_date.hpp"

#include <array>
#include <string>

#include "linkferry/timestamp_text.hpp"

namespace linkferry::common {

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return {};
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (text.substr(8, 3) != months[i]) continue;
    const std::string month = (i < 9 ? "0" : "") + std::to_string(i + 1);
    std::string date(text.substr(12, 4));
    date.append("-").append(month).append("-").append(text.substr(5, 2));
    date.append("T").append(text.substr(17, 8)).append("Z");
    const Timestamp time = parse_rfc3339(date);
    if (time.is_known()) return time.seconds;
  }
  return {};
}

}  // namespace linkferry::common
