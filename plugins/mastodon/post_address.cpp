#include "mastodon/post_address.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "common/html_text.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::size_t max_segments = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_number(Text text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_word(Text text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '_';
  });
}

bool is_uuid(Text text) {
  return text.size() == 36 && is_word(text) && std::count(text.begin(), text.end(), '-') == 4;
}

/// An address of the web in its parts; no segments where it is none, or has more than are looked
/// for.
struct Parts {
  Text origin;  ///< scheme and host
  Text host;
  std::array<Text, max_segments> segments;
  std::size_t count = 0;
};

Text after_scheme(Text url) {
  for (const Text scheme : {Text("https://"), Text("http://")}) {
    if (common::find_lower(url.substr(0, scheme.size()), scheme) == 0)
      return url.substr(scheme.size());
  }
  return {};
}

Parts split(Text url) {
  Parts parts;
  const Text rest = after_scheme(url);
  if (rest.empty() || rest.find_first_of("?# \t\r\n") != Text::npos) return parts;
  const std::size_t slash = rest.find('/');
  if (slash == Text::npos || slash == 0) return parts;
  parts.host = rest.substr(0, slash);
  parts.origin = url.substr(0, url.size() - rest.size() + slash);
  Text path = rest.substr(slash + 1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    if (parts.count == max_segments) return {};
    const std::size_t end = std::min(path.find('/'), path.size());
    parts.segments[parts.count++] = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

/// Whether the path has these segments; `*` is any word.
bool is_path(const Parts& parts, std::initializer_list<Text> wanted) {
  if (parts.count != wanted.size()) return false;
  std::size_t i = 0;
  for (const Text name : wanted) {
    const Text segment = parts.segments[i++];
    if (name == "*" ? !is_word(segment) : segment != name) return false;
  }
  return true;
}

/// `@ann`; `@ann@other.example`, as a server shows the accounts of others.
bool is_account(Text segment, bool is_foreign) {
  if (!segment.starts_with('@')) return false;
  const Text name = segment.substr(1);
  const std::size_t at = name.find('@');
  return is_word(name.substr(0, at)) && (at != Text::npos) == is_foreign;
}

AddressShape shape_of(const Parts& parts) {
  const auto& part = parts.segments;
  if (is_path(parts, {"users", "*", "statuses", "*"}) ||
      is_path(parts, {"ap", "users", "*", "statuses", "*"}))
    return AddressShape::uri;
  if (parts.count == 3 && is_account(part[0], false) && part[1] == "statuses" && is_word(part[2]))
    return AddressShape::page;
  if (parts.count == 2 && is_account(part[0], false) && is_number(part[1]))
    return AddressShape::page;
  if (parts.count == 2 && is_account(part[0], true) && is_word(part[1])) return AddressShape::copy;
  if (is_path(parts, {"notice", "*"})) return AddressShape::copy;
  if (parts.count == 2 && part[0] == "objects" && is_uuid(part[1])) return AddressShape::uri;
  if (is_path(parts, {"notes", "*"}) && part[1].size() >= 10) return AddressShape::uri;
  if (is_path(parts, {"p", "*", "*"}) && is_number(part[2])) return AddressShape::uri;
  if (is_path(parts, {"videos", "watch", "*"}) && is_uuid(part[2])) return AddressShape::uri;
  return AddressShape::other;
}

Text joined(std::initializer_list<Text> texts, Arena& arena) {
  std::string all;
  for (const Text text : texts) all += text;
  return arena.copy(all);
}

}  // namespace

AddressShape shape_of(Text url) { return shape_of(split(url)); }

Text uri_behind_page(Text url, Arena& arena) {
  const Parts parts = split(url);
  return joined({parts.origin, "/users/", parts.segments[0].substr(1), "/statuses/",
                 parts.segments[parts.count - 1]},
                arena);
}

Text post_key(Text url, Arena& arena) {
  const Parts parts = split(url);
  const AddressShape shape = shape_of(parts);
  const bool is_status = shape == AddressShape::uri && parts.count >= 4 &&
                         parts.segments[parts.count - 2] == "statuses";
  if (shape != AddressShape::page && !is_status) return {};
  std::string host(parts.host);
  std::transform(host.begin(), host.end(), host.begin(), common::to_lower);
  return joined({host, "/statuses/", parts.segments[parts.count - 1]}, arena);
}

PostUri post_uri_of(const Bookmark& bookmark, bool takes_any_link, Arena& arena) {
  constexpr Text no_address =
      "its address is none of the web, and servers of the fediverse find posts by those";
  const bool has_uri = bookmark.post != nullptr && !bookmark.post->uri.empty();
  const Text uri = common::trimmed(has_uri ? bookmark.post->uri : bookmark.url);
  const bool is_tag = has_uri && uri.starts_with("tag:");
  const bool has_blank = uri.find_first_of(" \t\r\n") != Text::npos;
  if ((after_scheme(uri).empty() && !is_tag) || has_blank) return {{}, no_address};
  if (has_uri) return {uri};
  switch (shape_of(uri)) {
    case AddressShape::uri:
      return {uri};
    case AddressShape::page:
      return {uri_behind_page(uri, arena), {}, true};
    case AddressShape::copy:
      return {{}, "its address is that of a page; the uri of the post is not known"};
    case AddressShape::other:
      break;
  }
  if (bookmark.kind == Kind::post || takes_any_link) return {uri};
  return {{},
          "it is no post of the fediverse, as far as its address tells; the option any_link "
          "tries all the same"};
}

}  // namespace linkferry::mastodon
