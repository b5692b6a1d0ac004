#include "common/folder_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace linkferry::common {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t window_bytes = 64 * 1024;

std::size_t hash_of(std::uint32_t parent, std::string_view name) {
  const std::size_t hash = std::hash<std::string_view>{}(name) ^ (parent * 0x9E3779B97F4A7C15ULL);
  return hash ^ (hash >> 32);
}

bool has_facts(const Folder& folder) {
  return is_present(folder.description) || folder.created_at.is_known() ||
         folder.modified_at.is_known() || folder.role != FolderRole::none || !folder.extra.empty();
}

Folder stored(const Folder& folder, Arena& arena) {
  Folder copy = folder;
  copy.path = {};
  copy.title = {};
  copy.description = arena.copy(folder.description);
  const auto extra = arena.make_array<Attribute>(folder.extra.size());
  for (std::size_t i = 0; i < extra.size(); ++i) {
    extra[i] = {arena.copy(folder.extra[i].name), arena.copy(folder.extra[i].value)};
  }
  copy.extra = extra;
  return copy;
}

/// Adds the attributes of `more` whose names are not known yet; true when there were some.
bool add_attributes(Folder& known, const Folder& more, Arena& arena) {
  std::vector<Attribute> all(known.extra.begin(), known.extra.end());
  for (const auto& attribute : more.extra) {
    const bool is_known = std::any_of(all.begin(), all.end(),
                                      [&](const Attribute& a) { return a.name == attribute.name; });
    if (!is_known) all.push_back({arena.copy(attribute.name), arena.copy(attribute.value)});
  }
  if (all.size() == known.extra.size()) return false;
  known.extra = arena.copy(std::span<const Attribute>(all));
  return true;
}

}  // namespace

FolderTree::FolderTree(MakeFile make_file, const TreeMarkup& markup)
    : make_file_(std::move(make_file)), markup_(markup), file_(make_file_()), nodes_(1) {
  buffer_.reserve(buffer_bytes + buffer_bytes / 4);
  markup_.prologue(buffer_);
  body_start_ = written();
}

void FolderTree::folder(const Folder& folder) {
  if (folder.type == Folder::Type::separator || folder.path.empty()) return;
  end_aside();
  const FolderPath path = folder.path.first(depth_of(folder.path));
  const std::uint32_t node = find_or_add(path);
  const bool is_more = complete_facts(node, folder);
  if (nodes_[node].is_written) {
    is_complete_ = is_complete_ && !is_more;
  } else {
    try_to_open(path);
  }
}

std::string& FolderTree::enter(FolderPath path) {
  path = path.first(depth_of(path));
  if (!is_current(path) && !try_to_open(path)) return put_aside(path);
  flush();
  return buffer_;
}

bool FolderTree::is_current(FolderPath path) const {
  return path.size() == path_.size() && std::equal(path.begin(), path.end(), path_.begin());
}

/// Closes and opens folders until the path is the current one. Not, and nothing is done, when one
/// of them was closed before: it cannot be opened again.
bool FolderTree::try_to_open(FolderPath path) {
  std::size_t common = 0;
  while (common < path.size() && common < path_.size() && path[common] == path_[common]) ++common;
  std::uint32_t node = common == 0 ? 0 : way_[common - 1];
  for (std::size_t i = common; i < path.size() && node != none; ++i) {
    node = find_child(node, path[i]);
    if (node != none && nodes_[node].is_written) return false;
  }
  while (path_.size() > common) pop();
  for (std::size_t i = common; i < path.size(); ++i) {
    const std::uint32_t found = find_child(current_, path[i]);
    push(found != none ? found : add_child(current_, path[i]));
    flush();
  }
  return true;
}

/// The folder of that path, wherever the tree is now.
std::uint32_t FolderTree::find_or_add(FolderPath path) {
  std::uint32_t node = 0;
  for (const Text name : path) {
    const std::uint32_t found = find_child(node, name);
    node = found != none ? found : add_child(node, name);
  }
  return node;
}

void FolderTree::push(std::uint32_t node) {
  end_body();
  way_.push_back(node);
  path_.push_back(nodes_[node].name);
  current_ = node;
  nodes_[node].is_written = true;
  markup_.open_folder(facts_of(node), way_.size(), buffer_);
  body_start_ = written();
}

void FolderTree::pop() {
  end_body();
  markup_.close_folder(way_.size(), buffer_);
  way_.pop_back();
  path_.pop_back();
  current_ = way_.empty() ? 0 : way_.back();
  body_start_ = written();
}

/// Notes where the bytes since `body_start_` are.
void FolderTree::end_body() {
  Node& node = nodes_[current_];
  const std::uint64_t size = written() - body_start_;
  if (size == 0) return;
  node.body_bytes += size;
  const auto added = static_cast<std::uint32_t>(ranges_.size());
  ranges_.push_back({body_start_, size, none});
  (node.first_range == none ? node.first_range : ranges_[node.last_range].next) = added;
  node.last_range = added;
  body_start_ = written();
}

void FolderTree::item_aside(FolderPath path, std::string_view bytes) {
  path = path.first(depth_of(path));
  if (is_current(path)) return item(path, bytes);
  put_aside(path).append(bytes);
}

/// Where to append an item of that folder; items that follow each other make one piece.
std::string& FolderTree::put_aside(FolderPath path) {
  const bool goes_on = open_aside_ != 0 && path.size() == aside_path_.size() &&
                       std::equal(path.begin(), path.end(), aside_path_.begin());
  if (goes_on && aside_buffer_.size() < buffer_bytes) return aside_buffer_;
  end_aside();
  end_body();
  const std::uint32_t index = find_or_add(path);
  aside_path_.clear();
  for (std::uint32_t i = index; i != 0; i = nodes_[i].parent)
    aside_path_.insert(aside_path_.begin(), nodes_[i].name);
  Node& node = nodes_[index];
  const AsideHeader header{node.last_aside, 0, node.body_bytes, arrivals_++};
  node.last_aside = aside_flushed_ + aside_buffer_.size() + 1;
  open_aside_ = aside_buffer_.size() + 1;
  aside_buffer_.append(reinterpret_cast<const char*>(&header), sizeof header);
  return aside_buffer_;
}

/// Its size is known when something else comes.
void FolderTree::end_aside() {
  if (open_aside_ == 0) return;
  const std::uint64_t size = aside_buffer_.size() - (open_aside_ - 1) - sizeof(AsideHeader);
  std::memcpy(aside_buffer_.data() + open_aside_ - 1 + offsetof(AsideHeader, size), &size,
              sizeof size);
  open_aside_ = 0;
  if (aside_buffer_.size() >= buffer_bytes) flush_asides();
}

void FolderTree::flush_asides() {
  if (!aside_file_) aside_file_ = make_file_();
  aside_file_->write(aside_buffer_);
  aside_flushed_ += aside_buffer_.size();
  aside_buffer_.clear();
}

std::uint32_t FolderTree::find_child(std::uint32_t parent, std::string_view name) const {
  if (table_.empty()) return none;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t slot = hash_of(parent, name) & mask; table_[slot] != none;
       slot = (slot + 1) & mask) {
    const Node& node = nodes_[table_[slot]];
    if (node.parent == parent && node.name == name) return table_[slot];
  }
  return none;
}

std::uint32_t FolderTree::add_child(std::uint32_t parent, std::string_view name) {
  end_body();
  const auto added = static_cast<std::uint32_t>(nodes_.size());
  Node node;
  node.name = names_.copy(name);
  node.parent = parent;
  node.place = nodes_[parent].body_bytes;
  node.arrival = arrivals_++;
  nodes_.push_back(node);
  Node& owner = nodes_[parent];
  (owner.first_child == none ? owner.first_child : nodes_[owner.last_child].next_sibling) = added;
  owner.last_child = added;
  if (nodes_.size() * 2 > table_.size()) return grow_table(), added;
  insert(added);
  return added;
}

void FolderTree::insert(std::uint32_t node) {
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = hash_of(nodes_[node].parent, nodes_[node].name) & mask;
  while (table_[slot] != none) slot = (slot + 1) & mask;
  table_[slot] = node;
}

void FolderTree::grow_table() {
  table_.assign(std::max<std::size_t>(64, table_.size() * 2), none);
  for (std::uint32_t node = 1; node < nodes_.size(); ++node) insert(node);
}

/// Fills in what is not known yet; true when that was something and the folder may have been
/// written already.
bool FolderTree::complete_facts(std::uint32_t node, const Folder& folder) {
  if (!has_facts(folder)) return false;
  if (nodes_[node].facts == none) {
    nodes_[node].facts = static_cast<std::uint32_t>(facts_.size());
    facts_.push_back(stored(folder, names_));
    return true;
  }
  Folder& known = facts_[nodes_[node].facts];
  bool is_more = add_attributes(known, folder, names_);
  if (is_absent(known.description) && is_present(folder.description)) {
    known.description = names_.copy(folder.description);
    is_more = true;
  }
  const auto fill = [&is_more](auto& mine, const auto& theirs, bool is_needed) {
    if (is_needed) mine = theirs, is_more = true;
  };
  fill(known.created_at, folder.created_at,
       !known.created_at.is_known() && folder.created_at.is_known());
  fill(known.modified_at, folder.modified_at,
       !known.modified_at.is_known() && folder.modified_at.is_known());
  fill(known.role, folder.role, known.role == FolderRole::none && folder.role != FolderRole::none);
  return is_more;
}

Folder FolderTree::facts_of(std::uint32_t node) const {
  Folder facts = nodes_[node].facts == none ? Folder{} : facts_[nodes_[node].facts];
  facts.path = path_;
  return facts;
}

void FolderTree::flush() {
  if (buffer_.size() < buffer_bytes) return;
  flush_all();
}

void FolderTree::flush_all() {
  file_->write(buffer_);
  flushed_ += buffer_.size();
  buffer_.clear();
}

std::unique_ptr<StagedFile> FolderTree::finish() {
  end_aside();
  while (!way_.empty()) pop();
  end_body();
  const bool has_asides = aside_file_ || !aside_buffer_.empty();
  if (is_complete_ && !has_asides) {
    markup_.epilogue(buffer_);
    flush_all();
    return std::move(file_);
  }
  flush_all();
  if (has_asides) flush_asides();
  const auto straight = std::exchange(file_, make_file_());
  bodies_.file = straight.get();
  asides_.file = aside_file_.get();
  flushed_ = 0;
  markup_.prologue(buffer_);
  stitch(0);
  markup_.epilogue(buffer_);
  flush_all();
  return std::move(file_);
}

/// Writes a folder's own items with its child folders and what was put aside between them, all in
/// the order of their arrival. Recursion is bounded by `max_folder_depth`.
void FolderTree::stitch(std::uint32_t index) {
  const std::vector<Range> ranges = ranges_of(nodes_[index]);
  const std::vector<Aside> asides = asides_of(nodes_[index]);
  BodyCursor cursor{&ranges, 0, 0, 0};
  auto aside = asides.begin();
  const auto copy_asides = [&](std::uint32_t before) {
    for (; aside != asides.end() && aside->header.arrival < before; ++aside) {
      copy_body(cursor, aside->header.place);
      copy_bytes(asides_, aside->offset, aside->header.size);
    }
  };
  for (std::uint32_t child = nodes_[index].first_child; child != none;
       child = nodes_[child].next_sibling) {
    copy_asides(nodes_[child].arrival);
    copy_body(cursor, nodes_[child].place);
    stitch_child(child);
  }
  copy_asides(none);
  copy_body(cursor, nodes_[index].body_bytes);
}

void FolderTree::stitch_child(std::uint32_t child) {
  path_.push_back(nodes_[child].name);
  markup_.open_folder(facts_of(child), path_.size(), buffer_);
  stitch(child);
  markup_.close_folder(path_.size(), buffer_);
  path_.pop_back();
  flush();
}

std::vector<FolderTree::Aside> FolderTree::asides_of(const Node& node) {
  std::vector<Aside> all;
  for (std::uint64_t at = node.last_aside; at != 0;) {
    Aside aside;
    std::memcpy(static_cast<void*>(&aside.header), asides_.read(at - 1, sizeof(AsideHeader)).data(),
                sizeof(AsideHeader));
    aside.offset = at - 1 + sizeof(AsideHeader);
    at = aside.header.previous;
    all.push_back(aside);
  }
  std::reverse(all.begin(), all.end());
  return all;
}

std::vector<FolderTree::Range> FolderTree::ranges_of(const Node& node) const {
  std::vector<Range> all;
  for (std::uint32_t i = node.first_range; i != none; i = ranges_[i].next)
    all.push_back(ranges_[i]);
  return all;
}

void FolderTree::copy_body(BodyCursor& cursor, std::uint64_t until) {
  while (cursor.done < until) {
    const Range& range = (*cursor.ranges)[cursor.index];
    const std::uint64_t size = std::min(range.size - cursor.in_range, until - cursor.done);
    copy_bytes(bodies_, range.offset + cursor.in_range, size);
    cursor.done += size;
    cursor.in_range += size;
    if (cursor.in_range == range.size) ++cursor.index, cursor.in_range = 0;
  }
}

void FolderTree::copy_bytes(Window& window, std::uint64_t offset, std::uint64_t size) {
  while (size != 0) {
    const std::string_view piece = window.read(offset, size);
    buffer_.append(piece);
    offset += piece.size();
    size -= piece.size();
    flush();
  }
}

/// Up to `most` bytes from `offset`, at least one. A read that goes on where the last one ended
/// fetches a whole window, a lonely one little more than it needs.
std::string_view FolderTree::Window::read(std::uint64_t offset, std::uint64_t most) {
  constexpr std::uint64_t page_bytes = 4096;
  if (!bytes) bytes.reset(new char[window_bytes]);
  const bool is_header_cut = most < page_bytes && offset + most > start + size;
  if (offset < start || offset >= start + size || is_header_cut) {
    const bool goes_on = offset >= start && offset - start <= 2 * window_bytes;
    const std::uint64_t wanted =
        goes_on ? window_bytes : std::min<std::uint64_t>(std::max(most, page_bytes), window_bytes);
    size = file->read_at(offset, {bytes.get(), static_cast<std::size_t>(wanted)});
    start = offset;
    if (size == 0)
      throw Failure(FailureKind::failed, "a staged file is shorter than what was written to it");
  }
  const std::uint64_t at = offset - start;
  return {bytes.get() + at, static_cast<std::size_t>(std::min<std::uint64_t>(most, size - at))};
}

}  // namespace linkferry::common
