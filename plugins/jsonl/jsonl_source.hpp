#pragma once

#include <memory>

#include "jsonl/jsonl_parser.hpp"
#include "jsonl/line_reader.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"

namespace linkferry::jsonl {

/// Reads bookmarks from JSON lines.
///
/// A line that is no JSON object, or has a value of another type than the schema's, becomes a
/// rejection and reading goes on; a last line that is cut off makes the input incomplete. Invalid
/// UTF-8 becomes U+FFFD with a notice. Blank lines are skipped. A checkpoint is the offset and
/// number of the next line.
class JsonlSource : public Source {
 public:
  explicit JsonlSource(std::unique_ptr<InputFile> file) : lines_(std::move(file)) {}

  /// Errors: Failure configuration when it is no file of JSON lines: a JSON array, or none of the
  /// first lines is an object.
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return lines_.file().size_bytes(); }
  std::uint64_t progress() const override { return lines_.offset(); }

 private:
  bool parse_lines(const Lines& lines, Batch& batch);
  void reject_long_line(const Lines& lines, Batch& batch);
  void count(LineStatus status);
  const char* repair_line(const char* line, const char* end, Batch& batch);
  void check_is_no_array(const char* line) const;
  void check_is_jsonl(std::uint64_t tolerated) const;
  bool restart(std::uint64_t line);

  LineReader lines_;
  LineParser parser_;
  std::uint64_t next_line_ = 1;
  std::uint64_t foreign_lines_ = 0;  ///< not JSON, before the first that is
  bool is_jsonl_ = false;            ///< a line was a JSON object
  bool is_done_ = false;
};

/// How surely the bytes are lines of linkferry's JSON: 95 when the first line is an object with a
/// `url` or a folder record.
int recognize(std::string_view head, bool is_whole);

/// Option `path`.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::jsonl
