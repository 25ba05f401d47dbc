// A site after its evidence is in: everything that views are made from. Immutable while pages are rendered.
#pragma once

#include <string>
#include <vector>

#include "drill/evidence.h"
#include "model/reference.h"
#include "pipeline/citations.h"
#include "pipeline/device_records.h"
#include "pipeline/formulas.h"
#include "pipeline/glossary.h"
#include "pipeline/load.h"
#include "pipeline/pictures.h"
#include "pipeline/programs.h"

namespace drillpress::pipeline {

struct SiteModel {
  SiteSources sources;
  model::Registry registry;
  Programs programs;
  DeviceRecords device_records;
  Citations citations;
  Pictures pictures;
  Formulas formulas;
  Glossary glossary;
  std::vector<drill::Record> records;  ///< one a program, same order
  drill::Findings findings;            ///< what was reported about each program, same order

  const drill::Record* record(std::string_view program_id) const;
};

}  // namespace drillpress::pipeline
