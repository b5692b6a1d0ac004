#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/csv_fields.hpp"
#include "common/csv_reader.hpp"
#include "common/csv_writer.hpp"
#include "support/catch.hpp"
#include "support/memory_host.hpp"

using namespace linkferry;
using common::CsvReader;
using common::CsvResult;
using common::CsvRow;
using test::MemoryHost;
using Row = std::vector<std::string>;

namespace {

struct Reading {
  std::vector<Row> rows;
  std::vector<std::uint64_t> lines;
  std::vector<common::CsvPosition> positions;
  std::vector<std::string> problems;
  CsvResult last = CsvResult::row;
};

Reading read_csv(const std::string& bytes, std::vector<std::size_t> read_sizes = {}) {
  MemoryHost host({{"a.csv", bytes}});
  host.read_sizes = std::move(read_sizes);
  common::Utf8Input input(host.open_file("a.csv"));
  CsvReader reader(input);
  CsvRow row;
  Arena arena;
  Reading reading;
  for (;;) {
    reading.last = reader.next(row, arena);
    if (reading.last == CsvResult::end || reading.last == CsvResult::cut_off) break;
    if (reading.last == CsvResult::rejected) {
      reading.problems.emplace_back(row.problem);
    } else {
      reading.rows.emplace_back(row.cells.begin(), row.cells.end());
    }
    reading.lines.push_back(row.position.line);
    reading.positions.push_back(row.position);
  }
  return reading;
}

std::string write_csv(const std::vector<Row>& rows) {
  MemoryHost host;
  const auto file = host.stage_file("out.csv");
  common::CsvWriter writer(*file);
  for (const Row& row : rows) {
    for (const std::string& cell : row) writer.cell(cell);
    writer.end_row();
  }
  writer.flush();
  file->commit();
  return host.files["out.csv"];
}

}  // namespace

TEST_CASE("quotes are doubled inside quoted cells, which may hold commas and line breaks",
          "[csv]") {
  const auto reading = read_csv("a,\"b \"\"c\"\", d\",\"e\nf\"\n\"\",\"\"\"\",x\n");
  CHECK(reading.rows == std::vector<Row>{{"a", "b \"c\", d", "e\nf"}, {"", "\"", "x"}});
  CHECK(reading.last == CsvResult::end);
}

TEST_CASE("rows end in LF or CRLF, and the last one may have no line break", "[csv]") {
  const std::vector<Row> expected{{"a", "b"}, {"c", "d\r\ne"}, {"f", "g"}};
  CHECK(read_csv("a,b\r\nc,\"d\r\ne\"\r\nf,g\r\n").rows == expected);
  CHECK(read_csv("a,b\nc,\"d\r\ne\"\nf,g").rows == expected);
  CHECK(read_csv("a,b\r\nc,\"d\r\ne\"\r\nf,\"g\"").rows == expected);
}

TEST_CASE("a byte order mark and blank lines are no cells", "[csv]") {
  CHECK(read_csv("\xEF\xBB\xBF"
                 "a,b\n\n\r\nc,d\n\n")
            .rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  CHECK(read_csv("").rows.empty());
  CHECK(read_csv("\n\n").rows.empty());
}

TEST_CASE("a quote inside an unquoted cell is text, and so is what stands behind a closing quote",
          "[csv]") {
  CHECK(read_csv("5\" disk,a\"b\"c\n\"a\"b\"c\",d\n").rows ==
        std::vector<Row>{{"5\" disk", "a\"b\"c"}, {"ab\"c\"", "d"}});
}

TEST_CASE("a row tells the line of the file on which it begins", "[csv]") {
  CHECK(read_csv("a,b\nc,\"d\n\ne\"\n\nf,g\n").lines == std::vector<std::uint64_t>{1, 2, 6});
}

TEST_CASE("an input that ends inside a quoted cell is cut off", "[csv]") {
  const auto reading = read_csv("a,b\nc,\"d\ne");
  CHECK(reading.rows == std::vector<Row>{{"a", "b"}});
  CHECK(reading.last == CsvResult::cut_off);
  CHECK(read_csv("a,\"").last == CsvResult::cut_off);
  CHECK(read_csv("a,\"\"").last == CsvResult::end);
}

TEST_CASE("a cell over 16 MiB is rejected, and reading goes on behind it", "[csv]") {
  const std::string large(CsvReader::max_cell_bytes + 1, 'x');
  for (const std::string& quote : {std::string(), std::string("\"")}) {
    const auto reading = read_csv("a,b\n" + quote + large + quote + ",1\nc,d\n");
    CHECK(reading.rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
    CHECK(reading.problems == std::vector<std::string>{"a cell is larger than 16 MiB"});
    CHECK(reading.lines == std::vector<std::uint64_t>{1, 2, 3});
  }
}

TEST_CASE("a row that is skipped may hold quotes, line breaks and doubled quotes", "[csv]") {
  std::string large = "\"";
  while (large.size() < 40 * 1024 * 1024) large += "some text, a \"\"quote\"\" and\na line,";
  const auto reading = read_csv("a,b\n" + large + "\"\r\nc,d\n");
  CHECK(reading.rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  CHECK(reading.problems.size() == 1);
}

TEST_CASE("cells of 16 MiB are read, and rows of more than 32 MiB are not", "[csv]") {
  const std::string cell(CsvReader::max_cell_bytes, 'y');
  const auto reading = read_csv(cell + ",b\n" + cell + "," + cell + "," + cell + "\nc,d\n");
  REQUIRE(reading.rows.size() == 2);
  CHECK(reading.rows[0][0] == cell);
  CHECK(reading.rows[1] == Row{"c", "d"});
  CHECK(reading.problems == std::vector<std::string>{"a row is larger than 32 MiB"});
}

TEST_CASE("a row of more than 1,000 columns is rejected", "[csv]") {
  const std::string thousand = std::string(999, ',');
  const auto reading = read_csv(thousand + "\n" + thousand + ",\nc,d\n");
  REQUIRE(reading.rows.size() == 2);
  CHECK(reading.rows[0].size() == 1000);
  CHECK(reading.rows[1] == Row{"c", "d"});
  CHECK(reading.problems == std::vector<std::string>{"a row has more than 1,000 columns"});
}

TEST_CASE("what is written is read back byte for byte, however the bytes arrive", "[csv]") {
  std::mt19937_64 random(7);
  const std::vector<std::string> pieces = {"\"",
                                           ",",
                                           "\n",
                                           "\r",
                                           "\r\n",
                                           " ",
                                           "é",
                                           "😀",
                                           "|",
                                           "text",
                                           "a longer piece of text, 40 bytes long",
                                           "\t",
                                           "\"\""};
  std::vector<Row> rows;
  for (int i = 0; i < 300; ++i) {
    Row& row = rows.emplace_back();
    for (int column = 0; column < 5; ++column) {
      std::string& cell = row.emplace_back();
      for (auto count = random() % 6; count > 0; --count) cell += pieces[random() % pieces.size()];
    }
  }
  const std::string bytes = write_csv(rows);
  CHECK(read_csv(bytes).rows == rows);
  for (const std::size_t size : {1u, 2u, 3u, 7u, 64u, 4096u})
    CHECK(read_csv(bytes, {size}).rows == rows);
}

TEST_CASE("cells are quoted only when they need it, and rows end in LF", "[csv]") {
  CHECK(write_csv({{"plain", " blanks ", "a;b", "é"}, {"a,b", "a\"b", "a\nb", "a\rb"}, {"", ""}}) ==
        "plain, blanks ,a;b,é\n\"a,b\",\"a\"\"b\",\"a\nb\",\"a\rb\"\n,\n");
}

TEST_CASE("reading can go on at the position of any row", "[csv]") {
  std::string bytes;
  for (int i = 0; i < 5000; ++i)
    bytes += std::to_string(i) + ",\"a text\nof two lines, and more of it to fill some blocks\"\n";
  const auto whole = read_csv(bytes);
  for (const std::size_t from :
       {std::size_t{0}, std::size_t{1}, std::size_t{2500}, std::size_t{4999}}) {
    MemoryHost host({{"a.csv", bytes}});
    common::Utf8Input input(host.open_file("a.csv"));
    CsvReader reader(input);
    REQUIRE(reader.skip_to(whole.positions[from]));
    CsvRow row;
    Arena arena;
    REQUIRE(reader.next(row, arena) == CsvResult::row);
    CHECK(row.cells[0] == std::to_string(from));
    CHECK(row.position.line == whole.lines[from]);
  }
}

TEST_CASE("the names of columns are compared in lower case and without blanks", "[csv]") {
  const auto header =
      common::read_csv_header("\xEF\xBB\xBF Title ,URL,\"time_added\"\nx,y,z\n", true);
  CHECK(header.find("title") == 0);
  CHECK(header.find("url") == 1);
  CHECK(header.find("time_added") == 2);
  CHECK_FALSE(header.has("x"));
  CHECK(header.describe() == "title,url,time_added");
  CHECK(common::read_csv_header("title,url", false).names().empty());
}
