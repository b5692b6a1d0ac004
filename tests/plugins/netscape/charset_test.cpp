#include "common/charset.hpp"

#include "netscape_files.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

struct Converted {
  std::string text;
  std::vector<std::string> notices;
};

Converted read_text(const std::string& bytes, std::vector<std::size_t> sizes,
                    std::size_t buffer_bytes, bool can_rewind) {
  MemoryHost host({{"f", bytes}});
  host.read_sizes = std::move(sizes);
  host.can_rewind = can_rewind;
  common::Utf8Input input(host.open_file("f"));
  Converted result;
  std::string buffer(buffer_bytes, '\0');
  for (auto count = input.read(buffer); count != 0; count = input.read(buffer))
    result.text.append(buffer, 0, count);
  for (auto notice = input.take_notice(); !notice.empty(); notice = input.take_notice())
    result.notices.emplace_back(notice);
  return result;
}

std::string utf16(std::u16string_view text, bool is_big) {
  std::string bytes = is_big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char16_t c : text) {
    const char low = static_cast<char>(c & 0xFF);
    const char high = static_cast<char>(c >> 8);
    bytes += is_big ? high : low;
    bytes += is_big ? low : high;
  }
  return bytes;
}

}  // namespace

TEST_CASE("a file is read as UTF-8 from whatever charset it is in", "[netscape][charset]") {
  const std::string meta = "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=";
  struct Case {
    std::string bytes;
    std::string text;
    std::size_t notices;
  };
  const std::vector<Case> cases = {
      {"", "", 0},
      {"plain", "plain", 0},
      {"Gr\xC3\xBC\xC3\x9F\x65 \xF0\x9F\x98\x80", "Grüße 😀", 0},
      {"\xEF\xBB\xBF"
       "bom",
       "bom", 0},
      {utf16(u"Grüße 😀", false), "Grüße 😀", 0},
      {utf16(u"Grüße 😀", true), "Grüße 😀", 0},
      {"Gr\xFC\xDF\x65 \x80", "Grüße €", 1},
      {meta + "windows-1251\">\xCF\xF0\xE8", meta + "windows-1251\">При", 0},
      {meta + "ISO-8859-1\">\x93\xFC", meta + "ISO-8859-1\">“ü", 0},
      {"<meta charset=koi8-r>\xF0\xD2", "<meta charset=koi8-r>Пр", 0},
      {"<meta charset='no-such'>\xC3\xBC", "<meta charset='no-such'>ü", 1},
      {"<META charset=utf-16>\xC3\xBC", "<META charset=utf-16>ü", 0},
      {"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\xFC",
       "<?xml version=\"1.0\" encoding=\"windows-1252\"?>ü", 0},
      {meta + "UTF-8\">a\xFF"
              "b\xC3(\xE2\x82",
       meta + "UTF-8\">a\uFFFDb\uFFFD(\uFFFD", 1},
      {"<DL><DT><A LAST_CHARSET=\"koi8-r\">\xC3\xBC", "<DL><DT><A LAST_CHARSET=\"koi8-r\">ü", 0},
  };
  for (const auto& [bytes, text, notices] : cases) {
    for (const auto& sizes : std::vector<std::vector<std::size_t>>{{}, {1}, {2}, {3, 1}, {7}}) {
      for (const std::size_t buffer : {std::size_t{16}, std::size_t{17}, std::size_t{4096}}) {
        for (const bool can_rewind : {true, false}) {
          const auto result = read_text(bytes, sizes, buffer, can_rewind);
          CHECK(result.text == text);
          CHECK(result.notices.size() == notices);
        }
      }
    }
  }
}

TEST_CASE("one wrong byte late in a file without a charset makes all of it windows-1252",
          "[netscape][charset]") {
  const std::string half(300'000, 'x');
  const auto result = read_text("\xC3\xBC" + half + "\xFC", {}, 65536, true);
  CHECK(result.text == "Ã¼" + half + "ü");
  CHECK(result.notices ==
        std::vector<std::string>{
            "the file names no charset and is not UTF-8: it was read as windows-1252"});
}

TEST_CASE("characters are whole at the end of every read of a converted file",
          "[netscape][charset]") {
  std::u16string text;
  for (int i = 0; i < 50'000; ++i) text += i % 3 == 0 ? u"é" : i % 3 == 1 ? u"€" : u"😀";
  MemoryHost host({{"f", utf16(text, false)}});
  common::Utf8Input input(host.open_file("f"));
  std::string buffer(1000, '\0');
  std::size_t total = 0;
  for (auto count = input.read(buffer); count != 0; count = input.read(buffer)) {
    total += count;
    const auto next = static_cast<unsigned char>(buffer[0]);
    CHECK((next & 0xC0) != 0x80);
  }
  CHECK(total == std::size_t{16'667} * 2 + std::size_t{16'667} * 3 + std::size_t{16'666} * 4);
}

TEST_CASE("a rewound file is read in the same charset again", "[netscape][charset]") {
  MemoryHost host({{"f", std::string("caf\xE9")}});
  common::Utf8Input input(host.open_file("f"));
  std::string buffer(64, '\0');
  for (int round = 0; round < 3; ++round) {
    CHECK(buffer.substr(0, input.read(buffer)) == "café");
    REQUIRE(input.rewind());
  }
}

}  // namespace linkferry::test
