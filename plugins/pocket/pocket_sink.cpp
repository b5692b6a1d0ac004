#include "pocket/pocket_sink.hpp"

#include "common/csv_sink.hpp"
#include "common/csv_table.hpp"
#include "common/peeked_file.hpp"
#include "linkferry/failure.hpp"
#include "pocket/pocket_format.hpp"
#include "pocket/pocket_source.hpp"

namespace linkferry::pocket {
namespace {

class PocketSink : public common::CsvSink {
 public:
  PocketSink(const Settings& settings, Host& host)
      : CsvSink(settings.text("path").value_or("-"), host), endpoint_(settings.endpoint()) {}

  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    return pocket::represent(bookmark, arena);
  }

  std::unique_ptr<Source> existing() override {
    if (!host().file_exists(path())) return nullptr;
    auto file = std::make_unique<common::PeekedFile>(host().open_file(path()));
    const FileKind kind = kind_of(file->head(), file->is_whole());
    if (kind != FileKind::csv && kind != FileKind::unknown) {
      throw Failure(FailureKind::configuration, file->name() +
                                                    ": there is another kind of Pocket file; only "
                                                    "its CSV can be written: choose another path");
    }
    file->rewind();
    return std::make_unique<common::CsvSource>(std::move(file),
                                               std::make_unique<PocketRows>(endpoint_));
  }

 protected:
  void write_header(common::CsvWriter& writer) override { pocket::write_header(writer); }
  void write_row(const Bookmark& bookmark, Text /*id*/, common::CsvWriter& writer) override {
    pocket::write_row(bookmark, writer);
  }

 private:
  std::string endpoint_;
};

}  // namespace

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  return std::make_unique<PocketSink>(settings, host);
}

}  // namespace linkferry::pocket
