#include "linkferry/plugin.hpp"

#include "mastodon/mastodon_authorize.hpp"
#include "mastodon/mastodon_endpoint.hpp"
#include "mastodon/mastodon_files.hpp"
#include "mastodon_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "mastodon",
    .version = LINKFERRY_VERSION,
    .summary =
        "Bookmarks and favourites of Mastodon, GoToSocial, Pleroma and their kin, and Mastodon's "
        "files",
    .options_schema = mastodon_schema,
    .extensions = ".csv",
    .recognize = &linkferry::mastodon::recognize,
    .make_source = &linkferry::mastodon::make_source,
    .make_sink = &linkferry::mastodon::make_sink,
    .authorize = &linkferry::mastodon::authorize,
};
