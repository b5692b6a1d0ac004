#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>

#include "common/csv_writer.hpp"
#include "linkferry/host.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::common {

/// What a staged sink without folders does with changes: `write_row` for every bookmark that is not
/// removed; folder records are passed over. Stops, as `Sink::write` does, between rows.
void write_rows(std::span<const Change> changes, std::span<Outcome> outcomes,
                const std::stop_token& stop, const std::function<void(const Change&)>& write_row);

/// A staged sink that writes one CSV file: every bookmark that is not removed becomes a row. The
/// derived class knows the columns. Folder records are passed over: CSV has no place for them.
class CsvSink : public Sink {
 public:
  CsvSink(std::string path, Host& host) : path_(std::move(path)), host_(host) {}

  SinkKind kind() const override { return SinkKind::staged; }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  /// An empty job leaves a file with a header.
  void commit() override;

 protected:
  virtual void write_header(CsvWriter& writer) = 0;
  /// `id` is what the sink calls the bookmark, absent for a new one.
  virtual void write_row(const Bookmark& bookmark, Text id, CsvWriter& writer) = 0;

  const std::string& path() const { return path_; }
  Host& host() const { return host_; }

 private:
  CsvWriter& writer();

  std::string path_;
  Host& host_;
  std::unique_ptr<StagedFile> file_;
  std::unique_ptr<CsvWriter> writer_;
};

}  // namespace linkferry::common
