#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "support/fakes/fake_bkmark.hpp"
#include "support/fakes/fake_linkding.hpp"
#include "support/fakes/fake_mastodon.hpp"
#include "support/fakes/fake_raindrop.hpp"
#include "support/program.hpp"

namespace linkferry::test {

/// A kind of place in which bookmarks are held.
enum class Place {
  mastodon,
  linkding,
  bkmark,
  raindrop,
  netscape,
  pocket,
  raindrop_csv,
  xbel,
  jsonl
};

inline constexpr std::array all_places = {Place::mastodon,     Place::linkding, Place::bkmark,
                                          Place::raindrop,     Place::netscape, Place::pocket,
                                          Place::raindrop_csv, Place::xbel,     Place::jsonl};

std::string_view name_of(Place place);
constexpr bool is_account(Place place) { return place <= Place::raindrop; }

/// Accounts and files of every kind, each empty until something is written there, and the program
/// that copies between them. An account or file is told by its kind and a word: `home` of
/// `Place::linkding` is another library than `there`.
class Places {
 public:
  Places();

  /// As it is named on the command line.
  std::string at(Place place, const std::string& name) const;
  /// As it is written in a config file: the options of an endpoint.
  std::string options(Place place, const std::string& name) const;
  /// Runs `linkferry copy FROM TO` and leaves its report in `report.json`.
  Ran copy(const std::string& from, const std::string& to);
  Ran linkferry(const std::vector<std::string>& arguments) {
    return run(folder_, arguments, settings_);
  }
  /// The bytes of a file.
  std::string bytes(Place place, const std::string& name) const;
  /// Requests that change something, of all accounts of that kind.
  std::size_t writes(Place place);
  void forget_writes();

  const Folder& folder() const { return folder_; }
  FakeMastodon& mastodon() { return mastodon_; }
  FakeLinkding& linkding() { return linkding_; }
  FakeBkmark& bkmark() { return bkmark_; }
  FakeRaindrop& raindrop() { return raindrop_; }

 private:
  std::size_t marks_set() const;

  Folder folder_;
  RunSettings settings_;
  FakeMastodon mastodon_;
  FakeLinkding linkding_;
  FakeBkmark bkmark_;
  FakeRaindrop raindrop_;
  std::size_t marks_forgotten_ = 0;
};

}  // namespace linkferry::test
