#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/json_value.hpp"
#include "fuzz/require.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/utf8.hpp"
#include "raindrop/raindrop_account.hpp"
#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_collections.hpp"
#include "raindrop/raindrop_credentials.hpp"
#include "raindrop/raindrop_item.hpp"
#include "raindrop/raindrop_list.hpp"
#include "support/map_settings.hpp"

namespace {

using namespace linkferry;

/// A service that answers each request with the same text.
class OneAnswer final : public HttpClient {
 public:
  explicit OneAnswer(std::string_view body) : body_(body) {}

  HttpResponse send(const HttpRequest& request, std::stop_token) override {
    // One that pages without end would be read without end.
    if (++requests_ > 64) throw Failure(FailureKind::temporary, "no more");
    HttpResponse response;
    response.status = 200;
    response.body = body_;
    response.method = request.method;
    return response;
  }
  std::string_view expect_json(const HttpResponse& response) const override {
    return response.body;
  }
  Failure failure_of(const HttpResponse&, std::string_view problem) const override {
    return {FailureKind::failed, std::string(problem)};
  }
  const std::string& base_url() const override { return base_url_; }
  HttpStatistics statistics() const override { return {}; }

 private:
  std::string body_;
  std::string base_url_ = "https://rain.example/rest/v1";
  int requests_ = 0;
};

class OneAnswerHost final : public Host {
 public:
  explicit OneAnswerHost(std::string_view body) : body_(body) {}

  void log(LogLevel, std::string_view) override {}
  std::unique_ptr<InputFile> open_file(const std::string& path) override {
    throw Failure(FailureKind::input, path);
  }
  bool file_exists(const std::string&) override { return false; }
  std::unique_ptr<StagedFile> stage_file(const std::string& path) override {
    throw Failure(FailureKind::failed, path);
  }
  std::unique_ptr<HttpClient> make_http_client(const HttpSettings&) override {
    return std::make_unique<OneAnswer>(body_);
  }

 private:
  std::string_view body_;
};

void check_texts(const Bookmark& bookmark) {
  for (const Text text :
       {bookmark.url, bookmark.title, bookmark.description, bookmark.notes, bookmark.cover_url})
    require(is_valid_utf8(text), "texts are UTF-8");
  for (const Text tag : bookmark.tags) require(is_valid_utf8(tag), "tags are UTF-8");
  for (const Highlight& highlight : bookmark.highlights)
    require(is_valid_utf8(highlight.text), "highlights are UTF-8");
}

void check_item(const raindrop::Item& item, Arena& arena) {
  check_texts(raindrop::to_bookmark(item, raindrop::View::everything, arena));
  const Bookmark held = raindrop::to_bookmark(item, raindrop::View::held, arena);
  check_texts(held);
  const auto is_json_object = [](const std::string& body) {
    return common::JsonDocument(body).root().is_object();
  };
  require(is_json_object(raindrop::create_body(held, item.collection, item.created)),
          "what creates a bookmark is JSON");
  require(is_json_object(raindrop::update_body(held, item.collection)),
          "what changes a bookmark is JSON");
  const raindrop::Repair repair = raindrop::repair_of(item, held, item.collection);
  require(repair.body.empty() || is_json_object(repair.body), "what repairs a bookmark is JSON");
  Bookmark other = held;
  other.title = "Another title";
  other.highlights = {};
  require(is_json_object(raindrop::repair_of(item, other, 7).body),
          "what repairs a bookmark is JSON");
}

void check_items(std::string_view input) {
  Arena arena;
  const common::JsonDocument document(input);
  const auto read = [&arena](common::JsonValue value) {
    if (const auto item = raindrop::read_item(value, arena)) check_item(*item, arena);
  };
  read(document.root());
  read(document.root().member("item"));
  document.root().member("items").for_each_item(read);
}

/// Calls what may end with a Failure, and with nothing else.
template <typename Action>
void attempt(Action action) {
  try {
    action();
  } catch (const Failure&) {
    // Told to the person.
  }
}

void check_account(std::string_view input) {
  OneAnswerHost host(input);
  test::MapSettings settings;
  settings.set("url", "https://rain.example/rest/v1").set_secret("token", "t0ken");
  raindrop::Api api(settings, host);
  attempt([&] { (void)raindrop::describe_account(api, {}); });
  raindrop::Collections collections(api);
  attempt([&] {
    collections.load({}, raindrop::read_user(api, {}).roots_order);
    for (const raindrop::Collection* collection : collections.in_order()) {
      for (const Text name : collections.path_of(collection->id))
        require(is_valid_utf8(name), "names of folders are UTF-8");
    }
  });
  raindrop::SeenIds seen;
  Arena arena;
  raindrop::ListScan scan(api, raindrop::all_id, raindrop::Pace::careful, seen);
  attempt([&] {
    while (const auto item = scan.next(arena, {})) check_item(*item, arena);
  });
}

void check_small_texts(std::string_view input) {
  if (const auto checkpoint = raindrop::parse_checkpoint(input)) {
    const auto again = raindrop::parse_checkpoint(raindrop::format_checkpoint(*checkpoint));
    require(again == checkpoint, "a checkpoint is read as written");
  }
  if (const auto credentials = raindrop::parse_credentials(input)) {
    const std::string once = raindrop::format_credentials(*credentials);
    const auto again = raindrop::parse_credentials(once);
    require(again && raindrop::format_credentials(*again) == once,
            "credentials are read as written");
  }
}

}  // namespace

/// What Raindrop answers, as its plugin reads it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_items(input);
  check_account(input);
  check_small_texts(input);
  return 0;
}
