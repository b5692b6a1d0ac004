# What `cmake --install` puts where, and the package that find_package(linkferry) finds.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/linkferry)

install(TARGETS linkferry RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/linkferry DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/include/linkferry/abi.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/linkferry)
install(TARGETS plugin_api EXPORT linkferry)
install(EXPORT linkferry NAMESPACE linkferry:: FILE linkferryTargets.cmake DESTINATION ${package_folder})

configure_package_config_file(cmake/linkferryConfig.cmake.in linkferryConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(linkferryConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/linkferryConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/linkferryConfigVersion.cmake
        cmake/linkferryAddPlugin.cmake ${PROJECT_BINARY_DIR}/plugins/plugin.map DESTINATION ${package_folder})
