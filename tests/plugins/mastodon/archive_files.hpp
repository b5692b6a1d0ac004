#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"

/// Archives as a test wants them, right or wrong.
namespace linkferry::test {

using Members = std::vector<std::pair<std::string, std::string>>;

/// `bits`: zlib's window bits.
inline std::string deflated(std::string_view bytes, int bits) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string gzip_of(std::string_view bytes) { return deflated(bytes, 15 + 16); }

inline std::string little_endian(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) {
    bytes += static_cast<char>(value);
    value >>= 8U;
  }
  return bytes;
}

/// How a zip is written.
struct ZipStyle {
  bool is_stored = false;
  bool is_zip64 = false;        ///< sizes and offsets in the extra field, and the directory's too
  std::uint32_t wrong_crc = 0;  ///< added to each checksum
  std::uint16_t flags = 0;      ///< 1: encrypted
  std::string comment{};
};

inline std::string zip_of(const Members& members, const ZipStyle& style = {}) {
  std::string zip;
  std::string directory;
  for (const auto& [name, content] : members) {
    const std::string packed = style.is_stored ? content : deflated(content, -15);
    const auto crc = static_cast<std::uint32_t>(crc32(
        0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    const std::uint64_t offset = zip.size();
    const std::string method = little_endian(style.is_stored ? 0 : 8, 2);
    const std::string start = little_endian(20, 2) + little_endian(style.flags, 2) + method +
                              little_endian(0, 4) + little_endian(crc + style.wrong_crc, 4);
    const auto size = [&](std::uint64_t value) {
      return little_endian(style.is_zip64 ? 0xFFFFFFFF : value, 4);
    };
    const std::string extra = !style.is_zip64
                                  ? ""
                                  : little_endian(1, 2) + little_endian(24, 2) +
                                        little_endian(content.size(), 8) +
                                        little_endian(packed.size(), 8) + little_endian(offset, 8);
    zip += "PK\3\4" + start + size(packed.size()) + size(content.size()) +
           little_endian(name.size(), 2) + little_endian(0, 2) + name + packed;
    directory += "PK\1\2" + little_endian(20, 2) + start + size(packed.size()) +
                 size(content.size()) + little_endian(name.size(), 2) +
                 little_endian(extra.size(), 2) + little_endian(0, 10) + size(offset) + name +
                 extra;
  }
  const std::uint64_t at = zip.size();
  zip += directory;
  const std::size_t count = members.size();
  if (style.is_zip64) {
    const std::uint64_t end = zip.size();
    zip += "PK\6\6" + little_endian(44, 8) + little_endian(45, 2) + little_endian(45, 2) +
           little_endian(0, 8) + little_endian(count, 8) + little_endian(count, 8) +
           little_endian(directory.size(), 8) + little_endian(at, 8);
    zip += "PK\6\7" + little_endian(0, 4) + little_endian(end, 8) + little_endian(1, 4);
  }
  zip += "PK\5\6" + little_endian(0, 4) + little_endian(count, 2) + little_endian(count, 2) +
         little_endian(directory.size(), 4) + little_endian(style.is_zip64 ? 0xFFFFFFFF : at, 4) +
         little_endian(style.comment.size(), 2) + style.comment;
  return zip;
}

/// One header and its body; `type` as tar has it.
inline std::string tar_entry(std::string_view name, std::string_view content, char type = '0') {
  std::string block(512, '\0');
  const auto put = [&block](std::size_t at, std::string_view text) {
    block.replace(at, text.size(), text);
  };
  char size[12];
  std::snprintf(size, sizeof size, "%011zo", content.size());
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(124, size);
  put(136, "00000000000");
  put(148, "        ");
  block[156] = type;
  put(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  put(148, std::string(digits) + '\0');
  const std::size_t padding = (512 - content.size() % 512) % 512;
  return block + std::string(content) + std::string(padding, '\0');
}

inline std::string tar_of(const Members& members) {
  std::string tar;
  for (const auto& [name, content] : members) tar += tar_entry(name, content);
  return tar + std::string(1024, '\0');
}

/// A list as Mastodon writes it.
inline std::string json_list(const std::string& id, const std::vector<std::string>& uris) {
  std::string text = R"({"@context":"https://www.w3.org/ns/activitystreams","id":")" + id +
                     R"(","type":"OrderedCollection","orderedItems":[)";
  for (const auto& uri : uris) text += (text.back() == '[' ? "\"" : ",\"") + uri + '"';
  return text + "]}";
}

}  // namespace linkferry::test
