"""bash -i on a terminal of its own: a job is stopped by ^Z, listed, continued and waited for."""
import os
import pty
import select
import sys
import time

pid, master = pty.fork()
if pid == 0:
    os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "-i"], {"PS1": "READY> ", "PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": "."})

seen = b""


def until(mark, count=1):
    """Reads until `mark` has been seen `count` times since the last call."""
    global seen
    while seen.count(mark) < count:
        if not select.select([master], [], [], 30)[0]:
            sys.exit("no answer: " + repr(seen))
        try:
            seen += os.read(master, 4096)
        except OSError:
            break
    text, seen = seen, b""
    return text


def send(line):
    os.write(master, line)


until(b"READY> ")
send(b"stty -echo\n")
until(b"READY> ")
send(b"sh -c 'echo up; sleep 1.5; exit 3'\n")
until(b"up")
# A ^Z between the shell's vfork and execve would stop the child alone; that race is not the subject.
time.sleep(0.5)
send(b"\x1a")
print("stopped:", b"Stopped" in until(b"READY> "))
send(b"jobs\n")
print("listed:", b"Stopped" in until(b"READY> "))
send(b"fg\n")
until(b"READY> ")
send(b"echo code $?\n")
print("code:", b"code 3" in until(b"READY> "))
send(b"exit 6\n")
print("exit:", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
