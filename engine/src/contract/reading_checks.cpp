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

/// A skimmed bookmark beside what a full reading gives; "" when completing makes it the same.
std::string compare_skimmed(const Source& source, Bookmark bookmark, Text rest,
                            const Bookmark& whole, bool is_vouched_for) {
  if (bookmark.url != whole.url || is_absent(bookmark.url) != is_absent(whole.url) ||
      bookmark.kind != whole.kind || bookmark.line != whole.line) {
    return fmt::format("found {}, a {} in line {}; expected {}, a {} in line {}",
                       in_quotes(bookmark.url), name_of(bookmark.kind), bookmark.line,
                       in_quotes(whole.url), name_of(whole.kind), whole.line);
  }
  // Its own memory, so that tools see what is read or written beyond it.
  const std::vector<char> copy(rest.begin(), rest.end());
  Batch batch;
  source.complete(bookmark, is_absent(rest) ? rest : Text(copy.data(), copy.size()), batch.arena);
  batch.bookmarks.push_back(bookmark);
  batch.are_texts_clean = is_vouched_for;
  const auto difference = describe_difference(whole, bookmark);
  if (!difference.empty()) return fmt::format("{}: {}", in_quotes(whole.url), difference);
  Listing listing;
  append(listing, batch);
  return find_invalid_text(listing);
}

std::string check_skimming(ContractRun& run, const std::string& path, std::size_t limit) {
  const Listing listing = read_all(*run.source(path), large_limit);
  const auto whole = listing.bookmarks();
  const auto source = run.source(path);
  if (!source->skim()) throw NotApplicable{"it cannot be skimmed"};
  std::size_t count = 0;
  Batch batch;
  ReadResult result = ReadResult::more;
  while (result == ReadResult::more) {
    batch.clear();
    result = source->read(batch, limit, {});
    if (batch.rests.size() != batch.bookmarks.size())
      return fmt::format("a batch of {} bookmarks has {} rests", batch.bookmarks.size(),
                         batch.rests.size());
    for (std::size_t i = 0; i < batch.bookmarks.size(); ++i, ++count) {
      if (count == whole.size()) return fmt::format("it gives more than {} bookmarks", count);
      const auto difference = compare_skimmed(*source, batch.bookmarks[i], batch.rests[i],
                                              *whole[count], batch.are_texts_clean);
      if (!difference.empty()) return fmt::format("bookmark {}: {}", count + 1, difference);
    }
  }
  if (count != whole.size())
    return fmt::format("it gives {} bookmarks, expected {}", count, whole.size());
  if (!source->rewind()) return "it can be skimmed, but not rewound";
  const auto difference = compare(listing, 0, read_all(*source, large_limit));
  return difference.empty() ? "" : fmt::format("after it was skimmed, {}", difference);
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
  run.check("skimming gives the same bookmarks, and completing makes them whole", [&] {
    for (const RecordSet& set : {ordinary_records(many_records), hostile_records()}) {
      const std::string path = run.input(set);
      for (const std::size_t limit : {std::size_t{7}, large_limit}) {
        if (auto difference = check_skimming(run, path, limit); !difference.empty())
          return difference;
      }
    }
    return std::string();
  });
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
