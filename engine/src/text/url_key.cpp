#include "text/url_key.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "text/url_canonical.hpp"

namespace linkferry {
namespace {

void append_field(std::string& out, Text text) {
  const std::uint64_t size = text.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof(size));
  out.append(text);
}

}  // namespace

Key hash_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::string_view canonical_url(std::string_view url, MatchPreset preset, std::string& scratch) {
  if (preset == MatchPreset::exact) return url;
  if (preset == MatchPreset::standard) {
    if (const auto canonical = canonical_plain_url(url, scratch)) return *canonical;
  }
  return canonical_any_url(url, preset == MatchPreset::loose, scratch);
}

Key match_key(std::string_view url, MatchPreset preset, std::string& scratch) {
  return hash_of(canonical_url(url, preset, scratch));
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
