#include <cstdint>
#include <memory>
#include <string>

#include "linkferry/batch.hpp"
#include "linkferry/failure.hpp"
#include "pocket/pocket_json.hpp"
#include "pocket/pocket_zip_source.hpp"

namespace {

using namespace linkferry;

void read_zip(const std::string& bytes) {
  Batch batch;
  pocket::PocketZipSource source(bytes, "pocket.zip", "pocket");
  for (ReadResult result = ReadResult::more; result == ReadResult::more;) {
    batch.clear();
    result = source.read(batch, 16, {});
  }
}

/// JSON reaches the fuzzer through deflate and a checksum only rarely, so it is given to its reader
/// directly too.
void read_json(const std::string& bytes) {
  pocket::HighlightIndex index;
  index.add(bytes, "annotations");
}

void read_collection(const std::string& bytes) {
  Arena arena;
  const pocket::Collection collection(bytes, "collection");
  collection.folder(arena);
  for (std::size_t i = 0; i < collection.size(); ++i) collection.bookmark(i, arena);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const auto read : {&read_zip, &read_json, &read_collection}) {
    try {
      read(bytes);
    } catch (const Failure&) {
      // A refusal is an answer.
    }
  }
  return 0;
}
