"""One line of JSON in, one line of JSON out: how a benchmark asks a process of Python to do a piece of work.

A request names a call, its arguments and how often to repeat it; the answer holds the wall and processor seconds
of one repetition and what the last repetition returned. The process lives as long as its standard input is open,
so that whatever it loads and compiles is paid for once, before anything is timed.
"""
import json
import os
import sys
import time
import traceback

# Libraries print what they like, some when they are loaded: only this copy of standard output speaks the protocol, and
# everything else goes to standard error. Import this module before them.
sys.stdout.flush()
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def serve(calls):
    """Answers requests until standard input ends. `calls`: functions by name; each gets `turn`, the number of repetitions left."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answer_to(calls[request["call"]], request.get("arguments", {}), request.get("repeats", 1))
        except Exception as error:  # whatever a library throws is the answer
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")


def answer_to(call, arguments, repeats):
    wall, processor = time.perf_counter(), time.process_time()
    for left in range(repeats - 1, -1, -1):
        result = call(turn=left, **arguments)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {"seconds": wall / repeats, "cpuSeconds": processor / repeats, "result": result}
