#include "pipeline/content_writer.hpp"

namespace linkferry {
namespace {

Text id_of(const Bookmark& bookmark) {
  return bookmark.origin != nullptr ? bookmark.origin->id : Text{};
}

}  // namespace

void ContentWriter::rewrite(std::stop_token stop) {
  walk(
      [this](Batch& batch, std::uint32_t first_ordinal) {
        std::size_t folder = 0;
        for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
          for (; folder < batch.folders.size() && batch.folders[folder].before <= i; ++folder)
            put({Action::keep, nullptr, &batch.folders[folder].folder, {}}, {});
          if (i == batch.bookmarks.size()) break;
          const auto ordinal = static_cast<std::uint32_t>(first_ordinal + i);
          if (put_update(batch, i, ordinal) || put_removal(batch, i, ordinal)) continue;
          // The update before has taken it in.
          if (updates_.is_copy(ordinal)) {
            const Bookmark& copy = batch.bookmarks[i];
            put({Action::remove, &copy, nullptr, id_of(copy)}, {Fate::updated, &copy});
            continue;
          }
          put({Action::keep, &batch.bookmarks[i], nullptr, id_of(batch.bookmarks[i])}, {});
        }
      },
      std::move(stop));
}

void ContentWriter::send_updates(std::stop_token stop) {
  if (updates_.is_empty()) return;
  walk(
      [this](Batch& batch, std::uint32_t first_ordinal) {
        for (std::size_t i = 0; i < batch.bookmarks.size(); ++i)
          put_update(batch, i, static_cast<std::uint32_t>(first_ordinal + i));
      },
      std::move(stop));
}

void ContentWriter::send_removals(std::stop_token stop) {
  if (removals_ == nullptr || !removals_->has_removals()) return;
  walk(
      [this](Batch& batch, std::uint32_t first_ordinal) {
        for (std::size_t i = 0; i < batch.bookmarks.size(); ++i)
          put_removal(batch, i, static_cast<std::uint32_t>(first_ordinal + i));
      },
      std::move(stop));
}

void ContentWriter::walk(const Visit& visit, std::stop_token stop) {
  updates_.rewind();
  existing_.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        changes_.clear();
        facts_.clear();
        changed_.clear();
        visit(prepared.batch, first_ordinal);
        if (!changes_.empty()) output_.put(changes_, facts_);
      },
      std::move(stop));
}

void ContentWriter::put(const Change& change, const ChangeFacts& facts) {
  changes_.push_back(change);
  facts_.push_back(facts);
}

bool ContentWriter::put_update(Batch& batch, std::size_t i, std::uint32_t ordinal) {
  const Bookmark& before = batch.bookmarks[i];
  Bookmark after;
  if (!updates_.take(ordinal, batch.arena, after)) return false;
  put({Action::update, &changed_.emplace_back(after), nullptr, id_of(before)},
      {Fate::updated, &before});
  return true;
}

bool ContentWriter::put_removal(Batch& batch, std::size_t i, std::uint32_t ordinal) {
  if (removals_ == nullptr) return false;
  const Bookmark& before = batch.bookmarks[i];
  const Fate fate = removals_->fate_of(ordinal);
  if (fate == Fate::kept) return false;
  const Bookmark* after = &before;
  if (fate == Fate::quarantined)
    after = &changed_.emplace_back(removals_->quarantined(before, batch.arena));
  put({fate == Fate::quarantined ? Action::update : Action::remove, after, nullptr, id_of(before)},
      {fate, &before});
  return true;
}

}  // namespace linkferry
