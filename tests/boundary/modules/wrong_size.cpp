#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {.size_bytes = sizeof(Descriptor) - 8,
                    .name = "wrong_size",
                    .options_schema = minimal::schema,
                    .make_source = &minimal::make_source<minimal::EmptySource>};
