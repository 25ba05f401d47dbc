# Runs the command behind `--` for at most SECONDS and leaves OUTPUT.out and OUTPUT.err with what it printed, and last
# OUTPUT.json with how it ended: {"ended":"exit","status":0}, {"ended":"timeout"} or {"ended":"signal"}.
set(command "")
set(behind FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(behind)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(behind TRUE)
  endif()
endforeach()

get_filename_component(folder ${OUTPUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
file(REMOVE ${OUTPUT}.json)
execute_process(COMMAND ${command} TIMEOUT ${SECONDS} RESULT_VARIABLE result OUTPUT_FILE ${OUTPUT}.out
                ERROR_FILE ${OUTPUT}.err)
if(result MATCHES "^-?[0-9]+$")
  set(ended "\"ended\":\"exit\",\"status\":${result}")
elseif(result MATCHES "timeout")
  set(ended "\"ended\":\"timeout\"")
elseif(result MATCHES "[Nn]o such file")
  set(ended "\"ended\":\"missing\"")  # it was not compiled
else()
  set(ended "\"ended\":\"signal\"")
endif()
file(WRITE ${OUTPUT}.json "{${ended}}\n")
