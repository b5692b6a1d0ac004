#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "linkferry/plugin.hpp"

/// The simplest of live services, and no help at all: it has no idea of sameness, so whatever is
/// created twice is there twice. Its bookmarks are lines of a file,
/// `ID<TAB>URL<TAB>TITLE<TAB>TAG,TAG<TAB>0 or 1 (archived)`, which is replaced after every change;
/// each change that was carried out is a line of `PATH.log`. Before and after each change it tells
/// the test that loaded it.
extern "C" __attribute__((weak, visibility("default"))) void linkferry_crash_point(const char*);

namespace {

using namespace linkferry;

void reach(const char* what) {
  if (linkferry_crash_point != nullptr) linkferry_crash_point(what);
}

struct Item {
  std::int64_t id = 0;
  std::string url, title, tags;
  bool is_archived = false;
};

std::vector<Item> load(const std::string& path) {
  std::vector<Item> items;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    Item item;
    std::istringstream fields(line);
    std::string id, archived;
    std::getline(fields, id, '\t');
    std::getline(fields, item.url, '\t');
    std::getline(fields, item.title, '\t');
    std::getline(fields, item.tags, '\t');
    std::getline(fields, archived, '\t');
    item.id = std::stoll(id);
    item.is_archived = archived == "1";
    items.push_back(std::move(item));
  }
  return items;
}

void store(const std::string& path, const std::vector<Item>& items) {
  std::ostringstream text;
  for (const Item& item : items) {
    text << item.id << '\t' << item.url << '\t' << item.title << '\t' << item.tags << '\t'
         << item.is_archived << '\n';
  }
  std::ofstream(path + ".new") << text.str();
  std::rename((path + ".new").c_str(), path.c_str());
}

class ShelfSource final : public Source {
 public:
  ShelfSource(std::vector<Item> items, bool is_incremental)
      : items_(std::move(items)), is_incremental_(is_incremental) {
    std::ranges::stable_sort(items_, {}, &Item::id);
  }

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token) override {
    // Small batches, so that there are checkpoints in the middle.
    const std::size_t end = std::min({items_.size(), next_ + limit, next_ + 3});
    for (; next_ < end; ++next_) put(batch, items_[next_]);
    if (next_ > 0) last_ = items_[next_ - 1].id;
    batch.checkpoint = std::to_string(last_);
    return next_ < items_.size() ? ReadResult::more : ReadResult::end;
  }
  bool rewind() override {
    if (is_resumed_) return false;
    next_ = 0;
    return true;
  }
  bool resume(std::string_view checkpoint) override {
    const char* const end = checkpoint.data() + checkpoint.size();
    if (std::from_chars(checkpoint.data(), end, last_).ptr != end) return false;
    is_resumed_ = true;
    next_ = 0;
    while (next_ < items_.size() && items_[next_].id <= last_) ++next_;
    return true;
  }
  bool is_incremental() const override { return is_incremental_; }

 private:
  static void put(Batch& batch, const Item& item) {
    Arena& arena = batch.arena;
    Bookmark bookmark;
    bookmark.url = arena.copy(std::string_view(item.url));
    bookmark.title = arena.copy(std::string_view(item.title));
    std::vector<Text> tags;
    std::istringstream names(item.tags);
    for (std::string tag; std::getline(names, tag, ',');)
      tags.push_back(arena.copy(std::string_view(tag)));
    bookmark.tags = arena.copy(std::span<const Text>(tags));
    bookmark.archived = to_flag(item.is_archived);
    Origin& origin = arena.make_array<Origin>(1)[0];
    origin.plugin = "shelf";
    origin.id = arena.copy(std::to_string(item.id));
    bookmark.origin = &origin;
    batch.bookmarks.push_back(bookmark);
  }

  std::vector<Item> items_;
  bool is_incremental_;
  std::size_t next_ = 0;
  std::int64_t last_ = 0;
  bool is_resumed_ = false;
};

class ShelfSink final : public Sink {
 public:
  ShelfSink(std::string path, std::string rejected)
      : path_(std::move(path)), rejected_(std::move(rejected)) {}

  SinkKind kind() const override { return SinkKind::live; }
  Representation represent(const Bookmark& bookmark, Arena&) const override {
    Bookmark held;
    held.url = bookmark.url;
    held.title = is_present(bookmark.title) ? bookmark.title : Text("");
    held.tags = bookmark.tags;
    held.archived = to_flag(bookmark.archived == Flag::yes);
    return {held, {}, {}};
  }
  std::unique_ptr<Source> existing() override {
    return std::make_unique<ShelfSource>(load(path_), false);
  }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (stop.stop_requested()) {
        outcomes[i] = {Result::failed, {}, "stopped before it began"};
        continue;
      }
      reach("change of a service");
      outcomes[i] = carry_out(changes[i]);
      reach("answer of a service");
    }
  }

 private:
  Outcome carry_out(const Change& change) {
    if (change.bookmark == nullptr) return {Result::rejected, {}, "a shelf has no folders"};
    if (!rejected_.empty() && change.bookmark->url.find(rejected_) != Text::npos)
      return {Result::rejected, {}, "it does not fit into the shelf"};
    std::vector<Item> items = load(path_);
    std::int64_t id = 0;
    if (change.action == Action::create) {
      id = 1000;
      for (const Item& item : items) id = std::max(id, item.id + 1);
      items.push_back(item_of(*change.bookmark, id));
    } else {
      id = std::stoll(std::string(change.id));
      const auto found = std::ranges::find(items, id, &Item::id);
      if (found == items.end()) return {Result::already_so, std::string(change.id), {}};
      if (change.action == Action::remove) {
        items.erase(found);
      } else {
        *found = item_of(*change.bookmark, id);
      }
    }
    store(path_, items);
    constexpr const char* names[] = {"keep", "create", "update", "remove"};
    std::ofstream(path_ + ".log", std::ios::app)
        << names[static_cast<std::size_t>(change.action)] << ' ' << change.bookmark->url << '\n';
    return {Result::done, std::to_string(id), {}};
  }
  static Item item_of(const Bookmark& bookmark, std::int64_t id) {
    Item item{id, std::string(bookmark.url), std::string(bookmark.title), "",
              bookmark.archived == Flag::yes};
    for (const Text tag : bookmark.tags) item.tags.append(item.tags.empty() ? "" : ",").append(tag);
    return item;
  }

  std::string path_;
  std::string rejected_;
};

std::unique_ptr<Source> make_source(const Settings& settings, Host&) {
  return std::make_unique<ShelfSource>(load(*settings.text("path")), settings.flag("incremental"));
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host&) {
  return std::make_unique<ShelfSink>(*settings.text("path"), settings.text("rejects").value_or(""));
}

}  // namespace

LINKFERRY_PLUGIN = {
    .name = "shelf",
    .version = "1",
    .summary = "a service in a file, for tests of crashes",
    .options_schema = R"({"type": "object", "additionalProperties": false, "required": ["path"],
        "properties": {"path": {"type": "string", "format": "path"},
        "rejects": {"type": "string"}, "incremental": {"type": "boolean", "default": false}}})",
    .make_source = &make_source,
    .make_sink = &make_sink,
};
