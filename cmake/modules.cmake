# dp_module(NAME SOURCES ... DEPENDS ...): a static library dp_NAME whose headers are included as "NAME/file.h".
function(dp_module name)
  cmake_parse_arguments(M "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(dp_${name} STATIC ${M_SOURCES})
  target_include_directories(dp_${name} PUBLIC ${CMAKE_SOURCE_DIR}/generator)
  target_link_libraries(dp_${name} PUBLIC ${M_DEPENDS} PRIVATE dp_warnings)
endfunction()

# dp_unit_tests(): for every module with tests/unit/NAME_*.cc, the program test_NAME, one CTest test.
function(dp_unit_tests)
  add_library(dp_catch_main STATIC ${CMAKE_SOURCE_DIR}/tests/unit/main.cc)
  target_link_libraries(dp_catch_main PUBLIC Catch2::Catch2)
  foreach(module IN LISTS DRILLPRESS_MODULES)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${module}_*.cc)
    if(sources AND TARGET dp_${module})
      add_executable(test_${module} ${sources})
      target_link_libraries(test_${module} PRIVATE dp_${module} dp_catch_main dp_warnings)
      # More costs a sixth of the tests' compiling and saves none of their time; less makes them slow.
      target_compile_options(test_${module} PRIVATE -O1)
      target_compile_definitions(test_${module} PRIVATE
        DRILLPRESS_SOURCE_DIR="${CMAKE_SOURCE_DIR}" DRILLPRESS_BINARY_DIR="${CMAKE_BINARY_DIR}")
      add_test(NAME unit.${module} COMMAND test_${module} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
      set_tests_properties(unit.${module} PROPERTIES LABELS unit TIMEOUT 300 COST 50)
    endif()
  endforeach()
endfunction()
