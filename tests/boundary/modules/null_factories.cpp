#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {
    .name = "null_factories",
    .options_schema = minimal::schema,
    .make_source = [](const Settings&, Host&) { return std::unique_ptr<Source>(); },
    .make_sink = [](const Settings&, Host&) { return std::unique_ptr<Sink>(); },
};
