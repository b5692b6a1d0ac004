#include <algorithm>

#include "contract/contract.hpp"
#include "host/engine_host.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

struct Broken {
  std::string plugin;
  std::string check;  ///< the one that must find it
};

std::vector<Finding> findings_of(const std::string& plugin) {
  PluginCatalog catalog({});
  EngineHost host{{}};
  return run_contract(catalog.load_file(LINKFERRY_BROKEN "/" + plugin + ".so"), {}, host);
}

std::string failed_checks(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    if (finding.result == CheckResult::failed)
      text += "\n  " + finding.check + ": " + finding.detail;
  }
  return text;
}

}  // namespace

TEST_CASE("a plugin that keeps every promise passes every check", "[contract]") {
  const auto findings = findings_of("correct");
  INFO(failed_checks(findings));
  CHECK(is_passed(findings));
  // Nothing may pass because it was not looked at: only what the plugin does not have does not
  // apply.
  for (const auto& finding : findings) {
    if (finding.result != CheckResult::not_applicable) continue;
    INFO(finding.check);
    CHECK((finding.detail == "it says that it can hold nothing of this" ||
           finding.detail == "it is written as a whole" ||
           finding.detail == "it cannot be skimmed"));
  }
}

TEST_CASE("each broken plugin is caught by the check of the promise that it breaks", "[contract]") {
#if defined(__SANITIZE_THREAD__)
  // What never returns is left behind in its thread, and races with the end of the program.
  WARN("not run under ThreadSanitizer: some of these plugins never return");
  return;
#endif
  const std::string round_trip = "ordinary records are read back as they were represented";
  const auto broken = GENERATE_COPY(values<Broken>({
      {"silent_loss", "every field that changes is named as a loss"},
      {"false_loss", "every loss that is named is one"},
      {"unstable_representation", "a representation is represented as itself and loses nothing"},
      {"impure_representation", "a record is represented the same each time"},
      {"unsteady_key", "the unique key of an address is the same each time"},
      {"visible_early", "nothing is visible before commit, and nothing ever is without it"},
      {"litter", "nothing is visible before commit, and nothing ever is without it"},
      {"drops_the_last", round_trip},
      {"silent_outcomes", round_trip},
      {"tag_order", round_trip},
      {"record_order", round_trip},
      {"shifted_dates", round_trip},
      {"nothing_existing", round_trip},
      {"throws_int", round_trip},
      {"wrong_existing", "hostile records are read back as they were represented"},
      {"unstable_bytes", "the same records give the same bytes"},
      {"ignores_updates", "an update changes the record that has its id, and no other"},
      {"appends", "writing the same records twice is harmless"},
      {"half_skimmed", "skimming gives the same bookmarks, and completing makes them whole"},
      {"limit_matters", "reading gives the same, however small the batches are"},
      {"over_the_limit", "reading gives the same, however small the batches are"},
      {"never_ends", "reading gives the same, however small the batches are"},
      {"false_rewind", "after a rewind, reading gives the same"},
      {"resume_off_by_one", "reading resumes at every border of batches of 1"},
      {"foreign_checkpoint", "a checkpoint that is none is refused and changes nothing"},
      {"ignores_stop", "a stop request during reading is answered within a second"},
      {"stop_loses",
       "a stop request before reading is answered within a second, and loses nothing"},
      {"false_vouching", "every text is valid UTF-8, whatever the file holds"},
      {"invalid_utf8", "every text is valid UTF-8, whatever the file holds"},
      {"swallows_truncation",
       "a file cut off inside a text is read as far as it goes and said to be cut off"},
      {"nameless_truncation",
       "a file cut off inside a text is read as far as it goes and said to be cut off"},
      {"reads_anything", "a file of another format is refused by its name"},
      {"nameless_errors", "a file that does not exist is refused by its name"},
      {"recognises_all", "its own files are recognised, others are not"},
  }));
  INFO("plugin " << broken.plugin);
  const auto findings = findings_of(broken.plugin);
  CHECK_FALSE(is_passed(findings));
  const auto is_it = [&](const Finding& finding) { return finding.check == broken.check; };
  const auto found = std::ranges::find_if(findings, is_it);
  REQUIRE(found != findings.end());
  INFO(failed_checks(findings));
  CHECK(found->result == CheckResult::failed);
  CHECK_FALSE(found->detail.empty());
}

TEST_CASE("findings end with the verdict", "[contract]") {
  PluginCatalog catalog({});
  const Plugin& plugin = catalog.load_file(LINKFERRY_BROKEN "/correct.so");
  CHECK(format_findings(plugin, {{"a promise", CheckResult::passed, ""},
                                 {"another", CheckResult::not_applicable, "no files"}}) ==
        "passed  a promise\n"
        "-       another (no files)\n"
        "correct 1: keeps the contract (1 checks passed, 0 failed, 1 do not apply)\n");
  CHECK(format_findings(plugin, {{"a promise", CheckResult::failed, "one\ntwo"}}) ==
        "FAILED  a promise\n"
        "          one\n"
        "          two\n"
        "correct 1: breaks the contract (0 checks passed, 1 failed, 0 do not apply)\n");
}
