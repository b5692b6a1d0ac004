#include "common/charset.hpp"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "common/html_text.hpp"
#include "common/json_utf8.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::common {
namespace {

constexpr std::size_t head_bytes = 64 * 1024;
constexpr std::size_t unrewindable_head_bytes = 16 * 1024 * 1024;
constexpr std::size_t block_bytes = 64 * 1024;

constexpr std::string_view notice_guessed =
    "the file names no charset and is not UTF-8: it was read as windows-1252";
constexpr std::string_view notice_unknown =
    "the charset that the file names is not known: it was left aside";
constexpr std::string_view notice_repaired =
    "the file has bytes that are wrong in its charset: they became U+FFFD";

struct Mark {
  std::string_view bytes;
  const char* charset;
};

// UTF-32LE before UTF-16LE, whose mark it begins with.
constexpr Mark marks[] = {{"\xEF\xBB\xBF", "UTF-8"},
                          {std::string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
                          {std::string_view("\0\0\xFE\xFF", 4), "UTF-32BE"},
                          {"\xFF\xFE", "UTF-16LE"},
                          {"\xFE\xFF", "UTF-16BE"}};

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// How many bytes a character that begins with `c` has; 0 when none can.
std::size_t length_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte < 0xE0) return 2;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  if (byte >= 0xF0 && byte < 0xF5) return 4;
  return 0;
}

/// How many bytes at the end of `text` may be the beginning of a character.
std::size_t unfinished_tail(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const char c = text[text.size() - back];
    if (is_continuation(c)) continue;
    return length_of(c) > back ? back : 0;
  }
  return 0;
}

/// Appends `text` with one U+FFFD for each longest beginning of a character that is not finished.
void append_repaired(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const Utf8Sequence sequence = sequence_at(text);
    out += sequence.is_valid ? text.substr(0, sequence.size) : "\xEF\xBF\xBD";
    text.remove_prefix(sequence.size);
  }
}

bool is_utf8_name(std::string_view name) {
  return equals_lower(name, "utf-8") || equals_lower(name, "utf8") ||
         equals_lower(name, "unicode-1-1-utf-8");
}

/// Source: WHATWG Encoding, section 4.2 "Names and labels", read 2026-11-22: browsers read these as
/// windows-1252, and take UTF-16 in a META for UTF-8.
const char* as_browsers_read(std::string_view name) {
  constexpr std::string_view western[] = {"iso-8859-1", "iso8859-1", "latin1", "l1",
                                          "us-ascii",   "ascii",     "cp1252", "x-cp1252"};
  for (const auto alias : western) {
    if (equals_lower(name, alias)) return "windows-1252";
  }
  if (starts_with_lower(name, "utf-16") || starts_with_lower(name, "utf-32")) return "UTF-8";
  return nullptr;
}

std::string_view value_after(std::string_view tag, std::string_view key) {
  std::size_t at = find_lower(tag, key);
  if (at == std::string_view::npos) return {};
  at += key.size();
  while (at < tag.size() && is_blank(tag[at])) ++at;
  if (at == tag.size() || tag[at] != '=') return {};
  ++at;
  while (at < tag.size() && (is_blank(tag[at]) || tag[at] == '"' || tag[at] == '\'')) ++at;
  std::size_t end = at;
  while (end < tag.size() && !is_blank(tag[end]) && std::strchr("\"';>/?", tag[end]) == nullptr)
    ++end;
  return tag.substr(at, end - at);
}

}  // namespace

/// Bytes of one charset into UTF-8, in pieces.
class Utf8Input::Converter {
 public:
  explicit Converter(const char* charset) {
    UErrorCode error = U_ZERO_ERROR;
    from_ = ucnv_open(charset, &error);
    to_ = ucnv_open("UTF-8", &error);
  }
  ~Converter() {
    if (from_ != nullptr) ucnv_close(from_);
    if (to_ != nullptr) ucnv_close(to_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool is_usable() const { return from_ != nullptr && to_ != nullptr; }

  /// Converts from `source`, which moves on, into `out`; returns what was written. `is_last`:
  /// nothing follows.
  std::size_t convert(std::string_view& input, std::span<char> out, bool is_last) {
    UErrorCode error = U_ZERO_ERROR;
    const char* from = input.data();
    char* to = out.data();
    ucnv_convertEx(to_, from_, &to, to + out.size(), &from, from + input.size(), pivot_.data(),
                   &pivot_from_, &pivot_to_, pivot_.data() + pivot_.size(), 0, is_last ? 1 : 0,
                   &error);
    input.remove_prefix(static_cast<std::size_t>(from - input.data()));
    if (error != U_BUFFER_OVERFLOW_ERROR && error != U_TRUNCATED_CHAR_FOUND && U_FAILURE(error)) {
      throw Failure(FailureKind::input,
                    std::string("cannot convert the file's charset: ") + u_errorName(error));
    }
    is_full_ = error == U_BUFFER_OVERFLOW_ERROR;
    return static_cast<std::size_t>(to - out.data());
  }
  /// Whether the last call stopped because `out` was full.
  bool is_full() const { return is_full_; }

  std::string source;  ///< bytes read and not converted yet
  std::size_t source_at = 0;

 private:
  UConverter* from_ = nullptr;
  UConverter* to_ = nullptr;
  std::array<UChar, 4096> pivot_{};
  UChar* pivot_from_ = pivot_.data();
  UChar* pivot_to_ = pivot_.data();
  bool is_full_ = false;
};

namespace {

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

}  // namespace

Utf8Input::Utf8Input(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}
Utf8Input::~Utf8Input() = default;

std::string_view declared_charset(std::string_view head) {
  const std::size_t list = std::min(find_lower(head, "<dt"), find_lower(head, "<dl"));
  head = head.substr(0, list);
  for (std::size_t at = head.find('<'); at != std::string_view::npos; at = head.find('<', at + 1)) {
    const auto tag = head.substr(at, head.find('>', at) - at);
    std::string_view found;
    if (starts_with_lower(tag, "<meta")) found = value_after(tag, "charset");
    if (starts_with_lower(tag, "<?xml")) found = value_after(tag, "encoding");
    if (!found.empty()) return found;
  }
  return {};
}

std::size_t Utf8Input::read(std::span<char> buffer) {
  if (!is_begun_) open({});
  return converter_ ? read_converted(buffer) : read_utf8(buffer);
}

bool Utf8Input::rewind() {
  if (!file_->rewind()) return false;
  head_.clear();
  held_.clear();
  repaired_.clear();
  head_at_ = repaired_at_ = 0;
  converter_.reset();
  bytes_read_ = 0;
  is_begun_ = is_drained_ = has_repaired_ = false;
  return true;
}

std::string_view Utf8Input::take_notice() {
  return notices_taken_ < notices_.size() ? notices_[notices_taken_++] : std::string_view{};
}

void Utf8Input::notify(std::string_view text) {
  if (std::find(notices_.begin(), notices_.end(), text) == notices_.end()) notices_.push_back(text);
}

bool Utf8Input::open(std::stop_token stop) {
  stop_ = std::move(stop);
  if (is_begun_) return true;
  load_head(head_bytes);
  if (is_asked_to_stop()) return false;
  first_bytes_ = head_.substr(0, 1024);
  choose_charset();
  is_begun_ = !is_asked_to_stop();
  // What was looked at so far may be half the truth.
  if (!is_begun_ && rewind()) notices_.clear();
  return is_begun_;
}

void Utf8Input::choose_charset() {
  for (const auto& mark : marks) {
    if (!head_.starts_with(mark.bytes)) continue;
    head_at_ = mark.bytes.size();
    if (std::string_view(mark.charset) != "UTF-8") use_converter(mark.charset);
    return;
  }
  const std::string_view declared = declared_charset(head_);
  if (is_utf8_name(declared)) return;
  if (!declared.empty()) {
    const char* alias = as_browsers_read(declared);
    const std::string name = alias != nullptr ? alias : std::string(declared);
    if (name == "UTF-8") return;
    use_converter(name.c_str());
    if (converter_) return;
    notify(notice_unknown);
  }
  // A file that was rewound is the same, else the rewind would have failed.
  if (!is_utf8_.has_value()) {
    const bool is_utf8 = is_whole_file_utf8();
    if (!is_asked_to_stop()) is_utf8_ = is_utf8;
  }
  if (is_utf8_.value_or(true)) return;
  notify(notice_guessed);
  use_converter("windows-1252");
}

/// Leaves the file where the head has been read.
bool Utf8Input::is_whole_file_utf8() {
  // A file that ends within a character was cut off there, provided that it has shown to be UTF-8
  // before.
  const auto is_good_end = [&](std::string_view text, bool has_more_than_ascii) {
    const std::size_t tail = unfinished_tail(text);
    const std::string_view whole = text.substr(0, text.size() - tail);
    return is_valid_utf8(whole) && (tail == 0 || has_more_than_ascii || !is_ascii(whole));
  };
  if (!is_valid_utf8(std::string_view(head_).substr(0, head_.size() - unfinished_tail(head_))))
    return false;
  if (is_drained_) return is_good_end(head_, false);
  if (!file_->rewind()) {
    load_head(unrewindable_head_bytes);
    return is_good_end(head_, !is_drained_);
  }
  bool is_good = true;
  bool has_more_than_ascii = false;
  std::string block(block_bytes, '\0');
  std::size_t kept = 0;
  while (is_good && !is_asked_to_stop()) {
    const std::size_t count = file_->read(std::span(block).subspan(kept));
    const std::string_view text(block.data(), kept + count);
    if (count == 0) {
      is_good = is_good_end(text, has_more_than_ascii);
      break;
    }
    const std::size_t tail = unfinished_tail(text);
    is_good = is_valid_utf8(text.substr(0, text.size() - tail));
    has_more_than_ascii = has_more_than_ascii || !is_ascii(text.substr(0, text.size() - tail));
    std::memmove(block.data(), text.data() + text.size() - tail, tail);
    kept = tail;
  }
  file_->rewind();
  head_.clear();
  bytes_read_ = 0;
  is_drained_ = false;
  load_head(head_bytes);
  return is_good;
}

void Utf8Input::use_converter(const char* charset) {
  converter_ = std::make_unique<Converter>(charset);
  if (!converter_->is_usable()) converter_.reset();
}

/// Reads on until the head has `wanted` bytes or the file ends.
void Utf8Input::load_head(std::size_t wanted) {
  std::size_t size = head_.size();
  // In steps: a small input from a pipe is not to cost 16 MiB.
  while (!is_drained_ && size < wanted && !is_asked_to_stop()) {
    head_.resize(std::min(wanted, std::max(size * 2, head_bytes)));
    while (!is_drained_ && size < head_.size() && !is_asked_to_stop()) {
      const std::size_t count = file_->read(std::span(head_).subspan(size));
      is_drained_ = count == 0;
      size += count;
      bytes_read_ += count;
    }
  }
  head_.resize(size);
}

std::size_t Utf8Input::read_raw(std::span<char> buffer) {
  std::size_t filled = 0;
  if (head_at_ < head_.size()) {
    filled = head_.copy(buffer.data(), buffer.size(), head_at_);
    head_at_ += filled;
    if (head_at_ == head_.size()) std::string().swap(head_), head_at_ = 0;
  }
  while (filled < buffer.size() && !is_drained_ && (filled == 0 || !is_asked_to_stop())) {
    const std::size_t count = file_->read(buffer.subspan(filled));
    is_drained_ = count == 0;
    filled += count;
    bytes_read_ += count;
  }
  return filled;
}

std::size_t Utf8Input::read_utf8(std::span<char> buffer) {
  if (repaired_at_ < repaired_.size()) return hand_over_repaired(buffer);
  const std::size_t kept = held_.copy(buffer.data(), buffer.size());
  held_.clear();
  std::string_view text(buffer.data(), kept + read_raw(buffer.subspan(kept)));
  const bool is_last = is_drained_ && head_at_ == head_.size();
  if (!is_last) {
    const std::size_t tail = unfinished_tail(text);
    held_.assign(text, text.size() - tail);
    text.remove_suffix(tail);
  }
  if (is_valid_ || is_valid_utf8(text)) {
    is_valid_ = is_valid_ || (is_last && !has_repaired_);
    return text.size();
  }
  has_repaired_ = true;
  notify(notice_repaired);
  repaired_.clear();
  repaired_at_ = 0;
  append_repaired(repaired_, text);
  return hand_over_repaired(buffer);
}

std::size_t Utf8Input::hand_over_repaired(std::span<char> buffer) {
  std::size_t count = std::min(buffer.size(), repaired_.size() - repaired_at_);
  if (count < repaired_.size() - repaired_at_)
    count -= unfinished_tail(std::string_view(repaired_).substr(repaired_at_, count));
  std::memcpy(buffer.data(), repaired_.data() + repaired_at_, count);
  repaired_at_ += count;
  return count;
}

std::size_t Utf8Input::read_converted(std::span<char> buffer) {
  Converter& converter = *converter_;
  const std::size_t kept = held_.copy(buffer.data(), buffer.size());
  held_.clear();
  std::size_t filled = kept;
  bool is_done = false;
  while (filled < buffer.size() && !is_done) {
    if (converter.source_at == converter.source.size() && !converter.is_full()) {
      converter.source.resize(block_bytes);
      converter.source.resize(read_raw(converter.source));
      converter.source_at = 0;
    }
    std::string_view source = std::string_view(converter.source).substr(converter.source_at);
    const bool is_last = is_drained_ && head_at_ == head_.size();
    filled += converter.convert(source, buffer.subspan(filled), is_last);
    converter.source_at = converter.source.size() - source.size();
    is_done = is_last && source.empty() && !converter.is_full();
  }
  if (is_done) return filled;
  const std::string_view text(buffer.data(), filled);
  const std::size_t tail = unfinished_tail(text);
  held_.assign(text, filled - tail);
  return filled - tail;
}

}  // namespace linkferry::common
