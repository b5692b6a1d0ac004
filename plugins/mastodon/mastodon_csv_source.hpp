#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/csv_table.hpp"
#include "linkferry/host.hpp"
#include "linkferry/source.hpp"
#include "mastodon/csv_parts.hpp"
#include "mastodon/file_records.hpp"

namespace linkferry::mastodon {

/// Reads `bookmarks.csv` (see csv_parts.hpp) and the parts that it goes on in, if there are any.
///
/// Memory: one row. Thread: one at a time.
class MastodonCsvSource final : public Source {
 public:
  /// `file` is the first part, which stands at its first byte; `path` is where it came from, `-`
  /// for standard input. `host` outlives the source.
  MastodonCsvSource(std::unique_ptr<InputFile> file, std::string path, FileRules rules, Host& host);

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return input_ ? input_->size_bytes() : 0; }
  std::uint64_t progress() const override { return reader_ ? reader_->position().offset_bytes : 0; }

 private:
  enum class PartResult : std::uint8_t { full, end };

  void open(std::size_t part, std::unique_ptr<InputFile> file);
  bool has_part(std::size_t part) const;
  bool go_to(std::size_t part);
  PartResult read_part(Batch& batch, std::size_t limit, const std::stop_token& stop);
  void take_row(Batch& batch);
  bool take_header();
  void take_notices(Batch& batch);
  std::string checkpoint() const;

  std::string path_;
  FileRules rules_;
  Host& host_;
  std::size_t part_ = 1;
  std::optional<common::Utf8Input> input_;
  std::optional<common::CsvReader> reader_;
  common::OtherColumns other_;
  bool has_first_row_ = false;
  bool is_done_ = false;
  common::CsvRow row_;
  const Origin* origin_ = nullptr;  ///< of the batch that is being filled, and its tags
  std::span<const Text> tags_;
  std::optional<Notice> cut_;  ///< of a part that ends inside a cell
};

}  // namespace linkferry::mastodon
