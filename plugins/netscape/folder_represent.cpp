#include <algorithm>
#include <vector>

#include "common/netscape_attributes.hpp"
#include "common/netscape_records.hpp"
#include "netscape/netscape_represent.hpp"
#include "netscape/text_rules.hpp"

namespace linkferry::netscape {
namespace {

constexpr std::string_view reason_separators = "files of this dialect have no separators";
constexpr std::string_view reason_folder_description =
    "a folder's description is written by dialect: firefox only; other programs stumble over it";
constexpr std::string_view reason_mobile =
    "Netscape files cannot mark the folder of mobile bookmarks";

/// A folder's own attributes cannot be those of its facts; the others that have a field on
/// bookmarks stand first.
std::span<const Attribute> folder_attributes(const Folder& folder, Arena& arena, LossList& losses) {
  const bool is_separator = folder.type == Folder::Type::separator;
  const auto kept = kept_attributes(
      folder.extra, [](Text name) { return common::is_usual_spelling(name); }, arena, losses);
  std::vector<Attribute> sorted;
  for (const auto& attribute : kept) {
    const Text name = attribute.name.substr(extra_prefix.size());
    const bool is_fact =
        is_separator ? common::equals_lower(name, "name") : common::is_folder_fact(name);
    if (is_fact) {
      losses.add(Field::extra, LossKind::dropped, reason_reserved);
    } else {
      sorted.push_back(attribute);
    }
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Attribute& a, const Attribute& b) {
    return common::find_netscape_attribute(a.name.substr(extra_prefix.size())) <
           common::find_netscape_attribute(b.name.substr(extra_prefix.size()));
  });
  return arena.copy(std::span<const Attribute>(sorted));
}

}  // namespace

FolderRepresentation represent_folder(const Folder& folder, const Style& style, Arena& arena) {
  const Dialect& dialect = *style.dialect;
  LossList losses(arena);
  Folder out = folder;
  bool is_cut = false;
  const bool is_separator = folder.type == Folder::Type::separator;
  if (!dialect.has_folders || (is_separator && !dialect.has_other_fields)) {
    losses.add(Field::folders, LossKind::dropped,
               is_separator ? reason_separators : reason_no_folders);
    return {folder, false, losses.all()};
  }
  out.path = folder_path(folder.path, arena, losses, is_cut);
  if (!is_separator && (is_cut || out.path.empty())) return {folder, false, losses.all()};
  out.title =
      is_separator ? one_line_text(folder.title, Field::title, style, arena, losses) : Text{};
  out.description = long_text(folder.description, Field::description, style, arena, losses);
  if (is_separator || !dialect.has_folder_description) {
    if (is_present(out.description))
      losses.add(Field::description, LossKind::dropped, reason_folder_description);
    out.description = {};
  }
  out.created_at =
      is_separator ? Timestamp{} : date(folder.created_at, Field::created_at, style, losses);
  out.modified_at =
      is_separator ? Timestamp{} : date(folder.modified_at, Field::modified_at, style, losses);
  if (is_separator || folder.role == FolderRole::mobile) {
    if (folder.role == FolderRole::mobile)
      losses.add(Field::folders, LossKind::dropped, reason_mobile);
    out.role = FolderRole::none;
  }
  if (dialect.has_other_fields) {
    if (!folder.extra.empty()) out.extra = folder_attributes(folder, arena, losses);
  } else if (!folder.extra.empty()) {
    out.extra = {};
    losses.add(Field::extra, LossKind::dropped, dialect.no_place);
  }
  return {out, true, losses.all()};
}

}  // namespace linkferry::netscape
