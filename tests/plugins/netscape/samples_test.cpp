#include <filesystem>
#include <fstream>
#include <sstream>

#include "netscape_files.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string sample(const std::string& path) { return bytes_of(fs::path(LINKFERRY_SAMPLES) / path); }

bool has_samples() {
  if (fs::exists(LINKFERRY_SAMPLES)) return true;
  WARN("the sample files are not here: nothing was compared with them");
  return false;
}

struct Row {
  const char* file;
  std::size_t count;
};

const std::string shaarli = "shaarli__netscape-bookmark-parser/tests/input/";
const std::string linkding = "sissbruecker__linkding/inline/";
const std::string netscape_go = "virtualtam__netscape-go/";

constexpr Row rows[] = {
    {"shaarli__netscape-bookmark-parser/tests/input/chromium_flat.htm", 9},
    {"shaarli__netscape-bookmark-parser/tests/input/chromium_nested.htm", 18},
    {"shaarli__netscape-bookmark-parser/tests/input/delicious.htm", 5},
    {"shaarli__netscape-bookmark-parser/tests/input/delicious_sanitize.htm", 2},
    {"shaarli__netscape-bookmark-parser/tests/input/empty.htm", 0},
    {"shaarli__netscape-bookmark-parser/tests/input/firefox_flat.htm", 24},
    {"shaarli__netscape-bookmark-parser/tests/input/firefox_nested.htm", 24},
    {"shaarli__netscape-bookmark-parser/tests/input/google_bookmarks_nested.htm", 6},
    {"shaarli__netscape-bookmark-parser/tests/input/internet_explorer_11_flat.htm", 18},
    {"shaarli__netscape-bookmark-parser/tests/input/internet_explorer_11_nested.htm", 27},
    {"shaarli__netscape-bookmark-parser/tests/input/netscape_basic.htm", 2},
    {"shaarli__netscape-bookmark-parser/tests/input/netscape_extended.htm", 1},
    {"shaarli__netscape-bookmark-parser/tests/input/netscape_multiline.htm", 3},
    {"shaarli__netscape-bookmark-parser/tests/input/netscape_nested.htm", 8},
    {"shaarli__netscape-bookmark-parser/tests/input/safari_folded.htm", 3},
    {"shaarli__netscape-bookmark-parser/tests/input/scuttle.htm", 4},
    {"shaarli__netscape-bookmark-parser/tests/input/scuttle_new_line.htm", 1},
    {"shaarli__netscape-bookmark-parser/tests/input/shaarli.htm", 6},
    {"shaarli__netscape-bookmark-parser/tests/input/shaarli_legacy.htm", 2},
    {"shaarli__netscape-bookmark-parser/tests/input/shaarli_markdown.htm", 3},
    {"shaarli__netscape-bookmark-parser/tests/input/shaarli_with_tabs_and_spaces.htm", 1},
    {"shaarli__netscape-bookmark-parser/tests/input/shaarli_with_whitespace_tags.htm", 1},
    {"virtualtam__netscape-go/testdata/benchmark/flat100.htm", 100},
    {"virtualtam__netscape-go/testdata/benchmark/flat1000.htm", 1000},
    {"virtualtam__netscape-go/testdata/benchmark/flat10000.htm", 10000},
    {"virtualtam__netscape-go/testdata/input/netscape_basic.htm", 2},
    {"virtualtam__netscape-go/testdata/input/netscape_extended.htm", 1},
    {"virtualtam__netscape-go/testdata/input/netscape_multiline.htm", 3},
    {"virtualtam__netscape-go/testdata/input/netscape_nested.htm", 8},
    {"virtualtam__netscape-go/testdata/input/safari_folded.htm", 3},
    {"virtualtam__netscape-go/inline/parser_01-flat-document.htm", 3},
    {"virtualtam__netscape-go/inline/parser_02-empty-document-with-UTF-8-BOM.htm", 0},
    {"virtualtam__netscape-go/inline/parser_03-bookmark-with-attributes.htm", 1},
    {"virtualtam__netscape-go/inline/parser_04-bookmark-with-empty-description.htm", 3},
    {"virtualtam__netscape-go/inline/parser_05-bookmark-with-multi-line-description.htm", 1},
    {"virtualtam__netscape-go/inline/"
     "parser_06-bookmark-with-description-containing-HTML-markup.htm",
     1},
    {"virtualtam__netscape-go/inline/parser_07-nested-folders.htm", 0},
    {"virtualtam__netscape-go/inline/parser_08-nested-folders-with-bookmarks.htm", 4},
    {"virtualtam__netscape-go/inline/parser_09-nested-folder-with-attributes.htm", 0},
    {"virtualtam__netscape-go/inline/parser_10-nested-folder-with-description-and-bookmarks.htm",
     1},
    {"virtualtam__netscape-go/inline/parser_18-testdata-fuzz-Fuzz-269c29ee022dd350.htm", 1},
    {"mozilla__gecko-dev/toolkit/components/places/tests/unit/bookmarks.corrupt.html", 10},
    {"mozilla__gecko-dev/toolkit/components/places/tests/unit/bookmarks.preplaces.html", 8},
    {"mozilla__gecko-dev/toolkit/components/places/tests/unit/bookmarks_html_localized.html", 1},
    {"mozilla__gecko-dev/toolkit/components/places/tests/unit/bookmarks_html_singleframe.html", 1},
    {"sissbruecker__linkding/bookmarks/tests/resources/simple_valid_import_file.html", 3},
    {"sissbruecker__linkding/bookmarks/tests/resources/"
     "simple_valid_import_file_with_one_invalid_bookmark.html",
     3},
    {"sissbruecker__linkding/inline/test_importer_05-validate_empty_or_missing_bookmark_url.html",
     2},
    {"sissbruecker__linkding/inline/test_importer_06-private_flag.html", 3},
    {"sissbruecker__linkding/inline/test_importer_07-archived_state.html", 3},
    {"sissbruecker__linkding/inline/test_parser_02-with_closing_description_tag.html", 2},
    {"sissbruecker__linkding/inline/test_parser_03-description_tag_before_anchor_tag.html", 2},
    {"sissbruecker__linkding/inline/test_parser_04-with_folders.html", 2},
    {"sissbruecker__linkding/inline/test_parser_13-notes.html", 2},
    {"wallabag__wallabag/tests/fixtures/Import/shaarli-bookmarks.html", 2},
    {"wallabag__wallabag/tests/fixtures/Import/test.html", 0},
    {"karakeep-app__karakeep/inline/03-parses-bookmarks-in-nested-folders.html", 1},
    {"karakeep-app__karakeep/inline/04-handles-empty-folder-names-by-replacing-with-unnamed.html",
     1},
    {"karakeep-app__karakeep/inline/05-parses-multiple-bookmarks-in-different-folders.html", 3},
    {"karakeep-app__karakeep/inline/06-parses-bookmarks-at-root-level-no-folders.html", 2},
    {"karakeep-app__karakeep/inline/08-deduplicates-bookmarks-with-the-same-url.html", 2},
    {"karakeep-app__karakeep/inline/09-merges-notes-from-duplicate-bookmarks.html", 2},
    {"karakeep-app__karakeep/inline/11-handles-bookmarks-without-href-attribute.html", 1},
    {"karakeep-app__karakeep/inline/"
     "12-handles-mixed-structure-with-folders-and-root-level-bookmarks.html",
     3},
    {"linkwarden__linkwarden/inline/"
     "02-imports-root-links-into-the-imports-collection-with-tags-dat.html",
     1},
    {"linkwarden__linkwarden/inline/"
     "03-creates-nested-collections-and-assigns-links-to-the-correct-.html",
     2},
    {"linkwarden__linkwarden/inline/"
     "05-falls-back-to-an-untitled-collection-when-a-folder-name-is-e.html",
     1},
    {"linkwarden__linkwarden/inline/"
     "06-skips-invalid-urls-and-only-creates-links-for-valid-urls.html",
     2},
    {"linkwarden__linkwarden/inline/"
     "07-keeps-link-ids-in-the-same-chronological-order-as-importdate.html",
     7},
    {"ArchiveBox__ArchiveBox/examples/firefox_export.html", 14},
    {"ArchiveBox__ArchiveBox/inline/01-firefox_basic_format.html", 2},
    {"ArchiveBox__ArchiveBox/inline/03-firefox_nested_folders.html", 4},
    {"ArchiveBox__ArchiveBox/inline/07-safari_basic_format.html", 2},
    {"ArchiveBox__ArchiveBox/inline/08-safari_reading_list.html", 2},
    {"ArchiveBox__ArchiveBox/inline/16-ambiguous_timestamp_detection.html", 3},
    {"ArchiveBox__ArchiveBox/inline/25-multiline_bookmark.html", 1},
    {"ArchiveBox__ArchiveBox/inline/27-empty_title.html", 1},
    {"ArchiveBox__ArchiveBox/inline/28-special_chars_in_url.html", 3},
    {"ArchiveBox__ArchiveBox/inline/32-very_long_url.html", 1},
    {"ArchiveBox__ArchiveBox/inline/33-unicode_in_title.html", 5},
    {"linkding-recorded/sample-export.html", 12},
};

std::vector<std::string> tags_of(const Bookmark& b) { return {b.tags.begin(), b.tags.end()}; }

}  // namespace

TEST_CASE("files of other projects have the entries that their projects say",
          "[netscape][samples]") {
  if (!has_samples()) return;
  for (const auto& [file, count] : rows) {
    CAPTURE(file);
    REQUIRE(fs::exists(fs::path(LINKFERRY_SAMPLES) / file));
    const auto bytes = sample(file);
    const auto whole = read_html(bytes);
    CHECK(whole.bookmarks.size() == count);
    CHECK(whole.result == ReadResult::end);
    CHECK(whole.rejections.empty());
    // However the file is cut into blocks and reads, and with other line ends.
    if (bytes.size() > 300'000) continue;
    CHECK(read_html(bytes, {}, 50, {1, 2, 3, 7}).entries == whole.entries);
    std::string crlf;
    for (const char c : bytes) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    CHECK(read_html(crlf).bookmarks.size() == count);
  }
}

TEST_CASE("no file of the fuzz corpus of another project stops the reading",
          "[netscape][samples]") {
  if (!has_samples()) return;
  std::size_t files = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(LINKFERRY_SAMPLES) / netscape_go)) {
    if (!entry.is_regular_file() || entry.file_size() > 100'000) continue;
    ++files;
    std::size_t count = 0;
    try {
      count = read_html(bytes_of(entry.path())).bookmarks.size();
    } catch (const Failure& failure) {
      CHECK(failure.kind() == FailureKind::configuration);
    }
    CHECK(count <= 1000);
  }
  CHECK(files > 20);
}

TEST_CASE("a page that is no bookmark list is refused as its project does", "[netscape][samples]") {
  if (!has_samples()) return;
  CHECK_THROWS_AS(
      read_html(sample(
          "karakeep-app__karakeep/inline/13-throws-error-for-non-netscape-bookmark-files.html")),
      Failure);
}

TEST_CASE("Shaarli's expectations hold", "[netscape][samples]") {
  if (!has_samples()) return;
  auto reading = read_html(sample(shaarli + "delicious.htm"));
  const std::int64_t times[] = {1098309600, 1268866800, 1265670000, 1428876000, 1412085559};
  for (std::size_t i = 0; i < 5; ++i) CHECK(reading.bookmarks[i]->created_at.seconds == times[i]);
  CHECK(reading.bookmarks[2]->shared == Flag::no);
  CHECK(reading.bookmarks[0]->shared == Flag::yes);

  reading = read_html(sample(shaarli + "delicious_sanitize.htm"));
  CHECK(reading.bookmarks[0]->description.find("<li>#CLE ---> #VALEUR</li>") != Text::npos);
  CHECK(tags_of(*reading.bookmarks[0]) == std::vector<std::string>{"spip3", "astuces"});

  reading = read_html(sample(shaarli + "netscape_basic.htm"));
  CHECK(reading.bookmarks[0]->created_at.seconds == 971175336);
  CHECK(reading.bookmarks[1]->created_at.seconds == 1456433748);
  reading = read_html(sample(shaarli + "netscape_basic.htm"), {.has_blank_separated_tags = true});
  CHECK(tags_of(*reading.bookmarks[0]) == std::vector<std::string>{"private", "secret"});

  reading = read_html(sample(shaarli + "shaarli_with_tabs_and_spaces.htm"));
  const auto expected =
      sample("shaarli__netscape-bookmark-parser/tests/output/shaarli_with_tabs_and_spaces.txt");
  CHECK(reading.bookmarks[0]->description == common::trimmed(expected));
  reading = read_html(sample(shaarli + "shaarli_with_whitespace_tags.htm"));
  CHECK(tags_of(*reading.bookmarks[0]) == std::vector<std::string>{"dev", "php dev", "php 7.x"});

  reading = read_html(sample(shaarli + "google_bookmarks_nested.htm"));
  CHECK(reading.bookmarks[0]->created_at.precision == Precision::microsecond);
  reading = read_html(sample(shaarli + "scuttle_new_line.htm"));
  CHECK(reading.bookmarks[0]->description.find('\n') != Text::npos);
}

TEST_CASE("linkding's expectations hold", "[netscape][samples]") {
  if (!has_samples()) return;
  auto reading = read_html(
      sample("sissbruecker__linkding/bookmarks/tests/resources/simple_valid_import_file.html"));
  for (const auto* bookmark : reading.bookmarks) CHECK(bookmark->created_at.seconds == 1616337559);
  reading = read_html(sample(linkding + "test_parser_03-description_tag_before_anchor_tag.html"));
  CHECK(reading.bookmarks[0]->description == "Example description");
  CHECK(is_absent(reading.bookmarks[1]->description));
  reading = read_html(sample(linkding + "test_parser_10-notes.html"));
  CHECK(reading.bookmarks[0]->description == "Example description");
  CHECK(reading.bookmarks[0]->notes == "Example notes");
  reading = read_html(sample(linkding + "test_parser_15-unescape_href_attribute.html"));
  CHECK(reading.bookmarks[0]->url == "https://example.com&center=123");
}

TEST_CASE("what Firefox wrote over the years is all there", "[netscape][samples]") {
  if (!has_samples()) return;
  const auto reading = read_html(
      sample("mozilla__gecko-dev/toolkit/components/places/tests/unit/bookmarks.preplaces.html"));
  std::size_t separators = 0;
  bool has_toolbar = false;
  bool has_unfiled = false;
  for (const auto* folder : reading.folders) {
    separators += folder->type == Folder::Type::separator;
    has_toolbar = has_toolbar || folder->role == FolderRole::toolbar;
    has_unfiled = has_unfiled || folder->role == FolderRole::unfiled;
  }
  CHECK(separators == 1);
  CHECK(has_toolbar);
  CHECK(has_unfiled);
}

}  // namespace linkferry::test
