#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "short_bookmarks.hpp"

namespace linkferry::test {

/// A service on loopback, with accounts of which each has a name. What people do there does not
/// count as creations or writes.
class WorldService {
 public:
  virtual ~WorldService() = default;

  /// The options of an endpoint that is the account, as YAML.
  virtual std::string options(const std::string& account) = 0;
  /// Adds it, or makes the one of this address what it is here.
  virtual void put(const std::string& account, const ShortBookmark& bookmark) = 0;
  virtual void remove(const std::string& account, const std::string& url) = 0;
  virtual std::vector<std::string> listing(const std::string& account) = 0;

  /// What was created since `forget_writes`, and changes of any kind.
  virtual std::size_t creates() = 0;
  virtual std::size_t writes() = 0;
  virtual void forget_writes() = 0;
  /// Waits until what a process asked that is gone now is done.
  virtual void settle() = 0;
  /// Puts all accounts back to what they are now.
  virtual std::function<void()> remember() = 0;
};

/// Each needs the same token.
std::string token_of_services();
std::unique_ptr<WorldService> make_linkding_service();
std::unique_ptr<WorldService> make_mastodon_service();
/// `is_odd`: where the page of its API leaves something open, it is as the fake's default is not.
std::unique_ptr<WorldService> make_bkmark_service(bool is_odd);
std::unique_ptr<WorldService> make_raindrop_service();

}  // namespace linkferry::test
