# One interface target that carries the project's warnings; every target of ours links it.
add_library(dp_warnings INTERFACE)
target_compile_options(dp_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
option(DRILLPRESS_WERROR "Treat warnings as errors" ON)
if(DRILLPRESS_WERROR)
  target_compile_options(dp_warnings INTERFACE -Werror)
endif()
# GCC 12 reports std::string concatenation as overlapping copies (GCC bug 105651), and temporaries of aggregates as
# uninitialised where an exception may leave their initialisation early.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(dp_warnings INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
