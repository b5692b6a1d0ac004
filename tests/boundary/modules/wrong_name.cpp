#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {.name = "another",
                    .options_schema = minimal::schema,
                    .make_source = &minimal::make_source<minimal::EmptySource>};
