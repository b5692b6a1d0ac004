#include "jsonl/jsonl_source.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include "common/json_utf8.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::jsonl {
namespace {

/// After so many lines of which none is a JSON object the file is taken for something else.
constexpr std::uint64_t most_foreign_lines = 20;
constexpr std::string_view blanks = " \t\r\n";

/// Takes the first line off the front, without its line feed.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// A first line longer than the head: whether it begins as linkferry writes it.
bool looks_like_record(std::string_view line) {
  const std::size_t start = line.find_first_not_of(blanks);
  return line.substr(start).starts_with(R"({"url":")") || line.substr(start).starts_with(R"({"type":")");
}

bool is_blank(std::string_view line) { return line.find_first_not_of(blanks) == std::string_view::npos; }

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
    const std::size_t blank = std::strspn(line, " \t\r");
    if (line[blank] == '\n') {
      line += blank + 1;
      continue;
    }
    if (line[blank] == '[') check_is_no_array();
    const LineStatus status = is_valid ? parser_.parse(line, number, batch) : parse_repaired(line, number, batch);
    const char* const line_end = is_valid ? parser_.line_end() : find_line_feed(line);
    if (status == LineStatus::cut) {
      if (line_end == end) {
        batch.notices.push_back({"the file is cut off inside its last line", number});
        return true;
      }
      const std::string_view text = excerpt_of({line, static_cast<std::size_t>(line_end - line)});
      batch.rejections.push_back(
          {"the line ends in the middle of a JSON value", excerpt(text, batch), number, batch.bookmarks.size()});
    }
    count(status);
    line = line_end + 1;
  }
  return false;
}

LineStatus JsonlSource::parse_repaired(const char* line, std::uint64_t number, Batch& batch) {
  const std::string_view text(line, static_cast<std::size_t>(find_line_feed(line) - line));
  if (common::is_valid_utf8(text)) return parser_.parse(line, number, batch);
  batch.notices.push_back({"bytes that are no UTF-8 became U+FFFD", number});
  return parser_.parse(common::repair_utf8(text, batch.arena).data(), number, batch);
}

void JsonlSource::reject_long_line(const Lines& lines, Batch& batch) {
  const std::uint64_t number = next_line_++;
  const std::string_view text =
      common::is_valid_utf8(lines.text) ? lines.text : common::repair_utf8(lines.text, batch.arena);
  check_is_no_array(text);
  batch.rejections.push_back({"the line is larger than 64 MiB", excerpt_of(text), number, batch.bookmarks.size()});
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

/// The whole file as one JSON array is what people have when they come with the wrong file, so it gets its own hint.
void JsonlSource::check_is_no_array(std::string_view line) const {
  if (is_jsonl_ || foreign_lines_ > 0 || line[line.find_first_not_of(blanks)] != '[') return;
  throw Failure(FailureKind::configuration,
                lines_.file().name() + ":" + std::to_string(next_line_ - 1) +
                    ": found a JSON array, expected one JSON object a line; `jq -c '.[]'` makes such lines of an array");
}

/// Throws when there were more than `tolerated` lines and none was a JSON object.
void JsonlSource::check_is_jsonl(std::uint64_t tolerated) const {
  if (is_jsonl_ || foreign_lines_ <= tolerated) return;
  throw Failure(FailureKind::configuration, lines_.file().name() + ": none of its first " +
                                                std::to_string(foreign_lines_) +
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
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  while (!head.empty()) {
    const bool is_complete = is_whole || head.find('\n') != std::string_view::npos;
    const std::string_view line = take_line(head);
    if (is_blank(line)) continue;
    if (!is_complete) return looks_like_record(line) ? 60 : 0;
    Batch batch;
    LineParser parser;
    std::string padded(line);
    padded.append(common::JsonLine::padding_bytes, '\n');
    const LineStatus status = parser.parse(std::string_view(padded).substr(0, line.size()), 1, batch);
    if (status == LineStatus::folder) return 95;
    return status == LineStatus::bookmark && is_present(batch.bookmarks.front().url) ? 95 : 0;
  }
  return 0;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  return std::make_unique<JsonlSource>(host.open_file(*settings.text("path")));
}

}  // namespace linkferry::jsonl
