#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace linkferry {

/// The bytes of one answer's body as they are on the line, still compressed, and not one more or
/// less: a body that ends early is an error, never a shorter body. Source: RFC 9112 sections 6
/// and 7.1 (read 2026-11-22). Lifetime: uses the connection and the patience.
class BodyReader {
 public:
  /// `is_head`: the answer to a HEAD, which has no body. Errors: TransportError not_http for
  /// lengths that contradict.
  BodyReader(Connection& connection, const ResponseHead& head, bool is_head,
             const Patience& patience);

  /// The next piece; empty at the end. Lifetime: until the next call.
  /// Errors: TransportError broken (it ends too early), timeout, not_http, stopped.
  std::string_view read();

  /// Whether the end was reached and another answer may follow.
  bool is_reusable() const { return is_done_ && framing_ != Framing::until_close; }

 private:
  enum class Framing { none, length, chunks, until_close };

  std::string_view take(std::uint64_t most);
  std::string_view read_chunk();
  bool begin_chunk();
  std::string take_line();

  Connection& connection_;
  const Patience& patience_;
  Framing framing_ = Framing::none;
  std::uint64_t left_ = 0;  ///< of the body, or of the chunk
  bool is_first_chunk_ = true;
  bool is_done_ = false;
  std::size_t taken_ = 0;  ///< of what is buffered, by the last piece
};

}  // namespace linkferry
