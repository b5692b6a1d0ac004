#include "mastodon/mastodon_endpoint.hpp"

#include "mastodon/mastodon_files.hpp"
#include "mastodon/mastodon_sink.hpp"
#include "mastodon/mastodon_source.hpp"

namespace linkferry::mastodon {

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  if (settings.has("path")) return make_file_source(settings, host);
  return make_account_source(settings, host);
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  if (settings.has("path")) return make_file_sink(settings, host);
  return make_account_sink(settings, host);
}

}  // namespace linkferry::mastodon
