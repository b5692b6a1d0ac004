#include "xbel/xbel_represent.hpp"

#include <algorithm>
#include <vector>

#include "linkferry/timestamp_text.hpp"
#include "xbel/xbel_reader.hpp"
#include "xbel/xbel_text.hpp"

namespace linkferry::xbel {
namespace {

constexpr std::string_view attribute_prefix = "xbel.";

enum class ExtraPlace { attribute, metadata, own };

/// Whether reading this attribute back gives the same one, and no field.
bool is_kept_as_attribute(std::string_view name, std::string_view value, bool is_date,
                          const Timestamp& date) {
  if (is_date) return !date.is_known() && !parse_rfc3339(value).is_known();
  return is_attribute_name(name) && name != "href" && name != "TAGS" && name != "tags";
}

ExtraPlace place_of_metadata(const Attribute& attribute) {
  return canonical_metadata(attribute.value) ? ExtraPlace::metadata : ExtraPlace::own;
}

ExtraPlace place_of(const Attribute& attribute, const Bookmark& bookmark) {
  if (is_absent(attribute.value) || !attribute.name.starts_with(attribute_prefix))
    return ExtraPlace::own;
  const std::string_view name = attribute.name.substr(attribute_prefix.size());
  if (name == "metadata") return place_of_metadata(attribute);
  const Timestamp& date = name == "added"      ? bookmark.created_at
                          : name == "modified" ? bookmark.modified_at
                                               : bookmark.visited_at;
  const bool is_date = name == "added" || name == "modified" || name == "visited";
  return is_kept_as_attribute(name, attribute.value, is_date, date) ? ExtraPlace::attribute
                                                                    : ExtraPlace::own;
}

ExtraPlace place_of(const Attribute& attribute, const Folder& folder) {
  if (is_absent(attribute.value) || !attribute.name.starts_with(attribute_prefix))
    return ExtraPlace::own;
  const std::string_view name = attribute.name.substr(attribute_prefix.size());
  if (name == "metadata") return place_of_metadata(attribute);
  if (name == "toolbar" && (attribute.value == "yes" || folder.role == FolderRole::toolbar))
    return ExtraPlace::own;
  const bool is_kept =
      is_kept_as_attribute(name, attribute.value, name == "added", folder.created_at);
  return is_kept ? ExtraPlace::attribute : ExtraPlace::own;
}

bool has_name(std::span<const Attribute> attributes, std::string_view name) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [name](const Attribute& a) { return a.name == name; });
}

template <class Record>
ExtraParts split(const Record& record) {
  const auto& extra = record.extra;
  std::size_t attributes = 0;
  while (attributes < extra.size() &&
         place_of(extra[attributes], record) == ExtraPlace::attribute &&
         !has_name(extra.first(attributes), extra[attributes].name)) {
    ++attributes;
  }
  std::size_t metadata = attributes;
  while (metadata < extra.size() && place_of(extra[metadata], record) == ExtraPlace::metadata)
    ++metadata;
  return {extra.first(attributes), extra.subspan(attributes, metadata - attributes),
          extra.subspan(metadata)};
}

/// Makes the texts of one record what XML can hold, and collects what that loses.
class Fitter {
 public:
  explicit Fitter(Arena& arena) : arena_(arena) {}

  Text text(Field field, Text text) {
    if (text.size() > max_field_bytes) is_too_large_ = true;
    const Text allowed = as_xml_text(text, arena_);
    if (allowed.data() != text.data()) {
      lose(field, LossKind::transformed, "characters that XML does not have became U+FFFD");
    }
    return allowed;
  }

  Text title(Field field, Text title) {
    const Text fitted = as_title(text(field, title), arena_);
    if (fitted != title && !fitted.empty()) {
      lose(field, LossKind::transformed, "a title is one line without blanks at its ends");
    }
    return fitted.empty() ? Text{} : fitted;
  }

  Text description(Text description) {
    const Text fitted = as_description(text(Field::description, description));
    if (fitted.size() != description.size() && !fitted.empty()) {
      lose(Field::description, LossKind::transformed,
           "blanks at the ends of a description are dropped");
    }
    return fitted.empty() ? Text{} : fitted;
  }

  FolderPath path(FolderPath path) {
    if (path.size() > max_folders) {
      lose(Field::folders, LossKind::truncated,
           "XBEL files are written with at most 64 levels of folders");
      path = path.first(max_folders);
    }
    const auto names = arena_.make_array<Text>(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Text name = title(Field::folders, path[i]);
      names[i] = is_absent(name) ? "" : name;
    }
    return names;
  }

  std::span<const Text> tags(std::span<const Text> tags) {
    const auto fitted = arena_.make_array<Text>(tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i) fitted[i] = text(Field::tags, tags[i]);
    return fitted;
  }

  /// Sorted by place, in the order in which they are read back.
  template <class Record>
  std::span<const Attribute> extra(const Record& record) {
    if (record.extra.empty()) return {};
    std::vector<Attribute> sorted[3];
    for (const Attribute& given : record.extra) {
      Attribute attribute{text(Field::extra, given.name), text(Field::extra, given.value)};
      ExtraPlace place = place_of(attribute, record);
      if (place == ExtraPlace::attribute && has_name(sorted[0], attribute.name))
        place = ExtraPlace::own;
      if (place == ExtraPlace::metadata) {
        attribute.value = arena_.copy(std::string_view(*canonical_metadata(attribute.value)));
      }
      sorted[static_cast<std::size_t>(place)].push_back(attribute);
    }
    auto& all = sorted[0];
    for (const std::size_t place : {1U, 2U})
      all.insert(all.end(), sorted[place].begin(), sorted[place].end());
    return arena_.copy(std::span<const Attribute>(all));
  }

  /// Once for each loss, however many texts of the record have it.
  void lose(Field field, LossKind kind, Text reason) {
    const auto is_same = [&](const Loss& loss) {
      return loss.field == field && loss.reason == reason;
    };
    if (std::none_of(losses_.begin(), losses_.end(), is_same))
      losses_.push_back({field, kind, reason});
  }

  std::span<const Loss> losses() { return arena_.copy(std::span<const Loss>(losses_)); }
  bool is_too_large() const { return is_too_large_; }

 private:
  Arena& arena_;
  std::vector<Loss> losses_;
  bool is_too_large_ = false;
};

bool is_same_path(FolderPath a, FolderPath b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// Each path once; the root only where it is the only one, and then it is no path at all.
std::span<const FolderPath> fit_folders(std::span<const FolderPath> folders, Fitter& fitter,
                                        Arena& arena) {
  std::vector<FolderPath> fitted;
  bool is_at_root = false;
  for (const FolderPath path : folders) {
    const FolderPath candidate = fitter.path(path);
    is_at_root = is_at_root || candidate.empty();
    const auto is_same = [&](FolderPath other) { return is_same_path(other, candidate); };
    if (!candidate.empty() && std::none_of(fitted.begin(), fitted.end(), is_same))
      fitted.push_back(candidate);
  }
  if (is_at_root && !fitted.empty()) {
    fitter.lose(Field::folders, LossKind::dropped,
                "a bookmark that stands in a folder cannot stand outside of folders too");
  }
  return arena.copy(std::span<const FolderPath>(fitted));
}

void lose_lists(const Bookmark& bookmark, Fitter& fitter) {
  if (!bookmark.highlights.empty()) {
    fitter.lose(Field::highlights, LossKind::dropped, "XBEL files have no place for highlights");
  }
  if (!bookmark.media.empty())
    fitter.lose(Field::media, LossKind::dropped, "XBEL files have no place for media");
  if (bookmark.post != nullptr)
    fitter.lose(Field::post, LossKind::dropped, "XBEL files have no place for posts");
}

/// An id may stand once in a file, and a bookmark in several folders is written several times.
std::span<const Attribute> without_id(std::span<const Attribute> extra, Fitter& fitter,
                                      Arena& arena) {
  std::vector<Attribute> kept;
  std::copy_if(extra.begin(), extra.end(), std::back_inserter(kept),
               [](const Attribute& a) { return a.name != "xbel.id"; });
  if (kept.size() == extra.size()) return extra;
  fitter.lose(Field::extra, LossKind::dropped,
              "a bookmark in several folders is written without its XBEL id");
  return arena.copy(std::span<const Attribute>(kept));
}

}  // namespace

ExtraParts split_extra(const Bookmark& bookmark) { return split(bookmark); }
ExtraParts split_extra(const Folder& folder) { return split(folder); }

Representation represent(const Bookmark& bookmark, Arena& arena) {
  Fitter fitter(arena);
  Bookmark fitted = bookmark;
  fitted.url = fitter.text(Field::url, bookmark.url);
  fitted.title = fitter.title(Field::title, bookmark.title);
  fitted.description = fitter.description(bookmark.description);
  fitted.notes = fitter.text(Field::notes, bookmark.notes);
  fitted.tags = fitter.tags(bookmark.tags);
  fitted.folders = fit_folders(bookmark.folders, fitter, arena);
  fitted.language = fitter.text(Field::language, bookmark.language);
  fitted.icon = fitter.text(Field::icon, bookmark.icon);
  fitted.cover_url = fitter.text(Field::cover_url, bookmark.cover_url);
  fitted.keyword = fitter.text(Field::keyword, bookmark.keyword);
  lose_lists(bookmark, fitter);
  fitted.highlights = {};
  fitted.media = {};
  fitted.post = nullptr;
  if (fitted.folders.size() > 1) fitted.extra = without_id(fitted.extra, fitter, arena);
  fitted.extra = fitter.extra(fitted);
  const Text refusal =
      fitter.is_too_large() ? Text("a text of the record is larger than 16 MiB") : Text{};
  return {fitted, fitter.losses(), refusal};
}

FolderRepresentation represent(const Folder& folder, Arena& arena) {
  Fitter fitter(arena);
  Folder fitted;
  fitted.type = folder.type;
  fitted.line = folder.line;
  fitted.path = fitter.path(folder.path);
  if (is_present(folder.title))
    fitter.lose(Field::title, LossKind::dropped, "XBEL separators have no title");
  if (folder.type == Folder::Type::separator) return {fitted, true, fitter.losses()};
  if (folder.path.empty()) return {folder, false, {}};
  fitted.description = fitter.description(folder.description);
  fitted.created_at = folder.created_at;
  fitted.modified_at = folder.modified_at;
  fitted.role = folder.role;
  fitted.extra = folder.extra;
  fitted.extra = fitter.extra(fitted);
  if (fitter.is_too_large()) {
    fitter.lose(Field::extra, LossKind::dropped,
                "facts of a folder that are larger than 16 MiB were left out");
    fitted.description = {};
    fitted.extra = {};
  }
  return {fitted, true, fitter.losses()};
}

}  // namespace linkferry::xbel
