// Placed while the reader is being written.
