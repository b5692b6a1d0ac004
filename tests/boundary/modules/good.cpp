#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {
    .name = "good",
    .version = "1",
    .summary = "Nothing is wrong with it",
    .options_schema = minimal::schema,
    .extensions = ".good .txt",
    .recognize = [](std::string_view head, bool) { return head.starts_with("good") ? 90 : 0; },
    .make_source = &minimal::make_source<minimal::EmptySource>,
    .make_sink = &minimal::make_sink<minimal::EmptySink>};
