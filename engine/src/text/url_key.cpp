#include "text/url_key.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "text/url_canonical.hpp"

namespace linkferry {

Key hash_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

namespace {

void append_field(std::string& out, Text text) {
  const std::uint64_t size = text.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof(size));
  out.append(text);
}

/// The key of a canonical text, by what follows `canonical_scheme` where it begins so. The mark
/// keeps it apart from that of a text that is just the rest.
Key key_of_rest(std::string_view rest) {
  constexpr std::uint64_t mark = 0x9E37'79B9'7F4A'7C15ULL;
  const Key key = hash_of(rest);
  return {key.high, key.low ^ mark};
}

}  // namespace

std::string_view canonical_url(std::string_view url, MatchPreset preset, std::string& scratch) {
  if (preset == MatchPreset::exact) return url;
  if (preset == MatchPreset::standard) {
    if (const auto rest = canonical_plain_rest(url, scratch)) {
      const std::string text(*rest);
      return scratch.assign(canonical_scheme).append(text);
    }
  }
  return canonical_any_url(url, preset == MatchPreset::loose, scratch);
}

Key match_key(std::string_view url, MatchPreset preset, std::string& scratch) {
  if (preset == MatchPreset::exact) return hash_of(url);
  if (preset == MatchPreset::standard) {
    if (const auto rest = canonical_plain_rest(url, scratch)) return key_of_rest(*rest);
  }
  const std::string_view text = canonical_any_url(url, preset == MatchPreset::loose, scratch);
  return text.starts_with(canonical_scheme) ? key_of_rest(text.substr(canonical_scheme.size()))
                                            : hash_of(text);
}

Key content_key(const Bookmark& bookmark, std::string& scratch) {
  scratch.assign(1, '\0');  // no URL has one
  scratch.push_back(static_cast<char>(bookmark.kind));
  append_field(scratch, bookmark.title);
  append_field(scratch, bookmark.description);
  append_field(scratch, bookmark.notes);
  return hash_of(scratch);
}

Key key_of(const Bookmark& bookmark, MatchPreset preset, std::string& scratch) {
  return bookmark.url.empty() ? content_key(bookmark, scratch)
                              : match_key(bookmark.url, preset, scratch);
}

}  // namespace linkferry
