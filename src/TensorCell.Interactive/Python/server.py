"""The Python side of #!python: runs code in one lasting namespace, told by JSON lines.

Requests come on standard input, replies and what the code prints leave on standard error, one JSON object a line; a line that announces
bytes is followed by that many. Standard output is left to what is printed past sys.stdout, by native libraries and child processes.
A thread reads the requests, so that an interrupt is seen while code runs and the end of the input ends the process.
"""

import ast
import builtins
import io
import itertools
import json
import linecache
import os
import platform
import queue
import signal
import sys
import threading
import time
import traceback

requests = queue.SimpleQueue()
namespace = {"__name__": "__main__", "__builtins__": builtins}
prepared = {}
shared = {}
cells = itertools.count(1)
running = None

incoming = os.fdopen(os.dup(0), "rb", 1 << 16)
outgoing = os.fdopen(os.dup(2), "wb", 1 << 16)
outgoing_lock = threading.Lock()


def send(message, payload=None):
    with outgoing_lock:
        outgoing.write(json.dumps(message).encode() + b"\n")
        if payload is not None:
            outgoing.write(payload)
        outgoing.flush()


class Output(io.TextIOBase):
    """sys.stdout or sys.stderr: sends what is written a moment later, so that many small writes go as one."""

    muted = False

    def __init__(self, name):
        self.name = name
        self.parts = []
        self.lock = threading.Lock()

    encoding = "utf-8"

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        if not Output.muted:
            with self.lock:
                self.parts.append(text)
            pending.set()
        return len(text)

    def flush(self):
        with self.lock:
            text = "".join(self.parts)
            self.parts.clear()
            if text:
                send({"stream": self.name, "text": text})


pending = threading.Event()


def flush_soon():
    while True:
        pending.wait()
        time.sleep(0.03)
        pending.clear()
        sys_stdout.flush()
        sys_stderr.flush()


class NoInput(io.TextIOBase):
    def readable(self):
        return True

    def read(self, size=-1):
        raise EOFError("a #!python cell cannot read input; ask in C# and share the answer as a variable")

    readline = read


def read_requests():
    while True:
        line = incoming.readline()
        if not line:
            os._exit(0)
        request = json.loads(line)
        if "bytes" in request:
            request["payload"] = read_payload(request["bytes"])
        if request["do"] == "interrupt":
            if running == request["id"]:
                interrupt_main_thread()
        else:
            requests.put(request)


def read_payload(size):
    payload = memoryview(bytearray(size)) if numpy is None else memoryview(numpy.empty(size, numpy.uint8))
    filled = 0
    while filled < size:
        count = incoming.readinto(payload[filled:])
        if not count:
            os._exit(0)
        filled += count
    return payload


def interrupt_main_thread():
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def ignore_interrupt(number, frame):
    """Stands in while no request's code runs; SIG_IGN would be inherited by child processes."""


def compile_cell(code, first_line, is_shown):
    """Compiles a cell into its statements and, when its value is to be shown, its last expression."""
    name = "<cell %d>" % next(cells)
    text = "\n" * (first_line - 1) + code
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    tree = ast.parse(text, name)
    last = None
    if is_shown and tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        last = compile(ast.Expression(tree.body.pop().value), name, "eval")
    return compile(tree, name, "exec"), last


def run(request):
    statements, last = compile_cell(request["code"], request["line"], True)
    exec(statements, namespace)
    value = eval(last, namespace) if last is not None else None
    return {"data": representations(value)}


def representations(value):
    data = {}
    if value is not None:
        namespace["_"] = value
        data["text/plain"] = repr(value)
        html = getattr(value, "_repr_html_", None)
        if html is not None and not isinstance(value, type):
            html = html()
            if isinstance(html, str):
                data["text/html"] = html
    return data


def prepare(request):
    prepared[request["key"]] = compile_cell(request["code"], request["line"], False)[0]
    return {}


def run_timed(request):
    code = prepared[request["key"]]
    runs = itertools.repeat(None, request["runs"])
    Output.muted = request["muted"]
    try:
        start = time.perf_counter()
        for _ in runs:
            exec(code, namespace)
        return {"seconds": time.perf_counter() - start}
    finally:
        Output.muted = False


def find_wanted(request):
    """The names that the code reads and that neither Python nor earlier code here defines: those to look for in C#."""
    tree = ast.parse(request["code"])
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return {"names": sorted(name for name in names if not hasattr(builtins, name) and is_free(name))}


def is_free(name):
    return name not in namespace or (name in shared and namespace[name] is shared[name])


def share(request):
    if "payload" in request:
        value = array_of(request["payload"], request["dtype"], request["shape"])
    else:
        value = request["value"]
        if isinstance(value, dict):
            value = float(value["float"])
    namespace[request["name"]] = shared[request["name"]] = value
    return {}


def array_of(payload, dtype, shape):
    if numpy is not None:
        return numpy.frombuffer(payload, dtype=dtype).reshape(shape)
    formats = {"f4": "f", "f8": "d", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "u1": "B", "?": "?"}
    if 0 in shape:
        return memoryview(bytearray()).cast(formats[dtype])
    return payload.cast(formats[dtype], shape) if len(shape) != 1 else payload.cast(formats[dtype])


def fetch(request):
    """A variable's value: plain data as JSON, an array as its bytes in row-major order."""
    name = request["name"]
    if name not in namespace:
        raise NameError("name %r is not defined" % name)
    value = namespace[name]
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"value": value} if not isinstance(value, float) else {"number": repr(value)}
    if numpy is None:
        raise TypeError("%s: only plain values can be brought to C# without NumPy, and this is a %s" % (name, type(value).__name__))
    array = numpy.ascontiguousarray(value)
    kinds = {"f2", "f4", "f8", "i1", "i4", "i8", "u1", "b1"}
    kind = array.dtype.kind + str(array.dtype.itemsize)
    if kind not in kinds or not array.dtype.isnative:
        raise TypeError("%s: an array of %s has no counterpart in C#; convert it with .astype('float32')" % (name, array.dtype))
    return {"dtype": kind, "shape": array.shape, "bytes": array.nbytes, "payload": array.tobytes()}


def describe(error):
    """The error as Python prints it, without the frames of this file."""
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith("<cell "):
        trace = trace.tb_next
    lines = traceback.format_exception(type(error), error, trace)
    return {"type": type(error).__name__, "message": str(error), "traceback": "".join(lines)}


actions = {"run": run, "prepare": prepare, "time": run_timed, "wanted": find_wanted, "share": share, "fetch": fetch}


def serve(request):
    global running
    reply = {}
    payload = None
    try:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            running = request["id"]
            reply = actions[request["do"]](request)
        finally:
            signal.signal(signal.SIGINT, ignore_interrupt)
            running = None
    except BaseException as error:
        reply = {"error": describe(error)}
    payload = reply.pop("payload", None)
    sys_stdout.flush()
    sys_stderr.flush()
    os.write(1, b"\0")
    reply["done"] = request["id"]
    send(reply, payload)


try:
    import numpy
except ImportError:
    numpy = None

os.dup2(1, 2)
null = os.open(os.devnull, os.O_RDONLY)
os.dup2(null, 0)
os.close(null)
sys.stdin = NoInput()
sys_stdout = sys.stdout = Output("stdout")
sys_stderr = sys.stderr = Output("stderr")
sys.argv = [""]
os.environ.setdefault("MPLBACKEND", "agg")
signal.signal(signal.SIGINT, ignore_interrupt)
threading.Thread(target=read_requests, daemon=True).start()
threading.Thread(target=flush_soon, daemon=True).start()
send({
    "done": 0,
    "python": platform.python_version(),
    "numpy": None if numpy is None else numpy.__version__,
    "executable": sys.executable,
})
while True:
    serve(requests.get())
