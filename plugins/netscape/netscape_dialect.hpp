#pragma once

#include <string_view>

namespace linkferry::netscape {

/// For whom a file is written: what it has a place for, and how texts are written.
/// Source: what the readers of these programs take from such a file (README.md, "Dialects").
struct Dialect {
  std::string_view name;
  std::string_view no_place;  ///< the reason when a field is dropped
  bool has_folders = true;
  bool has_folder_description = false;
  bool has_description = true;
  bool has_tags = true;
  bool has_modified_at = true;
  bool has_shared = true;
  bool has_unread = true;
  bool has_other_fields = true;  ///< visited_at, favorite, icon addresses, cover, keyword and extra
  bool has_icon = true;
  bool has_linkding_marks =
      false;                   ///< notes, archived and always TOREAD and TAGS; tags without blanks
  bool is_raw = false;         ///< no character references
  bool has_late_dates = true;  ///< before 1970 and after 2106
};

inline constexpr Dialect dialects[] = {
    {.name = "common", .no_place = "Netscape files have no place for it"},
    {.name = "firefox",
     .no_place = "Netscape files have no place for it",
     .has_folder_description = true},
    {.name = "chrome",
     .no_place = "Chrome takes only address, title, date, icon and folders from a file; dialect: "
                 "common keeps more",
     .has_description = false,
     .has_tags = false,
     .has_modified_at = false,
     .has_shared = false,
     .has_unread = false,
     .has_other_fields = false,
     .has_late_dates = false},
    {.name = "linkding",
     .no_place = "linkding's files have no place for it; dialect: common keeps more",
     .has_folders = false,
     .has_other_fields = false,
     .has_icon = false,
     .has_linkding_marks = true},
    {.name = "shaarli",
     .no_place = "Shaarli's files have no place for it; dialect: common keeps more",
     .has_folders = false,
     .has_unread = false,
     .has_other_fields = false,
     .has_icon = false,
     .is_raw = true},
};

/// The dialect of that name; `common` for another one.
constexpr const Dialect& find_dialect(std::string_view name) {
  for (const auto& dialect : dialects) {
    if (dialect.name == name) return dialect;
  }
  return dialects[0];
}

/// The names in `extra` of attributes that came from a Netscape file.
inline constexpr std::string_view extra_prefix = "netscape.";

}  // namespace linkferry::netscape
