#include "jsonl/jsonl_source.hpp"

#include <charconv>
#include <cstring>
#include <string>

#include "common/json_utf8.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::jsonl {
namespace {

/// After so many lines of which none is a JSON object the file is taken for something else.
constexpr std::uint64_t most_foreign_lines = 20;

/// The first line feed from here, or the end.
const char* find_line_feed(const char* from, const char* end) {
  const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
  return found == nullptr ? end : static_cast<const char*>(found);
}

bool is_blank(const char* line) { return common::JsonLine(line).is_at_end(); }

/// A first line that is longer than the head: whether it begins as linkferry writes it.
bool looks_like_record(std::string_view line) {
  return line.starts_with(R"({"url":")") || line.starts_with(R"({"type":")");
}

}  // namespace

ReadResult JsonlSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (is_done_) return ReadResult::end;
  bool is_cut = false;
  if (!stop.stop_requested()) {
    const Lines lines = lines_.read(batch.arena, limit);
    if (lines.is_too_long) {
      reject_long_line(lines, batch);
    } else {
      is_cut = parse_lines(lines, batch);
    }
    is_done_ = lines.is_last;
    if (is_done_) check_is_jsonl(0);
  }
  batch.checkpoint = std::to_string(lines_.offset()) + " " + std::to_string(next_line_);
  if (!is_done_) return ReadResult::more;
  return is_cut ? ReadResult::incomplete : ReadResult::end;
}

/// Whether the last of the lines is cut off.
bool JsonlSource::parse_lines(const Lines& lines, Batch& batch) {
  const bool is_valid = common::is_valid_utf8(lines.text);
  const char* line = lines.text.data();
  const char* const end = line + lines.text.size();
  while (line < end) {
    const std::uint64_t number = next_line_++;
    if (is_blank(line)) {
      line = find_line_feed(line, end) + 1;
      continue;
    }
    const char* const text = is_valid ? line : repair_line(line, end, batch);
    check_is_no_array(text);
    const LineStatus status = parser_.parse(text, number, batch);
    line = find_line_feed(text == line ? parser_.position() : line, end);
    if (status == LineStatus::cut && line == end) {
      batch.notices.push_back({"the file is cut off inside its last line", number});
      return true;
    }
    if (status == LineStatus::cut) {
      batch.rejections.push_back({"the line ends in the middle of a JSON value", excerpt_of(text),
                                  number, batch.bookmarks.size()});
    }
    count(status);
    ++line;
  }
  return false;
}

/// The line itself, or a copy in which it is valid UTF-8.
const char* JsonlSource::repair_line(const char* line, const char* end, Batch& batch) {
  const std::string_view text(line, static_cast<std::size_t>(find_line_feed(line, end) - line));
  if (common::is_valid_utf8(text)) return line;
  batch.notices.push_back({"bytes that are no UTF-8 became U+FFFD", next_line_ - 1});
  return common::repair_utf8(text, batch.arena).data();
}

void JsonlSource::reject_long_line(const Lines& lines, Batch& batch) {
  const std::uint64_t number = next_line_++;
  const char* const text = common::repair_utf8(lines.text, batch.arena).data();
  check_is_no_array(text);
  batch.rejections.push_back(
      {"the line is larger than 64 MiB", excerpt_of(text), number, batch.bookmarks.size()});
  count(LineStatus::not_json);
}

void JsonlSource::count(LineStatus status) {
  if (status != LineStatus::not_json && status != LineStatus::cut) {
    is_jsonl_ = true;
  } else if (!is_jsonl_) {
    ++foreign_lines_;
    check_is_jsonl(most_foreign_lines);
  }
}

/// The whole file as one JSON array is what people have when they come with the wrong file, so it
/// gets its own hint.
void JsonlSource::check_is_no_array(const char* line) const {
  if (is_jsonl_ || foreign_lines_ > 0 || common::JsonLine(line).peek() != '[') return;
  throw Failure(FailureKind::configuration, lines_.file().name() + ":" +
                                                std::to_string(next_line_ - 1) +
                                                ": found a JSON array, expected one JSON object a "
                                                "line; `jq -c '.[]'` makes such lines of an array");
}

/// Throws when there were more than `tolerated` lines and none was a JSON object.
void JsonlSource::check_is_jsonl(std::uint64_t tolerated) const {
  if (is_jsonl_ || foreign_lines_ <= tolerated) return;
  throw Failure(FailureKind::configuration,
                lines_.file().name() + ": none of its first " + std::to_string(foreign_lines_) +
                    " lines is a JSON object; it is no file of JSON lines");
}

bool JsonlSource::rewind() { return lines_.seek(0) && restart(1); }

bool JsonlSource::resume(std::string_view checkpoint) {
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  const char* const end = checkpoint.data() + checkpoint.size();
  const auto [blank, error] = std::from_chars(checkpoint.data(), end, offset);
  if (error != std::errc{} || blank == end || *blank != ' ') return false;
  const auto [rest, second_error] = std::from_chars(blank + 1, end, line);
  if (second_error != std::errc{} || rest != end || line == 0) return false;
  if (!lines_.seek(offset)) return false;
  is_jsonl_ = offset > 0;
  return restart(line);
}

bool JsonlSource::restart(std::uint64_t line) {
  next_line_ = line;
  is_done_ = false;
  return true;
}

int recognize(std::string_view head, bool is_whole) {
  std::string text(head.starts_with("\xef\xbb\xbf") ? head.substr(3) : head);
  const std::size_t size = text.size();
  text.append(common::JsonLine::padding_bytes, '\n');
  const char* line = text.data();
  const char* const end = line + size;
  while (line < end && is_blank(line)) line = find_line_feed(line, end) + 1;
  if (line >= end || !common::is_valid_utf8(head)) return 0;
  if (!is_whole && find_line_feed(line, end) == end) return looks_like_record(line) ? 60 : 0;
  Batch batch;
  LineParser parser;
  const LineStatus status = parser.parse(line, 1, batch);
  if (status == LineStatus::folder) return 95;
  return status == LineStatus::bookmark && is_present(batch.bookmarks.front().url) ? 95 : 0;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  return std::make_unique<JsonlSource>(host.open_file(*settings.text("path")));
}

}  // namespace linkferry::jsonl
