#include "pocket/pocket_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/csv_fields.hpp"
#include "common/html_text.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::pocket {
namespace {

using common::Losses;

constexpr std::array<std::string_view, 6> known_columns = {"title", "url",    "time_added",
                                                           "tags",  "status", "cursor"};
constexpr Text expected_header = "title,url,time_added,tags,status";

/// The exporter joined tags in a database whose lists end at this many bytes.
constexpr std::size_t tag_list_bytes = 1024;

/// A date from here on would be read as milliseconds.
constexpr std::int64_t first_unwritable_second = 100'000'000'000;

/// Archive and unread exclude each other in Pocket, and it knows nothing else.
bool set_status(Text status, Bookmark& bookmark) {
  if (common::equals_lower(status, "archive")) {
    bookmark.archived = Flag::yes;
    bookmark.unread = Flag::no;
    return true;
  }
  if (common::equals_lower(status, "unread")) {
    bookmark.archived = Flag::no;
    bookmark.unread = Flag::yes;
    return true;
  }
  return status.empty();
}

/// An unknown status is kept as an attribute behind those of unknown columns.
void keep_status(Text status, std::uint64_t line, Bookmark& bookmark, Batch& batch) {
  const auto extra = batch.arena.make_array<Attribute>(bookmark.extra.size() + 1);
  std::copy(bookmark.extra.begin(), bookmark.extra.end(), extra.begin());
  extra.back() = {"pocket.status", status};
  bookmark.extra = extra;
  batch.notices.push_back(
      {"a status other than unread and archive is kept as an extra attribute", line});
}

void represent_title(Bookmark& bookmark, Arena& arena, Losses& losses) {
  const Text tidy = common::one_line(bookmark.title, arena);
  const Text title = title_of(tidy, bookmark.url, arena);
  if (is_absent(title) && !tidy.empty()) {
    losses.add(Field::title, LossKind::dropped,
               "Pocket files repeat the address where there is no title, so such a title is none");
  } else if (tidy != bookmark.title) {
    losses.add(Field::title, LossKind::transformed,
               "titles have no blanks at their ends and no line breaks");
  }
  bookmark.title = title;
}

void represent_tags(Bookmark& bookmark, Arena& arena, Losses& losses) {
  const auto tags = common::without_byte(bookmark.tags, '|', ' ', arena);
  if (tags.data() != bookmark.tags.data()) {
    losses.add(Field::tags, LossKind::transformed,
               "Pocket files separate tags by |, so a | in a tag becomes a blank");
  }
  bookmark.tags = tags;
  if (tags.size() == 1 && tags.front() == "no_tag") {
    losses.add(Field::tags, LossKind::dropped, "the only tag no_tag means that there is none");
    bookmark.tags = {};
  }
}

void represent_date(Bookmark& bookmark, Losses& losses) {
  Timestamp& time = bookmark.created_at;
  if (!time.is_known()) return;
  const Timestamp cut = cut_to(time, Precision::second);
  if (cut.seconds == 0 || cut.seconds >= first_unwritable_second) {
    losses.add(Field::created_at, LossKind::dropped,
               "Pocket files cannot hold 1970-01-01T00:00:00Z, nor dates after the year 5138");
    time = {};
    return;
  }
  if (cut != time) {
    losses.add(Field::created_at, LossKind::truncated, "Pocket files hold dates in whole seconds");
  } else if (time.precision == Precision::day) {
    losses.add(Field::created_at, LossKind::transformed,
               "Pocket files hold dates in seconds: a day becomes its midnight in UTC");
  }
  time = {cut.seconds, 0, Precision::second};
}

void represent_status(Bookmark& bookmark, Losses& losses) {
  constexpr Text one_status = "Pocket has one status, archive or unread: one says no to the other";
  constexpr Text no_status =
      "Pocket has one status, archive or unread: neither of the two is left empty";
  const bool is_archived = bookmark.archived == Flag::yes;
  const bool is_unread = !is_archived && bookmark.unread == Flag::yes;
  if (!is_archived && !is_unread) {
    common::drop(&Bookmark::unread, Field::unread, no_status, no_status, bookmark, losses);
    common::drop(&Bookmark::archived, Field::archived, no_status, no_status, bookmark, losses);
    return;
  }
  const Flag archived = to_flag(is_archived);
  const Flag unread = to_flag(is_unread);
  if (bookmark.unread != unread) losses.add(Field::unread, LossKind::transformed, one_status);
  if (bookmark.archived != archived) losses.add(Field::archived, LossKind::transformed, one_status);
  bookmark.archived = archived;
  bookmark.unread = unread;
}

void drop_unheld(Bookmark& b, Losses& losses) {
  using common::drop;
  constexpr Text cannot_say_no = "Pocket files cannot say no here";
  drop(&Bookmark::description, Field::description, "Pocket files have no place for descriptions", b,
       losses);
  drop(&Bookmark::notes, Field::notes, "Pocket files have no place for notes", b, losses);
  drop(&Bookmark::folders, Field::folders,
       "Pocket files have no folders; tags can be made from them: tags.from_folders", b, losses);
  drop(&Bookmark::modified_at, Field::modified_at,
       "Pocket files have no place for the date of change", b, losses);
  drop(&Bookmark::read_at, Field::read_at, "Pocket files have no place for the date of reading", b,
       losses);
  drop(&Bookmark::visited_at, Field::visited_at,
       "Pocket files have no place for the date of the last visit", b, losses);
  drop(&Bookmark::favorite, Field::favorite, "Pocket files have no place for favourites",
       cannot_say_no, b, losses);
  drop(&Bookmark::shared, Field::shared, "Pocket files do not say what is shared", cannot_say_no, b,
       losses);
  common::drop_kind("Pocket files know links only", b, losses);
  drop(&Bookmark::language, Field::language, "Pocket files have no place for the language", b,
       losses);
  drop(&Bookmark::icon, Field::icon, "Pocket files have no place for icons", b, losses);
  drop(&Bookmark::cover_url, Field::cover_url, "Pocket files have no place for cover images", b,
       losses);
  drop(&Bookmark::keyword, Field::keyword, "Pocket files have no place for keywords", b, losses);
  drop(&Bookmark::highlights, Field::highlights, "Pocket's CSV has no place for highlights", b,
       losses);
  drop(&Bookmark::media, Field::media, "Pocket files have no place for media", b, losses);
  common::drop_post("Pocket files have no place for posts", b, losses);
  drop(&Bookmark::extra, Field::extra, "Pocket files have no place for extra attributes", b,
       losses);
}

}  // namespace

bool is_pocket_header(const common::CsvHeader& header) {
  return header.has("url") &&
         (header.has("time_added") || (header.has("status") && header.has("tags")));
}

void PocketRows::take_header(const common::CsvHeader& header, const std::string& name) {
  if (!is_pocket_header(header)) {
    std::string message = name + ": this is no Pocket CSV: its header is \"" + header.describe() +
                          "\", expected \"" + std::string(expected_header) + "\"";
    if (header.has("folder") || header.has("excerpt"))
      message += "; it looks like Raindrop's: use the plugin raindrop";
    throw Failure(FailureKind::configuration, message);
  }
  title_ = header.find("title");
  url_ = header.find("url");
  time_added_ = header.find("time_added");
  tags_ = header.find("tags");
  status_ = header.find("status");
  other_ = common::OtherColumns(header, known_columns, "pocket");
}

void PocketRows::begin_batch(Batch& batch, std::stop_token /*stop*/) {
  origin_ = make_origin(endpoint_, batch.arena);
}

void PocketRows::take_row(const common::CsvRow& row, Batch& batch) {
  const std::uint64_t line = row.position.line;
  Bookmark& bookmark = batch.bookmarks.emplace_back();
  bookmark.line = line;
  bookmark.origin = origin_;
  bookmark.url = common::cell_at(row, url_);
  bookmark.title = title_of(common::cell_at(row, title_), bookmark.url, batch.arena);
  bookmark.created_at = time_of(common::cell_at(row, time_added_), batch, line);
  const Text tags = common::cell_at(row, tags_);
  bookmark.tags = common::split_tags(tags, '|', batch.arena);
  if (tags.size() == tag_list_bytes) {
    batch.notices.push_back(
        {"a list of tags is 1,024 bytes long: Pocket cut lists there, so its last tag may be "
         "incomplete",
         line});
  }
  bookmark.extra = other_.attributes(row, batch);
  const Text status = common::trimmed(common::cell_at(row, status_));
  if (!set_status(status, bookmark)) keep_status(status, line, bookmark, batch);
}

const Origin* make_origin(const std::string& endpoint, Arena& arena) {
  Origin& origin = arena.make_array<Origin>(1).front();
  origin.plugin = "pocket";
  origin.endpoint = arena.copy(endpoint);
  return &origin;
}

Text title_of(Text title, Text url, Arena& arena) {
  if (title.empty() || title == url) return {};
  const Text tidy = common::one_line(title, arena);
  return tidy.empty() || tidy == url || tidy == common::trimmed(url) ? Text() : tidy;
}

Timestamp time_of(Text text, Batch& batch, std::uint64_t line) {
  text = common::trimmed(text);
  const Timestamp time = parse_epoch(text);
  if (!time.is_known() && !text.empty() && text != "0") {
    batch.notices.push_back({"a date that is no count of seconds is left out", line});
  }
  return time;
}

Representation represent(const Bookmark& bookmark, Arena& arena) {
  Representation result{bookmark, {}, {}};
  if (bookmark.url.empty()) {
    result.refusal = "Pocket files hold bookmarks with an address only";
    return result;
  }
  Losses losses;
  represent_title(result.bookmark, arena, losses);
  represent_tags(result.bookmark, arena, losses);
  represent_date(result.bookmark, losses);
  represent_status(result.bookmark, losses);
  drop_unheld(result.bookmark, losses);
  result.losses = losses.in(arena);
  return result;
}

void write_header(common::CsvWriter& writer) {
  for (const Text name : {"title", "url", "time_added", "tags", "status"}) writer.cell(name);
  writer.end_row();
}

void write_row(const Bookmark& bookmark, common::CsvWriter& writer) {
  writer.cell(bookmark.title.empty() ? bookmark.url : bookmark.title);
  writer.cell(bookmark.url);
  char digits[24];
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof digits, bookmark.created_at.seconds);
  writer.cell(bookmark.created_at.is_known() ? Text(digits, static_cast<std::size_t>(end - digits))
                                             : Text());
  writer.joined_cell(bookmark.tags, "|");
  writer.cell(bookmark.archived == Flag::yes ? "archive"
              : bookmark.unread == Flag::yes ? "unread"
                                             : "");
  writer.end_row();
}

}  // namespace linkferry::pocket
