#include <cstdint>
#include <string>
#include <vector>

#include "common/json_utf8.hpp"
#include "fuzz/require.hpp"
#include "linkferry/failure.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"
#include "xbel/xbel_sink.hpp"
#include "xbel/xbel_source.hpp"

namespace {

using namespace linkferry;

struct Copy {
  std::string xml;
  std::size_t read = 0;
  std::size_t refused = 0;
};

/// What the engine does before a sink sees a text: control characters go.
Text without_controls(Text text, Arena& arena) {
  if (is_absent(text)) return text;
  std::string kept;
  for (const char byte : text) {
    if (static_cast<unsigned char>(byte) >= 0x20 || byte == '\t' || byte == '\n')
      kept.push_back(byte);
  }
  return arena.copy(std::string_view(kept));
}

Copy copy(const std::string& bytes) {
  test::MemoryHost host;
  host.files["in"] = bytes;
  const auto source = xbel::make_source(test::MapSettings{{"path", "in"}}, host);
  const auto sink = xbel::make_sink(test::MapSettings{{"path", "out"}}, host);
  Copy copied;
  Batch batch;
  ReadResult result = ReadResult::more;
  std::vector<Outcome> outcomes(1);
  const auto write = [&](const Change& change) { sink->write({&change, 1}, outcomes, {}); };
  while (result == ReadResult::more) {
    batch.clear();
    result = source->read(batch, 16, {});
    copied.read += batch.bookmarks.size();
    copied.refused += batch.rejections.size();
    for (Bookmark bookmark : batch.bookmarks) {
      for (Text* text : {&bookmark.url, &bookmark.title, &bookmark.description, &bookmark.notes}) {
        require(common::is_valid_utf8(*text), "every text is valid UTF-8");
        *text = without_controls(*text, batch.arena);
      }
      const Representation represented = sink->represent(bookmark, batch.arena);
      require(sink->represent(represented.bookmark, batch.arena).losses.empty(),
              "a representation loses nothing");
      write({Action::create, &represented.bookmark, nullptr, {}});
    }
    for (const PlacedFolder& placed : batch.folders) {
      const FolderRepresentation represented = sink->represent_folder(placed.folder, batch.arena);
      if (represented.is_held) write({Action::create, nullptr, &represented.folder, {}});
    }
  }
  sink->commit();
  copied.xml = host.files.at("out");
  return copied;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  xbel::recognize(bytes, true);
  Copy once;
  try {
    once = copy(bytes);
  } catch (const Failure&) {
    return 0;
  }
  const Copy again = copy(once.xml);
  require(again.read == once.read && again.refused == 0, "what is written is read back");
  return 0;
}
