#include "raindrop/raindrop_export_source.hpp"

#include "common/csv_table.hpp"
#include "raindrop/raindrop_format.hpp"

namespace linkferry::raindrop {
namespace {

/// An export that is in memory.
class ExportFile : public InputFile {
 public:
  ExportFile(std::string name, std::string bytes)
      : name_(std::move(name)), bytes_(std::move(bytes)) {}

  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = bytes_.copy(buffer.data(), buffer.size(), at_);
    at_ += count;
    return count;
  }
  bool rewind() override {
    at_ = 0;
    return true;
  }
  std::uint64_t size_bytes() const override { return bytes_.size(); }
  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  std::string bytes_;
  std::size_t at_ = 0;
};

/// What an answer with a page or a document in place of the export begins with.
bool looks_like_csv(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::string_view first_line = body.substr(0, body.find('\n'));
  return first_line.find("url") != std::string_view::npos && first_line.front() != '{' &&
         first_line.front() != '<';
}

}  // namespace

void ExportSource::load(std::stop_token stop) {
  constexpr int most_attempts = 3;
  for (int attempt = 1;; ++attempt) {
    HttpResponse answer = api_->get_file("/raindrops/0/export.csv", stop);
    if (answer.is_success() && looks_like_csv(answer.body)) {
      auto rows = std::make_unique<RaindropRows>(endpoint_, FolderSeparator::blank_slash_blank,
                                                 RaindropRows::HasBlankSlash());
      auto file = std::make_unique<ExportFile>(api_->base_url() + "/raindrops/0/export.csv",
                                               std::move(answer.body));
      csv_ = std::make_unique<common::CsvSource>(std::move(file), std::move(rows));
      return;
    }
    if (!answer.is_success() || attempt == most_attempts)
      throw api_->failure_of(answer, "expected the CSV export; without via: csv pages are read");
  }
}

ReadResult ExportSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (stop.stop_requested()) return ReadResult::more;
  if (!csv_) {
    try {
      load(stop);
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::interrupted || !stop.stop_requested()) throw;
      return ReadResult::more;
    }
  }
  return csv_->read(batch, limit, std::move(stop));
}

}  // namespace linkferry::raindrop
