#include "bkmark/bkmark_represent.hpp"

#include <algorithm>
#include <vector>

#include "bkmark/bkmark_text.hpp"
#include "common/csv_fields.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::bkmark {
namespace {

using common::drop;
using common::Losses;

constexpr Text ends_are_trimmed = "blanks and line breaks at the ends of a text are not sent";

void represent_text(Text Bookmark::*member, Field field, Bookmark& bookmark, Losses& losses) {
  Text& text = bookmark.*member;
  const Text whole = trimmed(text);
  if (whole.size() != text.size()) losses.add(field, LossKind::transformed, ends_are_trimmed);
  text = whole;
}

void represent_notes(Bookmark& b, const RepresentRules& rules, Arena& arena, Losses& losses) {
  if (!rules.keeps_notes) {
    drop(&Bookmark::notes, Field::notes, "Bkmark has no notes, and the option notes says drop", b,
         losses);
    return;
  }
  const auto parts = split_notes(combine_notes(b.description, b.notes, arena));
  constexpr Text reason = "the line that marks notes in Bkmark's descriptions was in the text";
  if (parts.description != b.description)
    losses.add(Field::description, LossKind::transformed, reason);
  if (parts.notes != b.notes) losses.add(Field::notes, LossKind::transformed, reason);
  b.description = parts.description;
  b.notes = parts.notes;
}

/// What Bkmark makes of tags and folders.
class Places {
 public:
  Places(const RepresentRules& rules, Arena& arena) : rules_(rules), arena_(arena) {}

  /// False where a folder is none of its groups, and that is to be a refusal.
  bool take(const Bookmark& b) {
    for (const Text tag : b.tags) add_tag(tag);
    for (const FolderPath path : b.folders) {
      if (!path.empty() && !take_folder(path)) return false;
    }
    std::ranges::sort(tags_);
    tags_.erase(std::unique(tags_.begin(), tags_.end()), tags_.end());
    return true;
  }

  void put(Bookmark& b, Losses& losses) {
    if (!std::ranges::equal(b.tags, tags_)) losses.add(Field::tags, LossKind::transformed, why());
    const auto is_same = [](FolderPath x, FolderPath y) { return std::ranges::equal(x, y); };
    if (!std::ranges::equal(b.folders, folders_, is_same)) lose_folders(b, losses);
    b.tags = arena_.copy(std::span<const Text>(tags_));
    b.folders = arena_.copy(std::span<const FolderPath>(folders_));
  }

 private:
  void add_tag(Text tag) {
    const Text name = trimmed(tag);
    if (name.size() != tag.size()) has_trimmed_ = true;
    if (!name.empty()) tags_.push_back(name);
  }

  bool take_folder(FolderPath path) {
    if (const auto id = rules_.groups->id_of(path)) {
      const FolderPath group = rules_.groups->path_of(*id, arena_);
      const auto is_it = [&](FolderPath other) { return std::ranges::equal(group, other); };
      if (std::ranges::none_of(folders_, is_it)) folders_.push_back(group);
      return true;
    }
    if (rules_.unknown_groups == UnknownGroups::fail) return false;
    is_unknown_ = true;
    if (rules_.unknown_groups == UnknownGroups::skip) return true;
    const std::string text = joined(path);
    if (const Text tag = trimmed(text); !tag.empty()) {
      tags_.push_back(arena_.copy(tag));
      has_folder_tag_ = true;
    }
    return true;
  }

  void lose_folders(const Bookmark& b, Losses& losses) const {
    if (!is_unknown_) {
      // As sets they may be the same: the order of folders is nothing that is compared.
      const auto is_held = [this](FolderPath path) {
        return std::ranges::any_of(
            folders_, [&](FolderPath other) { return std::ranges::equal(path, other); });
      };
      if (b.folders.size() == folders_.size() && std::ranges::all_of(b.folders, is_held)) return;
      losses.add(Field::folders, LossKind::transformed,
                 "a group of Bkmark has a name, and no groups in it");
    } else if (rules_.unknown_groups == UnknownGroups::tag) {
      losses.add(
          Field::folders, LossKind::transformed,
          "a folder that is no known group of Bkmark becomes a tag: its API makes no groups; "
          "the option groups names their ids");
    } else {
      losses.add(Field::folders, LossKind::dropped,
                 "a folder that is no known group of Bkmark is left out: its API makes no groups; "
                 "the option groups names their ids");
    }
  }

  Text why() const {
    if (has_folder_tag_) return "folders that are no known groups of Bkmark are tags there";
    if (has_trimmed_) return ends_are_trimmed;
    return "Bkmark promises no order of tags: they are kept in that of the alphabet, each once";
  }

  const RepresentRules& rules_;
  Arena& arena_;
  std::vector<Text> tags_;
  std::vector<FolderPath> folders_;
  bool has_trimmed_ = false;
  bool has_folder_tag_ = false;
  bool is_unknown_ = false;
};

/// To the millisecond, and never what means an unknown date.
void represent_date(Timestamp Bookmark::*member, Field field, Bookmark& bookmark, Losses& losses) {
  Timestamp& time = bookmark.*member;
  if (!time.is_known()) return;
  if (time.precision == Precision::day) {
    losses.add(field, LossKind::transformed, "in Bkmark a day becomes its midnight in UTC");
    time.precision = Precision::second;
  }
  const Timestamp cut = cut_to(time, Precision::millisecond);
  if (cut != time) losses.add(field, LossKind::truncated, "Bkmark holds dates in milliseconds");
  time = cut;
  if (field != Field::read_at || !is_unknown_read(time)) return;
  time = cut_to(time, Precision::second);
  losses.add(field, LossKind::truncated,
             "one millisecond after midnight means an unknown date of reading here");
}

void represent_reading(Bookmark& b, Losses& losses) {
  if (b.unread == Flag::unknown) {
    b.unread = to_flag(!b.read_at.is_known());
    losses.add(Field::unread, LossKind::transformed,
               b.unread == Flag::yes
                   ? Text("Bkmark knows read and unread only: unknown becomes unread")
                   : "in Bkmark, what has a date of reading is read");
  }
  if (b.unread == Flag::yes)
    drop(&Bookmark::read_at, Field::read_at, "in Bkmark, what is unread has no date of reading", b,
         losses);
  represent_date(&Bookmark::read_at, Field::read_at, b, losses);
}

void represent_flags(Bookmark& b, Losses& losses) {
  const auto settle = [&](Flag Bookmark::*member, Field field) {
    if (b.*member != Flag::unknown) return;
    b.*member = Flag::no;
    losses.add(field, LossKind::transformed, "Bkmark knows yes and no only: unknown becomes no");
  };
  settle(&Bookmark::favorite, Field::favorite);
  settle(&Bookmark::archived, Field::archived);
  drop(&Bookmark::shared, Field::shared, "Bkmark shares nothing", "Bkmark shares nothing", b,
       losses);
}

void represent_dates(Bookmark& b, const RepresentRules& rules, Losses& losses) {
  if (rules.keeps_dates && b.url.empty()) {
    drop(&Bookmark::created_at, Field::created_at,
         "Bkmark dates what it stores itself, and what has no address is not imported", b, losses);
  } else if (rules.keeps_dates) {
    represent_date(&Bookmark::created_at, Field::created_at, b, losses);
  } else {
    drop(&Bookmark::created_at, Field::created_at,
         "Bkmark dates what it stores itself; bulk_import: always may keep the dates", b, losses);
  }
  drop(&Bookmark::modified_at, Field::modified_at, "Bkmark sets the date of change itself", b,
       losses);
  drop(&Bookmark::visited_at, Field::visited_at,
       "Bkmark has no place for the date of the last visit", b, losses);
}

/// What cannot be changed any more stays.
void keep_held(Bookmark& b, const RepresentRules& rules, Losses& losses) {
  if (rules.library == nullptr || b.origin == nullptr || b.origin->list != held_list) return;
  const auto held = rules.library->find(std::string(b.origin->id));
  if (!held) return;
  if (rules.keeps_dates && !b.url.empty() && !(held->created == b.created_at)) {
    b.created_at = held->created;
    losses.add(Field::created_at, LossKind::transformed,
               "Bkmark does not change the date of creation of what it holds");
  }
  if (held->kind == b.kind) return;
  b.kind = held->kind;
  losses.add(Field::kind, LossKind::transformed,
             "Bkmark does not change the type of what it holds");
}

void drop_unheld(Bookmark& b, Losses& losses) {
  if (b.kind == Kind::post) common::drop_kind("in Bkmark a post is a link", b, losses);
  common::drop_post("Bkmark has no place for posts", b, losses);
  drop(&Bookmark::language, Field::language, "Bkmark has no place for the language", b, losses);
  drop(&Bookmark::icon, Field::icon, "Bkmark has no place for icons", b, losses);
  drop(&Bookmark::cover_url, Field::cover_url, "Bkmark has no place for preview images", b, losses);
  drop(&Bookmark::keyword, Field::keyword, "Bkmark has no place for keywords", b, losses);
  drop(&Bookmark::highlights, Field::highlights, "Bkmark has no place for highlights", b, losses);
  drop(&Bookmark::media, Field::media, "Bkmark has no place for files", b, losses);
  drop(&Bookmark::extra, Field::extra, "Bkmark's API takes no extra attributes", b, losses);
}

bool may_lack_url(Kind kind) { return kind == Kind::note || kind == Kind::code; }

}  // namespace

Representation represent(const Bookmark& bookmark, const RepresentRules& rules, Arena& arena) {
  Representation result{bookmark, {}, {}};
  Bookmark& b = result.bookmark;
  Losses losses;
  represent_text(&Bookmark::url, Field::url, b, losses);
  if (b.url.empty() && !may_lack_url(b.kind)) {
    result.refusal = "Bkmark holds notes and code without an address, nothing else";
    return result;
  }
  represent_text(&Bookmark::title, Field::title, b, losses);
  represent_text(&Bookmark::description, Field::description, b, losses);
  represent_text(&Bookmark::notes, Field::notes, b, losses);
  represent_notes(b, rules, arena, losses);
  Places places(rules, arena);
  if (!places.take(b)) {
    result.refusal =
        "it is in a folder that is no known group of Bkmark, and unknown_groups says fail";
    return result;
  }
  places.put(b, losses);
  represent_reading(b, losses);
  represent_flags(b, losses);
  represent_dates(b, rules, losses);
  drop_unheld(b, losses);
  keep_held(b, rules, losses);
  result.losses = losses.in(arena);
  return result;
}

}  // namespace linkferry::bkmark
