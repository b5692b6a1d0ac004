#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace linkferry {

/// Memory that lives and dies together: the texts and lists of one batch.
///
/// Allocation moves a pointer; nothing is freed one by one. `clear()` recycles the blocks, so that
/// a pipeline that has warmed up allocates nothing. Thread: one thread at a time. Lifetime:
/// everything handed out is valid until `clear()` or destruction.
class Arena {
 public:
  static constexpr std::size_t block_bytes = 64 * 1024;
  /// What `clear()` keeps for the next batch; a batch that grew larger gives the rest back.
  static constexpr std::size_t kept_bytes = 1024 * 1024;

  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  /// Uninitialised room for `bytes` (may be 0). Errors: std::bad_alloc.
  void* allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
    const std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (current_ < blocks_.size() && start + bytes <= blocks_[current_].size) {
      used_ = start + bytes;
      return blocks_[current_].memory.get() + start;
    }
    return allocate_from_next_block(bytes);
  }

  /// `count` value-initialised objects; only types without a destructor.
  template <class T>
  std::span<T> make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i) ::new (first + i) T();
    return {first, count};
  }

  /// A copy of `text`; absent stays absent and empty stays empty.
  std::string_view copy(std::string_view text) {
    if (text.data() == nullptr) return {};
    if (text.empty()) return "";
    char* bytes = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  /// A shallow copy of a list (of texts, paths, …): the elements are copied, what they point to is
  /// not.
  template <class T>
  std::span<const T> copy(std::span<const T> list) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (list.empty()) return {};
    T* first = static_cast<T*>(allocate(list.size_bytes(), alignof(T)));
    std::memcpy(static_cast<void*>(first), list.data(), list.size_bytes());
    return {first, list.size()};
  }

  /// Gives back the unused end of the newest allocation, which had `bytes` and keeps `kept` of
  /// them.
  void shrink_last(std::size_t bytes, std::size_t kept) { used_ -= bytes - kept; }

  /// Forgets everything at once.
  void clear() {
    std::size_t kept = 0;
    std::size_t count = 0;
    while (count < blocks_.size() && kept + blocks_[count].size <= kept_bytes) {
      kept += blocks_[count++].size;
    }
    blocks_.resize(count);
    current_ = 0;
    used_ = 0;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> memory;
    std::size_t size = 0;
  };

  void* allocate_from_next_block(std::size_t bytes) {
    std::size_t next = blocks_.empty() ? 0 : current_ + 1;
    while (next < blocks_.size() && blocks_[next].size < bytes) ++next;
    if (next >= blocks_.size()) {
      const std::size_t size = bytes > block_bytes ? bytes : block_bytes;
      blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
      next = blocks_.size() - 1;
    }
    current_ = next;
    used_ = bytes;
    return blocks_[current_].memory.get();
  }

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
};

}  // namespace linkferry
