#include "text/url_canonical.hpp"

#include <algorithm>
#include <vector>

#include "text/percent.hpp"
#include "text/tracking_parameters.hpp"
#include "text/url_host.hpp"

namespace linkferry {
namespace {

enum class Scheme { other, http, https, ftp };

/// A URL cut at its delimiters. `query` and `fragment` begin with theirs, or are empty.
struct Parts {
  Scheme scheme = Scheme::other;
  std::string_view userinfo;
  std::string_view host;
  std::string_view port;  ///< without leading zeros; empty where there is none
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
  std::string_view rest;  ///< path, query and fragment
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_break(char c) { return c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Scheme take_scheme(std::string_view& url) {
  constexpr std::pair<std::string_view, Scheme> schemes[] = {
      {"https://", Scheme::https}, {"http://", Scheme::http}, {"ftp://", Scheme::ftp}};
  for (const auto& [text, scheme] : schemes) {
    if (!detail::equals_ignoring_case(url.substr(0, text.size()), text)) continue;
    url.remove_prefix(text.size());
    return scheme;
  }
  return Scheme::other;
}

/// Everything before the first of `delimiters`. (`find_first_of` calls memchr for every character.)
template <class... Delimiters>
std::string_view take_until(std::string_view& text, Delimiters... delimiters) {
  std::size_t size = 0;
  while (size < text.size() && ((text[size] != delimiters) && ...)) ++size;
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

/// `host`, `host:` or `host:port`. What is none of these, such as `a:b:80`, is taken for a host as
/// it stands: cutting it could make two hosts one.
void split_port(std::string_view authority, Parts& parts) {
  parts.host = authority;
  const std::size_t closing = authority.rfind(']');
  const std::size_t colon = authority.find(':', closing == std::string_view::npos ? 0 : closing);
  if (colon == std::string_view::npos) return;
  if (closing != std::string_view::npos && (authority.front() != '[' || colon != closing + 1))
    return;
  std::string_view port = authority.substr(colon + 1);
  if (!std::all_of(port.begin(), port.end(), is_digit)) return;
  while (port.size() > 1 && port.front() == '0') port.remove_prefix(1);
  parts.host = authority.substr(0, colon);
  parts.port = port;
}

Parts split(std::string_view url) {
  Parts parts;
  parts.scheme = take_scheme(url);
  std::string_view authority = take_until(url, '/', '?', '#');
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parts.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  split_port(authority, parts);
  parts.rest = url;
  parts.path = take_until(url, '?', '#');
  parts.query = take_until(url, '#');
  parts.fragment = url;
  return parts;
}

bool is_default_port(const Parts& parts) {
  if (parts.scheme == Scheme::https) return parts.port == "443";
  return parts.port == (parts.scheme == Scheme::http ? "80" : "21");
}

/// `www.` as often as it stands there, but never the last name but one.
void remove_www(std::string& text, std::size_t host) {
  std::size_t end = host;
  while (text.compare(end, 4, "www.") == 0 && text.find('.', end + 4) != std::string::npos)
    end += 4;
  text.erase(host, end - host);
}

void append_authority(const Parts& parts, bool is_loose, std::string& out) {
  if (!parts.userinfo.empty() && parts.userinfo != ":") {
    percent_normalise(parts.userinfo, out);
    out.push_back('@');
  }
  const std::size_t host = out.size();
  append_canonical_host(parts.host, out);
  if (is_loose) remove_www(out, host);
  if (parts.port.empty() || is_default_port(parts)) return;
  out.push_back(':');
  out.append(parts.port);
}

/// Resolves `.` and `..` in the path that `text` has from `begin` on (RFC 3986 section 5.2.4), in
/// place.
void remove_dot_segments(std::string& text, std::size_t begin) {
  std::size_t end = begin;
  for (std::size_t at = begin; at < text.size();) {
    const std::size_t next = std::min(text.find('/', at + 1), text.size());
    const auto segment = std::string_view(text).substr(at + 1, next - at - 1);
    if (segment == "." || segment == "..") {
      if (segment == "..") {
        while (end > begin && text[--end] != '/') {
        }
      }
      if (next == text.size()) text[end++] = '/';
    } else {
      std::copy(text.begin() + static_cast<std::ptrdiff_t>(at),
                text.begin() + static_cast<std::ptrdiff_t>(next),
                text.begin() + static_cast<std::ptrdiff_t>(end));
      end += next - at;
    }
    at = next;
  }
  text.resize(end);
}

void append_path(std::string_view path, std::string& out) {
  const std::size_t begin = out.size();
  percent_normalise(path, out);
  remove_dot_segments(out, begin);
  const auto written = std::string_view(out).substr(begin);
  if (written.ends_with('/') && !written.ends_with("//")) out.pop_back();
}

std::string_view name_of_parameter(std::string_view part) { return part.substr(0, part.find('=')); }

/// By name, parameters of one name in the order in which they stand: that often means something.
void sort_parameters(std::string& text, std::size_t begin) {
  const std::string query = text.substr(begin);
  std::string_view rest = query;
  std::vector<std::string_view> parts;
  while (true) {
    parts.push_back(take_until(rest, '&'));
    if (rest.empty()) break;
    rest.remove_prefix(1);
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](auto a, auto b) { return name_of_parameter(a) < name_of_parameter(b); });
  text.resize(begin);
  for (const auto part : parts) text.append(part).push_back('&');
  text.pop_back();
}

void append_query(std::string_view query, bool is_loose, std::string& out) {
  if (query.size() < 2) return;
  query.remove_prefix(1);
  const std::size_t begin = out.size();
  while (true) {
    const std::size_t end = out.size();
    out.push_back(end == begin ? '?' : '&');
    percent_normalise(take_until(query, '&'), out);
    if (is_tracking_parameter(name_of_parameter(std::string_view(out).substr(end + 1))))
      out.resize(end);
    if (query.empty()) break;
    query.remove_prefix(1);
  }
  if (out.size() == begin + 1) out.resize(begin);
  if (is_loose && out.size() > begin) sort_parameters(out, begin + 1);
}

void append_fragment(std::string_view fragment, std::string& out) {
  if (fragment.starts_with("#!") || fragment.starts_with("#/")) percent_normalise(fragment, out);
}

std::string_view scheme_text(const Parts& parts) {
  if (parts.scheme == Scheme::ftp) return "ftp://";
  // The one port that would become the default one if the scheme changed.
  return parts.scheme == Scheme::http && parts.port == "443" ? "http://" : "https://";
}

}  // namespace

std::string_view canonical_any_url(std::string_view url, bool is_loose, std::string& scratch) {
  std::string_view text = trim(url);
  std::string joined;
  if (std::any_of(text.begin(), text.end(), is_break)) {
    std::copy_if(text.begin(), text.end(), std::back_inserter(joined),
                 [](char c) { return !is_break(c); });
    text = joined;
  }
  const Parts parts = split(text);
  if (parts.scheme == Scheme::other || parts.host.empty()) return url;
  scratch.assign(scheme_text(parts));
  append_authority(parts, is_loose, scratch);
  if (parts.scheme == Scheme::ftp) {
    if (parts.rest != "/") scratch.append(parts.rest);
    return scratch;
  }
  append_path(parts.path, scratch);
  append_query(parts.query, is_loose, scratch);
  append_fragment(parts.fragment, scratch);
  return scratch;
}

}  // namespace linkferry
