#include "contract/contract_run.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "config/option_texts.hpp"
#include "config/settings.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::contract {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t changes_a_write = 256;
/// In the value of an option, for what tells one place from another.
constexpr std::string_view place_mark = "{place}";

fs::path make_folder() {
  std::string path = (fs::temp_directory_path() / "linkferry-contract-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    throw Failure(
        FailureKind::failed,
        fmt::format("{}: cannot be made; set TMPDIR to a folder that can be written", path));
  }
  return path;
}

Poco::JSON::Object::Ptr parse_schema(const Descriptor& descriptor) {
  Poco::JSON::Parser parser;
  return parser.parse(descriptor.options_schema).extract<Poco::JSON::Object::Ptr>();
}

/// Hands changes over in portions and looks at every outcome.
class Writing {
 public:
  explicit Writing(SinkWriter& writer) : writer_(writer) {}

  void add(const Change& change) {
    changes_.push_back(change);
    if (changes_.size() == changes_a_write) flush();
  }
  void flush() {
    std::vector<Outcome> outcomes(changes_.size(),
                                  Outcome{Result::failed, {}, "its outcome was not filled in"});
    writer_.write(changes_, outcomes, {});
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].result == Result::done || outcomes[i].result == Result::already_so) continue;
      const Change& change = changes_[i];
      throw Failure(FailureKind::failed,
                    fmt::format("{} was represented but not written: {}",
                                change.bookmark != nullptr ? in_quotes(change.bookmark->url)
                                                           : describe(*change.folder),
                                outcomes[i].reason));
    }
    changes_.clear();
  }

 private:
  SinkWriter& writer_;
  std::vector<Change> changes_;
};

}  // namespace

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

ContractRun::ContractRun(const Plugin& plugin, const ContractOptions& options, Host& host,
                         PluginCatalog* catalog)
    : plugin_(plugin), options_(options), host_(host), catalog_(catalog), folder_(make_folder()) {
  const auto properties = parse_schema(*plugin.descriptor)->getObject("properties");
  for (const auto& [name, value] : options_) {
    if (value.find(place_mark) != std::string::npos) place_option_ = name;
  }
  is_service_ = !place_option_.empty();
  for (const char* option : {"path", "name"}) {
    if (place_option_.empty() && !properties.isNull() && properties->has(option))
      place_option_ = option;
  }
}

ContractRun::~ContractRun() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void ContractRun::check(const std::string& promise, const std::function<std::string()>& test) {
  try {
    const std::string problem = test();
    findings_.push_back(
        {promise, problem.empty() ? CheckResult::passed : CheckResult::failed, problem});
  } catch (const NotApplicable& reason) {
    findings_.push_back({promise, CheckResult::not_applicable, reason.why});
  } catch (const std::exception& error) {
    findings_.push_back({promise, CheckResult::failed, error.what()});
  }
}

std::string ContractRun::ending() const {
  const std::string_view endings =
      descriptor().extensions == nullptr ? "" : descriptor().extensions;
  return std::string(endings.substr(0, endings.find(' ')));
}

std::string ContractRun::new_path() {
  if (is_service_) return fmt::format("place{}", ++files_);
  return (folder_ / fmt::format("file{}{}", ++files_, ending())).string();
}

std::unique_ptr<Settings> ContractRun::settings_for(const std::string& path) const {
  ContractOptions options;
  for (auto [name, value] : options_) {
    const std::size_t mark = value.find(place_mark);
    if (mark != std::string::npos) value.replace(mark, place_mark.size(), path);
    if (is_service_ || name != place_option_) options.emplace_back(name, value);
  }
  if (has_place() && !is_service_) options.emplace_back(place_option_, path);
  const auto schema = parse_schema(descriptor());
  std::vector<Problem> problems;
  const auto table = make_options(options, *schema, problems);
  if (!problems.empty()) throw ConfigFailure("options", std::move(problems));
  return make_settings({"contract", descriptor().name, table, folder_}, *schema);
}

std::unique_ptr<Source> ContractRun::source(const std::string& path, Host& host) {
  settings_.push_back(settings_for(path));
  return open_source(plugin_, *settings_.back(), host);
}

OpenSink ContractRun::sink(const std::string& path, Host& host) {
  settings_.push_back(settings_for(path));
  return open_sink(plugin_, *settings_.back(), host, MayWrite::yes);
}

Expected ContractRun::write(OpenSink& sink, const RecordSet& set, Action action) {
  Expected expected = write_uncommitted(sink, set, action);
  sink.writer->commit();
  return expected;
}

Expected ContractRun::write_uncommitted(OpenSink& sink, const RecordSet& set, Action action) {
  Expected expected;
  expected.keeps_order = !is_service_;
  expected.bookmarks.reserve(set.records.size());
  expected.folders.reserve(set.folders.size());
  std::set<std::string> keys;
  Writing writing(*sink.writer);
  auto write_folders = [&, next = std::size_t{0}](std::size_t before) mutable {
    for (; next < set.folders.size() && set.folders[next].before <= before; ++next) {
      const auto represented =
          sink.view->represent_folder(set.folders[next].folder, expected.arena);
      if (!represented.is_held) continue;
      expected.folders.push_back({represented.folder, expected.bookmarks.size()});
      writing.add({action, nullptr, &expected.folders.back().folder, {}});
    }
  };
  for (std::size_t i = 0; i < set.records.size(); ++i) {
    write_folders(i);
    const auto represented = sink.view->represent(set.records[i].bookmark, expected.arena);
    if (is_present(represented.refusal)) continue;
    const Text key = sink.view->unique_key(represented.bookmark.url, expected.arena);
    if (is_present(key) && !keys.emplace(key).second) continue;
    expected.bookmarks.push_back(represented.bookmark);
    writing.add({action, &expected.bookmarks.back(), nullptr, {}});
  }
  write_folders(set.records.size());
  writing.flush();
  return expected;
}

Listing ContractRun::read_back(OpenSink& written, const std::string& path) {
  OpenSink fresh;
  if (has_place()) fresh = sink(path);
  const auto existing = (has_place() ? fresh : written).view->existing();
  if (existing == nullptr)
    throw Failure(FailureKind::failed, "after the write existing() says that there is nothing");
  return read_all(*existing, 256);
}

std::string ContractRun::place_with(const RecordSet& set) {
  if (!is_sink()) throw NotApplicable{"it writes nothing"};
  if (!has_place()) throw NotApplicable{"it has no option for a place of its own"};
  const std::string path = new_path();
  OpenSink open = sink(path);
  write(open, set);
  return path;
}

void ContractRun::need_input_files() const {
  if (!is_source()) throw NotApplicable{"it reads nothing"};
  if (!has_files()) throw NotApplicable{"it has no files"};
}

std::string ContractRun::input(const RecordSet& set) {
  if (!is_source()) throw NotApplicable{"it reads nothing"};
  if (is_sink()) return place_with(set);
  return input_file(set);
}

std::string ContractRun::input_file(const RecordSet& set) {
  need_input_files();
  if (is_sink()) return place_with(set);
  if (descriptor().sample == nullptr) throw NotApplicable{"its descriptor has no sample to read"};
  const std::string path = new_path();
  write_bytes(path, descriptor().sample);
  return path;
}

}  // namespace linkferry::contract
