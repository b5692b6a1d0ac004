#include "net/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "net/json_scan.hpp"
#include "net/redaction.hpp"

namespace linkferry {
namespace {

/// Source: RFC 9110 section 15 and RFC 6585 (read 2026-11-22).
std::string_view reason_of(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 24> reasons = {
      {{200, "OK"},
       {201, "Created"},
       {202, "Accepted"},
       {204, "No Content"},
       {301, "Moved Permanently"},
       {302, "Found"},
       {303, "See Other"},
       {307, "Temporary Redirect"},
       {308, "Permanent Redirect"},
       {400, "Bad Request"},
       {401, "Unauthorized"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {406, "Not Acceptable"},
       {408, "Request Timeout"},
       {410, "Gone"},
       {413, "Content Too Large"},
       {422, "Unprocessable Content"},
       {429, "Too Many Requests"},
       {500, "Internal Server Error"},
       {502, "Bad Gateway"},
       {503, "Service Unavailable"},
       {504, "Gateway Timeout"}}};
  const auto found = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
  return found == reasons.end() ? std::string_view{} : found->second;
}

FailureKind kind_of(int status) {
  if (status == 401 || status == 403) return FailureKind::authentication;
  if (status == 408 || status == 429 || status >= 500) return FailureKind::temporary;
  return FailureKind::failed;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t find_ignoring_case(std::string_view text, std::string_view wanted) {
  const auto found = std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                                 [](char a, char b) { return lower(a) == b; });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

bool is_html(std::string_view body) {
  const std::string_view start = without_blanks(body.substr(0, 512));
  return find_ignoring_case(start, "<!doctype html") == 0 ||
         find_ignoring_case(start, "<html") == 0 || find_ignoring_case(start, "<head") == 0;
}

std::string_view title_of(std::string_view page) {
  page = page.substr(0, 16 * 1024);
  const std::size_t tag = find_ignoring_case(page, "<title");
  if (tag == std::string_view::npos) return {};
  page.remove_prefix(tag);
  const std::size_t start = page.find('>');
  const std::size_t end = find_ignoring_case(page, "</title");
  if (start == std::string_view::npos || end == std::string_view::npos || end < start) return {};
  return without_blanks(page.substr(start + 1, end - start - 1));
}

/// At most 200 bytes, cut between characters, in one line.
std::string cut(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string shown = redaction().apply(text.substr(0, std::min<std::size_t>(text.size(), 4096)));
  if (shown.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80) --end;
    shown.resize(end);
    shown += "…";
  }
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return shown;
}

bool is_json_type(std::string_view type) {
  const std::string_view media = without_blanks(type.substr(0, type.find(';')));
  return HttpHeaders::is_same_name(media, "application/json") ||
         find_ignoring_case(media, "+json") != std::string_view::npos ||
         HttpHeaders::is_same_name(media, "text/json");
}

}  // namespace

std::string excerpt_of_body(std::string_view body) {
  if (is_html(body)) {
    const std::string_view title = title_of(body);
    return title.empty() ? "an HTML page"
                         : fmt::format("an HTML page with the title \"{}\"", cut(title));
  }
  const std::string_view text = without_blanks(body);
  if (text.empty()) return "nothing";
  return fmt::format("\"{}\"", cut(without_blanks(text.substr(0, text.find_first_of("\r\n")))));
}

Failure make_answer_failure(const HttpResponse& response, std::string_view problem) {
  const std::string_view reason = reason_of(response.status);
  std::string text =
      fmt::format("{} {} answered {}", response.method, response.url, response.status);
  if (!reason.empty()) text += fmt::format(" ({})", reason);
  if (!problem.empty()) text += fmt::format(": {}", redaction().apply(problem));
  return Failure(kind_of(response.status),
                 text + fmt::format("; it says: {}", excerpt_of_body(response.body)));
}

std::string find_answer_problem(const HttpResponse& response, std::size_t max_json_depth) {
  if (is_html(response.body))
    return "expected JSON, found an HTML page; is there a login page or another service at this "
           "address?";
  const auto type = response.headers.find("Content-Type");
  if (type && !is_json_type(*type))
    return fmt::format("expected JSON, found the content type {}", cut(*type));
  if (without_blanks(response.body).empty()) return "expected JSON, found an empty answer";
  const std::string_view problem = find_json_problem(response.body, max_json_depth);
  return problem.empty() ? std::string{}
                         : fmt::format("expected JSON, found some that {}", problem);
}

}  // namespace linkferry
