#include "pipeline/existing_content.hpp"

#include <unordered_set>

#include "pipeline/books.hpp"

namespace linkferry {
namespace {

/// Beside the facts of a folder: the sink has it already.
constexpr std::uint8_t is_held = 128;

/// The sink's own content goes through no rules: its texts are made clean, and what has no key is
/// kept all the same.
void prepare_existing(PreparedBatch& prepared) {
  prepared.verdicts.assign(prepared.batch.bookmarks.size(), {});
  TextRepair repair(prepared.batch);
  for (std::size_t i = 0; i < prepared.batch.bookmarks.size(); ++i) {
    Bookmark& bookmark = prepared.batch.bookmarks[i];
    if (const Text refused = reason_to_refuse(bookmark, prepared.batch.are_texts_clean);
        is_present(refused)) {
      prepared.verdicts[i] = {Verdict::Kind::skipped, refused};
    }
    repair(bookmark);
  }
}

}  // namespace

std::uint8_t stated_facts(const Folder& folder) {
  std::uint8_t facts = 1;
  if (is_present(folder.description)) facts |= 2;
  if (folder.created_at.is_known()) facts |= 4;
  if (folder.modified_at.is_known()) facts |= 8;
  if (folder.role != FolderRole::none) facts |= 16;
  return facts;
}

void ExistingContent::load(std::stop_token stop) {
  source_ = sink_.existing();
  if (!source_) return;
  repeatable_ = std::make_unique<Repeatable>(*source_);
  folders_[path_hash({})] = is_held;
  Source* const source = &repeatable_->from_start();
  BatchPipe pipe({&source, 1}, prepare_existing, stop);
  while (auto prepared = pipe.next()) {
    represent_all(*prepared, &losses_);
    index_batch(*prepared, static_cast<std::uint32_t>(count_));
    count_ += prepared->batch.bookmarks.size();
    note(*prepared);
    pipe.give_back(std::move(prepared));
  }
  collect_missing(stop);
  duplicates_.seal();
}

/// Only a sink with keys of its own can make this necessary, and only when it holds duplicates
/// already.
void ExistingContent::collect_missing(std::stop_token stop) {
  const std::unordered_set<std::uint32_t> missing(duplicates_.missing().begin(),
                                                  duplicates_.missing().end());
  if (missing.empty()) return;
  walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        for (std::size_t i = 0; i < prepared.batch.bookmarks.size(); ++i) {
          const auto ordinal = static_cast<std::uint32_t>(first_ordinal + i);
          if (missing.contains(ordinal))
            duplicates_.add(duplicates_.first_of(ordinal), ordinal, 0, prepared.batch.bookmarks[i]);
        }
      },
      stop);
}

void ExistingContent::note(const PreparedBatch& prepared) {
  const Batch& batch = prepared.batch;
  if (unreadable_count_ == 0 && !batch.rejections.empty())
    first_unreadable_line_ = batch.rejections.front().line;
  unreadable_count_ += batch.rejections.size();
  count_notices(batch.notices, name_, notices_);
  if (prepared.result != ReadResult::incomplete) return;
  truncation_ = batch.notices.empty() ? "it is cut off" : std::string(batch.notices.back().text);
}

/// Folder records as the sink would write them; those that it has no place for are taken out, and
/// named as losses.
void ExistingContent::represent_folders(Batch& batch, std::vector<LossCount>* losses) const {
  std::erase_if(batch.folders, [&](PlacedFolder& placed) {
    const FolderRepresentation held = sink_.represent_folder(placed.folder, batch.arena);
    if (losses != nullptr) count_folder_losses(placed.folder, held, *losses);
    placed.folder = held.folder;
    return !held.is_held;
  });
}

void ExistingContent::represent_all(PreparedBatch& prepared, std::vector<LossCount>* losses) const {
  represent_folders(prepared.batch, losses);
  for (Bookmark& bookmark : prepared.batch.bookmarks) {
    const Representation held = sink_.represent(bookmark, prepared.batch.arena);
    if (is_present(held.refusal)) continue;
    const Origin* const origin = bookmark.origin;
    if (losses != nullptr) count_losses(held.losses, bookmark.url, *losses);
    bookmark = held.bookmark;
    bookmark.origin = origin;
  }
}

void ExistingContent::index_batch(PreparedBatch& prepared, std::uint32_t first_ordinal) {
  Batch& batch = prepared.batch;
  for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
    if (prepared.verdicts[i].kind != Verdict::Kind::passes) continue;
    const Bookmark& bookmark = batch.bookmarks[i];
    const auto ordinal = static_cast<std::uint32_t>(first_ordinal + i);
    const RecordKeys keys = keys_.make(bookmark, batch.arena);
    const Fingerprint print = linkferry::fingerprint(bookmark);
    fingerprint_ += print.whole();
    const Held held{print.content, static_cast<std::uint32_t>(print.folders), false};
    if (const auto first = remember(index_, keys, ordinal, duplicates_, held)) {
      add_copy(keys, print);
      duplicates_.add(*first, ordinal, 0, bookmark);
    }
  }
  for (const PlacedFolder& placed : batch.folders) {
    if (placed.folder.type == Folder::Type::folder)
      folders_[path_hash(placed.folder.path)] = static_cast<std::uint8_t>(
          folders_[path_hash(placed.folder.path)] | stated_facts(placed.folder) | is_held);
  }
}

void ExistingContent::add_copy(const RecordKeys& keys, const Fingerprint& print) {
  if (keys.has_unique) {
    // Two keys, two payloads that would have to agree: such groups are always compared text by
    // text.
    index_.find_payload(keys.match)->is_mixed = true;
    index_.find_payload(keys.unique)->is_mixed = true;
    return;
  }
  Held& held = *index_.find_payload(keys.match);
  if (held.content != print.content) held.is_mixed = true;
  held.folders += static_cast<std::uint32_t>(print.folders);
}

std::optional<ExistingContent::Match> ExistingContent::find(const RecordKeys& keys,
                                                            const Fingerprint& wanted) {
  Key key = keys.match;
  auto ordinal = index_.find(key);
  if (!ordinal && keys.has_unique) {
    key = keys.unique;
    ordinal = index_.find(key);
  }
  if (!ordinal) return {};
  const Held& held = *index_.find_payload(key);
  const bool is_equal = !held.is_mixed && held.content == wanted.content &&
                        held.folders == static_cast<std::uint32_t>(wanted.folders);
  return Match{duplicates_.first_of(*ordinal), is_equal};
}

bool ExistingContent::adds_folder(const Folder& folder) {
  if (folder.type == Folder::Type::separator) {
    const auto known = folders_.find(path_hash(folder.path));
    return known == folders_.end() || (known->second & is_held) == 0;
  }
  std::uint8_t& known = folders_[path_hash(folder.path)];
  const std::uint8_t stated = stated_facts(folder);
  const bool adds = (stated & ~known) != 0;
  known |= stated;
  return adds;
}

void ExistingContent::walk(const std::function<void(PreparedBatch&, std::uint32_t)>& visit,
                           std::stop_token stop) {
  if (is_empty()) return;
  duplicates_.rewind();
  std::uint32_t ordinal = 0;
  Source* const source = &repeatable_->from_start();
  BatchPipe pipe({&source, 1}, prepare_existing, stop);
  while (auto prepared = pipe.next()) {
    represent_all(*prepared, nullptr);
    visit(*prepared, ordinal);
    ordinal += static_cast<std::uint32_t>(prepared->batch.bookmarks.size());
    pipe.give_back(std::move(prepared));
  }
}

}  // namespace linkferry
