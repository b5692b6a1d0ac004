#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/host.hpp"

namespace linkferry::common {

/// How a tree format writes what stands around the records. All functions append to `out` and must
/// be pure: when the file is stitched they are called again. `depth` is 1 for a folder at the root.
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
/// Records in tree order go straight into the staged file. An item of a folder that is closed
/// already is put aside, in a file of its own, and `finish` stitches both into a third; so does a
/// folder that is told more about after it was written. Folders stand in the order in which they
/// were first seen; items and child folders of a folder in the order of their arrival. Paths deeper
/// than `max_folder_depth` are cut there. Memory: some 120 bytes and the name for each folder,
/// nothing for a record. Time: linear in what is given. Thread: one thread at a time.
class FolderTree {
 public:
  /// Makes an empty staged file for the target; called a second time when stitching, while the
  /// first still exists.
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

  /// The same without a copy: append the item's bytes to the string before the next call.
  std::string& enter(FolderPath path);

  /// The same for a further folder of a record, which most likely is not the one that comes next:
  /// the tree does not go there, so that what follows in tree order is not put aside.
  void item_aside(FolderPath path, std::string_view bytes);

  /// How deep items of this path stand: 0 at the root, at most `max_folder_depth`.
  static std::size_t depth_of(FolderPath path) {
    return path.size() < max_folder_depth ? path.size() : max_folder_depth;
  }

  /// Closes everything and returns the complete file, ready to commit. Once, and nothing may be
  /// added afterwards. Errors: those of the staged file.
  std::unique_ptr<StagedFile> finish();

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// Bytes of a body in the first file.
  struct Range {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t next = none;
  };

  struct Node {
    std::string_view name;
    std::uint64_t place = 0;       ///< how many bytes of the parent's own items stand before it
    std::uint64_t body_bytes = 0;  ///< of its own items
    std::uint64_t last_aside = 0;  ///< where its last item put aside is, plus 1; 0 for none
    std::uint32_t arrival = 0;
    std::uint32_t parent = none;
    std::uint32_t first_child = none;
    std::uint32_t last_child = none;
    std::uint32_t next_sibling = none;
    std::uint32_t first_range = none;
    std::uint32_t last_range = none;
    std::uint32_t facts = none;
    bool is_written = false;  ///< in tree order, in the first file
  };

  /// What begins items of a folder that were put aside one after the other; these pieces are
  /// chained backwards.
  struct AsideHeader {
    std::uint64_t previous = 0;
    std::uint64_t size = 0;
    std::uint64_t place = 0;  ///< as that of a child folder
    std::uint32_t arrival = 0;
  };

  /// Items put aside, in their file.
  struct Aside {
    AsideHeader header;
    std::uint64_t offset = 0;  ///< of its bytes
  };

  /// A piece of a file, read ahead.
  struct Window {
    StagedFile* file = nullptr;
    std::unique_ptr<char[]> bytes;
    std::uint64_t start = 0;
    std::size_t size = 0;

    std::string_view read(std::uint64_t offset, std::uint64_t most);
  };

  /// How far a folder's own items are copied while stitching.
  struct BodyCursor {
    const std::vector<Range>* ranges;
    std::size_t index;
    std::uint64_t in_range;
    std::uint64_t done;
  };

  std::uint32_t find_child(std::uint32_t parent, std::string_view name) const;
  std::uint32_t add_child(std::uint32_t parent, std::string_view name);
  void insert(std::uint32_t node);
  void grow_table();
  bool is_current(FolderPath path) const;
  bool try_to_open(FolderPath path);
  std::uint32_t find_or_add(FolderPath path);
  std::string& put_aside(FolderPath path);
  void end_aside();
  void push(std::uint32_t node);
  void pop();
  void end_body();
  bool complete_facts(std::uint32_t node, const Folder& folder);
  Folder facts_of(std::uint32_t node) const;
  void flush();
  void flush_all();
  std::uint64_t written() const { return flushed_ + buffer_.size(); }
  std::vector<Range> ranges_of(const Node& node) const;
  std::vector<Aside> asides_of(const Node& node);
  void flush_asides();
  void stitch(std::uint32_t index);
  void stitch_child(std::uint32_t child);
  void copy_body(BodyCursor& cursor, std::uint64_t until);
  void copy_bytes(Window& window, std::uint64_t offset, std::uint64_t size);

  MakeFile make_file_;
  const TreeMarkup& markup_;
  std::unique_ptr<StagedFile> file_;
  std::string buffer_;
  std::uint64_t flushed_ = 0;
  Arena names_;  ///< names and facts; never cleared
  std::vector<Node> nodes_;
  std::vector<Folder> facts_;
  std::vector<Range> ranges_;
  std::vector<std::uint32_t> table_;  ///< open addressing over (parent, name)
  std::vector<std::uint32_t> way_;    ///< nodes from below the root to the current folder
  std::vector<Text> path_;            ///< their names
  std::uint32_t current_ = 0;
  std::uint64_t body_start_ = 0;  ///< where the bytes of the current folder begin
  bool is_complete_ = true;       ///< what was written of the folders is all that is known of them
  std::uint32_t arrivals_ = 0;
  std::unique_ptr<StagedFile> aside_file_;
  std::string aside_buffer_;
  std::uint64_t aside_flushed_ = 0;
  std::size_t open_aside_ =
      0;  ///< where in the buffer the items put aside last begin, plus 1; 0: they are complete
  std::vector<Text> aside_path_;  ///< of those
  Window bodies_;                 ///< of the first file, while stitching
  Window asides_;
};

}  // namespace linkferry::common
