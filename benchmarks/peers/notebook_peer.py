"""A Jupyter kernel timed through Debian's jupyter_client: until it is ready, its first cell, or a trivial cell when it is warm.

usage: notebook_peer.py ready|first|warm EXPRESSION KERNEL-COMMAND... ; {connection_file} in the command is replaced, {} in the expression
by a number that changes from cell to cell.
"""
import sys
import time

try:
    from jupyter_client import KernelManager
    from jupyter_client.kernelspec import KernelSpec
except ImportError as missing:
    print("missing", missing, flush=True)
    sys.exit(0)

PATIENCE = 60
case, expression, *command = sys.argv[1:]


class Kernel:
    """One running kernel and the client that talks to it."""

    def __init__(self):
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(argv=command, interrupt_mode="message")
        self.cells = 0
        start = time.perf_counter()
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels(stdin=False)
        self.request = self.client.kernel_info()
        self.client.get_shell_msg(timeout=PATIENCE)
        self.seconds_to_ready = time.perf_counter() - start
        # What is published before the subscription has arrived is lost, so one request must be seen from its beginning.
        while True:
            self.request = self.client.kernel_info()
            self.client.get_shell_msg(timeout=PATIENCE)
            if self.await_idle(0.5):
                break

    def await_idle(self, patience=PATIENCE):
        limit = time.perf_counter() + patience
        while True:
            left = limit - time.perf_counter()
            try:
                message = self.client.get_iopub_msg(timeout=max(left, 0.001))
            except Exception:
                return False
            if (message["parent_header"].get("msg_id") == self.request and message["msg_type"] == "status"
                    and message["content"]["execution_state"] == "idle"):
                return True

    def seconds_of_cell(self):
        self.cells += 1
        start = time.perf_counter()
        self.request = self.client.execute(expression.replace("{}", str(self.cells)))
        reply = self.client.get_shell_msg(timeout=PATIENCE)
        if not self.await_idle() or reply["content"]["status"] != "ok":
            raise RuntimeError(f"the cell failed: {reply['content']}")
        return time.perf_counter() - start

    def peak_bytes(self):
        try:
            with open(f"/proc/{self.manager.provisioner.process.pid}/status") as status:
                return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
        except OSError:
            return 0

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def seconds_of_run(kernel):
    global peak
    if case == "warm":
        seconds = kernel.seconds_of_cell()
        peak = max(peak, kernel.peak_bytes())
        return seconds
    kernel = Kernel()
    try:
        seconds = kernel.seconds_to_ready if case == "ready" else kernel.seconds_of_cell()
        peak = max(peak, kernel.peak_bytes())
        return seconds
    finally:
        kernel.stop()


peak = 0
warm = Kernel() if case == "warm" else None
try:
    if warm:
        for _ in range(30):
            warm.seconds_of_cell()
    print("ready", flush=True)
    for line in sys.stdin:
        seconds = [seconds_of_run(warm) for _ in range(int(line.split()[1]))]
        print(*map(repr, seconds), f"peak={peak}", flush=True)
finally:
    if warm:
        warm.stop()
