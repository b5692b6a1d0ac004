#include "mastodon/mastodon_csv_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/html_text.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::mastodon {
namespace {

constexpr Text cut_off = "the file ends inside a quoted cell";
constexpr Text goes_on = "the list goes on in further parts, which were read too";
constexpr std::size_t batch_bytes = 256 * 1024;
constexpr std::size_t rows_between_checks = 64;
constexpr std::string_view known_columns[] = {csv_header};

/// What the first cell of Mastodon's other exports is. Source: as csv_parts.hpp.
constexpr std::string_view headers_of_others[] = {"Account address", "#domain", "List name"};

common::CsvHeader only_uri() {
  const std::array<Text, 1> cells{csv_header};
  return common::CsvHeader(cells);
}

/// Takes a number off the front, and the colon behind it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(':')) text.remove_prefix(1);
  return value;
}

}  // namespace

MastodonCsvSource::MastodonCsvSource(std::unique_ptr<InputFile> file, std::string path,
                                     FileRules rules, Host& host)
    : path_(std::move(path)), rules_(std::move(rules)), host_(host) {
  open(1, std::move(file));
}

void MastodonCsvSource::open(std::size_t part, std::unique_ptr<InputFile> file) {
  reader_.reset();
  input_.emplace(std::move(file));
  reader_.emplace(*input_);
  part_ = part;
  has_first_row_ = false;
  is_done_ = false;
}

bool MastodonCsvSource::has_part(std::size_t part) const {
  return path_ != "-" && host_.file_exists(part_path(path_, part));
}

ReadResult MastodonCsvSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  Origin& origin = batch.arena.make_array<Origin>(1).front();
  origin = make_origin(rules_.endpoint, "bookmarks", batch.arena);
  origin_ = &origin;
  tags_ = one_tag(rules_.bookmark_tag, batch.arena);
  while (!is_done_ && read_part(batch, limit, stop) == PartResult::end) {
    is_done_ = !has_part(part_ + 1);
    if (is_done_) break;
    open(part_ + 1, host_.open_file(part_path(path_, part_ + 1)));
    batch.notices.push_back({goes_on, 0});
  }
  batch.checkpoint = checkpoint();
  if (!is_done_) return ReadResult::more;
  if (!cut_) return ReadResult::end;
  batch.notices.push_back(*cut_);
  return ReadResult::incomplete;
}

MastodonCsvSource::PartResult MastodonCsvSource::read_part(Batch& batch, std::size_t limit,
                                                           const std::stop_token& stop) {
  if (!input_->open(stop)) return PartResult::full;
  const std::uint64_t start = reader_->position().offset_bytes;
  PartResult result = PartResult::full;
  for (std::size_t turn = 0; batch.bookmarks.size() < limit && result == PartResult::full; ++turn) {
    const bool is_enough = reader_->position().offset_bytes - start >= batch_bytes;
    if (turn % rows_between_checks == 0 && (stop.stop_requested() || is_enough)) break;
    switch (reader_->next(row_, batch.arena)) {
      case common::CsvResult::row:
        take_row(batch);
        break;
      case common::CsvResult::rejected:
        batch.rejections.push_back(
            {row_.problem, row_.excerpt, row_.position.line, batch.bookmarks.size()});
        break;
      case common::CsvResult::cut_off:
        batch.rejections.push_back(
            {cut_off, row_.excerpt, row_.position.line, batch.bookmarks.size()});
        cut_ = Notice{cut_off, row_.position.line};
        result = PartResult::end;
        break;
      case common::CsvResult::end:
        result = PartResult::end;
        break;
    }
  }
  take_notices(batch);
  return result;
}

void MastodonCsvSource::take_notices(Batch& batch) {
  for (auto text = input_->take_notice(); !text.empty(); text = input_->take_notice())
    batch.notices.push_back({text, 0});
}

/// Whether the first row is a header. Errors: Failure configuration when it is neither that nor an
/// address.
bool MastodonCsvSource::take_header() {
  has_first_row_ = true;
  const Text first = common::trimmed(row_.cells.front());
  other_ = common::OtherColumns(only_uri(), known_columns, "mastodon");
  if (first == csv_header) {
    other_ = common::OtherColumns(common::CsvHeader(row_.cells), known_columns, "mastodon");
    return true;
  }
  if (is_row_address(first)) return false;
  const bool is_other_export = std::find(std::begin(headers_of_others), std::end(headers_of_others),
                                         first) != std::end(headers_of_others);
  throw Failure(FailureKind::configuration,
                input_->name() +
                    (is_other_export ? ": this is another export of Mastodon's, expected that of "
                                       "the bookmarks"
                                     : ": this is no bookmarks.csv of Mastodon's: its first row is "
                                       "neither #uri nor the address of a post"));
}

void MastodonCsvSource::take_row(Batch& batch) {
  if (!has_first_row_ && take_header()) return;
  const Text uri = common::trimmed(row_.cells.front());
  if (!is_row_address(uri)) {
    constexpr std::size_t excerpt_bytes = 200;
    std::size_t size = std::min(uri.size(), excerpt_bytes);
    while (size < uri.size() && size > 0 && (static_cast<unsigned char>(uri[size]) & 0xC0U) == 0x80)
      --size;
    batch.rejections.push_back({"the row has no address of a post in its first cell",
                                uri.substr(0, size), row_.position.line, batch.bookmarks.size()});
    return;
  }
  Bookmark& bookmark = batch.bookmarks.emplace_back(make_post(uri, batch.arena));
  bookmark.extra = other_.attributes(row_, batch);
  bookmark.origin = origin_;
  bookmark.tags = tags_;
  bookmark.line = row_.position.line;
}

bool MastodonCsvSource::rewind() {
  if (!go_to(1)) return false;
  cut_.reset();
  return true;
}

/// To the first byte of a part; false where that is not possible, and then nothing has changed.
bool MastodonCsvSource::go_to(std::size_t part) {
  if (part == part_) {
    if (!input_->rewind()) return false;
    reader_.emplace(*input_);
    has_first_row_ = false;
    is_done_ = false;
    return true;
  }
  if (part != 1 && !has_part(part)) return false;
  open(part, host_.open_file(part_path(path_, part)));
  return true;
}

/// `part:offset:line` of the next row.
std::string MastodonCsvSource::checkpoint() const {
  return std::to_string(part_) + ":" + common::CsvTable::checkpoint_at(reader_->position());
}

bool MastodonCsvSource::resume(std::string_view checkpoint) {
  const auto part = take_number(checkpoint);
  const auto offset = take_number(checkpoint);
  const auto line = take_number(checkpoint);
  if (!part || !offset || !line || *part == 0 || !checkpoint.empty()) return false;
  if (!rewind() || !go_to(static_cast<std::size_t>(*part))) return false;
  if (*offset == 0) return true;
  Arena arena;
  input_->open({});
  // The first row tells whether there is a header.
  if (reader_->next(row_, arena) == common::CsvResult::row) {
    take_header();
    if (reader_->skip_to({*offset, *line})) return true;
  }
  rewind();
  return false;
}

}  // namespace linkferry::mastodon
