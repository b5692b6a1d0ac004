#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fuzz/require.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/utf8.hpp"
#include "mastodon/json_list.hpp"
#include "mastodon/mastodon_files.hpp"
#include "mastodon/post_address.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

namespace {

using namespace linkferry;
using Texts = std::vector<std::string>;

/// Records and rejections, each in its place.
void take(const Batch& batch, Texts& found) {
  std::size_t rejection = 0;
  for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
    for (; rejection < batch.rejections.size() && batch.rejections[rejection].before <= i;
         ++rejection) {
      require(!batch.rejections[rejection].reason.empty(), "rejections have a reason");
      found.push_back("!" + std::string(batch.rejections[rejection].reason));
    }
    if (i == batch.bookmarks.size()) return;
    const Bookmark& bookmark = batch.bookmarks[i];
    require(is_valid_utf8(bookmark.url), "texts are UTF-8");
    require(bookmark.post != nullptr && bookmark.post->uri == bookmark.url, "records are posts");
    found.emplace_back(bookmark.url);
  }
}

/// What a source gives, and how it ends.
Texts read_file(const std::string& bytes, std::size_t limit, std::size_t read_size) {
  test::MemoryHost host(std::map<std::string, std::string>{{"f", bytes}});
  if (read_size != 0) host.read_sizes = {read_size};
  const test::MapSettings settings{{"path", "f"}};
  Texts found;
  try {
    const auto source = mastodon::make_file_source(settings, host);
    Batch batch;
    for (ReadResult result = ReadResult::more; result == ReadResult::more;) {
      batch.clear();
      result = source->read(batch, limit, {});
      require(batch.bookmarks.size() <= limit, "no batch is larger than its limit");
      take(batch, found);
      if (result == ReadResult::incomplete) found.emplace_back("cut off");
    }
  } catch (const Failure& failure) {
    // A refusal is an answer, as long as it names the file.
    require(std::string(failure.what()).starts_with("f: "), "a refusal names the file");
    return {"refused"};
  }
  return found;
}

/// JSON reaches the fuzzer through deflate and a checksum only rarely, so it is given to its reader
/// directly too.
Texts read_list(const std::string& bytes, std::size_t piece) {
  Texts items;
  mastodon::JsonList list([&items](Text item, Text problem) {
    require(item.size() <= 3 * mastodon::JsonList::max_item_bytes, "items are bounded");
    items.push_back(std::string(item) + std::string(problem));
  });
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    list.feed(std::string_view(bytes).substr(at, piece));
  items.push_back(list.is_complete() ? "complete" : "cut off");
  return items;
}

/// Whatever was read is written, and read back as it was.
void write_and_read(const Texts& found) {
  test::MemoryHost host;
  test::MapSettings settings{{"path", "o.csv"}, {"any_link", "true"}};
  const auto sink = mastodon::make_file_sink(settings, host);
  Arena arena;
  Texts expected;
  for (const std::string& url : found) {
    Bookmark bookmark;
    bookmark.url = url;
    const Representation held = sink->represent(bookmark, arena);
    if (is_present(held.refusal)) continue;
    const Change change{Action::create, &held.bookmark, nullptr, {}};
    Outcome outcome;
    sink->write({&change, 1}, {&outcome, 1}, {});
    expected.emplace_back(held.bookmark.url);
    require(is_absent(mastodon::post_key(url, arena)) ||
                mastodon::post_key(url, arena) == mastodon::post_key(held.bookmark.url, arena),
            "a post keeps its key");
  }
  sink->commit();
  require(read_file(host.files["o.csv"], 100, 0) == expected, "what is written is read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  mastodon::recognize(bytes, true);
  mastodon::recognize(bytes, false);
  const Texts found = read_file(bytes, 100, 0);
  require(read_file(bytes, 1, 3) == found, "the sizes of reads and batches mean nothing");
  require(read_list(bytes, 1) == read_list(bytes, 4096), "the sizes of pieces mean nothing");
  write_and_read(found);
  return 0;
}
