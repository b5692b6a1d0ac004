#include "minimal.hpp"

using namespace linkferry;

// Nobody defines it: as when a library that the plugin needs is too old.
extern "C" int linkferry_test_function_that_is_nowhere();

LINKFERRY_PLUGIN = {
    .name = "missing_dependency",
    .options_schema = minimal::schema,
    .make_source = [](const Settings&, Host&) -> std::unique_ptr<Source> {
      if (linkferry_test_function_that_is_nowhere() == 0) return nullptr;
      return std::make_unique<minimal::EmptySource>();
    },
};
