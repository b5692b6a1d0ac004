#include <cstdint>
#include <string>

#include "common/json_utf8.hpp"
#include "fuzz/require.hpp"
#include "jsonl/jsonl_format.hpp"
#include "jsonl/jsonl_source.hpp"
#include "linkferry/failure.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

namespace {

using namespace linkferry;

struct Reading {
  std::string lines;  ///< what it says, as linkferry writes it
  std::size_t refused = 0;
  bool is_jsonl = true;
};

Reading read_as_lines(const std::string& bytes, std::size_t read_size, std::size_t limit) {
  test::MemoryHost host;
  host.files["in"] = bytes;
  if (read_size != 0) host.read_sizes = {read_size};
  const auto source = jsonl::make_source(test::MapSettings{{"path", "in"}}, host);
  Reading reading;
  common::JsonWriter out;
  Batch batch;
  ReadResult result = ReadResult::more;
  try {
    while (result == ReadResult::more) {
      batch.clear();
      result = source->read(batch, limit, {});
      reading.refused += batch.rejections.size();
      std::size_t folder = 0;
      for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
        for (; folder < batch.folders.size() && batch.folders[folder].before == i; ++folder) {
          jsonl::format_folder(batch.folders[folder].folder, out);
        }
        if (i < batch.bookmarks.size())
          jsonl::format_bookmark(batch.bookmarks[i], {true, true}, out);
      }
      for (const Rejection& rejection : batch.rejections) {
        require(common::is_valid_utf8(rejection.excerpt), "an excerpt is valid UTF-8");
      }
    }
  } catch (const Failure&) {
    reading.is_jsonl = false;
  }
  reading.lines = out.bytes();
  require(common::is_valid_utf8(reading.lines), "every text is valid UTF-8");
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Reading once = read_as_lines(bytes, 0, 256);
  const Reading in_pieces = read_as_lines(bytes, 3, 2);
  require(once.is_jsonl == in_pieces.is_jsonl,
          "what a file is does not depend on the sizes in which it is read");
  if (!once.is_jsonl) return 0;
  require(once.lines == in_pieces.lines,
          "what is read does not depend on the sizes in which it is read");
  require(once.refused == in_pieces.refused,
          "what is refused does not depend on the sizes in which it is read");
  const Reading again = read_as_lines(once.lines, 0, 256);
  require(again.refused == 0 && again.lines == once.lines,
          "what is written is read back as it was");
  jsonl::recognize(bytes, true);
  jsonl::recognize(bytes, false);
  return 0;
}
