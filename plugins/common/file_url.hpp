#pragma once

#include <string>
#include <string_view>

#include "common/html_text.hpp"
#include "linkferry/http.hpp"

/// Files on this machine as addresses.
/// Source: RFC 8089 sections 2 and 3 (read 2026-11-22).
namespace linkferry::common {

/// `file:///home/ann/a%20b.png`. `path` is absolute.
inline std::string file_url_of(std::string_view path) {
  std::string url = "file://";
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    url += percent_encode(path.substr(0, slash));
    if (slash < path.size()) url += '/';
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return url;
}

/// The absolute path that a `file:` address of this machine means, with no `..` in it; empty for
/// everything else.
inline std::string path_of_file_url(std::string_view url) {
  if (!starts_with_lower(url, "file:")) return {};
  url.remove_prefix(5);
  if (url.starts_with("//")) {
    url.remove_prefix(2);
    if (starts_with_lower(url, "localhost/")) url.remove_prefix(9);
  }
  if (!url.starts_with('/') || url.starts_with("//")) return {};
  std::string path;
  for (std::size_t i = 0; i < url.size(); ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto digit = [&](std::size_t k) {
      return k < url.size() ? digits.find(to_lower(url[k])) : std::string_view::npos;
    };
    const bool is_encoded = url[i] == '%' && digit(i + 1) != std::string_view::npos &&
                            digit(i + 2) != std::string_view::npos;
    path += is_encoded ? static_cast<char>(digit(i + 1) * 16 + digit(i + 2)) : url[i];
    if (is_encoded) i += 2;
  }
  const bool leads_out = (path + "/").find("/../") != std::string::npos;
  return leads_out || path.find('\0') != std::string::npos ? std::string() : path;
}

/// Whether an absolute path without `..` is below a folder, by its text.
inline bool is_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.starts_with(folder) && path.size() > folder.size() + 1 && path[folder.size()] == '/';
}

}  // namespace linkferry::common
