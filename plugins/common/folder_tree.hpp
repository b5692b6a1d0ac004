#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/text_buffer.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/host.hpp"

namespace linkferry::common {

/// How a tree format writes what stands around the records. All functions append to `out` and must
/// be pure: for a folder that is told more about later they are called again. `depth` is 1 for a
/// folder at the root.
class TreeMarkup {
 public:
  virtual ~TreeMarkup() = default;
  virtual void prologue(std::string& out) const = 0;
  /// `facts.path` is the whole path (its last name is the folder's own); facts that nobody gave are
  /// absent.
  virtual void open_folder(const Folder& facts, std::size_t depth, std::string& out) const = 0;
  virtual void close_folder(std::size_t depth, std::string& out) const = 0;
  virtual void epilogue(std::string& out) const = 0;
};

/// Writes a tree format from records that come in any order.
///
/// A folder stands where the tree goes into it first, after what its parent had until then. What is
/// put aside for a folder (a further place of a record, an item of a folder that is closed already)
/// stands at the end of that folder, in the order of its arrival; so does a folder of which nothing
/// else ever comes. As long as the end of the folder is still to be written, that costs nothing:
/// records in tree order go straight into the staged file, those of several folders too. Only where
/// something comes for a folder that is closed, or facts of one that is written, does `finish` copy
/// the file, in large pieces, with what came late in its place.
///
/// Paths deeper than `max_folder_depth` are cut there. Memory: some 120 bytes and the name for each
/// folder, nothing for a record but 16 bytes for one that is put aside; their texts wait in memory
/// up to `aside_bytes`, beyond that in a staged file of their own. Time: linear in what is given.
/// Thread: one thread at a time.
class FolderTree {
 public:
  static constexpr std::size_t aside_bytes = 4 * 1024 * 1024;

  /// Makes an empty staged file for the target; called again for what waits and for the copy, while
  /// the first still exists.
  using MakeFile = std::function<std::unique_ptr<StagedFile>()>;

  /// Both must outlive the tree. Errors: those of `make_file`.
  FolderTree(MakeFile make_file, const TreeMarkup& markup);

  /// Opens a folder, or completes what is known of it: the first known fact wins, missing ones are
  /// filled in, attributes of new names are added. The root (an empty path) has no facts.
  /// Separators are items, not folders.
  void folder(const Folder& folder);

  /// Appends the bytes of one record or separator in that folder, which is made if need be. They
  /// are written as they are, indentation included: it is that of `depth_of(path)`.
  void item(FolderPath path, std::string_view bytes) { enter(path).append(bytes); }

  /// The same without a copy: append the item's bytes to the buffer before the next call.
  TextBuffer& enter(FolderPath path);

  /// The same in the folder of the last `item`, `enter` or `enter_again`, without a look at the
  /// path. Not at first, and not after `folder`.
  TextBuffer& enter_again();

  /// The same for a further folder of a record, which most likely is not the one that comes next:
  /// the tree does not go there, so that what follows in tree order is not put aside.
  void item_aside(FolderPath path, std::string_view bytes) { enter_aside(path).append(bytes); }
  TextBuffer& enter_aside(FolderPath path);

  /// How deep items of this path stand: 0 at the root, at most `max_folder_depth`.
  static std::size_t depth_of(FolderPath path) {
    return path.size() < max_folder_depth ? path.size() : max_folder_depth;
  }

  /// Closes everything and returns the complete file, ready to commit. Once, and nothing may be
  /// added afterwards. Errors: those of the staged file.
  std::unique_ptr<StagedFile> finish();

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Node {
    std::string_view name;
    std::uint64_t opened_at = 0;  ///< where its opening begins in the file, once it is written
    std::uint64_t closed_at = 0;  ///< and where its closing begins
    std::uint32_t opening_bytes = 0;
    std::uint32_t parent = none;
    std::uint32_t facts = none;
    std::uint32_t first_late = none;
    std::uint32_t last_late = none;
    bool is_written = false;
    bool has_news = false;  ///< facts that came after the opening was written
  };

  /// Something for the end of a folder: bytes that were put aside, or a child folder (of no bytes)
  /// that may have been written elsewhere by then.
  struct Late {
    std::uint64_t at = 0;  ///< where the bytes begin among all that was put aside; or the node
    std::uint32_t bytes = 0;
    std::uint32_t next = none;
  };

  /// Where the copy of the file differs from the file: at the opening of a folder, or at its end.
  struct Edit {
    std::uint64_t at = 0;
    std::uint32_t node = none;
    bool is_opening = false;
  };

  std::uint32_t find_child(std::uint32_t parent, std::string_view name) const;
  std::uint32_t add_child(std::uint32_t parent, std::string_view name);
  void insert(std::uint32_t node);
  void grow_table();
  bool is_path_of(std::uint32_t node, FolderPath path) const;
  bool is_current(FolderPath path) const { return is_path_of(current(), path); }
  std::uint32_t current() const { return way_.empty() ? 0 : way_.back(); }
  bool try_to_open(FolderPath path);
  std::uint32_t find_or_add(FolderPath path);
  TextBuffer& put_aside(std::uint32_t node);
  void end_aside();
  void add_late(std::uint32_t node, const Late& late);
  template <class Write>
  void append_markup(Write write);
  void write_late(std::uint32_t node);
  void write_aside(std::uint32_t late);
  void read_asides(std::uint32_t late);
  void pop();
  void open(std::uint32_t node);
  void close(std::uint32_t node);
  bool complete_facts(std::uint32_t node, const Folder& folder);
  Folder facts_of(std::uint32_t node) const;
  void flush();
  void flush_all();
  std::uint64_t written() const { return flushed_ + buffer_.size(); }
  std::vector<Edit> edits() const;
  void copy_with(const std::vector<Edit>& edits);
  void set_path(std::uint32_t node);

  MakeFile make_file_;
  const TreeMarkup& markup_;
  std::unique_ptr<StagedFile> file_;
  TextBuffer buffer_;
  std::string markup_text_;  ///< workspace
  std::uint64_t flushed_ = 0;
  Arena names_;  ///< names and facts; never cleared
  std::vector<Node> nodes_;
  std::vector<Folder> facts_;
  std::vector<std::uint32_t> table_;  ///< open addressing over (parent, name)
  std::vector<std::uint32_t> way_;    ///< nodes from below the root to the current folder
  std::vector<Text> path_;            ///< their names, and of what is written at a folder's end
  std::uint32_t entered_ = 0;         ///< where the last item went
  std::vector<Late> late_;
  std::unique_ptr<StagedFile> aside_file_;
  TextBuffer aside_buffer_;
  std::uint64_t aside_flushed_ = 0;
  std::uint32_t aside_node_ = none;  ///< whose items are being put aside; none: they are complete
  std::size_t aside_start_ = 0;      ///< where in the buffer they begin
  std::unique_ptr<char[]> aside_window_;  ///< neighbours in the file, read together
  std::uint64_t window_start_ = 0;
  std::uint64_t window_end_ = 0;
};

}  // namespace linkferry::common
