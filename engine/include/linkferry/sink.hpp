#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/source.hpp"

namespace linkferry {

enum class LossKind : std::uint8_t {
  dropped,      ///< the sink has no place for it
  truncated,    ///< cut at the sink's limit, or dates at its precision
  transformed,  ///< kept in another form
};

constexpr std::string_view name_of(LossKind kind) {
  constexpr std::string_view names[] = {"dropped", "truncated", "transformed"};
  return names[static_cast<std::size_t>(kind)];
}

/// One field that the sink will not hold as the bookmark has it.
struct Loss {
  Field field = Field::url;
  LossKind kind = LossKind::dropped;
  Text reason;  ///< a fixed sentence, the same for all records that lose this way; it may name an
                ///< option that helps
};

/// What a sink would hold if asked to store a bookmark, and what is lost in that.
struct Representation {
  Bookmark bookmark;
  std::span<const Loss> losses;
  Text refusal;  ///< present when the sink cannot hold the bookmark at all: the reason
};

struct FolderRepresentation {
  Folder folder;
  bool is_held = false;  ///< false: the sink has no such thing
  std::span<const Loss> losses;
};

enum class Action : std::uint8_t { keep, create, update, remove };

/// One change, of a bookmark or of a folder record (exactly one of the two is set).
struct Change {
  Action action = Action::create;
  const Bookmark* bookmark =
      nullptr;  ///< as `represent` returned it; for `remove`, what is there now
  const Folder* folder = nullptr;
  Text id;  ///< the sink's own id of what is updated, kept or removed; absent for `create`
};

enum class Result : std::uint8_t {
  done,
  already_so,  ///< the sink held this already
  rejected,    ///< the sink will never take it; `reason` says why
  failed,      ///< it may work later; `reason` says why
};

/// What became of a change.
struct Outcome {
  Result result = Result::done;
  std::string id;  ///< the sink's own id afterwards, where it has ids
  std::string reason;
};

enum class SinkKind : std::uint8_t {
  staged,  ///< takes the whole content in order (`keep` included) and makes it visible at once in
           ///< `commit`
  live,  ///< every change is visible when `write` returns; gets changes only (`keep` never), from a
         ///< finished plan
};

/// Holds bookmarks.
///
/// Thread: one thread at a time, but `represent`, `represent_folder` and `unique_key` are pure and
/// may be called from any.
class Sink {
 public:
  virtual ~Sink() = default;

  virtual SinkKind kind() const = 0;

  /// What the sink would hold for this bookmark. Pure: no I/O, the same answer each time, and
  /// stable: representing a representation changes and loses nothing. Every text of the input is
  /// valid UTF-8 without control characters other than tab and line feed. New texts go into
  /// `arena`.
  virtual Representation represent(const Bookmark& bookmark, Arena& arena) const = 0;

  /// The same for a folder record; a sink without folders keeps this one.
  virtual FolderRepresentation represent_folder(const Folder& folder, Arena& /*arena*/) const {
    return {folder, false, {}};
  }

  /// The sink's own idea of sameness: two URLs of equal unique key cannot both be held. Absent: it
  /// has none.
  virtual Text unique_key(Text /*url*/, Arena& /*arena*/) const { return {}; }

  /// A source over what the sink holds now; null when there is nothing (a file that does not exist
  /// yet). A bookmark read from it equals `represent` of what was written, and its `origin->id` is
  /// what `Change::id` wants.
  virtual std::unique_ptr<Source> existing() = 0;

  /// Carries out `changes` in order and fills one outcome each. Writing the same change twice is
  /// harmless. Returns within 1 s of a stop request; changes not begun get `failed`. Errors:
  /// Failure, when the run cannot go on; no outcome counts then.
  virtual void write(std::span<const Change> changes, std::span<Outcome> outcomes,
                     std::stop_token stop) = 0;

  /// How many creates `write` should get at once. More than the default is for services that take
  /// many with one request, and few requests an hour. Live sinks are asked before each such `write`
  /// and get no more than that, fewer at the end; 0 counts as 1, what is above `most_changes` as
  /// that. Updates and removals come as the listing is read, some hundreds at a time at most.
  /// Rationale: what is handed over at once is held in memory, and is what is looked up again after
  /// a run that was killed.
  virtual std::size_t preferred_changes() const { return usual_changes; }

  static constexpr std::size_t usual_changes = 512;
  static constexpr std::size_t most_changes = 10'000;

  /// Staged sinks: makes everything written visible, atomically. Not called: nothing of it ever is.
  virtual void commit() {}

  /// As `Source::describe`.
  virtual std::vector<std::string> describe(std::stop_token /*stop*/) { return {}; }
};

}  // namespace linkferry
