#include <cstdint>

#include "common/netscape_reader.hpp"
#include "linkferry/failure.hpp"
#include "plugins/netscape/netscape_files.hpp"
#include "support/memory_host.hpp"

namespace {

using linkferry::common::NetscapeReader;
using linkferry::test::Reading;

/// Nothing where the file is refused.
template <class Read>
Reading read(linkferry::test::MemoryHost& host, std::size_t block_bytes, Read how) {
  NetscapeReader reader(host.open_file("f"), {}, block_bytes);
  try {
    return how(reader, 100);
  } catch (const linkferry::Failure&) {
    return {};
  }
}

void expect(bool is_so) {
  if (!is_so) __builtin_trap();
}

void expect_equal(const Reading& one, const Reading& other) {
  expect(one.entries == other.entries && one.rejections == other.rejections &&
         one.result == other.result);
}

}  // namespace

/// Any bytes are read to their end or refused; cutting them into other blocks changes nothing, and
/// what is skimmed and completed is what is read at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  linkferry::test::MemoryHost host({{"f", text}});
  Reading first;
  for (const std::size_t block : {NetscapeReader::usual_block_bytes, std::size_t{64}}) {
    Reading whole = read(host, block, linkferry::test::read_all);
    const Reading skimmed = read(host, block, linkferry::test::read_skimmed);
    expect_equal(whole, skimmed);
    expect(whole.places == skimmed.places);
    if (block == NetscapeReader::usual_block_bytes)
      first = std::move(whole);
    else
      expect_equal(first, whole);
  }
  return 0;
}
