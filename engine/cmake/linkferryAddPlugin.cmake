set(LINKFERRY_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

# linkferry_add_plugin(name SOURCES … LIBRARIES …): the module <name>.so, which exports nothing but its descriptor and
# lacks no symbol. The descriptor's name must be <name> too.
function(linkferry_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "" "" "SOURCES;LIBRARIES")
  add_library(${name} MODULE ${plugin_SOURCES})
  target_link_libraries(${name} PRIVATE linkferry::plugin_api ${plugin_LIBRARIES})
  target_link_options(${name} PRIVATE -Wl,--version-script=${LINKFERRY_PLUGIN_MAP} -Wl,-z,defs)
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
                        VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${LINKFERRY_PLUGIN_MAP})
endfunction()
