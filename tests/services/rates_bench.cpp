// Not run with the suites: tests/bench/run.sh prints it.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "support/catch.hpp"
#include "support/fakes/fake_bkmark.hpp"
#include "support/fakes/fake_raindrop.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

constexpr int bookmarks = 10'000;
constexpr std::chrono::milliseconds latency{50};

// The least that the contracts allow for so many.
// Raindrop: read in pages of 50; write after the list and the collections that are there (three
// requests), then a hundred at once.
constexpr double raindrop_reads = bookmarks / 50.0;
constexpr double raindrop_writes = 3 + bookmarks / 100.0;
// Bkmark: an export leaves open whether it has the archive and the trash, so that both are asked
// for. Read 2,000 in pages of 100, as `export_from` says, and the export. Write after the list and
// the archive that are there: one import (its data has less than 4 MiB), and the export.
constexpr double bkmark_reads = 2'000 / 100.0 + 3;
constexpr double bkmark_writes = 2 + 1 + 3;
/// Seconds between two requests to Raindrop: 120 a minute. Bkmark's go beside them.
constexpr double raindrop_spacing = 0.5;

std::string lines() {
  std::string text;
  for (int i = 0; i < bookmarks; ++i) {
    text += fmt::format(
        "{{\"url\":\"https://site-{0}.example/articles/{1}?id={1}\",\"title\":\"Article {1} of a "
        "site "
        "with a usual title\",\"description\":\"What article {1} is about, in a sentence or two, "
        "as "
        "services take it from the page.\",\"notes\":\"Note {1}\",\"tags\":[\"tag{2}\",\"two "
        "words\"],"
        "\"folders\":[[\"Shelf "
        "{3}\"]],\"created_at\":\"2021-03-{4:02}T10:00:00Z\",\"favorite\":{5}}}\n",
        i % 997, i, i % 50, i % 20, 1 + i % 28, i % 10 == 0);
  }
  return text;
}

struct Measured {
  Ran ran;
  double seconds = 0;
};

Measured copy(const Folder& folder, const FakeRaindrop& drops, const std::string& from,
              const std::string& to) {
  RunSettings settings;
  settings.variables["R"] = FakeRaindrop::Options().token;
  settings.variables["B"] = FakeBkmark::Options().token;
  settings.patience = std::chrono::seconds(1'200);
  const auto start = std::chrono::steady_clock::now();
  Measured measured{run(folder, {"copy", "-q", from, to}, settings), 0};
  measured.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  INFO(measured.ran.err << drops.url());
  REQUIRE(measured.ran.code == 0);
  return measured;
}

std::string at(const FakeRaindrop& drops, const std::string& more = "") {
  return "raindrop:,url=" + drops.url() + ",token=env:R" + more;
}

std::string at(const FakeBkmark& marks, const std::string& more = "") {
  return "bkmark:,url=" + marks.url() + ",token=env:B" + more;
}

std::string kinds_of(const FakeRaindrop& drops) {
  using Kind = FakeRaindrop::Kind;
  const std::size_t creates = drops.count(Kind::create_many) + drops.count(Kind::create);
  const std::size_t lists = drops.count(Kind::list);
  return fmt::format("{} lists, {} creates, {} looks, {} others", lists, creates,
                     drops.count(Kind::exists),
                     drops.requests() - lists - creates - drops.count(Kind::exists));
}

std::string kinds_of(const FakeBkmark& marks) {
  using Kind = FakeBkmark::Kind;
  const std::size_t named = marks.count(Kind::list) + marks.count(Kind::create) +
                            marks.count(Kind::import) + marks.count(Kind::exported);
  return fmt::format("{} lists, {} creates, {} imports, {} exports, {} others",
                     marks.count(Kind::list), marks.count(Kind::create), marks.count(Kind::import),
                     marks.count(Kind::exported), marks.requests() - named);
}

void print_requests(const char* what, const FakeRaindrop& drops, const FakeBkmark& marks,
                    double least) {
  const std::size_t requests = drops.requests() + marks.requests();
  fmt::print("{:<44} {:>7} requests, {:.2f} x the least, {:.0f}; goal <= 1.05\n", what, requests,
             static_cast<double>(requests) / least, least);
  fmt::print("{:<44} of these requests to Raindrop {}\n", "", kinds_of(drops));
  fmt::print("{:<44} of these requests to Bkmark {}\n", "", kinds_of(marks));
}

void print_time(const char* what, const Measured& measured, double allowed) {
  fmt::print(
      "{:<44} {:>7.1f} s, {:.2f} x the {:.1f} s of these requests at their limits; goal <= 1.15; "
      "{} "
      "MiB, goal <= 120\n",
      what, measured.seconds, measured.seconds / allowed, allowed,
      measured.ran.peak_memory_bytes >> 20);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("ten thousand bookmarks from Raindrop into Bkmark and back, at the services' limits",
          "[.][bench]") {
  Folder folder;
  folder.write("from.jsonl", lines());
  {
    FakeRaindrop drops;
    FakeBkmark marks;
    copy(folder, drops, "from.jsonl", at(drops, ",requests_per_minute=0"));
    drops.options().latency = marks.options().latency = latency;
    drops.forget_counts();
    const auto measured = copy(folder, drops, at(drops), at(marks));
    REQUIRE(marks.library().active().size() == bookmarks);
    print_requests("10,000 Raindrop to Bkmark", drops, marks, raindrop_reads + bkmark_writes);
    print_time("10,000 Raindrop to Bkmark, 50 ms latency", measured,
               raindrop_reads * raindrop_spacing);
  }
  FakeRaindrop drops;
  FakeBkmark marks;
  copy(folder, drops, "from.jsonl", at(marks, ",requests_per_minute=0"));
  drops.options().latency = marks.options().latency = latency;
  marks.forget_counts();
  const auto measured = copy(folder, drops, at(marks), at(drops));
  REQUIRE(drops.account().rows().size() == bookmarks);
  print_requests("10,000 Bkmark to Raindrop", drops, marks, bkmark_reads + raindrop_writes);
  print_time("10,000 Bkmark to Raindrop, 50 ms latency", measured,
             raindrop_writes * raindrop_spacing);
}
