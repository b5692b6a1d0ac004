#include "raindrop/raindrop_sink.hpp"

#include "common/csv_sink.hpp"
#include "common/peeked_file.hpp"
#include "linkferry/failure.hpp"
#include "raindrop/raindrop_format.hpp"
#include "raindrop/raindrop_source.hpp"

namespace linkferry::raindrop {
namespace {

class RaindropSink : public common::CsvSink {
 public:
  RaindropSink(const Settings& settings, Host& host)
      : CsvSink(settings.text("path").value_or("-"), host),
        options_(settings),
        layout_(settings.text("layout") == "import" ? Layout::import_columns
                                                    : Layout::export_columns) {}

  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    return raindrop::represent(bookmark, layout_, arena);
  }

  std::unique_ptr<Source> existing() override {
    if (!host().file_exists(path())) return nullptr;
    auto file = std::make_unique<common::PeekedFile>(host().open_file(path()));
    if (recognize(file->head(), file->is_whole()) == 100) {
      throw Failure(
          FailureKind::configuration,
          file->name() +
              ": there is Raindrop's HTML; only its CSV can be written: choose another path");
    }
    file->rewind();
    return make_csv_source(std::move(file), options_, host());
  }

 protected:
  void write_header(common::CsvWriter& writer) override { raindrop::write_header(layout_, writer); }
  void write_row(const Bookmark& bookmark, Text id, common::CsvWriter& writer) override {
    raindrop::write_row(bookmark, id, layout_, writer);
  }

 private:
  ReadOptions options_;
  Layout layout_;
};

}  // namespace

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  return std::make_unique<RaindropSink>(settings, host);
}

}  // namespace linkferry::raindrop
