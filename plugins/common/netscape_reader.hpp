#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/charset.hpp"
#include "common/netscape_levels.hpp"
#include "common/netscape_records.hpp"
#include "common/netscape_tokenizer.hpp"
#include "linkferry/source.hpp"

namespace linkferry::common {

/// Reads Netscape bookmark HTML, of any dialect, as bookmarks and folder records.
///
///     <!DOCTYPE NETSCAPE-Bookmark-file-1>
///     <H1>Bookmarks</H1>
///     <DL><p>
///         <DT><A HREF="https://example.org/?a=1&amp;b=2" ADD_DATE="1700000000" TAGS="x,y
///         z">Title</A> <DD>Text about it
///
/// The bytes go into the batch's own arena, in blocks of up to 256 KiB, and the records are views
/// of them. A file that is cut off inside an entry is read as far as it goes and ends `incomplete`.
/// An empty file has no bookmarks. Errors: Failure configuration for a file that holds no bookmark
/// list (it says what it looks like); Failure input. Other formats that look like it can go over
/// the batch afterwards: everything that this reader has no field for is in `extra`, and markup
/// inside a description is still there.
class NetscapeReader : public Source {
 public:
  static constexpr std::size_t usual_block_bytes = 256 * 1024;

  /// `block_bytes` is the size of a block; small ones are for tests.
  NetscapeReader(std::unique_ptr<InputFile> file, const NetscapeOptions& options,
                 std::size_t block_bytes = usual_block_bytes);

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  /// Skimming leaves the bytes of an entry as they are; those few that cannot be read alone are
  /// read at once, and have no rest.
  bool skim() override;
  void complete(Bookmark& bookmark, Text rest, Arena& arena) const override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return input_.size_bytes(); }
  std::uint64_t progress() const override { return input_.bytes_read(); }

 private:
  void load_block(Batch& batch, std::size_t limit);
  void keep_rest();
  bool read_tokens(Batch& batch, std::size_t limit);
  void take(NetscapeToken token, Batch& batch);
  void take_entry(Batch& batch);
  void take_folder(Batch& batch);
  void take_separator(Batch& batch);
  void take_rejected(Batch& batch);
  void take_notices(Batch& batch);
  void add_notice(Batch& batch, std::string_view text, std::uint64_t line);
  void take_record_notices(Batch& batch, std::uint64_t line);
  void add_folder(Batch& batch, Folder folder, Text name);
  void note_text(std::string_view block);
  void note_controls(const char* begin, bool is_entry);
  ReadResult finish(Batch& batch);
  std::uint64_t line_of(const char* p);
  void save_checkpoint(std::string& out) const;
  bool skip_to(std::uint64_t offset);
  void reset();

  bool has_control_character_ = false;  ///< somewhere in what was handed over
  bool is_skimming_ = false;
  Utf8Input input_;
  NetscapeTokenizer tokenizer_;
  NetscapeLevels levels_;
  NetscapeRecords records_;
  std::vector<std::string_view> notices_;
  std::size_t block_bytes_;
  std::size_t bytes_per_record_ =
      512;            ///< of the last batch: how much is worth reading for the next
  std::string rest_;  ///< read and not used yet
  const char* block_begin_ = nullptr;
  const char* block_end_ = nullptr;
  const char* counted_to_ = nullptr;  ///< line ends are counted up to here
  std::uint64_t line_ = 1;
  char line_end_ = 0;         ///< LF, or CR in a file without LF; 0 until the first is seen
  std::uint64_t offset_ = 0;  ///< of `block_begin_`, in UTF-8
  std::string heading_;
  bool needs_more_ = false;  ///< the last block ended inside a record
  bool has_text_ = false;
  bool is_input_done_ = false;
  bool is_finished_ = false;
  ReadResult final_result_ = ReadResult::end;
};

/// How surely `head` (any charset) is Netscape bookmark HTML: 0 to 100.
/// 95 with the DOCTYPE, 80 with entries only, 60 for an Instapaper list, 1 for an empty file, which
/// is an empty list.
int recognize_netscape(std::string_view head, bool is_whole);

/// What a file that begins like this seems to be: "JSON", "a PNG image", "plain text", …
std::string_view describe_content(std::string_view head);

}  // namespace linkferry::common
