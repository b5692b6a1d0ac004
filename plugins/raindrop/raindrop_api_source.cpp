#include "raindrop/raindrop_api_source.hpp"

#include <algorithm>
#include <charconv>

namespace linkferry::raindrop {
namespace {

constexpr std::size_t good_batch_bytes = 256 * 1024;
constexpr unsigned most_rounds = 6;

/// The text, in `arena`.
void keep(Text& text, Arena& arena) { text = arena.copy(text); }

/// The same bookmark with all its texts in `arena`.
void keep_texts(Bookmark& b, Arena& arena) {
  for (Text* text : {&b.url, &b.title, &b.description, &b.notes, &b.cover_url}) keep(*text, arena);
  const auto tags = arena.make_array<Text>(b.tags.size());
  std::ranges::transform(b.tags, tags.begin(), [&arena](Text tag) { return arena.copy(tag); });
  b.tags = tags;
  const auto highlights = arena.make_array<Highlight>(b.highlights.size());
  std::ranges::copy(b.highlights, highlights.begin());
  for (Highlight& highlight : highlights) {
    for (Text* text : {&highlight.text, &highlight.note, &highlight.color}) keep(*text, arena);
  }
  b.highlights = highlights;
  const auto media = arena.make_array<Media>(b.media.size());
  std::ranges::copy(b.media, media.begin());
  for (Media& medium : media) keep(medium.url, arena), keep(medium.kind, arena);
  b.media = media;
  const auto extra = arena.make_array<Attribute>(b.extra.size());
  std::ranges::copy(b.extra, extra.begin());
  for (Attribute& attribute : extra) keep(attribute.name, arena), keep(attribute.value, arena);
  b.extra = extra;
}

std::size_t bytes_of(const Item& item) {
  return item.link.size() + item.title.size() + item.excerpt.size() + item.note.size();
}

FolderPath copy_path(FolderPath path, Arena& arena) {
  const auto names = arena.make_array<Text>(path.size());
  std::ranges::transform(path, names.begin(), [&arena](Text name) { return arena.copy(name); });
  return names;
}

}  // namespace

ReadResult ApiSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  std::size_t bytes = 0;
  try {
    while (batch.bookmarks.size() < limit && bytes < good_batch_bytes) {
      if (stop.stop_requested()) return ReadResult::more;
      if (!item_) item_ = next_item(scratch_, stop);
      if (collections_.is_loaded() && !has_folders_) add_folders(batch);
      if (!item_) return end(batch);
      add(*item_, batch, stop);
      bytes += bytes_of(*item_);
      item_.reset();
      scratch_.clear();
    }
  } catch (const Failure& failure) {
    // What was read before is good, and the request that was broken off is made again.
    if (failure.kind() != FailureKind::interrupted || !stop.stop_requested()) throw;
  }
  return ReadResult::more;
}

ReadResult ApiSource::end(Batch& batch) {
  if (is_incomplete_) {
    batch.notices.push_back({"Raindrop lists other bookmarks than it counts, again and again", 0});
    return ReadResult::incomplete;
  }
  // What was changed just now may change again without another date.
  if (checkpoint_.last_update_ms != 0) batch.checkpoint = format_checkpoint(checkpoint_);
  return ReadResult::end;
}

bool ApiSource::resume(std::string_view checkpoint) {
  const auto parsed = parse_checkpoint(checkpoint);
  if (!parsed) return false;
  since_ = *parsed;
  phase_ = Phase::start;
  seen_ = {};
  item_.reset();
  rounds_ = short_rounds_ = 0;
  given_ = 0;
  is_incomplete_ = has_folders_ = false;
  return true;
}

/// Nothing has changed where both the date and the counts say so.
bool ApiSource::is_unchanged(std::stop_token stop) {
  if (!since_) return false;
  const bool has_trash = since_->trash >= 0;
  if (user_.last_update_ms != since_->last_update_ms || has_trash != options_.reads_trash)
    return false;
  const Stats stats = read_stats(*api_, std::move(stop));
  return stats.all == since_->all && (!has_trash || stats.trash == since_->trash);
}

void ApiSource::begin(std::stop_token stop) {
  user_ = read_user(*api_, stop);
  if (is_unchanged(stop)) {
    checkpoint_ = *since_;
    phase_ = Phase::done;
    return;
  }
  collections_.load(stop, user_.roots_order);
  // Without the date nothing but the pages can show that rows have moved.
  begin_round(user_.last_update_ms == 0 ? Pace::careful : Pace::plain, std::move(stop));
}

void ApiSource::begin_round(Pace pace, std::stop_token stop) {
  const bool is_first = rounds_++ == 0;
  if (!is_first) user_ = read_user(*api_, std::move(stop));
  pace_ = pace;
  are_scans_sound_ = are_scans_still_ = true;
  lists_of_pages_ = 0;
  const std::int64_t now_ms = api_->now_seconds() * 1000;
  const bool is_settled = now_ms - user_.last_update_ms > margin_ms;
  // What was given in the first round may have been edited before the second, which does not give
  // it again: so the date stays that of the first.
  if (is_first) checkpoint_.last_update_ms = is_settled ? user_.last_update_ms : 0;
  checkpoint_.all = 0;
  checkpoint_.trash = -1;
  scan_ = std::make_unique<ListScan>(*api_, all_id, pace_, seen_);
  phase_ = Phase::bookmarks;
}

std::optional<Item> ApiSource::next_item(Arena& arena, std::stop_token stop) {
  if (phase_ == Phase::start) begin(stop);
  while (phase_ != Phase::done) {
    if (auto item = scan_->next(arena, stop)) {
      total_ = std::max(total_, scan_->count());
      return item;
    }
    end_list(stop);
  }
  return {};
}

void ApiSource::end_list(std::stop_token stop) {
  are_scans_sound_ = are_scans_sound_ && scan_->is_sound();
  are_scans_still_ = are_scans_still_ && !scan_->has_moved();
  if (!scan_->is_one_page()) ++lists_of_pages_;
  const auto count = static_cast<std::int64_t>(scan_->count());
  if (phase_ == Phase::bookmarks) checkpoint_.all = count;
  if (phase_ == Phase::trash) checkpoint_.trash = count;
  if (phase_ == Phase::bookmarks && options_.reads_trash) {
    scan_ = std::make_unique<ListScan>(*api_, trash_id, pace_, seen_);
    phase_ = Phase::trash;
    return;
  }
  end_round(std::move(stop));
}

/// One page is a snapshot; more of them are one when nothing was changed meanwhile, or where each
/// began with a row of the one before.
ApiSource::Verdict ApiSource::judge(std::stop_token stop) {
  if (!are_scans_sound_) return are_scans_still_ ? Verdict::short_of_count : Verdict::changed;
  const bool is_snapshot = lists_of_pages_ == 0 && !options_.reads_trash;
  if (is_snapshot || pace_ == Pace::careful) return Verdict::whole;
  const User user = read_user(*api_, std::move(stop));
  return user.last_update_ms == user_.last_update_ms ? Verdict::whole : Verdict::changed;
}

void ApiSource::end_round(std::stop_token stop) {
  const Verdict verdict = judge(stop);
  short_rounds_ = verdict == Verdict::short_of_count ? short_rounds_ + 1 : 0;
  constexpr unsigned convincing = 3;
  is_incomplete_ = short_rounds_ == convincing;
  if (verdict == Verdict::whole || is_incomplete_) {
    phase_ = Phase::done;
    return;
  }
  if (rounds_ == most_rounds) {
    throw Failure(FailureKind::temporary,
                  api_->base_url() +
                      ": the bookmarks change faster than they can be listed; run again later");
  }
  api_->host().log(LogLevel::info, api_->base_url() +
                                       ": bookmarks were changed while they were read; the list "
                                       "is read again");
  begin_round(Pace::careful, std::move(stop));
}

void ApiSource::add_folders(Batch& batch) {
  has_folders_ = true;
  Arena& arena = batch.arena;
  for (const Collection* collection : collections_.in_order()) {
    PlacedFolder placed;
    placed.before = batch.bookmarks.size();
    placed.folder.path = copy_path(collections_.path_of(collection->id), arena);
    if (placed.folder.path.empty()) continue;
    if (options_.whereabouts == nullptr) {
      placed.folder.created_at = collection->created;
      placed.folder.modified_at = collection->updated;
    }
    batch.folders.push_back(placed);
  }
}

/// A collection that was made since the reading began is looked for once.
void ApiSource::add_folder_of(const Item& item, Bookmark& bookmark, Batch& batch,
                              std::stop_token stop) {
  if (item.collection <= 0) return;
  if (collections_.find(item.collection) == nullptr && !std::exchange(has_reloaded_, true))
    collections_.load(std::move(stop), user_.roots_order);
  const Collection* const collection = collections_.find(item.collection);
  if (collection == nullptr) {
    batch.notices.push_back({"bookmarks whose collection is not listed have no folder", 0});
    return;
  }
  if (options_.whereabouts == nullptr) bookmark.shared = to_flag(collection->is_public);
  const FolderPath path = copy_path(collections_.path_of(item.collection), batch.arena);
  if (!path.empty()) bookmark.folders = batch.arena.copy(std::span<const FolderPath>(&path, 1));
}

void ApiSource::add(const Item& item, Batch& batch, std::stop_token stop) {
  Arena& arena = batch.arena;
  const bool is_sink = options_.whereabouts != nullptr;
  Bookmark bookmark = to_bookmark(item, is_sink ? View::held : View::everything, arena);
  keep_texts(bookmark, arena);
  add_folder_of(item, bookmark, batch, std::move(stop));
  if (options_.reads_trash) bookmark.archived = to_flag(item.is_in_trash());
  Origin& origin = arena.make_array<Origin>(1)[0];
  origin.plugin = "raindrop";
  origin.endpoint = arena.copy(std::string_view(options_.endpoint));
  origin.id = arena.copy(std::string_view(std::to_string(item.id)));
  origin.list = item.is_in_trash() ? "trash" : "bookmarks";
  bookmark.origin = &origin;
  if (is_sink) {
    origin.changed_at = item.updated;
    options_.whereabouts->learn(item.id, item.collection);
  }
  batch.bookmarks.push_back(bookmark);
  ++given_;
}

void ApiSource::look_up(std::span<const Text> ids, std::span<Absence> absences,
                        std::stop_token stop) {
  look_up_items(*api_, ids, absences, std::move(stop));
}

std::vector<std::string> ApiSource::describe(std::stop_token stop) {
  return describe_account(*api_, std::move(stop));
}

}  // namespace linkferry::raindrop
