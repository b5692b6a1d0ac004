#include "common/netscape_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "common/byte_scan.hpp"
#include "common/html_text.hpp"
#include "linkferry/failure.hpp"

namespace linkferry::common {
namespace {

/// Any but tab and LF. Without a branch in the loop, so that the compiler makes vectors of it.
bool has_control_character(std::string_view block) {
  unsigned char found = 0;
  for (const char c : block) {
    const auto byte = static_cast<unsigned char>(c);
    found |= static_cast<unsigned char>((byte < 0x20) & (byte != '\t') & (byte != '\n'));
  }
  return found != 0;
}

constexpr std::size_t least_block_bytes = 4 * 1024;
constexpr std::size_t skip_bytes = 64 * 1024;
/// A file in which nothing of a bookmark list comes within so many bytes is none.
constexpr std::uint64_t most_bytes_without_list = 1024 * 1024;
constexpr std::size_t excerpt_bytes = 160;

constexpr std::string_view notice_deep =
    "folders deeper than 1000 levels, or with names of more than 1 MiB in all, were left out: what "
    "is in them is kept at the last level";

/// At most `bytes`, cut between characters.
std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

Text concatenated(std::string_view first, std::string_view second, Arena& arena) {
  char* bytes = static_cast<char*>(arena.allocate(first.size() + second.size(), 1));
  std::memcpy(bytes, first.data(), first.size());
  std::memcpy(bytes + first.size(), second.data(), second.size());
  return {bytes, first.size() + second.size()};
}

}  // namespace

NetscapeReader::NetscapeReader(std::unique_ptr<InputFile> file, const NetscapeOptions& options,
                               std::size_t block_bytes)
    : input_(std::move(file)), records_(options), block_bytes_(block_bytes) {}

ReadResult NetscapeReader::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (is_finished_) return final_result_;
  if (stop.stop_requested()) return ReadResult::more;
  load_block(batch, limit);
  const bool has_more = read_tokens(batch, limit);
  batch.are_texts_clean = !has_control_character_;
  const bool is_ours = tokenizer_.state().has_list || !has_text_;
  const auto used = static_cast<std::uint64_t>(tokenizer_.position() - block_begin_);
  if (!is_ours && (!has_more || offset_ + used > most_bytes_without_list)) {
    throw Failure(FailureKind::configuration,
                  input_.name() + ": this is no bookmark file; it looks like " +
                      std::string(describe_content(input_.first_bytes())) +
                      ", expected was HTML with a bookmark list (<DL><DT><A HREF=…>)");
  }
  if (const auto records = batch.bookmarks.size(); records >= 16) {
    bytes_per_record_ = std::max<std::size_t>(64, (bytes_per_record_ + used / records) / 2);
  }
  const ReadResult result = has_more ? ReadResult::more : finish(batch);
  keep_rest();
  save_checkpoint(batch.checkpoint);
  return result;
}

/// What was not used up of the last block, and as much more as the batch is likely to need.
void NetscapeReader::load_block(Batch& batch, std::size_t limit) {
  const std::size_t wanted = limit < block_bytes_ / 64
                                 ? limit * (bytes_per_record_ + bytes_per_record_ / 16)
                                 : block_bytes_;
  std::size_t size = std::min(block_bytes_, std::max(wanted, least_block_bytes));
  if (needs_more_) size = std::max(size, 2 * rest_.size() + 2 * Utf8Input::least_buffer_bytes);
  size = std::max(size, rest_.size());
  char* const block = static_cast<char*>(batch.arena.allocate(size + scan_padding, 1));
  std::size_t filled = rest_.copy(block, rest_.size());
  while (!is_input_done_ && size - filled >= Utf8Input::least_buffer_bytes) {
    const std::size_t count = input_.read({block + filled, size - filled});
    is_input_done_ = count == 0;
    filled += count;
  }
  std::memset(block + filled, 0, scan_padding);
  note_text({block, filled});
  block_begin_ = counted_to_ = block;
  block_end_ = block + filled;
  levels_.forget_arena();
  tokenizer_.set_block(block_begin_, block_end_, is_input_done_);
  for (auto notice = input_.take_notice(); !notice.empty(); notice = input_.take_notice())
    add_notice(batch, notice, line_);
}

/// Looks whether there is anything but blanks, and for the way in which lines end.
void NetscapeReader::note_text(std::string_view block) {
  if (line_end_ == 0) {
    if (block.find('\n') != std::string_view::npos) {
      line_end_ = '\n';
    } else if (block.find('\r') != std::string_view::npos) {
      line_end_ = '\r';
    }
  }
  if (!has_text_) has_text_ = is_present(trimmed(block));
}

/// Looks for control characters in what the last token has used up, from `begin` on.
inline void NetscapeReader::note_controls(const char* begin, bool is_entry) {
  if (is_entry && tokenizer_.is_plain() && !tokenizer_.may_have_control()) return;
  const auto used = static_cast<std::size_t>(tokenizer_.position() - begin);
  has_control_character_ = has_control_character_ || has_control_character({begin, used});
}

void NetscapeReader::keep_rest() {
  const char* const position = tokenizer_.position();
  line_of(position);
  offset_ += static_cast<std::uint64_t>(position - block_begin_);
  rest_.assign(position, static_cast<std::size_t>(block_end_ - position));
}

/// False at the end of the file.
bool NetscapeReader::read_tokens(Batch& batch, std::size_t limit) {
  needs_more_ = false;
  const auto room = [&] {
    const std::size_t items =
        batch.bookmarks.size() + batch.folders.size() + batch.rejections.size();
    return items < limit ? limit - items : 0;
  };
  for (std::size_t left = room(); left > 0;) {
    const char* const begin = tokenizer_.position();
    const NetscapeToken token = tokenizer_.next();
    if (!tokenizer_.notices().empty()) take_notices(batch);
    note_controls(begin, token == NetscapeToken::entry);
    if (token == NetscapeToken::entry) [[likely]] {
      take_entry(batch);
      --left;
    } else if (token == NetscapeToken::more) {
      return needs_more_ = true;
    } else if (token == NetscapeToken::end) {
      return false;
    } else {
      take(token, batch);
      left = room();
    }
  }
  return true;
}

void NetscapeReader::take(NetscapeToken token, Batch& batch) {
  switch (token) {
    case NetscapeToken::folder:
      return take_folder(batch);
    case NetscapeToken::separator:
      return take_separator(batch);
    case NetscapeToken::rejected:
      return take_rejected(batch);
    case NetscapeToken::close_list:
      return levels_.close();
    case NetscapeToken::open_list:
      if (tokenizer_.is_list_of_heading()) add_folder(batch, Folder{}, heading_);
      return levels_.open();
    case NetscapeToken::heading:
      heading_ = one_line(decode_references(tokenizer_.title(), References::text, batch.arena),
                          batch.arena);
      return;
    default:
      return;
  }
}

inline void NetscapeReader::take_entry(Batch& batch) {
  Bookmark& bookmark = batch.bookmarks.emplace_back();
  bookmark.line = line_of(tokenizer_.token_begin());
  if (tokenizer_.is_plain() && line_end_ == '\n') {
    line_ += tokenizer_.counted_lines();
    counted_to_ = tokenizer_.counted_end();
  }
  bookmark.folders = levels_.folders(batch.arena);
  if (is_skimming_ && tokenizer_.is_plain()) {
    records_.fill_address(bookmark, tokenizer_, batch.arena);
    const char* const begin = tokenizer_.token_begin();
    batch.rests.emplace_back(begin, static_cast<std::size_t>(tokenizer_.position() - begin));
    return;
  }
  if (is_skimming_) batch.rests.emplace_back();
  records_.fill(bookmark, tokenizer_, batch.arena, notices_);
  if (!notices_.empty()) take_record_notices(batch, bookmark.line);
}

void NetscapeReader::take_folder(Batch& batch) {
  Folder folder;
  Text name;
  folder.line = line_of(tokenizer_.token_begin());
  records_.fill(folder, name, tokenizer_, batch.arena, notices_);
  take_record_notices(batch, folder.line);
  add_folder(batch, folder, name);
}

void NetscapeReader::add_folder(Batch& batch, Folder folder, Text name) {
  if (!levels_.has_room_for(name)) {
    levels_.leave_next_unnamed();
    return add_notice(batch, notice_deep, line_of(tokenizer_.token_begin()));
  }
  folder.path = levels_.path_with(batch.arena.copy(name), batch.arena);
  batch.folders.push_back({folder, batch.bookmarks.size()});
  levels_.name_next(name);
}

void NetscapeReader::take_separator(Batch& batch) {
  Folder separator;
  separator.line = line_of(tokenizer_.token_begin());
  separator.path = levels_.path(batch.arena);
  records_.fill_separator(separator, tokenizer_, batch.arena);
  batch.folders.push_back({separator, batch.bookmarks.size()});
}

void NetscapeReader::take_rejected(Batch& batch) {
  const char* const begin = tokenizer_.token_begin();
  const auto excerpt = cut({begin, static_cast<std::size_t>(block_end_ - begin)}, excerpt_bytes);
  batch.rejections.push_back(
      {tokenizer_.reason(), excerpt, line_of(begin), batch.bookmarks.size()});
}

void NetscapeReader::take_notices(Batch& batch) {
  const std::uint64_t line = line_of(tokenizer_.token_begin());
  for (const auto text : tokenizer_.notices()) add_notice(batch, text, line);
}

void NetscapeReader::take_record_notices(Batch& batch, std::uint64_t line) {
  for (const auto text : notices_) add_notice(batch, text, line);
  notices_.clear();
}

void NetscapeReader::add_notice(Batch& batch, std::string_view text, std::uint64_t line) {
  batch.notices.push_back({text, line});
}

ReadResult NetscapeReader::finish(Batch& batch) {
  is_finished_ = true;
  if (!tokenizer_.open_part().empty()) {
    const Text text =
        concatenated("the file is cut off: it ends inside ", tokenizer_.open_part(), batch.arena);
    add_notice(batch, text, line_of(std::max(tokenizer_.token_begin(), counted_to_)));
    final_result_ = ReadResult::incomplete;
  }
  return final_result_;
}

/// The line in which `p` stands, which is not before what was asked for last in this block.
inline std::uint64_t NetscapeReader::line_of(const char* p) {
  if (p > counted_to_) {
    line_ += count_byte(counted_to_, p, line_end_);
    counted_to_ = p;
  }
  return line_;
}

bool NetscapeReader::rewind() {
  if (!input_.rewind()) return false;
  reset();
  return true;
}

bool NetscapeReader::skim() {
  if (!rewind()) return false;
  return is_skimming_ = true;
}

void NetscapeReader::complete(Bookmark& bookmark, Text rest, Arena& arena) const {
  if (is_absent(rest)) return;
  const Text entry = padded(rest, arena);
  NetscapeTokenizer tokenizer;
  tokenizer.set_entry(entry.data(), entry.data() + entry.size());
  std::vector<std::string_view> notices;      // they come with the full reading
  bookmark.description = bookmark.icon = {};  // what they are may depend on what they were
  if (tokenizer.next() == NetscapeToken::entry)
    NetscapeRecords(records_.options()).fill(bookmark, tokenizer, arena, notices);
}

void NetscapeReader::reset() {
  tokenizer_.set_state({});
  levels_ = {};
  rest_.clear();
  heading_.clear();
  line_ = 1;
  line_end_ = 0;
  offset_ = 0;
  needs_more_ = has_text_ = is_input_done_ = is_finished_ = is_skimming_ = false;
  final_result_ = ReadResult::end;
}

/// `1;offset;line;flags;` and what the levels write. The flags are one character each.
void NetscapeReader::save_checkpoint(std::string& out) const {
  const auto& state = tokenizer_.state();
  const auto number = [&out](std::uint64_t value) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    out += ';';
  };
  out = "1;";
  number(offset_);
  number(line_);
  for (const bool flag :
       {state.is_item_open, state.has_items, state.has_list, state.is_after_heading, state.is_raw,
        has_text_, is_finished_, final_result_ == ReadResult::incomplete,
        state.skipped_quote == '"', state.skipped_quote == '\'', line_end_ == '\n',
        line_end_ == '\r', state.is_behind_entry}) {
    out += flag ? '1' : '0';
  }
  out += ';';
  levels_.save(out);
  if (state.is_after_heading) out += heading_;
}

bool NetscapeReader::resume(std::string_view checkpoint) {
  has_control_character_ = true;  // the folders around may come from a part that was not looked at
  constexpr std::size_t flag_count = 13;
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  const auto number = [&checkpoint](std::uint64_t& value) {
    const char* const end = checkpoint.data() + checkpoint.size();
    const auto [stop, error] = std::from_chars(checkpoint.data(), end, value);
    if (error != std::errc{} || stop == end || *stop != ';') return false;
    checkpoint.remove_prefix(static_cast<std::size_t>(stop + 1 - checkpoint.data()));
    return true;
  };
  if (!checkpoint.starts_with("1;")) return false;
  checkpoint.remove_prefix(2);
  if (!number(offset) || !number(line) || checkpoint.size() < flag_count + 1) return false;
  const auto flag = [flags = checkpoint.substr(0, flag_count)](std::size_t i) {
    return flags[i] == '1';
  };
  checkpoint.remove_prefix(flag_count + 1);
  NetscapeLevels levels;
  if (!levels.load(checkpoint) || !input_.rewind()) return false;
  reset();
  if (!skip_to(offset)) return input_.rewind(), reset(), false;
  levels_ = std::move(levels);
  heading_ = checkpoint;
  line_ = line;
  const char quote = flag(8) ? '"' : flag(9) ? '\'' : '\0';
  tokenizer_.set_state({flag(0), flag(1), flag(2), flag(3), flag(12), flag(4), quote});
  has_text_ = flag(5);
  is_finished_ = flag(6);
  final_result_ = flag(7) ? ReadResult::incomplete : ReadResult::end;
  line_end_ = flag(10) ? '\n' : flag(11) ? '\r' : '\0';
  return true;
}

/// Reads and forgets that many bytes of UTF-8; false when the file has fewer.
bool NetscapeReader::skip_to(std::uint64_t offset) {
  offset_ = offset;
  rest_.resize(skip_bytes);
  while (offset > 0) {
    const std::size_t count = input_.read(rest_);
    if (count == 0) return false;
    if (count > offset) {
      rest_.resize(count);
      rest_.erase(0, static_cast<std::size_t>(offset));
      return true;
    }
    offset -= count;
  }
  rest_.clear();
  return true;
}

}  // namespace linkferry::common
