#include "report/plan_guard.hpp"

#include "net/redaction.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;

namespace {

PlannedChange creation_of(const Bookmark& bookmark) {
  PlannedChange change{};
  change.fate = Fate::created;
  change.bookmark = &bookmark;
  return change;
}

}  // namespace

TEST_CASE("a plan in which a secret was blotted out can be applied, and one that has changed not",
          "[plan]") {
  const test::Folder folder;
  redaction().add("a-word-that-no-plan-may-show");
  const Job job;
  const ReportOptions options{job, {}};
  Bookmark bookmark;
  bookmark.url = "https://a.example/?key=a-word-that-no-plan-may-show";
  std::string plan;
  JsonReport report(
      options, [&](std::string_view text) { plan += redaction().apply(text); }, true);
  report.on_change(creation_of(bookmark));
  report.on_planned({});
  CHECK(plan.find("no-plan-may-show") == std::string::npos);
  folder.write("plan.ndjson", plan);

  PlanGuard same(options, folder.file("plan.ndjson"));
  same.on_change(creation_of(bookmark));
  CHECK_NOTHROW(same.on_planned({}));
  bookmark.url = "https://b.example/?key=a-word-that-no-plan-may-show";
  PlanGuard other(options, folder.file("plan.ndjson"));
  other.on_change(creation_of(bookmark));
  CHECK_THROWS_WITH(other.on_planned({}), Catch::Contains("is not what would be done now"));
}
