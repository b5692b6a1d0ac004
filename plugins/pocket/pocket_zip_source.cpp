#include "pocket/pocket_zip_source.hpp"

#include <algorithm>
#include <charconv>

#include "linkferry/failure.hpp"

namespace linkferry::pocket {
namespace {

constexpr std::size_t max_name_bytes = 200;

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Whether a member is `folder` + a plain name that begins and ends like this. Nothing else of a
/// name is ever used.
bool has_shape(std::string_view name, std::string_view folder, std::string_view prefix,
               std::string_view ending) {
  if (name.size() > max_name_bytes || !name.starts_with(folder)) return false;
  name.remove_prefix(folder.size());
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char byte) {
    return byte != '/' && byte != '\\' && static_cast<unsigned char>(byte) >= ' ' && byte != '\x7F';
  });
  return is_plain && name.size() > prefix.size() + ending.size() && name.starts_with(prefix) &&
         name.ends_with(ending);
}

/// Takes `12:` or a last `12` off the front.
std::optional<std::size_t> take_number(std::string_view& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(':')) text.remove_prefix(1);
  return value;
}

}  // namespace

bool is_before_naturally(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      while (i < a.size() && a[i] == '0') ++i;
      while (j < b.size() && b[j] == '0') ++j;
      std::size_t a_end = i;
      std::size_t b_end = j;
      while (a_end < a.size() && is_digit(a[a_end])) ++a_end;
      while (b_end < b.size() && is_digit(b[b_end])) ++b_end;
      if (a_end - i != b_end - j) return a_end - i < b_end - j;
      const int order = a.substr(i, a_end - i).compare(b.substr(j, b_end - j));
      if (order != 0) return order < 0;
      i = a_end;
      j = b_end;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i;
      ++j;
    }
  }
  if (i < a.size() || j < b.size()) return i == a.size();
  return a < b;
}

PocketZipSource::PocketZipSource(std::string bytes, const std::string& name, std::string endpoint)
    : endpoint_(std::move(endpoint)),
      name_(name),
      archive_(std::move(bytes), name),
      rows_(endpoint_) {
  sort_members(name);
}

void PocketZipSource::sort_members(const std::string& name) {
  for (const ZipMember& member : archive_.members()) {
    if (has_shape(member.name, "", "part_", ".csv")) parts_.push_back(&member);
    if (has_shape(member.name, "annotations/", "", ".json")) annotations_.push_back(&member);
    if (has_shape(member.name, "collections/", "", ".json")) collections_.push_back(&member);
  }
  if (parts_.empty() && annotations_.empty() && collections_.empty()) {
    throw Failure(FailureKind::configuration, name + ": this zip is not from Pocket: it has " +
                                                  std::to_string(archive_.members().size()) +
                                                  " members, but no part_000000.csv at its top");
  }
  for (auto* members : {&parts_, &annotations_, &collections_}) {
    std::sort(members->begin(), members->end(), [](const ZipMember* a, const ZipMember* b) {
      return is_before_naturally(a->name, b->name);
    });
  }
}

ReadResult PocketZipSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  load_highlights();
  read_stage(batch, limit, stop);
  batch.checkpoint = checkpoint();
  if (stage_ != Stage::end) return ReadResult::more;
  if (!cut_) return ReadResult::end;
  batch.notices.push_back(*cut_);
  return ReadResult::incomplete;
}

void PocketZipSource::read_stage(Batch& batch, std::size_t limit, std::stop_token stop) {
  while (stage_ != Stage::end && batch.bookmarks.size() < limit && !stop.stop_requested()) {
    bool is_done = false;
    switch (stage_) {
      case Stage::parts:
        is_done = !read_part(batch, limit, stop);
        break;
      case Stage::highlights:
        is_done = !read_unattached(batch, limit);
        break;
      case Stage::collections:
        is_done = !read_collection(batch, limit);
        break;
      case Stage::end:
        break;
    }
    if (!is_done) return;
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
    index_ = 0;
    item_ = 0;
  }
}

void PocketZipSource::load_highlights() {
  if (has_highlights_) return;
  has_highlights_ = true;
  for (const ZipMember* member : annotations_) {
    const std::string json = archive_.read_all(*member, max_json_bytes);
    json_bytes_ += json.size();
    if (json_bytes_ > max_json_bytes_in_all) {
      throw Failure(FailureKind::configuration,
                    name_ + ": more than 256 MiB of highlights: refused");
    }
    highlights_.add(json, name_ + ": " + member->name);
  }
}

void PocketZipSource::open_part() {
  if (table_) return;
  input_.emplace(archive_.open(*parts_[index_]));
  table_.emplace(*input_, rows_);
}

void PocketZipSource::close_part() {
  table_.reset();
  input_.reset();
  done_bytes_ += parts_[index_]->unpacked_bytes;
  ++index_;
}

/// Fills the batch from one part or more; false when there is none left.
bool PocketZipSource::read_part(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (index_ == parts_.size()) return false;
  open_part();
  const std::size_t first = batch.bookmarks.size();
  const ReadResult result = table_->read(batch, limit, stop);
  for (auto text = input_->take_notice(); !text.empty(); text = input_->take_notice()) {
    batch.notices.push_back({text, 0});
  }
  if (!highlights_.empty()) {
    for (std::size_t i = first; i < batch.bookmarks.size(); ++i) {
      highlights_.attach(batch.bookmarks[i], batch.arena);
    }
  }
  if (result == ReadResult::incomplete) cut_ = batch.notices.back();
  if (result != ReadResult::more) close_part();
  return true;
}

bool PocketZipSource::read_unattached(Batch& batch, std::size_t limit) {
  const Origin* const origin = make_origin(endpoint_, batch.arena);
  while (batch.bookmarks.size() < limit) {
    auto bookmark = highlights_.next_unattached(item_, batch.arena);
    if (!bookmark) return false;
    bookmark->origin = origin;
    batch.bookmarks.push_back(*bookmark);
  }
  return true;
}

void PocketZipSource::open_collection() {
  if (collection_) return;
  const ZipMember& member = *collections_[index_];
  collection_ = std::make_unique<Collection>(archive_.read_all(member, max_json_bytes),
                                             name_ + ": " + member.name);
}

bool PocketZipSource::read_collection(Batch& batch, std::size_t limit) {
  if (index_ == collections_.size()) return false;
  open_collection();
  const Origin* const origin = make_origin(endpoint_, batch.arena);
  if (item_ == 0) {
    const Folder folder = collection_->folder(batch.arena);
    if (!folder.path.empty()) batch.folders.push_back({folder, batch.bookmarks.size()});
  }
  while (item_ < collection_->size() && batch.bookmarks.size() < limit) {
    Bookmark& bookmark = batch.bookmarks.emplace_back(collection_->bookmark(item_++, batch.arena));
    bookmark.origin = origin;
  }
  if (item_ == collection_->size()) {
    done_bytes_ += collections_[index_]->unpacked_bytes;
    collection_.reset();
    ++index_;
    item_ = 0;
  }
  return true;
}

bool PocketZipSource::rewind() {
  table_.reset();
  input_.reset();
  collection_.reset();
  highlights_.forget_attached();
  stage_ = Stage::parts;
  index_ = 0;
  item_ = 0;
  done_bytes_ = 0;
  cut_.reset();
  return true;
}

/// `stage:index:item`, and for parts `0:index:offset:line`.
std::string PocketZipSource::checkpoint() const {
  const std::string place =
      std::to_string(static_cast<int>(stage_)) + ":" + std::to_string(index_) + ":";
  if (stage_ == Stage::parts) return place + (table_ ? table_->checkpoint() : "0:1");
  return place + std::to_string(item_);
}

/// Reads parts only to learn which highlights find their bookmark there.
void PocketZipSource::skip_parts(std::size_t count, std::string_view last_checkpoint) {
  Batch scratch;
  while (index_ < count && index_ < parts_.size()) {
    scratch.clear();
    read_part(scratch, 1000, {});
  }
  if (last_checkpoint.empty() || index_ == parts_.size()) return;
  open_part();
  const std::string_view offset_text = last_checkpoint.substr(0, last_checkpoint.find(':'));
  std::uint64_t offset = 0;
  std::from_chars(offset_text.data(), offset_text.data() + offset_text.size(), offset);
  const std::size_t part = index_;
  while (!highlights_.empty() && index_ == part && table_->position_bytes() < offset) {
    scratch.clear();
    read_part(scratch, 1, {});
  }
  if (index_ == part) {
    table_.reset();
    input_.reset();
    open_part();
    table_->resume(last_checkpoint);
  }
}

bool PocketZipSource::resume(std::string_view checkpoint) {
  const auto stage = take_number(checkpoint);
  const auto index = take_number(checkpoint);
  if (!stage || !index || *stage > static_cast<std::size_t>(Stage::end)) return false;
  const std::string_view rest = checkpoint;
  const auto item = take_number(checkpoint);
  if (!item) return false;
  rewind();
  load_highlights();
  if (*stage == static_cast<std::size_t>(Stage::parts)) {
    skip_parts(*index, rest);
    return true;
  }
  skip_parts(parts_.size(), {});
  stage_ = static_cast<Stage>(*stage);
  index_ = *index;
  item_ = *item;
  if (stage_ != Stage::collections || index_ <= collections_.size()) return true;
  rewind();
  return false;
}

std::uint64_t PocketZipSource::total() const {
  std::uint64_t bytes = 0;
  for (const auto* members : {&parts_, &collections_}) {
    for (const ZipMember* member : *members) bytes += member->unpacked_bytes;
  }
  return bytes;
}

}  // namespace linkferry::pocket
