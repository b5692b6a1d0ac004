#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// `bookmarks.csv`, as Mastodon exports and imports it: one column, the uri of a post in each row,
/// with a header or without.
///
///     #uri
///     https://social.example/users/ann/statuses/109300000000000001
///     "https://other.example/objects/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1"
///
/// Mastodon imports at most 20,000 rows or 20 MB at once. What is more goes on in
/// `bookmarks.part2.csv`, `bookmarks.part3.csv`, …, each to be imported by itself; Mastodon tells
/// the kind of a file by the beginning of its name. Source: app/models/export.rb and
/// app/models/form/import.rb of Mastodon 4.7, read 2026-11-22.
namespace linkferry::mastodon {

inline constexpr std::string_view csv_header = "#uri";
inline constexpr std::size_t max_rows_of_part = 20'000;
inline constexpr std::uint64_t max_bytes_of_part = 20'000'000;

/// The path of a part, counted from 1: the first is `path` itself.
std::string part_path(const std::string& path, std::size_t part);

/// How surely the first bytes of a file are such a list, see `Recognize`: a header, or rows of
/// which most are addresses of posts.
int recognize_csv(std::string_view head, bool is_whole);

/// Whether `cell` is an address that a row may have: of the web, or a `tag:` of old servers.
bool is_row_address(std::string_view cell);

}  // namespace linkferry::mastodon
