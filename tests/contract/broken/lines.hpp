#pragma once

#include <algorithm>
#include <charconv>
#include <string>

#include "linkferry/fields.hpp"
#include "linkferry/plugin.hpp"
#include "linkferry/timestamp_text.hpp"
#include "linkferry/utf8.hpp"

/// A plugin with nothing wrong, for the broken ones to be wrong in one way: text files that begin
/// with "#lines" and hold an address, a title, tags and a date a line, separated by tabs.
namespace linkferry::lines {

inline constexpr std::string_view first_line = "#lines\n";

/// A field as it stands in a line: absent is `\-`, and tabs, line ends, semicolons and backslashes
/// are escaped.
inline std::string escape(Text text) {
  if (is_absent(text)) return "\\-";
  std::string line;
  for (const char c : text) {
    constexpr std::string_view special = "\t\n;\\";
    constexpr std::string_view letters = "tns\\";
    const std::size_t at = special.find(c);
    if (at == special.npos) {
      line += c;
    } else {
      line += '\\';
      line += letters[at];
    }
  }
  return line;
}

inline Text unescape(Text field, Arena& arena) {
  if (field == "\\-") return {};
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char next = field[i] == '\\' && i + 1 < field.size() ? field[++i] : '\0';
    text += next == '\0'  ? field[i]
            : next == 't' ? '\t'
            : next == 'n' ? '\n'
            : next == 's' ? ';'
                          : next;
  }
  return arena.copy(text);
}

/// Takes the part before `separator` off the front.
inline Text take(Text& rest, char separator) {
  const Text part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

class LinesSource : public Source {
 public:
  LinesSource(const Settings& settings, Host& host)
      : file_(host.open_file(*settings.text("path"))) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    if (!load(stop)) return ReadResult::more;
    check_format();
    for (; batch.bookmarks.size() < limit && at_ < bytes_.size(); ++line_) {
      const std::size_t end = bytes_.find('\n', at_);
      if (end == std::string::npos) return cut_off(batch);
      add(batch, Text(bytes_).substr(at_, end - at_));
      at_ = end + 1;
    }
    batch.checkpoint = std::to_string(at_) + " " + std::to_string(line_);
    return at_ < bytes_.size() ? ReadResult::more : ReadResult::end;
  }

  bool rewind() override {
    at_ = first_line.size();
    line_ = 2;
    return true;
  }

  bool resume(std::string_view checkpoint) override {
    std::size_t at = 0;
    std::uint64_t line = 0;
    const char* const end = checkpoint.data() + checkpoint.size();
    const auto offset = std::from_chars(checkpoint.data(), end, at);
    if (offset.ec != std::errc{} || offset.ptr == end || *offset.ptr != ' ' ||
        at < first_line.size())
      return false;
    const auto number = std::from_chars(offset.ptr + 1, end, line);
    if (number.ec != std::errc{} || number.ptr != end) return false;
    at_ = at;
    line_ = line;
    return true;
  }

 protected:
  virtual bool load(std::stop_token stop) {
    char buffer[65536];
    while (!is_loaded_ && !stop.stop_requested()) {
      const std::size_t size = file_->read(buffer);
      bytes_.append(buffer, size);
      is_loaded_ = size == 0;
    }
    return is_loaded_;
  }
  virtual void check_format() {
    if (bytes_.starts_with(first_line)) return;
    throw Failure(FailureKind::configuration, file_->name() + ": line 1 is not #lines");
  }
  virtual ReadResult cut_off(Batch& batch) {
    batch.notices.push_back({"the file is cut off inside its last line", line_});
    at_ = bytes_.size();
    return ReadResult::incomplete;
  }
  virtual void add(Batch& batch, Text line) {
    if (!is_valid_utf8(line)) {
      batch.rejections.push_back({"the line is not UTF-8", {}, line_, batch.bookmarks.size()});
      return;
    }
    batch.bookmarks.push_back(parse(line, batch.arena));
    batch.bookmarks.back().line = line_;
  }
  virtual Bookmark parse(Text line, Arena& arena) {
    Bookmark bookmark;
    bookmark.url = unescape(take(line, '\t'), arena);
    bookmark.title = unescape(take(line, '\t'), arena);
    Text tags = take(line, '\t');
    bookmark.created_at = parse_rfc3339(line);
    const auto list = arena.make_array<Text>(
        tags.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(tags, ';')) + 1);
    for (Text& tag : list) tag = unescape(take(tags, ';'), arena);
    bookmark.tags = list;
    return bookmark;
  }

  std::unique_ptr<InputFile> file_;
  std::string bytes_;
  bool is_loaded_ = false;
  std::size_t at_ = first_line.size();
  std::uint64_t line_ = 2;
};

class LinesSink : public Sink {
 public:
  LinesSink(const Settings& settings, Host& host)
      : settings_(settings), host_(host), path_(*settings.text("path")) {}

  SinkKind kind() const override { return SinkKind::staged; }

  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    if (bookmark.url.empty()) return {{}, {}, "a line needs an address"};
    Representation held{bookmark, {}, {}};
    held.losses =
        keep_only(held.bookmark, {Field::url, Field::title, Field::tags, Field::created_at},
                  "a line has an address, a title, tags and a date", arena);
    return held;
  }

  std::unique_ptr<Source> existing() override {
    if (!host_.file_exists(path_)) return nullptr;
    return std::make_unique<LinesSource>(settings_, host_);
  }

  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      outcomes[i].result = stop.stop_requested() ? Result::failed : Result::done;
      if (stop.stop_requested() || changes[i].bookmark == nullptr) continue;
      staged().write(format(*changes[i].bookmark) + '\n');
    }
  }

  void commit() override { staged().commit(); }

 protected:
  virtual std::string format(const Bookmark& bookmark) const {
    std::string tags;
    for (const Text tag : bookmark.tags) tags += (tags.empty() ? "" : ";") + escape(tag);
    return escape(bookmark.url) + '\t' + escape(bookmark.title) + '\t' + tags + '\t' +
           format_rfc3339(bookmark.created_at);
  }
  StagedFile& staged() {
    if (file_ == nullptr) (file_ = host_.stage_file(path_))->write(first_line);
    return *file_;
  }

  const Settings& settings_;
  Host& host_;
  std::string path_;
  std::unique_ptr<StagedFile> file_;
};

inline constexpr char schema[] =
    R"({"type": "object", "properties": {"path": {"type": "string", "format": "path"}}, "required": ["path"]})";

inline int recognize(std::string_view head, bool) { return head.starts_with(first_line) ? 90 : 0; }

template <class T>
std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  return std::make_unique<T>(settings, host);
}
template <class T>
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  return std::make_unique<T>(settings, host);
}

/// A sink whose `existing` reads with a source of the plugin's own.
template <class SourceType>
class SinkReadWith : public LinesSink {
 public:
  using LinesSink::LinesSink;
  std::unique_ptr<Source> existing() override {
    if (!host_.file_exists(path_)) return nullptr;
    return std::make_unique<SourceType>(settings_, host_);
  }
};

}  // namespace linkferry::lines

/// The descriptor of a broken plugin.
#define LINES_PLUGIN(plugin_name, source_type, sink_type)                         \
  LINKFERRY_PLUGIN = {.name = plugin_name,                                        \
                      .version = "1",                                             \
                      .summary = "Wrong in one way, on purpose",                  \
                      .options_schema = linkferry::lines::schema,                 \
                      .extensions = ".lines",                                     \
                      .recognize = &linkferry::lines::recognize,                  \
                      .make_source = &linkferry::lines::make_source<source_type>, \
                      .make_sink = &linkferry::lines::make_sink<sink_type>}
