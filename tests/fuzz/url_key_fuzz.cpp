#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/require.hpp"
#include "linkferry/arena.hpp"
#include "text/repair.hpp"
#include "text/url_canonical.hpp"
#include "text/url_key.hpp"
#include "text/utf8.hpp"

namespace {

using namespace linkferry;

std::string canonical(std::string_view url, MatchPreset preset) {
  std::string scratch;
  return std::string(canonical_url(url, preset, scratch));
}

void check_keys(std::string_view url) {
  for (const auto preset : {MatchPreset::exact, MatchPreset::standard, MatchPreset::loose}) {
    const std::string once = canonical(url, preset);
    require(canonical(once, preset) == once, "canonical once is canonical twice");
    require(once.size() <= 3 * url.size() + 64, "a canonical text is at most three times as long");
  }
  require(canonical(url, MatchPreset::exact) == url, "exact leaves a URL alone");
  require(canonical(canonical(url, MatchPreset::standard), MatchPreset::loose) ==
              canonical(url, MatchPreset::loose),
          "what standard takes for the same, loose does too");
  std::string scratch;
  if (const auto plain = canonical_plain_rest(url, scratch)) {
    std::string other;
    require(std::string(canonical_scheme).append(*plain) == canonical_any_url(url, false, other),
            "the quick way and the long way agree");
  }
}

void check_repair(std::string_view text) {
  Arena arena;
  bool changed = false;
  const Text repaired = repair_text(text, arena, changed);
  require(changed == (repaired != text), "a change is told");
  require(is_clean_text(repaired) && is_utf8(repaired), "repaired text is clean");
  require(count_code_points(cut_code_points(repaired, 5)) <= 5,
          "a text is cut at a number of code points");
  require(is_utf8(cut_bytes(repaired, 7)), "a text is cut between code points");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_keys(input);
  check_repair(input);
  return 0;
}
