#pragma once

#include <string>
#include <vector>

#include "support/fakes/fake_linkding.hpp"
#include "support/program.hpp"

namespace linkferry::test {

/// A job file of `examples/jobs` with the addresses of the fakes in place of those in it. Fails the
/// test when one of them is not there.
std::string example_job(const std::string& name,
                        const std::vector<std::pair<std::string, std::string>>& addresses);

/// A library with everything that linkding can hold: tags, notes, flags, archived ones, dates of
/// many years, all kinds of letters, addresses in disguise.
void fill(LinkdingLibrary& library, int count);

/// All that linkding holds, in the order of the addresses, one bookmark a line; without ids.
/// `has_modified`: with the date of the last change.
std::string content_of(const LinkdingLibrary& library, bool has_modified = true);

/// The number in front of ` name` in the books of a report, such as `created`. Fails the test when
/// there are none.
int booked(const Ran& ran, const std::string& name);

}  // namespace linkferry::test
