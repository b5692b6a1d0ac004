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
constexpr double raindrop_pages = bookmarks / 50.0;
constexpr double raindrop_creates = bookmarks / 100.0;
/// Seconds between two requests to Raindrop: 120 a minute.
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

void print_requests(const char* what, std::size_t requests, double least) {
  fmt::print("{:<44} {:>7} requests, the least {:.0f}: {:.2f} x, goal <= 1.05\n", what, requests,
             least, static_cast<double>(requests) / least);
}

void print_time(const char* what, const Measured& measured, double allowed) {
  fmt::print(
      "{:<44} {:>7.1f} s, {:.1f} s for the requests at their limits: {:.2f} x, goal <= 1.15; {} "
      "MiB\n",
      what, measured.seconds, allowed, measured.seconds / allowed,
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
    print_requests("10,000 Raindrop to Bkmark: Raindrop", drops.requests(), raindrop_pages);
    using Kind = FakeBkmark::Kind;
    fmt::print("{:<44} {} imports, {} lists, {} exports, {} creates, {} others\n", "",
               marks.count(Kind::import), marks.count(Kind::list), marks.count(Kind::exported),
               marks.count(Kind::create),
               marks.requests() - marks.count(Kind::import) - marks.count(Kind::list) -
                   marks.count(Kind::exported) - marks.count(Kind::create));
    print_time("10,000 Raindrop to Bkmark, 50 ms latency", measured,
               raindrop_pages * raindrop_spacing);
  }
  FakeRaindrop drops;
  FakeBkmark marks;
  copy(folder, drops, "from.jsonl", at(marks, ",requests_per_minute=0"));
  drops.options().latency = marks.options().latency = latency;
  marks.forget_counts();
  const auto measured = copy(folder, drops, at(marks), at(drops));
  REQUIRE(drops.account().rows().size() == bookmarks);
  using Kind = FakeRaindrop::Kind;
  print_requests("10,000 Bkmark to Raindrop: Raindrop", drops.requests(), raindrop_creates);
  fmt::print("{:<44} {} creates, {} lookups, {} collections made, {} reads\n", "",
             drops.count(Kind::create_many) + drops.count(Kind::create), drops.count(Kind::exists),
             drops.count(Kind::make_collection),
             drops.count(Kind::list) + drops.count(Kind::collections) + drops.count(Kind::user) +
                 drops.count(Kind::stats));
  fmt::print("{:<44} {} lists, {} exports, {} others\n", "10,000 Bkmark to Raindrop: Bkmark",
             marks.count(FakeBkmark::Kind::list), marks.count(FakeBkmark::Kind::exported),
             marks.requests() - marks.count(FakeBkmark::Kind::list) -
                 marks.count(FakeBkmark::Kind::exported));
  print_time("10,000 Bkmark to Raindrop, 50 ms latency", measured,
             raindrop_creates * raindrop_spacing);
}
