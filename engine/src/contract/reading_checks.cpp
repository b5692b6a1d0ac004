#include <fmt/format.h>

#include "contract/contract_run.hpp"
#include "contract/wording.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::contract {
namespace {

constexpr std::size_t some_records = 40;
constexpr std::size_t many_records = 600;
constexpr std::size_t large_limit = 1000;

/// Reads the rest of a source after the batch that ends at `border`, from a new source.
std::string compare_resumed(ContractRun& run, const std::string& path, const Listing& whole,
                            const Border& border) {
  const auto source = run.source(path);
  if (!source->resume(border.checkpoint)) {
    return fmt::format("its own checkpoint after item {} is refused: {}", border.items,
                       in_quotes(border.checkpoint));
  }
  const auto difference = compare(whole, border.items, read_all(*source, large_limit));
  return difference.empty() ? ""
                            : fmt::format("resumed after item {}: {}", border.items, difference);
}

std::string check_resume(ContractRun& run, const std::string& path, std::size_t limit) {
  const Listing whole = read_all(*run.source(path), limit);
  bool has_checkpoints = false;
  for (const Border& border : whole.borders) {
    if (border.checkpoint.empty()) continue;
    has_checkpoints = true;
    const auto difference = compare_resumed(run, path, whole, border);
    if (!difference.empty()) return fmt::format("with batches of {}, {}", limit, difference);
  }
  if (!has_checkpoints) throw NotApplicable{"it gives no checkpoints"};
  return "";
}

std::string check_rewind(ContractRun& run, const std::string& path) {
  const Listing whole = read_all(*run.source(path), large_limit);
  const auto source = run.source(path);
  Listing start;
  Batch batch;
  source->read(batch, 7, {});
  append(start, batch);
  if (source->rewind()) {
    auto difference = compare(whole, 0, read_all(*source, large_limit));
    if (!difference.empty()) return fmt::format("after a rewind in the middle, {}", difference);
    if (!source->rewind()) return "it can be rewound in the middle, but not at the end";
    difference = compare(whole, 0, read_all(*source, large_limit));
    return difference.empty() ? "" : fmt::format("after a rewind at the end, {}", difference);
  }
  const auto difference = compare(whole, start.items.size(), read_all(*source, large_limit));
  if (!difference.empty())
    return fmt::format("a refused rewind changed what comes next: {}", difference);
  throw NotApplicable{"it cannot be read twice"};
}

std::string check_foreign_checkpoint(ContractRun& run, const std::string& path) {
  const Listing whole = read_all(*run.source(path), large_limit);
  for (const std::string_view checkpoint :
       {std::string_view("no checkpoint"), std::string_view("99999999999999999999999999"),
        std::string_view("-1"), std::string_view("\0\xFF", 2)}) {
    const auto source = run.source(path);
    if (source->resume(checkpoint)) return fmt::format("it resumes from {}", in_quotes(checkpoint));
    const auto difference = compare(whole, 0, read_all(*source, large_limit));
    if (!difference.empty())
      return fmt::format("after {} was refused, {}", in_quotes(checkpoint), difference);
  }
  return "";
}

std::string check_limits(ContractRun& run, const std::string& path) {
  const Listing whole = read_all(*run.source(path), large_limit);
  if (whole.items.empty()) return "nothing was read";
  for (const std::size_t limit : {1u, 2u, 7u, 256u}) {
    const auto difference = compare(whole, 0, read_all(*run.source(path), limit));
    if (!difference.empty()) return fmt::format("with batches of {}, {}", limit, difference);
  }
  return "";
}

std::string check_recognition(ContractRun& run, const std::string& path) {
  const auto recognize = run.descriptor().recognize;
  if (recognize == nullptr) throw NotApplicable{"it recognises no files"};
  const std::string bytes = bytes_of(path);
  const std::string_view head = std::string_view(bytes).substr(0, 64 * 1024);
  const int certainty = recognize(head, head.size() == bytes.size());
  if (certainty < 1 || certainty > 100)
    return fmt::format("its own file is recognised with {}, expected 1 to 100", certainty);
  for (const std::string_view foreign :
       {std::string_view("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), std::string_view("a"),
        std::string_view("Dear diary, today it rained.\n")}) {
    if (recognize(foreign, true) > 0)
      return fmt::format("{} is taken for its own", in_quotes(foreign));
  }
  if (run.catalog() == nullptr) return "";
  const RecognizedPlugin best = run.catalog()->recognize(head, head.size() == bytes.size());
  if (best.plugin != nullptr && best.plugin->name() != run.plugin().name() &&
      best.certainty >= certainty) {
    return fmt::format("its own file is recognised with {}, but plugin {} claims it with {}",
                       certainty, best.plugin->name(), best.certainty);
  }
  return "";
}

}  // namespace

void check_reading(ContractRun& run) {
  run.check("reading gives the same, however small the batches are",
            [&] { return check_limits(run, run.input(ordinary_records(many_records))); });
  run.check("after a rewind, reading gives the same",
            [&] { return check_rewind(run, run.input(ordinary_records(some_records))); });
  for (const std::size_t limit : {1u, 2u, 7u, 256u}) {
    run.check(fmt::format("reading resumes at every border of batches of {}", limit), [&] {
      return check_resume(run, run.input(ordinary_records(limit < 7 ? some_records : many_records)),
                          limit);
    });
  }
  run.check("reading resumes inside folders, separators and hostile records", [&] {
    const auto difference = check_resume(run, run.input(folder_records()), 1);
    return difference.empty() ? check_resume(run, run.input(hostile_records()), 1) : difference;
  });
  run.check("a checkpoint that is none is refused and changes nothing", [&] {
    return check_foreign_checkpoint(run, run.input(ordinary_records(some_records)));
  });
  run.check("its own files are recognised, others are not",
            [&] { return check_recognition(run, run.input_file(ordinary_records(some_records))); });
}

}  // namespace linkferry::contract
