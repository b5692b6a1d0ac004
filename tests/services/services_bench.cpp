// Not run with the suites: tests/bench/run.sh prints it.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "services.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_mastodon.hpp"

using namespace linkferry::test;

namespace {

using Seconds = std::chrono::duration<double>;

struct Measured {
  Ran ran;
  double seconds = 0;
};

Measured measure(const Folder& folder, const std::vector<std::string>& arguments,
                 const std::string& token) {
  RunSettings settings;
  settings.variables["T"] = token;
  settings.patience = std::chrono::seconds(600);
  const auto start = std::chrono::steady_clock::now();
  Measured measured{run(folder, arguments, settings), 0};
  measured.seconds = Seconds(std::chrono::steady_clock::now() - start).count();
  INFO(measured.ran.err);
  REQUIRE(measured.ran.code == 0);
  return measured;
}

void print(const std::string& what, const Measured& measured, std::size_t requests, double ideal) {
  const std::string ratio =
      ideal > 0 ? fmt::format("{:.2f} x latency x requests / parallel", measured.seconds / ideal)
                : "";
  fmt::print("{:<44} {:>7} requests {:>7.2f} s {:>5} MiB  {}\n", what, requests, measured.seconds,
             measured.ran.peak_memory_bytes >> 20, ratio);
  std::fflush(stdout);
}

std::string linkding_at(const FakeLinkding& server, const std::string& more = "") {
  return "linkding:" + server.url("home") + ",token=env:T" + more;
}

}  // namespace

TEST_CASE("requests, time and memory of services", "[.][bench]") {
  constexpr double latency = 0.05;
  Folder folder;
  for (const std::size_t parallel : {std::size_t{1}, std::size_t{4}}) {
    FakeLinkding source;
    fill(source.library("home"), 300);
    measure(folder, {"copy", linkding_at(source), "from.jsonl"}, source.options().token);
    FakeLinkding::Options options;
    options.latency = std::chrono::milliseconds(50);
    FakeLinkding sink(options);
    const auto measured = measure(
        folder, {"copy", "from.jsonl", linkding_at(sink, fmt::format(",concurrency={}", parallel))},
        sink.options().token);
    const std::size_t requests = sink.reads() + sink.writes();
    const double ideal =
        latency * (static_cast<double>(sink.reads()) +
                   static_cast<double>(sink.writes()) / static_cast<double>(parallel));
    print(fmt::format("300 into linkding, 50 ms latency, {} at a time", parallel), measured,
          requests, ideal);
  }
  {
    FakeMastodon social;
    social.token = "bench0123456789";
    social.fill("bookmarks", 2'000);
    social.after = [](const SeenRequest&, Reply& reply) {
      reply.delay = std::chrono::milliseconds(50);
    };
    const auto measured =
        measure(folder,
                {"copy", "mastodon:" + social.url() + ",token=env:T,requests_per_5_minutes=0",
                 "social.jsonl"},
                social.token);
    print("2,000 from Mastodon, 50 ms latency", measured, social.requests(),
          latency * static_cast<double>(social.requests()));
  }
  {
    FakeLinkding large;
    fill(large.library("home"), 50'000);
    const std::string token = large.options().token;
    const auto measured = measure(folder, {"copy", linkding_at(large), "large.jsonl"}, token);
    print("50,000 from linkding", measured, large.reads(), 0);
    FakeLinkding empty;
    const auto written =
        measure(folder, {"copy", "large.jsonl", linkding_at(empty)}, empty.options().token);
    print("50,000 into linkding", written, empty.reads() + empty.writes(), 0);
  }
}
