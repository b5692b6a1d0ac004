#include "config/schemas.hpp"

#include "bookmark_schema.hpp"
#include "job_schema.hpp"
#include "plan_schema.hpp"
#include "report_schema.hpp"

namespace linkferry {

namespace {

constexpr EmbeddedSchema schemas[] = {
    {"job", job_schema},
    {"bookmark", bookmark_schema},
    {"plan", plan_schema},
    {"report", report_schema},
};

}  // namespace

std::span<const EmbeddedSchema> embedded_schemas() { return schemas; }

std::string_view find_schema(std::string_view name) {
  for (const auto& schema : schemas) {
    if (schema.name == name) return schema.text;
  }
  return {};
}

}  // namespace linkferry
