// Text files that begin with the line "#links" and have one bookmark a line: address, tab, title.
#include <linkferry/fields.hpp>
#include <linkferry/plugin.hpp>
#include <linkferry/utf8.hpp>
using namespace linkferry;

struct LinksSource final : Source {
  explicit LinksSource(std::unique_ptr<InputFile> opened) : file(std::move(opened)) {}
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    std::size_t size = 1;
    for (char buffer[65536]; size > 0 && !stop.stop_requested();)
      bytes.append(buffer, size = file->read(buffer));
    if (size > 0) return ReadResult::more;  // stopped while there was more to come
    if (line == 2 && (!bytes.starts_with("#links\n") || !is_valid_utf8(bytes)))
      throw Failure(FailureKind::configuration, file->name() + ": expected #links and UTF-8");
    for (; batch.bookmarks.size() < limit && at < bytes.size(); ++line) {
      const Text text = batch.arena.copy(Text(bytes).substr(at, bytes.find('\n', at) - at));
      at += text.size() + 1;
      if (at > bytes.size()) {
        batch.notices.push_back({"the file is cut off inside its last line", line});
        return ReadResult::incomplete;
      }
      Bookmark& bookmark = batch.bookmarks.emplace_back();
      bookmark.url = text.substr(0, text.find('\t'));
      if (bookmark.url.size() < text.size()) bookmark.title = text.substr(bookmark.url.size() + 1);
      bookmark.line = line;
    }
    return at < bytes.size() ? ReadResult::more : ReadResult::end;
  }
  std::unique_ptr<InputFile> file;
  std::string bytes;
  std::size_t at = 7, line = 2;
};

struct LinksSink final : Sink {
  LinksSink(Host& host_, std::string path_) : host(host_), path(std::move(path_)) {}
  SinkKind kind() const override { return SinkKind::staged; }
  Representation represent(const Bookmark& b, Arena& arena) const override {
    if (b.url.empty() || b.url.find_first_of("\t\n") != Text::npos) return {{}, {}, "no address"};
    Representation held{b, {}, {}};
    const Field second = b.title.find('\n') == Text::npos ? Field::title : Field::url;
    held.losses = keep_only(held.bookmark, {Field::url, second}, "a line has no place", arena);
    return held;
  }
  std::unique_ptr<Source> existing() override {
    return host.file_exists(path) ? std::make_unique<LinksSource>(host.open_file(path)) : nullptr;
  }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      outcomes[i].result = stop.stop_requested() ? Result::failed : Result::done;
      if (outcomes[i].result == Result::failed || changes[i].bookmark == nullptr) continue;
      std::string line(changes[i].bookmark->url);
      const Text title = changes[i].bookmark->title;
      if (is_present(title)) line.append("\t").append(title);
      staged().write(line + '\n');
    }
  }
  void commit() override { staged().commit(); }
  StagedFile& staged() {
    if (file == nullptr) (file = host.stage_file(path))->write("#links\n");
    return *file;
  }
  Host& host;
  std::string path;
  std::unique_ptr<StagedFile> file;
};

LINKFERRY_PLUGIN = {
    .name = "links",
    .summary = "Lines of an address, a tab and a title",
    .options_schema = R"({"properties": {"path": {"type": "string", "format": "path"}}})",
    .recognize = [](Text head, bool) { return head.starts_with("#links\n") ? 90 : 0; },
    .make_source = [](const Settings& settings, Host& host) -> std::unique_ptr<Source> {
      return std::make_unique<LinksSource>(host.open_file(*settings.text("path")));
    },
    .make_sink = [](const Settings& settings, Host& host) -> std::unique_ptr<Sink> {
      return std::make_unique<LinksSink>(host, *settings.text("path"));
    }};
