#include "services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "support/catch.hpp"

namespace linkferry::test {

std::string example_job(const std::string& name,
                        const std::vector<std::pair<std::string, std::string>>& addresses) {
  std::ifstream stream(LINKFERRY_SOURCE "/examples/jobs/" + name);
  REQUIRE(stream.good());
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  for (const auto& [from, to] : addresses) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  return text;
}

void fill(LinkdingLibrary& library, int count) {
  constexpr Microseconds day = 86'400'000'000;
  constexpr Microseconds first = 1'262'304'000'000'000;  // 2010-01-01
  for (int i = 0; i < count; ++i) {
    LinkdingLibrary::Fields fields;
    fields.url =
        fmt::format("https://site-{}.example/Path/{}?q={}#part-{}", i % 31, i, i * 7, i % 3);
    fields.title = i % 11 == 0 ? "" : fmt::format("Title {} – Übersicht & <b>mehr</b> 日本語 🚢", i);
    fields.description =
        i % 5 == 0 ? "" : fmt::format("Line one of {}\nline two\n\n\tline four", i);
    fields.notes = i % 7 == 0 ? fmt::format("# Notes {}\n\n* a\n* b", i) : "";
    fields.tags = std::vector<std::string>{};
    for (int tag = 0; tag < i % 4; ++tag)
      fields.tags->push_back(fmt::format("Tag{}", (i + tag) % 17));
    fields.is_unread = i % 3 == 0;
    fields.is_shared = i % 10 == 0;
    fields.added = first + i * day + i * 1'000;
    fields.modified = *fields.added + i % 400 * day;
    LinkdingRow& row = library.post(fields);
    if (i % 6 == 0) {
      library.set_archived(row, true);
      row.modified = *fields.modified;
    }
  }
}

std::string content_of(const LinkdingLibrary& library, bool has_modified) {
  std::vector<std::string> lines;
  for (const auto& [id, row] : library.rows()) {
    lines.push_back(fmt::format("{} | {} | {} | {} | {} | {}{}{} | {} | {}\n", row.url, row.title,
                                row.description, row.notes, fmt::join(row.tags, ","),
                                row.is_archived ? "archived " : "", row.is_unread ? "unread " : "",
                                row.is_shared ? "shared" : "", row.added,
                                has_modified ? row.modified : 0));
  }
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, ""));
}

int booked(const Ran& ran, const std::string& name) {
  INFO(ran.out << ran.err);
  const std::size_t books = ran.out.find(" read = ");
  REQUIRE(books != std::string::npos);
  std::size_t end = name == "read" ? books : ran.out.find(" " + name, books);
  REQUIRE(end != std::string::npos);
  int number = 0;
  for (int scale = 1; end > 0; --end) {
    const char c = ran.out[end - 1];
    if (c == ',') continue;
    if (c < '0' || c > '9') break;
    number += scale * (c - '0');
    scale *= 10;
  }
  return number;
}

}  // namespace linkferry::test
