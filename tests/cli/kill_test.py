#!/usr/bin/env python3
"""Kills linkferry at random moments while it rewrites a file: the file is the old one or the new one, never half.

    kill_test.py LINKFERRY MOMENTS [SEED]
"""
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

BOOKMARKS = 20000


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write_target(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"url":"https://old.example/","title":"Old"}\n')


def main():
    program = sys.argv[1]
    moments = int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    print("seed", seed)
    random.seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        with open(source, "w", encoding="utf-8") as file:
            for i in range(BOOKMARKS):
                file.write('{"url":"https://example.org/%d","title":"Page %d"}\n' % (i, i))
        command = [program, "copy", "-q", source, target]
        write_target(target)
        old = digest(target)
        begun = time.monotonic()
        subprocess.run(command, check=True)
        whole = time.monotonic() - begun
        new = digest(target)
        seen = {"old": 0, "new": 0}
        for _ in range(moments):
            write_target(target)
            process = subprocess.Popen(command)
            time.sleep(random.random() * whole * 1.1)
            process.send_signal(signal.SIGKILL)
            process.wait()
            now = digest(target)
            if now not in (old, new):
                sys.exit("killed half way, the target is neither the old file nor the new one")
            seen["old" if now == old else "new"] += 1
        print(seen)
        if seen["old"] == 0:
            sys.exit("every kill came too late: the test showed nothing")
        # What a killed run left behind goes with the next one.
        write_target(target)
        subprocess.run(command, check=True)
        if digest(target) != new or sorted(os.listdir(folder)) != ["in.jsonl", "out.jsonl"]:
            sys.exit("after the kills: %s" % sorted(os.listdir(folder)))


if __name__ == "__main__":
    main()
