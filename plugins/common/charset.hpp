#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/host.hpp"

namespace linkferry::common {

/// A text file of any charset, read as valid UTF-8.
///
/// The charset is that of the byte order mark; else what a `<META … charset=…>` or an XML
/// declaration near the beginning says (read as browsers do: ISO-8859-1 is windows-1252); else
/// UTF-8 if the whole file is valid UTF-8; else windows-1252. UTF-16 and UTF-32 only with a mark. A
/// file that cannot be rewound is judged by its first 16 MiB. Bytes that are wrong in the charset
/// become U+FFFD. The mark itself is not handed over. Memory: a few hundred KiB. Thread: one at a
/// time.
class Utf8Input {
 public:
  /// What a read needs at least.
  static constexpr std::size_t least_buffer_bytes = 16;

  explicit Utf8Input(std::unique_ptr<InputFile> file);
  ~Utf8Input();

  /// Chooses the charset, which may take a look at the whole file; and from now on reads come back
  /// early when asked to stop. False when that came before the charset was known: ask again to go
  /// on. Errors: Failure input.
  bool open(std::stop_token stop);

  /// Whether the token of the last `open` asks to stop.
  bool is_asked_to_stop() const { return stop_.stop_requested(); }

  /// Fills `buffer` as far as it goes, with whole characters: up to 3 bytes may stay free. 0 is the
  /// end. Errors: Failure input.
  std::size_t read(std::span<char> buffer);

  /// Back to the first byte; false where the file cannot.
  bool rewind();

  /// What a person should know about the charset, each thing once; empty when there is nothing
  /// (more). Fixed texts.
  std::string_view take_notice();

  /// The first bytes of the file as they are, up to 1 KiB; empty before the first read.
  std::string_view first_bytes() const { return first_bytes_; }

  /// Bytes of the file, as it is on disk.
  std::uint64_t size_bytes() const { return file_->size_bytes(); }
  std::uint64_t bytes_read() const { return bytes_read_; }
  const std::string& name() const { return file_->name(); }

 private:
  class Converter;

  void choose_charset();
  bool is_whole_file_utf8();
  void use_converter(const char* charset);
  void load_head(std::size_t wanted);
  std::size_t read_raw(std::span<char> buffer);
  std::size_t read_utf8(std::span<char> buffer);
  std::size_t read_converted(std::span<char> buffer);
  std::size_t hand_over_repaired(std::span<char> buffer);
  void notify(std::string_view text);

  std::unique_ptr<InputFile> file_;
  std::stop_token stop_;
  std::unique_ptr<Converter> converter_;  ///< null for UTF-8
  std::string head_;                      ///< read ahead to choose the charset
  std::size_t head_at_ = 0;
  std::string first_bytes_;
  std::string held_;  ///< the beginning of a character whose end is not read yet
  std::string repaired_;
  std::size_t repaired_at_ = 0;
  std::vector<std::string_view> notices_;
  std::size_t notices_taken_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::optional<bool> is_utf8_;  ///< of a file that names no charset; nothing before it is known
  bool is_begun_ = false;
  bool has_repaired_ = false;  ///< since it was read from the front
  /// The file was read to its end and had no wrong byte. Rationale: a file that is written to is
  /// not rewound, so what is read again need not be looked at again.
  bool is_valid_ = false;
  bool is_drained_ = false;  ///< the file has no more bytes
};

/// The charset that a `<META … charset=…>` or an XML declaration in `head` names; empty when none
/// does.
std::string_view declared_charset(std::string_view head);

}  // namespace linkferry::common
