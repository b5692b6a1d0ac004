#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/contract.hpp"
#include "contract/listing.hpp"
#include "contract/record_set.hpp"
#include "host/open_endpoint.hpp"

namespace linkferry::contract {

/// Thrown inside a check that has nothing to check on this plugin.
struct NotApplicable {
  std::string why;
};

/// What a sink said it would hold of a set of records. Lifetime: of the set, into which its texts
/// may point.
struct Expected {
  Arena arena;
  std::vector<Bookmark> bookmarks;
  std::vector<PlacedFolder> folders;
  bool keeps_order = true;  ///< false for services, which have an order of their own
};

/// One plugin under test: opens it on files in a folder of its own, and collects what the checks
/// find.
class ContractRun {
 public:
  ContractRun(const Plugin& plugin, const ContractOptions& options, Host& host,
              PluginCatalog* catalog);
  ~ContractRun();
  ContractRun(const ContractRun&) = delete;
  ContractRun& operator=(const ContractRun&) = delete;

  /// Runs one check: it returns "" when the promise is kept, else what was found. Whatever it
  /// throws is a finding too.
  void check(const std::string& promise, const std::function<std::string()>& test);

  /// A place that nothing stands at: for the option `path` a file with the plugin's own ending, for
  /// a service a name that stands in place of the mark in its options.
  /// Plugins without files may have the option `name` for it (a store).
  std::string new_path();
  const std::filesystem::path& folder() const { return folder_; }

  std::unique_ptr<Settings> settings_for(const std::string& path) const;
  std::unique_ptr<Source> source(const std::string& path) { return source(path, host_); }
  std::unique_ptr<Source> source(const std::string& path, Host& host);
  OpenSink sink(const std::string& path) { return sink(path, host_); }
  OpenSink sink(const std::string& path, Host& host);

  /// Represents a set, writes it, and commits. Records that the sink refuses, and those it holds to
  /// be the same as one before, are left out. Errors: Failure failed when an outcome is neither
  /// done nor already so.
  Expected write(OpenSink& sink, const RecordSet& set, Action action = Action::create);
  /// The same without commit.
  Expected write_uncommitted(OpenSink& sink, const RecordSet& set, Action action = Action::create);

  /// What a sink holds now: a new sink on the same place, or the same sink where it has no place.
  /// Errors: Failure failed when it says that there is nothing.
  Listing read_back(OpenSink& written, const std::string& path);

  /// A new place with a set in it. Throws NotApplicable for a plugin that cannot write.
  std::string place_with(const RecordSet& set);
  /// A place to read: written by the plugin itself, or its sample.
  std::string input(const RecordSet& set);
  /// The same where it must be a file whose bytes are looked at.
  std::string input_file(const RecordSet& set);
  /// Throws NotApplicable for a plugin that reads no files.
  void need_input_files() const;

  const Descriptor& descriptor() const { return *plugin_.descriptor; }
  bool is_source() const { return plugin_.is_source(); }
  bool is_sink() const { return plugin_.is_sink(); }
  bool has_files() const { return place_option_ == "path" && !is_service_; }
  bool has_place() const { return !place_option_.empty(); }
  Host& host() { return host_; }
  PluginCatalog* catalog() { return catalog_; }
  const Plugin& plugin() const { return plugin_; }
  std::vector<Finding>& findings() { return findings_; }

 private:
  std::string ending() const;

  const Plugin& plugin_;
  ContractOptions options_;
  Host& host_;
  PluginCatalog* catalog_;
  std::filesystem::path folder_;
  std::string place_option_;  ///< `path`, `name`, that with a mark in its value, or nothing
  bool is_service_ = false;   ///< places are told apart by a name inside of an option
  int files_ = 0;
  std::vector<std::unique_ptr<Settings>> settings_;
  std::vector<Finding> findings_;
};

std::string bytes_of(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, std::string_view bytes);

/// Says how what was read back differs from what the sink said it would hold; "" when it does not.
/// A record in several folders may have been read back as several.
std::string compare_content(const Expected& expected, const Listing& found);

// The checks, by what they are about.
void check_reading(ContractRun& run);
void check_damaged_files(ContractRun& run);
void check_stopping(ContractRun& run);
void check_representation(ContractRun& run);
void check_writing(ContractRun& run);
void check_target_files(ContractRun& run);

}  // namespace linkferry::contract
