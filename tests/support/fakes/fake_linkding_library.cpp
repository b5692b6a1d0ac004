#include "support/fakes/fake_linkding_library.hpp"

#include <Poco/RegularExpression.h>
#include <Poco/UTF8String.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace linkferry::test {
namespace {

/// Python's white space in UTF-8.
constexpr std::string_view blanks[] = {"\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",
                                       "\x1d",   "\x1e",   "\x1f",   " ",      "\u0085", "\u00a0",
                                       "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
                                       "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                       "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

std::string unquote(std::string_view text) {
  std::string bytes;
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  return bytes;
}

/// Bytes that are no UTF-8 all look the same in a query.
std::string without_invalid(const std::string& bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size();) {
    std::size_t size = 1;
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead >= 0xC2) size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    bool is_valid = lead < 0x80 || (lead >= 0xC2 && lead < 0xF5 && i + size <= bytes.size());
    for (std::size_t k = 1; is_valid && k < size; ++k)
      is_valid = (static_cast<unsigned char>(bytes[i + k]) & 0xC0) == 0x80;
    text += is_valid ? bytes.substr(i, size) : "\uFFFD";
    i += is_valid ? size : 1;
  }
  return text;
}

std::string sorted_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::size_t start = 0;
  while (start <= query.size()) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string_view pair = query.substr(start, end - start);
    start = end + 1;
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(
        without_invalid(unquote(pair.substr(0, equals))),
        without_invalid(unquote(equals < pair.size() ? pair.substr(equals + 1) : "")));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const auto& [name, value] : pairs) text += fmt::format("\x01{}\x02{}", name, value);
  return text;
}

}  // namespace

std::string linkding_trim(std::string_view text) {
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (const auto blank : blanks) {
      while (text.starts_with(blank)) text.remove_prefix(blank.size()), has_changed = true;
      while (text.ends_with(blank)) text.remove_suffix(blank.size()), has_changed = true;
    }
  }
  return std::string(text);
}

std::string linkding_key(std::string_view given) {
  const std::string url = linkding_trim(given);
  // scheme, authority, path, query, fragment: the expression of RFC 3986, appendix B
  static const Poco::RegularExpression parts(
      "^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(//[^/?#]*)?([^?#]*)(\\?[^#]*)?(#.*)?$",
      Poco::RegularExpression::RE_DOTALL | Poco::RegularExpression::RE_DOLLAR_ENDONLY);
  Poco::RegularExpression::MatchVec found;
  if (parts.match(url, 0, found) == 0) return url;
  const auto part = [&](std::size_t i) {
    return i < found.size() && found[i].offset != std::string::npos
               ? url.substr(found[i].offset, found[i].length)
               : std::string();
  };
  std::string authority = part(2);
  const std::size_t at = authority.rfind('@');
  const std::size_t host = at == std::string::npos ? 0 : at + 1;
  const std::size_t colon = authority.find(':', std::max(host, authority.find(']') + 1));
  if (colon != std::string::npos && authority.size() > colon + 1) {
    const std::string port = authority.substr(colon + 1);
    if (port.find_first_not_of("0123456789") != std::string::npos || port.size() > 5 ||
        std::stoi(port) > 65535)
      return url;
  }
  authority = authority.substr(0, host) + Poco::UTF8::toLower(authority.substr(host));
  if (authority.ends_with(':')) authority.pop_back();
  std::string path = part(3);
  std::string parameters;
  const std::size_t slash = path.rfind('/');
  const std::size_t mark = path.find(';', slash == std::string::npos ? 0 : slash);
  if (mark != std::string::npos) {
    parameters = path.substr(mark).size() > 1 ? path.substr(mark) : "";
    path.resize(mark);
  }
  while (path.ends_with('/')) path.pop_back();
  const std::string query = part(4).empty() ? "" : sorted_query(part(4).substr(1));
  const std::string fragment = part(5).size() > 1 ? part(5) : "";
  return Poco::UTF8::toLower(part(1)) + ":" + authority + path + parameters + query + fragment;
}

bool is_linkding_url(const std::string& url) {
  // Each piece says what a host may be; together they stand where an address has its host.
  static const std::string wide = "\\x{a1}-\\x{ffff}";
  static const std::string octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  static const std::string inner = "[a-z0-9" + wide + "-]";
  static const std::string label = "(?!-)" + inner + "{1,63}(?<!-)";
  static const std::string top = "(?!-)(?:[a-z" + wide + "-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)";
  static const Poco::RegularExpression form(
      "^(?:https?|ftps?)://(?:[^\\s:@/]+(?::[^\\s:@/]*)?@)?(?:" + octet + "(?:\\." + octet +
          "){3}|\\[[0-9a-f:.]+\\]|localhost|(?:" + label + "\\.)+" + top +
          "\\.?)(?::\\d{1,5})?(?:[/?#]\\S*)?$",
      Poco::RegularExpression::RE_CASELESS | Poco::RegularExpression::RE_UTF8 |
          Poco::RegularExpression::RE_DOLLAR_ENDONLY);
  std::size_t characters = 0;
  for (const char c : url) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  if (characters > 2048) return false;
  for (const auto blank : blanks) {
    if (url.find(blank) != std::string::npos) return false;
  }
  return form.match(url);
}

Microseconds LinkdingLibrary::now() const {
  if (fixed_now != 0) return fixed_now;
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string LinkdingLibrary::key_of(const std::string& url) const {
  return version_ >= 43 ? linkding_key(url) : url;
}

void LinkdingLibrary::index(const LinkdingRow& row) {
  by_key_.emplace(key_of(row.url), row.id);
  by_url_.emplace(row.url, row.id);
}

void LinkdingLibrary::unindex(const LinkdingRow& row) {
  const auto erase = [&row](auto& ids, const std::string& key) {
    const auto [first, last] = ids.equal_range(key);
    for (auto it = first; it != last; ++it) {
      if (it->second == row.id) return void(ids.erase(it));
    }
  };
  erase(by_key_, key_of(row.url));
  erase(by_url_, row.url);
}

LinkdingRow* LinkdingLibrary::find(std::int64_t id) {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

LinkdingRow* LinkdingLibrary::find_url(const std::string& url) {
  const auto [first, last] = by_key_.equal_range(key_of(url));
  std::int64_t lowest = 0;
  for (auto it = first; it != last; ++it)
    lowest = lowest == 0 ? it->second : std::min(lowest, it->second);
  return lowest == 0 ? nullptr : find(lowest);
}

bool LinkdingLibrary::has_other(const LinkdingRow& row, const std::string& url) const {
  const auto [first, last] = by_url_.equal_range(url);
  return std::any_of(first, last, [&row](const auto& entry) { return entry.second != row.id; });
}

void LinkdingLibrary::set_tags(LinkdingRow& row, const std::vector<std::string>& names) {
  std::map<std::string, std::string> by_lower_case;
  const auto add = [&](std::string name) {
    std::replace(name.begin(), name.end(), ' ', '-');
    if (!name.empty()) by_lower_case[Poco::UTF8::toLower(name)] = name;
  };
  for (const std::string& given : names) {
    for (std::size_t start = 0; start <= given.size();) {
      const std::size_t end = std::min(given.find(',', start), given.size());
      add(linkding_trim(given.substr(start, end - start)));
      start = end + 1;
    }
  }
  for (const auto& [part, tag] : auto_tags) {
    if (row.url.find(part) != std::string::npos) add(Poco::UTF8::toLower(tag));
  }
  row.tags.clear();
  for (const auto& [lower, name] : by_lower_case)
    row.tags.push_back(tags_.try_emplace(lower, name).first->second);
  std::sort(row.tags.begin(), row.tags.end());
}

LinkdingRow& LinkdingLibrary::post_without_tags(const Fields& fields) {
  LinkdingRow* row = find_url(*fields.url);
  const bool is_new = row == nullptr;
  if (is_new) {
    row = &rows_[next_id_];
    row->id = next_id_++;
    row->url = *fields.url;
    row->is_archived = fields.is_archived.value_or(false);
    row->added = keeps_dates() ? fields.added.value_or(now()) : now();
    row->modified = keeps_dates() ? fields.modified.value_or(now()) : now();
    index(*row);
  } else {
    row->modified = now();
  }
  row->title = fields.title.value_or("");
  row->description = fields.description.value_or("");
  row->notes = version_ >= 19 ? fields.notes.value_or("") : "";
  row->is_unread = fields.is_unread.value_or(false);
  row->is_shared = fields.is_shared.value_or(false);
  return *row;
}

LinkdingRow& LinkdingLibrary::post(const Fields& fields) {
  LinkdingRow& row = post_without_tags(fields);
  set_tags(row, fields.tags.value_or(std::vector<std::string>{}));
  return row;
}

void LinkdingLibrary::patch(LinkdingRow& row, const Fields& fields) {
  if (fields.url) {
    unindex(row);
    row.url = *fields.url;
    index(row);
  }
  row.title = fields.title.value_or(row.title);
  row.description = fields.description.value_or(row.description);
  row.notes = fields.notes.value_or(row.notes);
  row.is_unread = fields.is_unread.value_or(row.is_unread);
  row.is_shared = fields.is_shared.value_or(row.is_shared);
  if (version_ >= 36) row.is_archived = fields.is_archived.value_or(row.is_archived);
  if (keeps_dates()) row.added = fields.added.value_or(row.added);
  row.modified = now();
  set_tags(row, fields.tags.value_or(row.tags));
}

bool LinkdingLibrary::remove(std::int64_t id) {
  const LinkdingRow* const row = find(id);
  if (row == nullptr) return false;
  unindex(*row);
  rows_.erase(id);
  return true;
}

LinkdingFile& LinkdingLibrary::attach(LinkdingRow& row, LinkdingFile file) {
  file.id = next_file_++;
  row.modified = now();
  return row.files.emplace_back(std::move(file));
}

void LinkdingLibrary::set_archived(LinkdingRow& row, bool is_archived) {
  row.is_archived = is_archived;
  row.modified = now();
}

std::vector<const LinkdingRow*> LinkdingLibrary::list(const Query& query) const {
  std::vector<const LinkdingRow*> found;
  for (const auto& [id, row] : rows_) {
    if (row.is_archived != query.is_archived) continue;
    if (query.modified_since && row.modified <= *query.modified_since) continue;
    if (query.added_since && row.added <= *query.added_since) continue;
    found.push_back(&row);
  }
  if (query.sort == "added_asc") {
    std::ranges::stable_sort(found, {}, [](const LinkdingRow* row) { return row->added; });
  } else {
    std::ranges::stable_sort(found, std::greater{},
                             [](const LinkdingRow* row) { return row->added; });
  }
  return found;
}

}  // namespace linkferry::test
