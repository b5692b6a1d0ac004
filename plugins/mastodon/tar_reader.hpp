#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace linkferry::mastodon {

/// Reads a tar archive as its bytes come in, and hands over the plain files in it.
///
/// Names are compared, never opened, so that no path in them leads anywhere; links, devices and
/// folders are passed over. Understood: ustar, the long names of GNU and pax, sizes in base 256.
/// Memory: some KiB. Time: linear. Thread: one at a time. Source: POSIX.1-2017, pax, "ustar
/// Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format" (read
/// 2026-11-22).
class TarReader {
 public:
  static constexpr std::size_t block_bytes = 512;
  static constexpr std::size_t max_extension_bytes = 64 * 1024;

  /// What it calls; every piece of a file that is wanted comes in order.
  struct Events {
    std::function<bool(std::string_view name)> is_wanted;
    std::function<void(std::string_view bytes)> on_bytes;
    std::function<void()> on_file_end;
  };

  explicit TarReader(Events events) : events_(std::move(events)) {}

  void feed(std::string_view bytes);

  /// Whether the mark at the end of the archive was read.
  bool is_at_end() const { return part_ == Part::end; }
  /// Empty, or what is wrong: then nothing more is read.
  std::string_view problem() const { return problem_; }
  /// Whether the bytes end where a file could begin; some programs leave out the mark at the end.
  bool is_between_files() const { return part_ == Part::header && block_.empty(); }

 private:
  enum class Part : std::uint8_t { header, body, padding, end };

  void take_header();
  void take_name(std::string_view block);
  void begin_body(char type, std::string_view name);
  void take_body(std::string_view bytes);
  void end_body();
  void take_pax();
  void fail(std::string_view what) {
    problem_ = what;
    part_ = Part::end;
  }

  Events events_;
  Part part_ = Part::header;
  std::string block_;
  std::string_view problem_;
  std::uint64_t remaining_ = 0;  ///< of the body, then of the padding
  std::uint64_t padding_ = 0;
  bool is_wanted_ = false;
  char extension_type_ = 0;  ///< `L` or `x` while the body is about the next file
  std::string extension_;
  std::string next_name_;
  std::uint64_t next_size_ = 0;
  bool has_next_size_ = false;
};

/// Whether bytes begin as a tar archive does: with a block whose checksum is right. Sets `name` to
/// that of the first file or folder.
bool begins_as_tar(std::string_view head, std::string& name);

}  // namespace linkferry::mastodon
