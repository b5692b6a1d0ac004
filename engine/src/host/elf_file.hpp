#pragma once

#include <filesystem>
#include <string>

namespace linkferry {

/// Says what is wrong with an ELF library before anything trusts the sizes in its headers: "" when
/// every part it speaks of is there. Rationale: a library cut off by a full disk would otherwise
/// end the program with SIGBUS when it is mapped, and a false section size would allocate that much
/// memory. Source: ELF-64 object file format, version 1.5, and elf.h of glibc 2.36 (read
/// 2026-11-22).
std::string find_elf_damage(const std::filesystem::path& file);

}  // namespace linkferry
