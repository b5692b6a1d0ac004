# The example plugin as a stranger builds it: linkferry is installed, moved to another folder, found by find_package, and
# the plugin is held to the contract. Run by ctest with BUILD (a complete build of linkferry), SOURCE (its tree), GENERATOR
# and COMPILER.
string(RANDOM LENGTH 8 name)
set(scratch ${BUILD}/tests/boundary/own_plugin_${name})

# run(NAME_OF_THE_STEP COMMAND...): fails the test with all that was printed.
function(run step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT result EQUAL 0)
    file(REMOVE_RECURSE ${scratch})
    message(FATAL_ERROR "${step} ended with ${result}:\n${output}\n${errors}")
  endif()
  set(output ${output} PARENT_SCOPE)
endfunction()

run("install" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${scratch}/first)
file(RENAME ${scratch}/first ${scratch}/moved)
run("copy" ${CMAKE_COMMAND} -E copy_directory ${SOURCE}/examples/own_plugin ${scratch}/plugin)
run("configure" ${CMAKE_COMMAND} -S ${scratch}/plugin -B ${scratch}/plugin/build -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${scratch}/moved -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
run("build" ${CMAKE_COMMAND} --build ${scratch}/plugin/build)
file(GLOB program ${scratch}/moved/*bin/linkferry)
run("plugins test" ${program} plugins test ${scratch}/plugin/build/links.so)
message("${output}")
run("plugins list" ${program} plugins list)
if(NOT output MATCHES "netscape")
  message(FATAL_ERROR "the installed program does not find its own plugins:\n${output}")
endif()
file(REMOVE_RECURSE ${scratch})
