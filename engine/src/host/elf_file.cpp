#include "host/elf_file.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <optional>

namespace linkferry {
namespace {

/// The first bytes in quotes where they are text, to show what a file is instead.
std::string describe_start(const char* bytes, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size && i < 16; ++i) {
    const char c = bytes[i];
    text += c >= ' ' && c <= '~' ? c : '.';
  }
  return text;
}

template <class T>
std::optional<T> read_at(std::ifstream& file, std::uint64_t offset) {
  T value;
  file.seekg(static_cast<std::streamoff>(offset));
  if (!file.read(reinterpret_cast<char*>(&value), sizeof value)) return {};
  return value;
}

bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t file_size) {
  return offset <= file_size && size <= file_size - offset;
}

std::string cut_off(std::uint64_t file_size) {
  return fmt::format(
      "is damaged: it is cut off after {} bytes, before the end that its header tells", file_size);
}

}  // namespace

std::string find_elf_damage(const std::filesystem::path& path) {
  std::error_code error;
  const std::uint64_t file_size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) return fmt::format("cannot be read: {}", std::strerror(errno));
  char start[sizeof(Elf64_Ehdr)] = {};
  file.read(start, sizeof start);
  const auto read = static_cast<std::size_t>(file.gcount());
  if (read < SELFMAG || std::memcmp(start, ELFMAG, SELFMAG) != 0) {
    return fmt::format("is no shared library: expected an ELF file, found \"{}\"",
                       describe_start(start, read));
  }
  if (read < sizeof start) return cut_off(file_size);
  file.clear();
  Elf64_Ehdr header;
  std::memcpy(&header, start, sizeof header);
  // Other classes are refused with their own message by the next step.
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return "";
  if (header.e_type != ET_DYN) return "is no shared library: it is an ELF file of another type";
  if (!fits(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr), file_size))
    return cut_off(file_size);
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const auto section = read_at<Elf64_Shdr>(file, header.e_shoff + i * sizeof(Elf64_Shdr));
    if (!section) return cut_off(file_size);
    if (section->sh_type != SHT_NOBITS && !fits(section->sh_offset, section->sh_size, file_size))
      return cut_off(file_size);
  }
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = read_at<Elf64_Phdr>(file, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment || !fits(segment->p_offset, segment->p_filesz, file_size))
      return cut_off(file_size);
  }
  return "";
}

}  // namespace linkferry
