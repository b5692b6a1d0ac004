// Not run with the suites: tests/bench/run.sh prints it.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

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

/// A job `keep` from the file or library `from` into a library.
std::string job_of(const std::string& from, const FakeLinkding& sink, const std::string& mode) {
  return fmt::format(
      "version: 1\n"
      "endpoints:\n"
      "  from: {}\n"
      "  to: {{plugin: linkding, url: {}, token: {{env: T}}}}\n"
      "jobs:\n"
      "  keep: {{from: from, to: to, mode: {}}}\n",
      from, sink.url("home"), mode);
}

}  // namespace

TEST_CASE("what it costs to remember", "[.][bench]") {
  Folder folder;
  {
    FakeLinkding source;
    fill(source.library("home"), 300);
    measure(folder, {"copy", linkding_at(source), "from.jsonl"}, source.options().token);
  }
  FakeLinkding::Options slow;
  slow.latency = std::chrono::milliseconds(50);
  FakeLinkding forgotten(slow);
  const auto copied =
      measure(folder, {"copy", "from.jsonl", linkding_at(forgotten)}, forgotten.options().token);
  FakeLinkding remembered(slow);
  folder.write("linkferry.yaml", job_of("{plugin: jsonl, path: from.jsonl}", remembered, "copy"));
  const auto ran = measure(folder, {"run"}, remembered.options().token);
  fmt::print("{:<44} {:>7.2f} x  goal <= 1.05\n", "the journal, 300 into linkding, 50 ms latency",
             ran.seconds / copied.seconds);

  FakeLinkding large;
  fill(large.library("home"), 50'000);
  FakeLinkding mirror;
  folder.write(
      "linkferry.yaml",
      job_of(fmt::format("{{plugin: linkding, url: {}, token: {{env: T}}}}", large.url("home")),
             mirror, "mirror"));
  const auto first = measure(folder, {"run", "-q"}, large.options().token);
  print("50,000 mirrored for the first time", first,
        large.reads() + mirror.reads() + mirror.writes(), 0);
  const std::size_t reads = large.reads() + mirror.reads();
  const std::size_t writes = mirror.writes();
  const auto unchanged = measure(folder, {"run", "-q"}, large.options().token);
  print("50,000 mirrored, nothing has changed", unchanged, large.reads() + mirror.reads() - reads,
        0);
  fmt::print("{:<44} {:>7} writes, goal 0\n", "", mirror.writes() - writes);
  const auto state = folder.path().string() + ".state/linkferry/state.db";
  fmt::print("{:<44} {:>7} bytes a link, goal < 400\n", "the state",
             std::filesystem::file_size(state) / 50'000);
}

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
