#include "linkferry/plugin.hpp"

#include "xbel/xbel_sink.hpp"
#include "xbel/xbel_source.hpp"
#include "xbel_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "xbel",
    .version = LINKFERRY_VERSION,
    .summary = "XBEL, the XML bookmark format of KDE, GNOME and others",
    .options_schema = xbel_schema,
    .extensions = ".xbel",
    .recognize = &linkferry::xbel::recognize,
    .make_source = &linkferry::xbel::make_source,
    .make_sink = &linkferry::xbel::make_sink,
};
