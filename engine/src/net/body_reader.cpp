#include "net/body_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "net/transport_error.hpp"

namespace linkferry {
namespace {

using Kind = TransportError::Kind;

constexpr const char* doing = "reading the answer";

std::uint64_t parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw TransportError(Kind::not_http, "answers with a Content-Length that is no number");
  }
  return length;
}

}  // namespace

BodyReader::BodyReader(Connection& connection, const ResponseHead& head, bool is_head,
                       const Patience& patience)
    : connection_(connection), patience_(patience) {
  if (is_head || head.status == 204 || head.status == 304) {
    is_done_ = true;
    return;
  }
  // A length beside chunks is ignored, and the connection not used again: RFC 9112 section 6.1.
  if (head.headers.find("Transfer-Encoding")) {
    if (!has_list_item(head.headers, "Transfer-Encoding", "chunked") ||
        head.headers.find("Transfer-Encoding")->find(',') != std::string_view::npos) {
      throw TransportError(Kind::not_http, "answers with an unknown Transfer-Encoding");
    }
    framing_ = Framing::chunks;
  } else if (const auto length = head.headers.find("Content-Length")) {
    framing_ = Framing::length;
    left_ = parse_length(*length);
    is_done_ = left_ == 0;
  } else {
    framing_ = Framing::until_close;
  }
}

std::string_view BodyReader::take(std::uint64_t most) {
  if (connection_.buffered().empty() && !connection_.fill(patience_, doing)) return {};
  const std::string_view all = connection_.buffered();
  taken_ = static_cast<std::size_t>(std::min<std::uint64_t>(all.size(), most));
  return all.substr(0, taken_);
}

std::string_view BodyReader::read() {
  connection_.consume(std::exchange(taken_, 0));
  if (is_done_) return {};
  if (framing_ == Framing::chunks) return read_chunk();
  if (framing_ == Framing::until_close) {
    const auto piece = take(UINT64_MAX);
    is_done_ = piece.empty();
    return piece;
  }
  const auto piece = take(left_);
  if (piece.empty()) {
    throw TransportError(Kind::broken,
                         fmt::format("closed with {} bytes of the answer missing", left_));
  }
  left_ -= piece.size();
  is_done_ = left_ == 0;
  return piece;
}

std::string BodyReader::take_line() {
  constexpr std::size_t longest = 4096;
  while (true) {
    const std::string_view all = connection_.buffered();
    if (const std::size_t end = all.find('\n'); end != std::string_view::npos) {
      std::string line(all.substr(0, end));
      if (line.ends_with('\r')) line.pop_back();
      connection_.consume(end + 1);
      return line;
    }
    if (all.size() > longest) throw TransportError(Kind::not_http, "answers with a broken chunk");
    if (!connection_.fill(patience_, doing))
      throw TransportError(Kind::broken, "closed within a chunk of the answer");
  }
}

/// Reads up to the first byte of the next chunk; false after the last one.
bool BodyReader::begin_chunk() {
  if (!std::exchange(is_first_chunk_, false) && !take_line().empty()) {
    throw TransportError(Kind::not_http, "answers with a chunk longer than it says");
  }
  const std::string line = take_line();
  const std::string_view digits = std::string_view(line).substr(0, line.find_first_of("; \t"));
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    throw TransportError(Kind::not_http, "answers with a chunk without a size");
  }
  if (left_ > 0) return true;
  constexpr std::size_t longest_trailer = 64 * 1024;
  for (std::size_t size = 0; size < longest_trailer;) {
    const std::string field = take_line();
    if (field.empty()) return false;
    size += field.size();
  }
  throw TransportError(Kind::not_http, "answers with an endless trailer");
}

std::string_view BodyReader::read_chunk() {
  if (left_ == 0 && !begin_chunk()) {
    is_done_ = true;
    return {};
  }
  const auto piece = take(left_);
  if (piece.empty()) throw TransportError(Kind::broken, "closed within a chunk of the answer");
  left_ -= piece.size();
  return piece;
}

}  // namespace linkferry
