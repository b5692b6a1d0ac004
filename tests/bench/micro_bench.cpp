#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "linkferry/arena.hpp"
#include "text/key_index.hpp"
#include "text/repair.hpp"
#include "text/url_key.hpp"

namespace linkferry {
namespace {

/// The kinds of address of a library, a thousand of them.
std::vector<std::string> make_urls(const std::string& more = {}) {
  std::vector<std::string> urls;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    urls.push_back("https://www.example" + n + ".org/articles/2021/some-longer-title-of-a-page/" +
                   more);
    urls.push_back("http://blog.example.com/post?id=" + n + "&page=2" + more);
    urls.push_back("https://code.example/owner" + n + "/repository-name" + more);
    urls.push_back("https://news.example.net/" + n + "?utm_source=feed&utm_medium=rss&x=1" + more);
    urls.push_back("https://docs.example.io/en/latest/guide/chapter-" + n + ".html" + more +
                   "#section-3");
  }
  return urls;
}

void match_keys(benchmark::State& state, MatchPreset preset, const std::vector<std::string>& urls) {
  std::string scratch;
  for (auto _ : state) {
    for (const auto& url : urls) benchmark::DoNotOptimize(match_key(url, preset, scratch));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(urls.size()));
}

void key_standard(benchmark::State& state) {
  match_keys(state, MatchPreset::standard, make_urls());
}
void key_standard_encoded(benchmark::State& state) {
  match_keys(state, MatchPreset::standard, make_urls("%20a"));
}
void key_loose(benchmark::State& state) { match_keys(state, MatchPreset::loose, make_urls()); }
void key_exact(benchmark::State& state) { match_keys(state, MatchPreset::exact, make_urls()); }
BENCHMARK(key_standard);
BENCHMARK(key_standard_encoded);
BENCHMARK(key_loose);
BENCHMARK(key_exact);

void key_index_insert(benchmark::State& state) {
  std::vector<Key> keys;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    keys.push_back(hash_of({reinterpret_cast<const char*>(&i), sizeof(i)}));
  std::vector<std::uint32_t> firsts(512);
  std::size_t bytes = 0;
  for (auto _ : state) {
    KeyIndex index;
    for (std::size_t i = 0; i < keys.size(); i += firsts.size()) {
      const auto part = std::span(keys).subspan(i, std::min(firsts.size(), keys.size() - i));
      index.insert(part, static_cast<std::uint32_t>(i), firsts);
    }
    bytes = index.memory_bytes();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes/key"] = static_cast<double>(bytes) / static_cast<double>(state.range(0));
}
BENCHMARK(key_index_insert)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void repair(benchmark::State& state, const std::string& text) {
  Arena arena;
  bool changed = false;
  for (auto _ : state) benchmark::DoNotOptimize(repair_text(text, arena, changed));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void repair_ascii(benchmark::State& state) {
  repair(state, "The title of a page as most of them are: example");
}
void repair_unicode(benchmark::State& state) {
  repair(state, "Ein Käse für Übermüdete 日本語の本 und ein Fahrrad 🚲");
}
BENCHMARK(repair_ascii);
BENCHMARK(repair_unicode);

}  // namespace
}  // namespace linkferry

BENCHMARK_MAIN();
