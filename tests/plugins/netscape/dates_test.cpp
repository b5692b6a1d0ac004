#include "common/netscape_dates.hpp"
#include "linkferry/timestamp_text.hpp"
#include "support/catch.hpp"

namespace linkferry::common {

TEST_CASE("a date is read in whatever unit its size shows", "[netscape][dates]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"1616337559", "2021-03-21T14:39:19Z"},
      {"1616337559000", "2021-03-21T14:39:19.000Z"},
      {"1616337559123456", "2021-03-21T14:39:19.123456Z"},
      {"1616337559123456789", "2021-03-21T14:39:19.123456789Z"},
      {" 1616337559 ", "2021-03-21T14:39:19Z"},
      {"182684", "1970-01-03T02:44:44Z"},
      {"-157766400", "1965-01-01T00:00:00Z"},
      {"10/Oct/2000:13:55:36 +0300", "2000-10-10T10:55:36Z"},
      {"10/oct/2000:13:55:36", "2000-10-10T13:55:36Z"},
      {"2024-09-03T20:06:53.347+02:00", "2024-09-03T18:06:53.347Z"},
  }));
  bool is_no_date = false;
  CHECK(format_rfc3339(parse_netscape_date(text, is_no_date)) == expected);
  CHECK_FALSE(is_no_date);
}

TEST_CASE("zero and nothing are unknown dates without a notice", "[netscape][dates]") {
  for (const auto* text : {"", "0", "000", "0000000000", " "}) {
    bool is_no_date = false;
    CHECK_FALSE(parse_netscape_date(text, is_no_date).is_known());
    CHECK_FALSE(is_no_date);
  }
}

TEST_CASE("what is no date is unknown and noticed", "[netscape][dates]") {
  for (const auto* text :
       {"invaliddate", "16163375x9", "161633755x", "99/Oct/2000:13:55:36",
        "31/Feb/2000:00:00:00 +0000", "9223372036854775808", "1e9", "12345678:0"}) {
    bool is_no_date = false;
    CHECK_FALSE(parse_netscape_date(text, is_no_date).is_known());
    CHECK(is_no_date);
  }
}

}  // namespace linkferry::common
