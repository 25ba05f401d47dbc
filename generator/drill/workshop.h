// What building and running need to know about this machine and this build; made once, then only read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drill/checks.h"
#include "drill/nvidia_device.h"
#include "drill/place.h"
#include "drill/sandbox.h"
#include "drill/toolchain.h"

namespace drillpress::drill {

/// The engine's library in `engine_dir`.
inline constexpr std::string_view kEngineLibrary = "libcudart.so.13";

struct Workshop {
  std::string root;         ///< of the site, without symbolic links
  std::string cache_dir;    ///< absolute
  std::string engine_dir;   ///< absolute
  std::string engine_hash;  ///< of the engine's library; empty: there is no engine
  std::optional<NvidiaDevice> gpu;
  Toolchain& toolchain;
  SourceFiles& files;
  Sandbox& sandbox;
  double compile_timeout_s = 300;
  LeftOut left_out = {};
};

}  // namespace drillpress::drill
