#include "common/csv_sink.hpp"

namespace linkferry::common {
namespace {

constexpr std::size_t rows_between_checks = 256;

}  // namespace

void write_rows(std::span<const Change> changes, std::span<Outcome> outcomes,
                const std::stop_token& stop, const std::function<void(const Change&)>& write_row) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (i % rows_between_checks == 0 && stop.stop_requested()) {
      for (Outcome& outcome : outcomes.subspan(i))
        outcome = {Result::failed, {}, "stopped before it was written"};
      return;
    }
    const Change& change = changes[i];
    if (change.bookmark == nullptr) {
      outcomes[i].result = Result::already_so;
      continue;
    }
    if (change.action != Action::remove) write_row(change);
    outcomes[i].result = Result::done;
    outcomes[i].id = change.id;
  }
}

void CsvSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                    std::stop_token stop) {
  CsvWriter& out = writer();
  write_rows(changes, outcomes, stop,
             [&](const Change& change) { write_row(*change.bookmark, change.id, out); });
}

void CsvSink::commit() {
  writer().flush();
  file_->commit();
}

CsvWriter& CsvSink::writer() {
  if (!writer_) {
    file_ = host_.stage_file(path_);
    writer_ = std::make_unique<CsvWriter>(*file_);
    write_header(*writer_);
  }
  return *writer_;
}

}  // namespace linkferry::common
