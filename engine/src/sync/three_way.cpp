#include "sync/three_way.hpp"

#include <algorithm>
#include <optional>

#include "linkferry/fields.hpp"
#include "pipeline/compare.hpp"
#include "pipeline/merge.hpp"
#include "sync/set_merge.hpp"

namespace linkferry {
namespace {

constexpr bool is_date(Field field) {
  return field == Field::created_at || field == Field::read_at || field == Field::visited_at;
}

constexpr bool is_long_text(Field field) {
  return field == Field::description || field == Field::notes;
}

Timestamp time_of(const Bookmark& b, Field field) {
  return field == Field::created_at ? b.created_at
         : field == Field::read_at  ? b.read_at
                                    : b.visited_at;
}

/// The side that wins where `field`, a date, differs: one that is known wins over none.
std::size_t winner_of_dates(const BothBookmarks& now, Field field) {
  const Timestamp from = time_of(now[from_side], field);
  const Timestamp to = time_of(now[to_side], field);
  if (!from.is_known() || !to.is_known()) return from.is_known() ? from_side : to_side;
  return is_before(from, to) == (field == Field::created_at) ? from_side : to_side;
}

/// When its side has changed it last, as far as that says so.
Timestamp changed_at(const Bookmark& bookmark) {
  const bool is_said = bookmark.modified_at.is_known() || bookmark.origin == nullptr;
  return is_said ? bookmark.modified_at : bookmark.origin->changed_at;
}

bool know_both_when(const BothBookmarks& now) {
  return changed_at(now[from_side]).is_known() && changed_at(now[to_side]).is_known();
}

std::size_t newer_side(const BothBookmarks& now) {
  return is_before(changed_at(now[from_side]), changed_at(now[to_side])) ? to_side : from_side;
}

Timestamp later(const Timestamp& a, const Timestamp& b) {
  if (!a.is_known() || !b.is_known()) return a.is_known() ? a : b;
  return is_before(a, b) ? b : a;
}

/// Both texts, one after the other; one of them where it has the other in it. Nothing where that
/// would be too long.
std::optional<Text> joined(Text from, Text to, Arena& arena) {
  constexpr Text between = "\n\n";
  if (from.find(to) != Text::npos) return from;
  if (to.find(from) != Text::npos) return to;
  const std::size_t size = from.size() + between.size() + to.size();
  if (size > max_merged_notes_bytes) return {};
  const std::span<char> bytes = arena.make_array<char>(size);
  auto end = std::ranges::copy(from, bytes.begin()).out;
  end = std::ranges::copy(between, end).out;
  std::ranges::copy(to, end);
  return Text(bytes.data(), bytes.size());
}

/// `now` with both sides' values of the field in one; nothing where they cannot be joined.
std::optional<Bookmark> united(const BothBookmarks& now, Field field, Arena& arena) {
  Bookmark result;
  if (is_long_text(field)) {
    const auto member = field == Field::notes ? &Bookmark::notes : &Bookmark::description;
    const auto text = joined(now[from_side].*member, now[to_side].*member, arena);
    if (!text) return {};
    result.*member = *text;
    return result;
  }
  if (field != Field::highlights && field != Field::media && field != Field::extra) return {};
  BothBookmarks only;
  for (const std::size_t side : {from_side, to_side}) copy_field(only[side], now[side], field);
  return merge(only, arena).bookmark;
}

}  // namespace

void copy_field(Bookmark& to, const Bookmark& from, Field field) {
  switch (field) {
    case Field::url:
      to.url = from.url;
      break;
    case Field::title:
      to.title = from.title;
      break;
    case Field::description:
      to.description = from.description;
      break;
    case Field::notes:
      to.notes = from.notes;
      break;
    case Field::tags:
      to.tags = from.tags;
      break;
    case Field::folders:
      to.folders = from.folders;
      break;
    case Field::created_at:
      to.created_at = from.created_at;
      break;
    case Field::modified_at:
      to.modified_at = from.modified_at;
      break;
    case Field::read_at:
      to.read_at = from.read_at;
      break;
    case Field::visited_at:
      to.visited_at = from.visited_at;
      break;
    case Field::unread:
      to.unread = from.unread;
      break;
    case Field::favorite:
      to.favorite = from.favorite;
      break;
    case Field::archived:
      to.archived = from.archived;
      break;
    case Field::shared:
      to.shared = from.shared;
      break;
    case Field::kind:
      to.kind = from.kind;
      break;
    case Field::language:
      to.language = from.language;
      break;
    case Field::icon:
      to.icon = from.icon;
      break;
    case Field::cover_url:
      to.cover_url = from.cover_url;
      break;
    case Field::keyword:
      to.keyword = from.keyword;
      break;
    case Field::highlights:
      to.highlights = from.highlights;
      break;
    case Field::media:
      to.media = from.media;
      break;
    case Field::post:
      to.post = from.post;
      break;
    case Field::extra:
      to.extra = from.extra;
      break;
  }
}

/// The merge of one bookmark.
class ThreeWay::OnePair {
 public:
  OnePair(const ThreeWay& rules, const BothBookmarks& now, const SyncBase* last, Arena& arena)
      : merger_(rules), now_(now), last_(last), arena_(arena) {
    for (const std::size_t side : {from_side, to_side})
      images_[side] = merger_.as_held_by(side, now_[other(side)], arena_);
    result_.wanted = now;
  }

  Result merge() {
    for (std::size_t i = 0; i < field_count; ++i) {
      if (has_print(static_cast<Field>(i))) merge_field(static_cast<Field>(i));
    }
    merge_set(&Bookmark::tags, last_ == nullptr ? nullptr : &last_->tags);
    merge_set(&Bookmark::folders, last_ == nullptr ? nullptr : &last_->folders);
    for (const std::size_t side : {from_side, to_side}) represent(side);
    result_.base = merger_.base_of(result_.wanted, arena_);
    for (const Conflict& conflict : result_.conflicts) {
      if (conflict.resolved == ConflictPolicy::ask) keep_open(conflict.field);
    }
    return std::move(result_);
  }

 private:
  void merge_field(Field field) {
    const std::array<Print, 2> prints{print_of(now_[from_side], field),
                                      print_of(now_[to_side], field)};
    if (is_equal_somewhere(field, prints)) return;
    const bool has_from = has_changed(from_side, field, prints[from_side]);
    const bool has_to = has_changed(to_side, field, prints[to_side]);
    if (has_from && has_to) return resolve(field);
    if (has_from) copy_field(result_.wanted[to_side], now_[from_side], field);
    if (has_to) copy_field(result_.wanted[from_side], now_[to_side], field);
  }

  /// Whether one side would hold the value of the other just as it holds its own.
  bool is_equal_somewhere(Field field, const std::array<Print, 2>& prints) const {
    if (prints[from_side] == prints[to_side]) return true;
    return std::ranges::any_of(std::array{from_side, to_side}, [&](std::size_t side) {
      return is_absent(images_[side].refusal) &&
             print_of(images_[side].bookmark, field) == prints[side];
    });
  }

  bool has_changed(std::size_t side, Field field, Print now) const {
    return now != (last_ == nullptr ? 0 : last_->prints[side][static_cast<std::size_t>(field)]);
  }

  void resolve(Field field) {
    const auto stated = merger_.rules_.stated_for(field);
    if (!stated && is_date(field)) return let_win(winner_of_dates(now_, field), field);
    ConflictPolicy policy = stated.value_or(merger_.rules_.otherwise);
    // Nobody can tell which text is the older one, so none may go.
    const bool may_lose_text = !stated && last_ == nullptr && is_long_text(field);
    if (may_lose_text && policy != ConflictPolicy::ask) policy = ConflictPolicy::both;
    if (policy == ConflictPolicy::both && !unite(field)) policy = ConflictPolicy::newer;
    if (policy == ConflictPolicy::newer && !know_both_when(now_)) policy = ConflictPolicy::source;
    if (policy == ConflictPolicy::source) let_win(from_side, field);
    if (policy == ConflictPolicy::sink) let_win(to_side, field);
    if (policy == ConflictPolicy::newer) let_win(newer_side(now_), field);
    result_.conflicts.push_back({field, policy, {&now_[from_side], &now_[to_side]}});
  }

  void let_win(std::size_t side, Field field) {
    copy_field(result_.wanted[other(side)], now_[side], field);
  }

  bool unite(Field field) {
    const auto both = united(now_, field, arena_);
    if (!both) return false;
    for (Bookmark& wanted : result_.wanted) copy_field(wanted, *both, field);
    return true;
  }

  template <class Item>
  void merge_set(std::span<const Item> Bookmark::*field, const std::vector<PairedPrint>* last) {
    const Projection<Item> project = [&](std::size_t side, Item item) {
      return merger_.project(side, item, field, now_, arena_);
    };
    const auto merged =
        merge_sets<Item>({now_[from_side].*field, now_[to_side].*field}, last, project, arena_);
    for (const std::size_t side : {from_side, to_side}) result_.wanted[side].*field = merged[side];
  }

  void represent(std::size_t side) {
    const Bookmark& now = now_[side];
    Bookmark& wanted = result_.wanted[side];
    const Representation held = merger_.sinks_[side]->represent(wanted, arena_);
    result_.losses[side] = held.losses;
    result_.refusals[side] = held.refusal;
    const bool is_changed =
        is_absent(held.refusal) && !differing_fields(held.bookmark, now).empty();
    if (is_changed) {
      wanted.modified_at = later(changed_at(now_[from_side]), changed_at(now_[to_side]));
      wanted = merger_.sinks_[side]->represent(wanted, arena_).bookmark;
    } else {
      wanted = now;
    }
    wanted.origin = now.origin;
  }

  /// The next sync finds both sides changed again.
  void keep_open(Field field) {
    const auto i = static_cast<std::size_t>(field);
    for (const std::size_t side : {from_side, to_side})
      result_.base.prints[side][i] = last_ == nullptr ? 0 : last_->prints[side][i];
  }

  const ThreeWay& merger_;
  const BothBookmarks& now_;
  const SyncBase* last_;
  Arena& arena_;
  std::array<Representation, 2> images_;  ///< the other side's bookmark, as each would hold it
  Result result_;
};

ThreeWay::Result ThreeWay::merge(const BothBookmarks& now, const SyncBase* last,
                                 Arena& arena) const {
  return OnePair(*this, now, last, arena).merge();
}

Representation ThreeWay::as_held_by(std::size_t side, Bookmark bookmark, Arena& arena) const {
  // Rationale: a sink knows its own by the origin, and another place of the same kind has its own
  // ids.
  bookmark.modified_at = changed_at(bookmark);
  bookmark.origin = nullptr;
  return sinks_[side]->represent(bookmark, arena);
}

template <class Item>
std::span<const Item> ThreeWay::project(std::size_t side, Item item,
                                        std::span<const Item> Bookmark::*field,
                                        const BothBookmarks& now, Arena& arena) const {
  Bookmark only;
  only.url = now[other(side)].url;
  only.title = now[other(side)].title;
  only.*field = arena.copy(std::span<const Item>(&item, 1));
  const Representation held = sinks_[other(side)]->represent(only, arena);
  return is_present(held.refusal) ? std::span<const Item>{} : held.bookmark.*field;
}

SyncBase ThreeWay::base_of(const BothBookmarks& held, Arena& arena) const {
  SyncBase base;
  for (const std::size_t side : {from_side, to_side}) base.prints[side] = prints_of(held[side]);
  base.tags = pair_up<Text>(
      {held[from_side].tags, held[to_side].tags},
      [&](std::size_t side, Text tag) { return project(side, tag, &Bookmark::tags, held, arena); });
  base.folders = pair_up<FolderPath>(
      {held[from_side].folders, held[to_side].folders}, [&](std::size_t side, FolderPath folder) {
        return project(side, folder, &Bookmark::folders, held, arena);
      });
  return base;
}

Bookmark ThreeWay::completed(std::size_t side, const BothBookmarks& now, Arena& arena) const {
  Bookmark whole = now[side];
  const Bookmark& there = now[other(side)];
  const Bookmark image = as_held_by(side, there, arena).bookmark;
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    if (field == Field::url) continue;
    Bookmark own = whole;
    Bookmark held = image;
    const bool has_no_place = !clear_field(own, field) && !clear_field(held, field);
    if (has_no_place) copy_field(whole, there, field);
  }
  return whole;
}

}  // namespace linkferry
