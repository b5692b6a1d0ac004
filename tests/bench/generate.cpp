/// generate N SEED FOLDER: writes the same N bookmarks as FOLDER/bN.html (as Firefox does),
/// bN.raindrop.csv and bN.jsonl, and prints how many of their addresses are different. Equal
/// arguments make equal bytes.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bookmark_maker.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::bench {
namespace {

/// A file that is written through a large buffer.
class Output {
 public:
  explicit Output(const std::string& path) : file_(std::fopen(path.c_str(), "wb")), path_(path) {
    if (!file_) throw std::runtime_error(path + ": cannot be written");
    std::setvbuf(file_.get(), nullptr, _IOFBF, 1 << 20);
  }
  void put(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size())
      throw std::runtime_error(path_ + ": disk full");
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::string path_;
};

std::string html_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string join(const std::vector<std::string>& texts, std::string_view separator) {
  std::string joined;
  for (const auto& text : texts) {
    if (!joined.empty()) joined += separator;
    joined += text;
  }
  return joined;
}

std::string join_json(const std::vector<std::string>& texts) {
  std::string joined = "[";
  for (const auto& text : texts) {
    if (joined.size() > 1) joined += ',';
    joined += json_text(text);
  }
  return joined + ']';
}

std::string time_text(std::int64_t seconds, Precision precision) {
  return format_rfc3339({seconds, 0, precision});
}

/// Where the walk through the folders stands, which is the same for all files. Folders are
/// numbered: siblings of one name, which no browser makes, would send most records to a folder that
/// is closed already.
class FolderWalk {
 public:
  explicit FolderWalk(std::uint64_t seed) : random_(~seed) {}

  /// Goes on to the next bookmark: true where a folder was closed (first) or opened (then).
  void step() {
    has_closed_ = !path_.empty() && random_.below(30) == 0;
    if (has_closed_) path_.pop_back();
    has_opened_ = path_.size() < 5 && random_.below(25) == 0;
    if (has_opened_) path_.push_back(make_folder_name(random_) + ' ' + std::to_string(++folders_));
  }
  bool has_closed() const { return has_closed_; }
  bool has_opened() const { return has_opened_; }
  const std::vector<std::string>& path() const { return path_; }

 private:
  Random random_;
  std::vector<std::string> path_;
  std::uint64_t folders_ = 0;
  bool has_closed_ = false;
  bool has_opened_ = false;
};

class HtmlFile {
 public:
  explicit HtmlFile(const std::string& path) : out_(path) {
    out_.put(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<!-- This is an automatically generated file.\n     "
        "It will be read and overwritten.\n"
        "     DO NOT EDIT! -->\n<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; "
        "charset=UTF-8\">\n"
        "<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks Menu</H1>\n\n<DL><p>\n");
  }
  void put(const MadeBookmark& made, const FolderWalk& walk) {
    if (walk.has_closed()) close_folder();
    if (walk.has_opened()) open_folder(walk.path().back(), made);
    std::string text = indent() + "<DT><A HREF=\"" + made.url + "\" ADD_DATE=\"" +
                       std::to_string(made.created_at) + "\" LAST_MODIFIED=\"" +
                       std::to_string(made.modified_at) + '"';
    if (!made.icon.empty()) text += " ICON=\"" + made.icon + '"';
    if (!made.tags.empty()) text += " TAGS=\"" + html_text(join(made.tags, ",")) + '"';
    text += '>' + html_text(made.title) + "</A>\n";
    if (!made.description.empty()) text += indent() + "<DD>" + html_text(made.description) + '\n';
    out_.put(text);
  }
  void finish() {
    while (depth_ > 1) close_folder();
    out_.put("</DL>\n");
  }

 private:
  std::string indent() const { return std::string(4 * depth_, ' '); }
  void open_folder(const std::string& name, const MadeBookmark& made) {
    out_.put(indent() + "<DT><H3 ADD_DATE=\"" + std::to_string(made.created_at) +
             "\" LAST_MODIFIED=\"" + std::to_string(made.modified_at) + "\">" + html_text(name) +
             "</H3>\n" + indent() + "<DL><p>\n");
    ++depth_;
  }
  void close_folder() {
    --depth_;
    out_.put(indent() + "</DL><p>\n");
  }

  Output out_;
  std::size_t depth_ = 1;
};

class RaindropFile {
 public:
  explicit RaindropFile(const std::string& path) : out_(path) {
    out_.put("id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n");
  }
  void put(const MadeBookmark& made, const FolderWalk& walk, std::uint64_t number) {
    const std::string folder = walk.path().empty() ? "Unsorted" : join(walk.path(), " / ");
    out_.put(std::to_string(700'000'000 + number) + ',' + csv_cell(made.title) + ",," +
             csv_cell(made.description) + ',' + csv_cell(made.url) + ',' + csv_cell(folder) + ',' +
             csv_cell(join(made.tags, ", ")) + ',' +
             time_text(made.created_at, Precision::millisecond) + ",,," +
             (made.is_favorite ? "true" : "false") + '\n');
  }

 private:
  Output out_;
};

class JsonlFile {
 public:
  explicit JsonlFile(const std::string& path) : out_(path) {}
  void put(const MadeBookmark& made, const FolderWalk& walk) {
    std::string text = "{\"url\":" + json_text(made.url) + ",\"title\":" + json_text(made.title);
    if (!made.description.empty()) text += ",\"description\":" + json_text(made.description);
    if (!made.tags.empty()) text += ",\"tags\":" + join_json(made.tags);
    if (!walk.path().empty()) text += ",\"folders\":[" + join_json(walk.path()) + ']';
    text += ",\"created_at\":\"" + time_text(made.created_at, Precision::second) +
            "\",\"modified_at\":\"" + time_text(made.modified_at, Precision::second) + '"';
    if (made.is_favorite) text += ",\"favorite\":true";
    if (!made.icon.empty()) text += ",\"icon\":" + json_text(made.icon);
    out_.put(text + "}\n");
  }

 private:
  Output out_;
};

void generate(std::uint64_t count, std::uint64_t seed, const std::string& folder) {
  const std::string name = folder + "/b" + std::to_string(count);
  HtmlFile html(name + ".html");
  RaindropFile raindrop(name + ".raindrop.csv");
  JsonlFile jsonl(name + ".jsonl");
  const BookmarkMaker maker(seed);
  FolderWalk walk(seed);
  std::uint64_t different = 0;
  for (std::uint64_t number = 0; number < count; ++number) {
    const MadeBookmark made = maker.make(number);
    if (maker.original(number) == number) ++different;
    walk.step();
    html.put(made, walk);
    raindrop.put(made, walk, number);
    jsonl.put(made, walk);
  }
  html.finish();
  std::printf("%llu\n", static_cast<unsigned long long>(different));
}

}  // namespace
}  // namespace linkferry::bench

int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs("usage: generate NUMBER SEED FOLDER\n", stderr);
    return 64;
  }
  try {
    linkferry::bench::generate(std::strtoull(arguments[1], nullptr, 10),
                               std::strtoull(arguments[2], nullptr, 10), arguments[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "generate: %s\n", error.what());
    return 1;
  }
  return 0;
}
