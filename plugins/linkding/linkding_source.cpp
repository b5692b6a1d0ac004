#include "linkding/linkding_source.hpp"

#include <algorithm>

#include "linkding/linkding_text.hpp"

namespace linkferry::linkding {
namespace {

constexpr std::size_t good_batch_bytes = 256 * 1024;
constexpr std::size_t largest_text_bytes = 16 * 1024 * 1024;
constexpr unsigned most_failures_in_a_row = 10;

bool is_number(Text text) {
  return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == Text::npos;
}

/// The same record with all its texts in `arena`.
Record keep(Record r, Arena& arena) {
  for (Text* text :
       {&r.url, &r.title, &r.description, &r.notes, &r.icon, &r.cover_url, &r.archive_url})
    *text = arena.copy(*text);
  const auto tags = arena.make_array<Text>(r.tags.size());
  std::ranges::transform(r.tags, tags.begin(), [&arena](Text tag) { return arena.copy(tag); });
  r.tags = tags;
  const auto extra = arena.make_array<Attribute>(r.extra.size());
  std::ranges::transform(r.extra, extra.begin(), [&arena](const Attribute& attribute) {
    return Attribute{arena.copy(attribute.name), arena.copy(attribute.value)};
  });
  r.extra = extra;
  return r;
}

std::size_t bytes_of(const Record& r) {
  std::size_t bytes =
      r.url.size() + r.title.size() + r.description.size() + r.notes.size() + r.archive_url.size();
  for (const Text tag : r.tags) bytes += tag.size();
  return bytes;
}

bool is_too_large(const Record& r) {
  return std::max({r.url.size(), r.title.size(), r.description.size(), r.notes.size()}) >
         largest_text_bytes;
}

std::string plural(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what;
}

}  // namespace

ReadResult LinkdingSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  std::size_t bytes = 0;
  try {
    while (batch.bookmarks.size() + batch.rejections.size() < limit && bytes < good_batch_bytes) {
      if (stop.stop_requested()) return ReadResult::more;
      if (!has_record_ && !next_record(record_, scratch_, stop)) {
        batch.checkpoint = checkpoint();
        return ReadResult::end;
      }
      has_record_ = true;
      add(record_, batch, stop);
      has_record_ = false;
      bytes += bytes_of(record_);
      scratch_.clear();
    }
  } catch (const Failure& failure) {
    // What was read before is good, and the request that was broken off is made again.
    if (failure.kind() != FailureKind::interrupted || !stop.stop_requested()) throw;
  }
  return ReadResult::more;
}

bool LinkdingSource::resume(std::string_view checkpoint) {
  const auto parsed = parse_checkpoint(checkpoint);
  if (!parsed) return false;
  since_ = last_ = *parsed;
  phase_ = Phase::start;
  seen_ = {};
  maker_ = {};
  new_ids_ = handed_out_ = 0;
  has_record_ = false;
  return true;
}

void LinkdingSource::begin(std::stop_token stop) {
  if (options_.library != nullptr)
    view_ = api_->features(stop).keeps_dates ? View::held : View::held_undated;
  if (options_.lists_files && !api_->features(stop).has_assets) options_.lists_files = false;
}

void LinkdingSource::enter(Phase phase, std::string_view path, std::string filter) {
  if (since_) filter = "modified_since=" + format_since(since_->since_us);
  list_ = std::make_unique<ListReader>(*api_, path, std::move(filter), options_.page_size, seen_);
  phase_ = phase;
}

bool LinkdingSource::next_record(Record& record, Arena& arena, std::stop_token stop) {
  while (phase_ != Phase::done) {
    if (phase_ == Phase::start) {
      begin(stop);
      enter(Phase::archived, archived_path, {});
    }
    if (phase_ == Phase::count) {
      compare_counts(stop);
      continue;
    }
    const bool is_met = list_->next(record, arena, stop);
    if (!maker_.has_begun()) maker_.begin(api_->now_seconds());
    if (phase_ == Phase::active) total_ = archived_count_ + list_->count();
    if (is_met) {
      maker_.see(record.id, record.modified);
      if (is_wanted(record)) return true;
      continue;
    }
    if (phase_ == Phase::archived) {
      archived_count_ = list_->count();
      is_archive_one_page_ = list_->is_single_page();
      enter(Phase::active, active_path, {});
    } else if (phase_ == Phase::active) {
      leave_active();
    } else {
      phase_ = Phase::done;
    }
  }
  return false;
}

/// What was archived between the two lists was in neither: the first is looked at again.
void LinkdingSource::leave_active() {
  if (since_) {
    phase_ = Phase::count;
  } else if (seen_.size() == 0) {
    phase_ = Phase::done;
  } else {
    const std::int64_t just_before = (maker_.began_seconds() - 1) * 1'000'000;
    enter(Phase::archived_again, archived_path,
          is_archive_one_page_ ? "" : "modified_since=" + format_since(just_before));
  }
}

/// Whether to hand it out: in an incremental reading only what was not known yet.
bool LinkdingSource::is_wanted(const Record& record) {
  if (!since_) return true;
  const std::int64_t modified = microseconds_of(record.modified);
  if (modified <= since_->since_us) {
    read_all_again("it passes over modified_since, so that all is read");
    return true;
  }
  if (record.id > last_.highest_id) ++new_ids_;
  return !since_->is_known(record.id, modified);
}

void LinkdingSource::read_all_again(const std::string& why) {
  api_->host().log(LogLevel::info, api_->client().base_url() + ": " + why);
  since_.reset();
  phase_ = Phase::start;
}

/// New bookmarks whose date of change is an old one are not among the changes.
void LinkdingSource::compare_counts(std::stop_token stop) {
  counted_ = count_of(*api_, archived_path, stop) + count_of(*api_, active_path, stop);
  total_ = counted_;
  if (counted_ == last_.total + new_ids_) {
    phase_ = Phase::done;
    return;
  }
  read_all_again("it holds " + std::to_string(counted_) + " bookmarks, expected " +
                 std::to_string(last_.total + new_ids_) +
                 " after what was changed: something was deleted, or added with an old date, so "
                 "that all is read");
}

std::string LinkdingSource::checkpoint() const {
  const std::uint64_t total = since_ ? counted_ : seen_.size();
  const std::int64_t highest = std::max(seen_.highest, last_.highest_id);
  return format_checkpoint(maker_.make(total, highest, since_ ? since_->since_us : 0));
}

void LinkdingSource::add(const Record& record, Batch& batch, std::stop_token stop) {
  if (is_too_large(record)) {
    constexpr std::size_t excerpt = 60;
    ++handed_out_;
    batch.rejections.push_back({"one of its texts is larger than 16 MiB",
                                batch.arena.copy(first_characters(record.url, excerpt)), 0,
                                batch.bookmarks.size()});
    return;
  }
  Bookmark bookmark = to_bookmark(keep(record, batch.arena), view_, batch.arena);
  Origin& origin = batch.arena.make_array<Origin>(1)[0];
  origin = *bookmark.origin;
  origin.plugin = "linkding";
  origin.endpoint = batch.arena.copy(std::string_view(options_.endpoint));
  bookmark.origin = &origin;
  if (options_.lists_files) bookmark.media = files_.read(record.id, batch, std::move(stop));
  if (options_.library != nullptr) options_.library->learn(bookmark);
  batch.bookmarks.push_back(bookmark);
  ++handed_out_;
}

void LinkdingSource::look_up(std::span<const Text> ids, std::span<Absence> absences,
                             std::stop_token stop) {
  unsigned failures = 0;
  for (std::size_t i = 0; i < ids.size() && !stop.stop_requested(); ++i) {
    // Another text would be a part of the API of another name.
    if (!is_number(ids[i])) continue;
    const HttpResponse answer = api_->ask(path_of_bookmark(ids[i]), stop);
    if (is_missing(answer)) {
      absences[i] = Absence::removed;
    } else if (answer.status == 200 && member_of(answer.body, "id") == ids[i]) {
      absences[i] = Absence::present;
    }
    failures = answer.status >= 500 || answer.status == 429 ? failures + 1 : 0;
    if (failures < most_failures_in_a_row) continue;
    api_->host().log(LogLevel::warning,
                     std::string("why bookmarks are not in the lists any more cannot be told now, "
                                 "and they count as kept: ") +
                         api_->client().failure_of(answer, "").what());
    return;
  }
}

std::vector<std::string> LinkdingSource::describe(std::stop_token stop) {
  return describe_library(*api_, stop);
}

std::vector<std::string> describe_library(Api& api, std::stop_token stop) {
  const Features& features = api.features(stop);
  std::vector<std::string> sentences;
  sentences.push_back("linkding " +
                      (features.version.empty() ? "of an old version that it does not "
                                                  "tell"
                                                : features.version) +
                      " answers at " + api.client().base_url());
  const std::uint64_t active = count_of(api, active_path, stop);
  const std::uint64_t archived = count_of(api, archived_path, stop);
  sentences.push_back("the token belongs to a user with " + plural(active, "bookmarks and ") +
                      plural(archived, "archived ones"));
  sentences.emplace_back(
      "the token may read, add, change and delete everything of that user (linkding has no "
      "others)");
  for (std::string& sentence : lacking(features)) sentences.push_back(std::move(sentence));
  return sentences;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  LinkdingSource::Options options;
  options.endpoint = settings.endpoint();
  if (settings.has("page_size"))
    options.page_size =
        static_cast<std::size_t>(std::max<std::int64_t>(1, settings.number("page_size")));
  options.save_folder = folder_in(settings, "save_files");
  options.lists_files = settings.flag("files") || !options.save_folder.empty();
  return std::make_unique<LinkdingSource>(std::make_shared<Api>(settings, host), options);
}

}  // namespace linkferry::linkding
