# Sanitizer and fuzz builds read the headers that everyone includes once, which saves a quarter of their time. A release build
# does not, so that a source which forgets an include of its own is found.

# What a header is depends on the definitions it is read with: those of the libraries go to all.
foreach(library fmt::fmt Poco::Foundation)
  get_target_property(definitions ${library} INTERFACE_COMPILE_DEFINITIONS)
  add_compile_definitions(${definitions})
endforeach()

set(LINKFERRY_COMMON_HEADERS <algorithm> <array> <charconv> <chrono> <cstdint> <cstring> <filesystem> <functional> <map>
    <memory> <mutex> <optional> <set> <span> <stop_token> <string> <string_view> <unordered_map> <unordered_set> <utility>
    <vector> <fmt/format.h>)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "int main() { return 0; }\n")
add_library(precompiled_headers OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
target_link_libraries(precompiled_headers PRIVATE linkferry_warnings fmt::fmt)
target_precompile_headers(precompiled_headers PRIVATE ${LINKFERRY_COMMON_HEADERS})

# Lets every library and plugin below a folder use them.
function(linkferry_use_precompiled folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL STATIC_LIBRARY OR type STREQUAL MODULE_LIBRARY)
      target_precompile_headers(${target} REUSE_FROM precompiled_headers)
    endif()
  endforeach()
  get_property(subfolders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(subfolder IN LISTS subfolders)
    linkferry_use_precompiled(${subfolder})
  endforeach()
endfunction()
