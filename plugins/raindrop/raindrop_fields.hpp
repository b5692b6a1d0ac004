#pragma once

#include "common/csv_fields.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// What becomes of single fields in Raindrop, in its files and behind its API alike. Pure.
namespace linkferry::raindrop {

using common::Losses;

/// Texts are read back without blanks at their ends; an empty one says that there is none.
void represent_text(Field field, Text& text, Losses& losses);

/// The same for the title, which is one line.
void represent_title(Bookmark& bookmark, Arena& arena, Losses& losses);

/// Tags without commas.
void represent_tags(Bookmark& bookmark, Arena& arena, Losses& losses);

/// Milliseconds. Source: formats of the export and the API (read 2026-11-22).
void represent_date(Bookmark& bookmark, Losses& losses);

}  // namespace linkferry::raindrop
