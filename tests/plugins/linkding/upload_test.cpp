#include "common/file_url.hpp"
#include "linkding_setup.hpp"
#include "pipeline/compare.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

const std::string folder = "/home/ann/files";

struct Uploading : LinkdingSetup {
  explicit Uploading(FakeLinkding::Options fake_options = FakeLinkding::Options())
      : LinkdingSetup(std::move(fake_options)) {
    options["upload_files"] = folder;
  }

  BookmarkMaker make;

  /// A file on disk, as a medium.
  Media file(const std::string& name, const std::string& content, const char* shown = nullptr) {
    host.files[folder + "/" + name] = content;
    Media medium;
    medium.url = make.arena().copy(Text(common::file_url_of(folder + "/" + name)));
    medium.kind = "image";
    if (shown != nullptr) medium.name = shown;
    return medium;
  }
  Bookmark with(std::vector<Media> media, const char* url = "https://a.example/") {
    Bookmark b = make.link(url, "Title");
    b.unread = b.shared = b.archived = Flag::no;
    b.media = make.arena().copy(std::span<const Media>(media));
    return b;
  }
  Outcome write(const Bookmark& b) { return create(*sink(), b, make.arena()); }
  Strings names() {
    Strings all;
    for (const LinkdingRow& row : rows())
      for (const LinkdingFile& file : row.files) all.push_back(file.name);
    return all;
  }
};

/// A source of one bookmark.
class One final : public Source {
 public:
  explicit One(Bookmark bookmark) : bookmark_(bookmark) {}
  ReadResult read(Batch& batch, std::size_t, std::stop_token) override {
    batch.bookmarks.push_back(bookmark_);
    return ReadResult::end;
  }
  bool rewind() override { return true; }

 private:
  Bookmark bookmark_;
};

RunSummary run(Uploading& setup, const Bookmark& bookmark, OnMatch on_match = OnMatch::fill) {
  std::vector<NamedSource> sources;
  sources.push_back({"one", std::make_unique<One>(bookmark)});
  Job job;
  job.on_match = on_match;
  return run_into(setup, std::move(sources), job);
}

bool has_loss(const Representation& held, std::string_view part) {
  return std::ranges::any_of(held.losses, [part](const Loss& loss) {
    return loss.field == Field::media && loss.reason.find(part) != Text::npos;
  });
}

}  // namespace

TEST_CASE("the files of a record are uploaded to its bookmark", "[linkding][upload]") {
  Uploading setup;
  std::string content("\x89PNG\r\n--linkferry\r\n\0\xFF", 21);
  const Bookmark b =
      setup.with({setup.file("1-a.png", content, "photo.png"), setup.file("b c.pdf", "pdf")});
  const Outcome outcome = setup.write(b);
  INFO(outcome.reason);
  CHECK(outcome.result == Result::done);
  CHECK(outcome.id == "1");
  const std::vector<LinkdingFile> files = setup.rows().front().files;
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "photo.png");
  CHECK(files[0].type == "image/png");
  CHECK(files[0].content == content);
  CHECK(files[1].name == "b c.pdf");
  CHECK(files[1].type == "application/pdf");
  CHECK(setup.fake.count(Requests::upload) == 2);
}

TEST_CASE("a second run uploads nothing and writes nothing", "[linkding][upload]") {
  Uploading setup;
  const OnMatch on_match =
      GENERATE(OnMatch::fill, OnMatch::merge, OnMatch::overwrite, OnMatch::newer);
  const Bookmark b = setup.with({setup.file("a.png", "one"), setup.file("odd\"name&.png", "two"),
                                 setup.file("3.png", "three", "a.png")});
  CHECK(run(setup, b, on_match).ledger[Fate::created] == 1);
  CHECK(setup.names() == Strings{"a.png", "odd_name_.png", "a.png"});
  setup.fake.forget_counts();
  CHECK(run(setup, b, on_match).ledger[Fate::unchanged] == 1);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("what comes later is uploaded beside what is there", "[linkding][upload]") {
  Uploading setup;
  const Media first = setup.file("a.png", "one");
  run(setup, setup.with({first}));
  const Bookmark more = setup.with({first, setup.file("b.png", "two")});
  setup.fake.forget_counts();
  CHECK(run(setup, more, OnMatch::merge).ledger[Fate::updated] == 1);
  CHECK(setup.names() == Strings{"a.png", "b.png"});
  CHECK(setup.fake.count(Requests::upload) == 1);
  CHECK(run(setup, more, OnMatch::merge).ledger[Fate::unchanged] == 1);
}

TEST_CASE("no file is ever deleted at linkding", "[linkding][upload]") {
  Uploading setup;
  run(setup, setup.with({setup.file("a.png", "one")}));
  setup.fake.forget_counts();
  CHECK(run(setup, setup.with({}), OnMatch::overwrite).ledger[Fate::unchanged] == 1);
  CHECK(setup.fake.writes() == 0);
  CHECK(setup.names() == Strings{"a.png"});
}

TEST_CASE("without upload_files the files are named as lost", "[linkding][upload]") {
  Uploading setup;
  setup.options.clear();
  const Bookmark b = setup.with({setup.file("a.png", "one")});
  const auto held = setup.sink()->represent(b, setup.make.arena());
  CHECK(held.bookmark.media.empty());
  CHECK(has_loss(held, "upload_files"));
  CHECK(setup.write(b).result == Result::done);
  CHECK(setup.fake.count(Requests::files) == 0);
  CHECK(setup.fake.count(Requests::upload) == 0);
}

TEST_CASE("only files of the folder are uploaded, whatever a source says", "[linkding][upload]") {
  Uploading setup;
  for (const char* path : {"/etc/passwd", "/home/ann/files-of-others/a", "/home/ann/.ssh/id_rsa"})
    setup.host.files[path] = "secret";
  std::vector<Media> media;
  for (const char* url :
       {"file:///etc/passwd", "file:///home/ann/files-of-others/a", "/etc/passwd",
        "file:///home/ann/files/../.ssh/id_rsa", "file:///home/ann/files/%2e%2e/.ssh/id_rsa",
        "file:///home/ann/files", "file://elsewhere.example/home/ann/files/a.png",
        "https://a.example/a.png", ""})
    media.push_back({url, "image", {}, {}});
  const Bookmark b = setup.with(media);
  const auto held = setup.sink()->represent(b, setup.make.arena());
  CHECK(held.bookmark.media.empty());
  CHECK(has_loss(held, "in the folder of upload_files"));
  CHECK(setup.write(b).result == Result::done);
  CHECK(setup.fake.count(Requests::upload) == 0);
}

TEST_CASE("what is represented of files is represented as itself", "[linkding][upload]") {
  Uploading setup;
  Media described = setup.file("a.png", "one", " ../x/\"y\".png ");
  described.description = "What it shows";
  Bookmark b = setup.with({described, setup.file("b.png", "two")});
  b.modified_at = date("2020-01-01T00:00:00Z");
  const auto sink = setup.sink();
  const auto held = sink->represent(b, setup.make.arena());
  CHECK(has_loss(held, "no description"));
  CHECK(has_loss(held, "names without path"));
  CHECK_FALSE(held.bookmark.modified_at.is_known());
  const auto again = sink->represent(held.bookmark, setup.make.arena());
  CHECK(again.losses.empty());
  CHECK(differing_fields(held.bookmark, again.bookmark).empty());
}

TEST_CASE("a linkding without files gets none, and that is named", "[linkding][upload]") {
  Uploading setup(FakeLinkding::Options{.version = "1.38.0"});
  const Bookmark b = setup.with({setup.file("a.png", "one")});
  const auto sink = setup.sink();
  setup.read(*sink->existing());
  CHECK(has_loss(sink->represent(b, setup.make.arena()), "older than 1.39"));
  CHECK(create(*sink, b, setup.make.arena()).result == Result::done);
  CHECK(setup.fake.count(Requests::files) == 0);
}

TEST_CASE("uploads whose answers are lost, and a locked database, lead to each file once",
          "[linkding][upload][faults]") {
  Uploading setup(
      GENERATE(FakeLinkding::Options{.lose_reply_of_upload = 2},
               FakeLinkding::Options{.locked_upload_percent = 30},
               FakeLinkding::Options{.lose_reply_of_upload = 3, .locked_upload_percent = 20}));
  setup.fake.options().seed = 3;
  std::vector<Media> media;
  Strings wanted;
  for (int i = 0; i < 10; ++i) {
    wanted.push_back(std::to_string(i) + ".png");
    media.push_back(setup.file(wanted.back(), std::to_string(i)));
  }
  Bookmark b = setup.with(media);
  for (int i = 0; i < 4 && run(setup, b).has_failures; ++i) {
  }
  CHECK(setup.names() == wanted);
}

TEST_CASE("a file that cannot be uploaded is named, and the bookmark is there",
          "[linkding][upload][faults]") {
  Uploading setup;
  Bookmark b = setup.with({setup.file("a.png", "one"), setup.file("b.png", "two")});
  SECTION("it is gone from the disk") {
    setup.host.files.erase(folder + "/a.png");
    CHECK_THAT(setup.write(b).reason,
               Catch::Contains("not its file a.png") && Catch::Contains("no such file"));
  }
  SECTION("the server takes no files") {
    setup.fake.options().is_upload_disabled = true;
    CHECK_THAT(setup.write(b).reason, Catch::Contains("Asset upload is disabled."));
  }
  SECTION("the database stays locked") {
    setup.fake.options().locked_upload_percent = 100;
    CHECK_THAT(setup.write(b).reason, Catch::Contains("500"));
  }
  CHECK(setup.rows().size() == 1);
  CHECK(setup.write(b).result == Result::failed);
  setup.fake.options().is_upload_disabled = false;
  setup.fake.options().locked_upload_percent = 0;
  setup.file("a.png", "one");
  const RunSummary later = run(setup, b, OnMatch::merge);
  CHECK_FALSE(later.has_failures);
  CHECK(setup.names() == Strings{"a.png", "b.png"});
}

TEST_CASE("what one linkding has stored goes to another, and back unchanged",
          "[linkding][upload][files]") {
  Uploading setup;
  setup.fill(2);
  auto& library = setup.fake.library();
  library.attach(*library.find(1), {.name = "HTML snapshot from 01/02/2026",
                                    .content = "<html>",
                                    .type = "text/html",
                                    .is_upload = false});
  library.attach(*library.find(2), {.name = "ü.png", .content = "image"});
  const auto copy = [&setup] {
    std::vector<NamedSource> sources;
    setup.options = {{"save_files", folder}};
    sources.push_back({"links", setup.source()});
    setup.options = {{"upload_files", folder}};
    return run_into(setup, std::move(sources), {}, "other");
  };
  CHECK(copy().ledger[Fate::created] == 2);
  const auto rows = setup.rows("other");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].files.at(0).name == "HTML snapshot from 01_02_2026");
  CHECK(rows[1].files.at(0).name == "ü.png");
  CHECK(rows[1].files.at(0).content == "image");
  setup.fake.forget_counts();
  CHECK(copy().ledger[Fate::unchanged] == 2);
  CHECK(setup.fake.writes() == 0);
}
