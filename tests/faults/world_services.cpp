#include "world_services.hpp"

#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <set>

#include "support/fakes/fake_bkmark.hpp"
#include "support/fakes/fake_linkding.hpp"
#include "support/fakes/fake_mastodon.hpp"
#include "support/fakes/fake_raindrop.hpp"

namespace linkferry::test {
namespace {

constexpr const char* accounts[] = {"source", "target"};

/// The requests that a service saw since they were forgotten last.
class SeenSince {
 public:
  explicit SeenSince(HttpServer& server) : server_(server) {}
  void forget() { before_ = server_.request_count(); }
  template <class Visit>
  void for_each_post(const std::string& end_of_path, Visit visit) const {
    const auto seen = server_.requests();
    for (std::size_t i = before_; i < seen.size(); ++i) {
      if (seen[i].method == "POST" && seen[i].path().ends_with(end_of_path)) visit(seen[i]);
    }
  }

 private:
  HttpServer& server_;
  std::size_t before_ = 0;
};

/// What puts all accounts back to what they are now. `of` gives what one of them holds.
template <class Fake, class Holding>
std::function<void()> remember_accounts(Fake& fake, Holding& (Fake::*of)(const std::string&)) {
  std::vector<Holding> all;
  for (const char* account : accounts) all.push_back((fake.*of)(account));
  return [&fake, of, all] {
    for (std::size_t i = 0; i < all.size(); ++i) (fake.*of)(accounts[i]) = all[i];
  };
}

class LinkdingService final : public WorldService {
 public:
  std::string options(const std::string& account) override {
    return fmt::format("plugin: linkding, url: '{}', token: {{env: LINKDING_TOKEN}}",
                       fake_.url(account));
  }
  void put(const std::string& account, const ShortBookmark& b) override {
    LinkdingLibrary::Fields fields;
    fields.url = b.url();
    fields.title = b.title;
    fields.description = b.description;
    fields.tags = b.tags;
    fields.is_archived = b.is_archived;
    if (b.modified() != 0) fields.modified = b.modified() * 1'000'000;
    fake_.library(account).post(fields);
  }
  void remove(const std::string& account, const std::string& url) override {
    LinkdingLibrary& library = fake_.library(account);
    library.remove(library.find_url(url)->id);
  }
  std::vector<std::string> listing(const std::string& account) override {
    std::vector<std::string> all;
    for (const auto& [id, row] : fake_.library(account).rows())
      all.push_back(show_bookmark(row.url, row.title, row.tags, row.is_archived, row.description));
    return all;
  }
  std::size_t creates() override {
    std::size_t count = 0;
    seen_.for_each_post("/api/bookmarks/", [&](const SeenRequest&) { ++count; });
    return count;
  }
  std::size_t writes() override { return fake_.writes(); }
  void forget_writes() override {
    fake_.forget_counts();
    seen_.forget();
  }
  void settle() override { fake_.server().settle(); }
  std::function<void()> remember() override {
    return remember_accounts(fake_, &FakeLinkding::library);
  }

 private:
  FakeLinkding fake_;
  SeenSince seen_{fake_.server()};
};

/// Its bookmarks are posts: `p7` is the seventh.
class MastodonService final : public WorldService {
 public:
  MastodonService() {
    fake_.post_now(post_count);
    fake_.before = [this](const SeenRequest& request) -> std::optional<Reply> {
      if (request.method == "POST") count_marking(request.path());
      return {};
    };
  }
  std::string options(const std::string& account) override {
    return fmt::format(
        "plugin: mastodon, url: '{}', token: {{env: LINKDING_TOKEN}}, requests_per_5_minutes: 0",
        fake_.url(account));
  }
  void put(const std::string&, const ShortBookmark& b) override {
    mark(std::stoul(b.name.substr(1)));
  }
  void remove(const std::string&, const std::string& url) override {
    const std::size_t post = number_in(url);
    fake_.unmark_now("bookmarks", post, "target");
    marked_.erase(fake_.post_now(post).id);
  }
  std::vector<std::string> listing(const std::string&) override {
    std::vector<std::string> all;
    for (const std::string& uri : fake_.uris("bookmarks", "target"))
      all.push_back("p" + std::to_string(number_in(uri)));
    return all;
  }
  std::size_t creates() override { return new_marks_; }
  std::size_t writes() override { return marks_; }
  void forget_writes() override { marks_ = new_marks_ = 0; }
  void settle() override { fake_.server().settle(); }
  std::function<void()> remember() override {
    return [this, marks = fake_.uris("bookmarks", "target")] {
      for (std::size_t post = 0; post <= post_count; ++post)
        fake_.unmark_now("bookmarks", post, "target");
      marked_.clear();
      for (auto uri = marks.rbegin(); uri != marks.rend(); ++uri) mark(number_in(*uri));
    };
  }

 private:
  static constexpr std::size_t post_count = 50;

  static std::size_t number_in(const std::string& uri) {
    return std::stoul(uri.substr(uri.rfind('/') + 1)) - 5000;
  }
  void mark(std::size_t post) {
    fake_.mark_now("bookmarks", post, "target");
    marked_.insert(fake_.post_now(post).id);
  }
  void count_marking(const std::string& path) {
    ++marks_;
    const std::size_t end = path.rfind('/');
    const std::size_t begin = path.rfind('/', end - 1) + 1;
    const std::string post = path.substr(begin, end - begin);
    if (path.ends_with("/unbookmark")) {
      marked_.erase(post);
    } else if (marked_.insert(post).second) {
      ++new_marks_;
    }
  }

  FakeMastodon fake_;
  std::size_t marks_ = 0;         ///< requests that change the account
  std::size_t new_marks_ = 0;     ///< those that marked what was not marked
  std::set<std::string> marked_;  ///< ids of posts
};

class BkmarkService final : public WorldService {
 public:
  explicit BkmarkService(bool is_odd) {
    FakeBkmark::Options& options = fake_.options();
    options.token = token_of_services();
    if (!is_odd) return;
    options.list_has_archived = options.export_has_archived = false;
    options.get_shows_trash = options.export_has_trash = true;
    options.compares_loosely = options.trash_conflicts = options.conflict_names_id = true;
    options.search_parameter = "q";
    options.errors = FakeBkmark::ErrorShape::nested;
    options.refuses_lost_cursors = options.ends_with_empty_page = true;
    options.folds_tags = options.trims_texts = options.dates_reading_itself = true;
    options.wraps_objects = options.answers_without_body = true;
    options.has_permanent_path = options.import_keeps_flags = false;
  }
  std::string options(const std::string& account) override {
    return fmt::format(
        "plugin: bkmark, url: '{}', token: {{env: LINKDING_TOKEN}}, requests_per_minute: 0",
        fake_.url(account));
  }
  void put(const std::string& account, const ShortBookmark& b) override {
    BkmarkLibrary& library = fake_.library(account);
    BkmarkRow* row = library.find_url(b.url(), false, false);
    if (row == nullptr) row = &library.add({});
    row->url = b.url();
    row->title = b.title;
    row->description.reset();
    if (!b.description.empty()) row->description = b.description;
    row->tags = b.tags;
    row->is_archived = b.is_archived;
    library.touch(*row);
    if (b.modified() != 0) row->updated = b.modified() * 1'000;
  }
  void remove(const std::string& account, const std::string& url) override {
    BkmarkLibrary& library = fake_.library(account);
    BkmarkRow* const row = library.find_url(url, false, false);
    row->is_in_trash = true;
    library.touch(*row);
  }
  std::vector<std::string> listing(const std::string& account) override {
    std::vector<std::string> all;
    for (const BkmarkRow& row : fake_.library(account).active())
      all.push_back(show_bookmark(row.url, row.title, row.tags, row.is_archived,
                                  row.description.value_or("")));
    return all;
  }
  std::size_t creates() override {
    std::size_t count = 0;
    const auto note = [&](const SeenRequest&) { ++count; };
    seen_.for_each_post("/bookmarks", note);
    seen_.for_each_post("/bookmarks/import", note);
    return count;
  }
  std::size_t writes() override { return fake_.writes(); }
  void forget_writes() override {
    fake_.forget_counts();
    seen_.forget();
  }
  void settle() override { fake_.server().settle(); }
  std::function<void()> remember() override {
    return remember_accounts(fake_, &FakeBkmark::library);
  }

 private:
  FakeBkmark fake_;
  SeenSince seen_{fake_.server()};
};

class RaindropService final : public WorldService {
 public:
  RaindropService() { fake_.options().token = token_of_services(); }
  std::string options(const std::string& account) override {
    return fmt::format(
        "plugin: raindrop, url: '{}', token: {{env: LINKDING_TOKEN}}, requests_per_minute: 0",
        fake_.url(account));
  }
  void put(const std::string& name, const ShortBookmark& b) override {
    RaindropAccount& account = fake_.account(name);
    RaindropAccount::Fields fields;
    fields.title = b.title;
    fields.excerpt = b.description;
    fields.tags = b.tags;
    RaindropRow* row = find(account, b.url());
    if (row == nullptr) {
      fields.link = b.url();
      row = &account.create(fields);
    } else {
      account.update(*row, fields);
    }
    if (b.modified() != 0) row->updated = b.modified() * 1'000;
  }
  void remove(const std::string& name, const std::string& url) override {
    RaindropAccount& account = fake_.account(name);
    account.remove(find(account, url)->id);
  }
  std::vector<std::string> listing(const std::string& account) override {
    std::vector<std::string> all;
    RaindropAccount& held = fake_.account(account);
    const auto title_of = [&](std::int64_t collection) {
      const auto found = held.collections().find(collection);
      return found == held.collections().end() ? std::string() : found->second.title;
    };
    for (const RaindropRow* row : held.list(everything, "created"))
      all.push_back(show_bookmark(row->link, row->title, row->tags, false, row->excerpt,
                                  title_of(row->collection)));
    std::set<std::string> titles;
    for (const auto& [id, collection] : held.collections())
      if (!titles.insert(collection.title).second) all.push_back("twice: " + collection.title);
    return all;
  }
  /// A call may create many.
  std::size_t creates() override {
    std::size_t count = 0;
    seen_.for_each_post("/raindrop", [&](const SeenRequest&) { ++count; });
    seen_.for_each_post("/raindrops", [&](const SeenRequest& request) {
      Poco::JSON::Parser parser;
      const auto body = parser.parse(request.body).extract<Poco::JSON::Object::Ptr>();
      count += body->getArray("items")->size();
    });
    return count;
  }
  std::size_t writes() override { return fake_.writes(); }
  void forget_writes() override {
    fake_.forget_counts();
    seen_.forget();
  }
  void settle() override { fake_.server().settle(); }
  std::function<void()> remember() override {
    return remember_accounts(fake_, &FakeRaindrop::account);
  }

 private:
  static constexpr std::int64_t everything = 0;

  static RaindropRow* find(RaindropAccount& account, const std::string& url) {
    for (const RaindropRow* row : account.list(everything, "created"))
      if (row->link == url) return account.find(row->id);
    return nullptr;
  }

  FakeRaindrop fake_;
  SeenSince seen_{fake_.server()};
};

}  // namespace

std::string token_of_services() { return FakeLinkding::Options().token; }
std::unique_ptr<WorldService> make_linkding_service() {
  return std::make_unique<LinkdingService>();
}
std::unique_ptr<WorldService> make_mastodon_service() {
  return std::make_unique<MastodonService>();
}
std::unique_ptr<WorldService> make_bkmark_service(bool is_odd) {
  return std::make_unique<BkmarkService>(is_odd);
}
std::unique_ptr<WorldService> make_raindrop_service() {
  return std::make_unique<RaindropService>();
}

}  // namespace linkferry::test
