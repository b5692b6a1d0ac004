#include "linkding/linkding_represent.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "common/csv_fields.hpp"
#include "linkding/linkding_format.hpp"
#include "linkding/linkding_text.hpp"
#include "linkding/linkding_upload.hpp"
#include "linkding/linkding_url.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::linkding {
namespace {

using common::Losses;

constexpr Text ends_are_trimmed = "linkding strips blanks and line breaks at the ends of a text";

void represent_text(Text Bookmark::*member, Field field, std::size_t most_characters, Text limit,
                    Bookmark& bookmark, Losses& losses) {
  Text& text = bookmark.*member;
  const Text whole = trimmed(text);
  if (whole.size() != text.size()) losses.add(field, LossKind::transformed, ends_are_trimmed);
  const Text cut = most_characters == 0 ? whole : first_characters(whole, most_characters);
  if (cut.size() != whole.size()) losses.add(field, LossKind::truncated, limit);
  text = trimmed(cut);
  if (text.empty()) text = {};
}

/// One name as linkding stores it.
struct Tag {
  std::string lower;
  Text name;
};

/// What linkding makes of the tags of a record.
class TagList {
 public:
  TagList(const Library* library, Arena& arena) : library_(library), arena_(arena) {}

  void add(Text tag) {
    for (Text rest = tag;; rest.remove_prefix(rest.find(',') + 1)) {
      const std::size_t comma = rest.find(',');
      add_name(rest.substr(0, comma));
      if (comma == Text::npos) return;
      has_other_names_ = true;
    }
  }

  /// In linkding's order, each once: of two spellings the last wins, but before both that of the
  /// library.
  std::span<const Text> finish() {
    std::ranges::stable_sort(tags_, {}, &Tag::lower);
    std::vector<Text> names;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      const bool is_last = i + 1 == tags_.size() || tags_[i + 1].lower != tags_[i].lower;
      if (is_last) names.push_back(spell(tags_[i]));
      has_doubles_ = has_doubles_ || !is_last;
    }
    std::ranges::sort(names);
    return arena_.copy(std::span<const Text>(names));
  }

  void name_losses(std::span<const Text> given, std::span<const Text> kept, Losses& losses) const {
    if (std::ranges::equal(given, kept)) return;
    const auto lose = [&losses](LossKind kind, Text reason) {
      losses.add(Field::tags, kind, reason);
    };
    if (is_cut_) lose(LossKind::truncated, "linkding's tags have up to 64 characters");
    if (has_other_names_)
      lose(LossKind::transformed, "in linkding's tags a blank becomes - and a comma separates");
    if (has_doubles_)
      lose(LossKind::transformed, "to linkding, tags that differ in case are the same");
    if (has_other_spelling_)
      lose(LossKind::transformed,
           "linkding has one spelling of a tag: that which is there already, or came first");
    if (!is_cut_ && !has_other_names_ && !has_doubles_ && !has_other_spelling_)
      lose(LossKind::transformed, "linkding keeps tags in the order of the alphabet");
  }

 private:
  void add_name(Text given) {
    Text name = trimmed(given);
    if (name.size() != given.size()) has_other_names_ = true;
    if (name.find(' ') != Text::npos) {
      char* const copy = static_cast<char*>(arena_.allocate(name.size(), 1));
      std::ranges::replace_copy(name, copy, ' ', '-');
      name = {copy, name.size()};
      has_other_names_ = true;
    }
    const Text cut = trimmed(first_characters(name, max_tag_characters));
    if (cut.size() != name.size()) is_cut_ = true;
    if (!cut.empty()) tags_.push_back({lower_case(cut), cut});
  }

  Text spell(const Tag& tag) {
    if (library_ == nullptr) return tag.name;
    const Text known = library_->spelling_of(tag.lower, tag.name);
    if (known == tag.name) return tag.name;
    has_other_spelling_ = true;
    return arena_.copy(known);
  }

  const Library* library_;
  Arena& arena_;
  std::vector<Tag> tags_;
  bool has_other_names_ = false;
  bool is_cut_ = false;
  bool has_doubles_ = false;
  bool has_other_spelling_ = false;
};

void represent_tags(Bookmark& bookmark, const Library* library, Arena& arena, Losses& losses) {
  if (bookmark.tags.empty()) return;
  TagList list(library, arena);
  for (const Text tag : bookmark.tags) list.add(tag);
  const auto kept = list.finish();
  list.name_losses(bookmark.tags, kept, losses);
  bookmark.tags = kept;
}

void represent_date(Timestamp Bookmark::*member, Field field,
                    bool (*means_unknown)(const Timestamp&), Bookmark& bookmark, Losses& losses) {
  Timestamp& time = bookmark.*member;
  if (!time.is_known()) return;
  if (time.precision == Precision::day) {
    losses.add(field, LossKind::transformed, "in linkding a day becomes its midnight in UTC");
    time.precision = Precision::second;
  }
  const Timestamp cut = cut_to(time, Precision::microsecond);
  if (cut != time) losses.add(field, LossKind::truncated, "linkding holds dates in microseconds");
  time = cut;
  if (!means_unknown(time)) return;
  time = cut_to(time, Precision::second);
  losses.add(field, LossKind::truncated,
             "one microsecond after the full second (or hour) means an unknown date here");
}

/// What is held keeps its date of change.
void represent_change(Bookmark& bookmark, const RepresentRules& rules, Losses& losses) {
  const Origin* const origin = bookmark.origin;
  if (rules.library == nullptr || origin == nullptr || origin->list != held_list) return;
  const auto held = rules.library->changed_at(origin->id);
  if (!held || *held == bookmark.modified_at) return;
  bookmark.modified_at = *held;
  losses.add(Field::modified_at, LossKind::transformed,
             "linkding sets the date of change of what it holds itself");
}

void represent_dates(Bookmark& bookmark, const RepresentRules& rules, Losses& losses) {
  if (rules.keeps_dates) {
    represent_date(&Bookmark::created_at, Field::created_at, &is_unknown_added, bookmark, losses);
    represent_date(&Bookmark::modified_at, Field::modified_at, &is_unknown_modified, bookmark,
                   losses);
    represent_change(bookmark, rules, losses);
  } else {
    constexpr Text reason = "this linkding is older than 1.45 and dates what it stores itself";
    common::drop(&Bookmark::created_at, Field::created_at, reason, bookmark, losses);
    common::drop(&Bookmark::modified_at, Field::modified_at, reason, bookmark, losses);
  }
  common::drop(&Bookmark::read_at, Field::read_at, "linkding has no place for the date of reading",
               bookmark, losses);
  common::drop(&Bookmark::visited_at, Field::visited_at,
               "linkding has no place for the date of the last visit", bookmark, losses);
}

void represent_flags(Bookmark& bookmark, Losses& losses) {
  const auto settle = [&](Flag Bookmark::*member, Field field) {
    if (bookmark.*member != Flag::unknown) return;
    bookmark.*member = Flag::no;
    losses.add(field, LossKind::transformed, "linkding knows yes and no only: unknown becomes no");
  };
  settle(&Bookmark::unread, Field::unread);
  settle(&Bookmark::archived, Field::archived);
  settle(&Bookmark::shared, Field::shared);
  common::drop(&Bookmark::favorite, Field::favorite, "linkding has no favourites",
               "linkding has no favourites", bookmark, losses);
}

void drop_unheld(Bookmark& b, Losses& losses) {
  using common::drop;
  drop(&Bookmark::folders, Field::folders,
       "linkding has no folders; tags: {from_folders: path} in the job makes tags of them", b,
       losses);
  common::drop_kind("linkding knows links only", b, losses);
  drop(&Bookmark::language, Field::language, "linkding has no place for the language", b, losses);
  drop(&Bookmark::icon, Field::icon, "linkding fetches icons itself", b, losses);
  drop(&Bookmark::cover_url, Field::cover_url, "linkding fetches preview images itself", b, losses);
  drop(&Bookmark::keyword, Field::keyword, "linkding has no place for keywords", b, losses);
  drop(&Bookmark::highlights, Field::highlights, "linkding has no place for highlights", b, losses);
  common::drop_post("linkding has no place for posts", b, losses);
  drop(&Bookmark::extra, Field::extra, "linkding has no place for extra attributes", b, losses);
}

/// Which of the files of a record linkding has, or gets.
class FileList {
 public:
  FileList(std::vector<Media> held, std::string_view folder, Arena& arena)
      : kept_(std::move(held)), taken_(kept_.size()), folder_(folder), arena_(arena) {}

  void add(const Media& file, Losses& losses) {
    const auto is_same = [&file](const Media& held) { return held.url == file.url; };
    const auto held = kept_.begin() + static_cast<std::ptrdiff_t>(taken_.size());
    if (std::any_of(kept_.begin(), held, is_same)) return;
    if (upload_path_of(file, folder_).empty()) {
      losses.add(Field::media, LossKind::dropped,
                 "only files in the folder of upload_files are uploaded to linkding");
      return;
    }
    const std::string name = upload_name_of(file);
    if (is_present(file.description))
      losses.add(Field::media, LossKind::transformed, "linkding's files have no description");
    if (is_held(name)) return;
    if (is_present(file.name) && file.name != name)
      losses.add(Field::media, LossKind::transformed,
                 "linkding's files have names without path and odd characters");
    kept_.push_back({file.url, file.kind, {}, arena_.copy(Text(name))});
  }

  bool has_new() const { return kept_.size() > taken_.size(); }
  std::span<const Media> finish() { return arena_.copy(std::span<const Media>(kept_)); }

 private:
  /// Two files of one name are two, here and there.
  bool is_held(const std::string& name) {
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      if (taken_[i] || upload_name_of(kept_[i]) != name) continue;
      return taken_[i] = true;
    }
    return false;
  }

  std::vector<Media> kept_;  ///< those that are held first
  std::vector<bool> taken_;  ///< of those: whether it is one of the record's
  std::string_view folder_;
  Arena& arena_;
};

void represent_files(Bookmark& bookmark, const RepresentRules& rules, Arena& arena,
                     Losses& losses) {
  if (rules.upload_folder.empty() || !rules.has_files) {
    common::drop(&Bookmark::media, Field::media,
                 rules.has_files ? "files are uploaded to linkding with upload_files only"
                                 : "this linkding is older than 1.39 and has no files",
                 bookmark, losses);
    return;
  }
  const Origin* const origin = bookmark.origin;
  const bool is_held = rules.library != nullptr && origin != nullptr && origin->list == held_list;
  FileList files(is_held ? rules.library->files_of(origin->id, arena) : std::vector<Media>(),
                 rules.upload_folder, arena);
  for (const Media& file : bookmark.media) files.add(file, losses);
  bookmark.media = files.finish();
  if (is_held || !files.has_new() || !bookmark.modified_at.is_known()) return;
  bookmark.modified_at = {};
  losses.add(Field::modified_at, LossKind::transformed,
             "linkding sets the date of change when a file is uploaded");
}

Text reason_to_refuse(Text url, const RepresentRules& rules) {
  if (url.empty()) return "linkding holds addresses only";
  if (!rules.takes_any_url) return reason_to_refuse_url(url);
  if (count_characters(url) > max_url_characters)
    return "linkding takes addresses of up to 2,048 characters";
  return {};
}

}  // namespace

void Library::learn(const Bookmark& held) {
  const std::unique_lock lock(mutex_);
  for (const Text tag : held.tags) spellings_.try_emplace(lower_case(tag), tag);
  const std::string id(held.origin->id);
  changes_[id] = held.modified_at;
  files_.erase(id);
  if (held.media.empty()) return;
  std::vector<File>& files = files_[id];
  for (const Media& file : held.media)
    files.push_back({std::string(file.url), std::string(file.kind), std::string(file.name)});
}

std::vector<Media> Library::files_of(Text id, Arena& arena) const {
  const std::shared_lock lock(mutex_);
  std::vector<Media> files;
  const auto found = files_.find(std::string(id));
  if (found == files_.end()) return files;
  const auto copy = [&arena](const std::string& text) { return arena.copy(Text(text)); };
  for (const File& file : found->second)
    files.push_back({copy(file.url), copy(file.kind), {}, copy(file.name)});
  return files;
}

Text Library::spelling_of(const std::string& lower, Text tag) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = spellings_.find(lower); found != spellings_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  return spellings_.try_emplace(lower, tag).first->second;
}

std::optional<Timestamp> Library::changed_at(Text id) const {
  const std::shared_lock lock(mutex_);
  const auto found = changes_.find(std::string(id));
  if (found == changes_.end()) return {};
  return found->second;
}

Representation represent(const Bookmark& bookmark, const RepresentRules& rules, Arena& arena) {
  Representation result{bookmark, {}, {}};
  Bookmark& b = result.bookmark;
  Losses losses;
  b.url = trimmed(bookmark.url);
  result.refusal = reason_to_refuse(b.url, rules);
  if (is_present(result.refusal)) return result;
  if (b.url.size() != bookmark.url.size())
    losses.add(Field::url, LossKind::transformed, ends_are_trimmed);
  represent_text(&Bookmark::title, Field::title, max_title_characters,
                 "linkding's titles have up to 512 characters", b, losses);
  represent_text(&Bookmark::description, Field::description, 0, {}, b, losses);
  represent_text(&Bookmark::notes, Field::notes, 0, {}, b, losses);
  represent_tags(b, rules.library, arena, losses);
  represent_dates(b, rules, losses);
  represent_flags(b, losses);
  drop_unheld(b, losses);
  represent_files(b, rules, arena, losses);
  result.losses = losses.in(arena);
  return result;
}

}  // namespace linkferry::linkding
