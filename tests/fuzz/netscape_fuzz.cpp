#include <cstdint>

#include "common/netscape_reader.hpp"
#include "linkferry/failure.hpp"
#include "support/memory_host.hpp"

/// Any bytes are read to their end or refused, and cutting them into other blocks changes nothing
/// that is counted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  linkferry::test::MemoryHost host({{"f", text}});
  std::size_t counts[2] = {0, 0};
  for (std::size_t round = 0; round < 2; ++round) {
    linkferry::common::NetscapeReader reader(host.open_file("f"), {}, round == 0 ? 256 * 1024 : 64);
    linkferry::Batch batch;
    try {
      auto result = linkferry::ReadResult::more;
      while (result == linkferry::ReadResult::more) {
        batch.clear();
        result = reader.read(batch, 100, {});
        counts[round] += batch.bookmarks.size() + batch.folders.size();
      }
    } catch (const linkferry::Failure&) {
      counts[round] = 0;
    }
  }
  if (counts[0] != counts[1]) __builtin_trap();
  return 0;
}
