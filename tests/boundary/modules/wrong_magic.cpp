#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {.magic = {'M', 'U', 'S', 'I', 'C', 'B', 'O', '\n'},
                    .name = "wrong_magic",
                    .options_schema = minimal::schema,
                    .make_source = &minimal::make_source<minimal::EmptySource>};
