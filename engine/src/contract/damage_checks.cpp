#include <fmt/format.h>

#include "contract/contract_run.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"
#include "pipeline/compare.hpp"

namespace linkferry::contract {
namespace {

constexpr std::size_t some_records = 30;
constexpr std::size_t cuts = 64;
constexpr std::size_t limit = 1000;

/// The failure of opening and reading `path`, or nothing.
std::optional<Failure> failure_of_reading(ContractRun& run, const std::string& path) {
  try {
    read_all(*run.source(path), limit);
  } catch (const Failure& failure) {
    return failure;
  }
  return {};
}

std::string check_refusal(ContractRun& run, const std::string& path, FailureKind kind,
                          std::string_view kind_name) {
  const auto failure = failure_of_reading(run, path);
  if (!failure) return "it is read without complaint";
  const std::string_view text = failure->what();
  if (text.find(path) == std::string_view::npos)
    return fmt::format("the message does not name the file: {}", text);
  if (failure->kind() != kind)
    return fmt::format("the failure is not of kind {}: {}", kind_name, text);
  return "";
}

std::string check_missing(ContractRun& run) {
  run.need_input_files();
  return check_refusal(run, run.new_path(), FailureKind::input, "input");
}

std::string check_foreign(ContractRun& run) {
  run.need_input_files();
  const std::string path = run.new_path();
  std::string bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", 18);
  for (std::uint32_t i = 1; bytes.size() < 5000; ++i)
    bytes += static_cast<char>((i * 2'654'435'761U) >> 24);
  write_bytes(path, bytes);
  return check_refusal(run, path, FailureKind::configuration, "configuration");
}

bool is_input_failure(const Failure& failure) {
  return failure.kind() == FailureKind::input || failure.kind() == FailureKind::configuration;
}

/// Everything before the last bookmark of `part` must be the beginning of `whole`.
std::string compare_beginning(const Listing& whole, const Listing& part) {
  const auto wanted = whole.bookmarks();
  auto found = part.bookmarks();
  if (!found.empty()) found.pop_back();
  if (found.size() > wanted.size())
    return fmt::format("{} bookmarks were read, the whole file has {}", found.size() + 1,
                       wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto difference = describe_difference(*wanted[i], *found[i]);
    if (!difference.empty())
      return fmt::format("bookmark {} changed, though the cut is behind it: {}", i + 1, difference);
  }
  return "";
}

std::string check_cut_in_text(ContractRun& run) {
  const std::string path = run.input_file(ordinary_records(some_records));
  const std::string bytes = bytes_of(path);
  const Listing whole = read_all(*run.source(path), limit);
  const std::size_t mark = bytes.rfind(cut_mark);
  const bool is_plain = mark != std::string::npos;
  if (!is_plain && run.descriptor().make_sink == nullptr)
    throw NotApplicable{"its sample has no text to cut in"};
  const std::string cut_path = run.new_path();
  write_bytes(cut_path,
              std::string_view(bytes).substr(0, is_plain ? mark + 4 : bytes.size() * 2 / 3));
  Listing part;
  try {
    part = read_all(*run.source(cut_path), limit);
  } catch (const Failure& failure) {
    // A packed file says nothing without its end.
    if (!is_plain && is_input_failure(failure)) return "";
    throw;
  }
  if (part.result != ReadResult::incomplete)
    return "a file cut off inside a text is read as complete";
  if (part.last_notice_line == 0)
    return fmt::format("the notice names no line: {}", in_quotes(part.last_notice));
  if (auto difference = compare_beginning(whole, part); !difference.empty()) return difference;
  // Where no title is kept the cut is somewhere, not in the last record.
  const std::size_t wanted = is_plain ? whole.bookmarks().size() - 1 : 0;
  if (part.bookmarks().size() >= wanted) return "";
  return fmt::format("{} bookmarks stand before the cut, {} were read", wanted,
                     part.bookmarks().size());
}

std::string check_cut_anywhere(ContractRun& run) {
  const std::string path = run.input_file(ordinary_records(some_records));
  const std::string bytes = bytes_of(path);
  const Listing whole = read_all(*run.source(path), limit);
  for (std::size_t i = 0; i < cuts; ++i) {
    const std::size_t size = bytes.size() * i / cuts + i % 3;
    const std::string cut_path = run.new_path();
    write_bytes(cut_path, std::string_view(bytes).substr(0, size));
    try {
      const Listing part = read_all(*run.source(cut_path), limit);
      const auto difference = compare_beginning(whole, part);
      if (!difference.empty()) return fmt::format("cut after {} bytes: {}", size, difference);
      if (auto text = find_invalid_text(part); !text.empty())
        return fmt::format("cut after {} bytes: {}", size, text);
    } catch (const Failure& failure) {
      if (!is_input_failure(failure))
        return fmt::format("cut after {} bytes: {}", size, failure.what());
    }
  }
  return "";
}

std::string check_utf8(ContractRun& run) {
  const auto check = [](const Listing& listing, std::string_view what) {
    const auto problem = find_invalid_text(listing);
    return problem.empty() ? "" : fmt::format("{}: {}", what, problem);
  };
  const std::string path = run.input_file(hostile_records());
  if (auto problem = check(read_all(*run.source(path), limit), "in its own file"); !problem.empty())
    return problem;
  const std::string ordinary = bytes_of(run.input_file(ordinary_records(some_records)));
  for (std::size_t i = 0; i < cuts; ++i) {
    std::string bytes = ordinary;
    const std::size_t mark = bytes.rfind(cut_mark);
    const std::size_t at = i == 0 && mark != std::string::npos ? mark : bytes.size() * i / cuts;
    bytes[at] = i % 2 == 0 ? '\xFF' : '\xC3';
    const std::string damaged = run.new_path();
    write_bytes(damaged, bytes);
    try {
      const auto problem = check(read_all(*run.source(damaged), limit),
                                 fmt::format("with a bad byte at offset {}", at));
      if (!problem.empty()) return problem;
    } catch (const Failure& failure) {
      if (!is_input_failure(failure))
        return fmt::format("a bad byte at offset {}: {}", at, failure.what());
    }
  }
  return "";
}

}  // namespace

void check_damaged_files(ContractRun& run) {
  run.check("a file that does not exist is refused by its name",
            [&] { return check_missing(run); });
  run.check("a file of another format is refused by its name", [&] { return check_foreign(run); });
  run.check("every text is valid UTF-8, whatever the file holds", [&] { return check_utf8(run); });
  run.check("a file cut off inside a text is read as far as it goes and said to be cut off",
            [&] { return check_cut_in_text(run); });
  run.check("a file cut off anywhere keeps what stands before the cut",
            [&] { return check_cut_anywhere(run); });
}

}  // namespace linkferry::contract
