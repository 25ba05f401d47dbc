# dp_embed(OUTPUT file...): writes a C++ file that defines drillpress::templating::embedded_files() with the text of the
# files, whose paths are relative to the source folder. Run as a script (cmake -P) it does the writing.
function(dp_embed output)
  set(files ${ARGN})
  list(SORT files)
  set(inputs ${files})
  list(TRANSFORM inputs PREPEND ${CMAKE_SOURCE_DIR}/)
  string(REPLACE ";" "\n" names "${files}")
  file(GENERATE OUTPUT ${output}.list CONTENT "${names}\n")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D ROOT=${CMAKE_SOURCE_DIR} -D LIST=${output}.list -D OUTPUT=${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${inputs} ${output}.list ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding templates and site files" VERBATIM)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  file(STRINGS ${LIST} names)
  set(rows "")
  foreach(name IN LISTS names)
    file(READ ${ROOT}/${name} text)
    string(FIND "${text}" ")dp_embed\"" clash)
    if(NOT clash EQUAL -1)
      message(FATAL_ERROR "${name} contains the delimiter of the generated literals")
    endif()
    string(APPEND rows "      {\"${name}\", R\"dp_embed(${text})dp_embed\"},\n")
  endforeach()
  file(WRITE ${OUTPUT} "#include \"template/embedded.h\"\n
namespace drillpress::templating {\n
const std::vector<EmbeddedFile>& embedded_files() {
  static const std::vector<EmbeddedFile> files = {
${rows}  };
  return files;
}\n
}  // namespace drillpress::templating\n")
endif()
