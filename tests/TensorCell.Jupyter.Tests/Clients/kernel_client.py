"""Real Jupyter clients, jupyter_client and nbclient, driving the TensorCell kernel.

kernel_client.py CHECK    runs one check; it fails by an exception. JUPYTER_PATH tells where the kernelspec is.
"""
import json
import os
import re
import sys
import time

import jupyter_client
from jupyter_client.manager import start_new_kernel

KERNEL = "tensorcell"
TIMEOUT = 60
HEADER = {"msg_id": str, "session": str, "username": str, "date": object, "msg_type": str, "version": str}

# What the protocol's documentation demands of each message's content: name and type; a trailing ? marks what may be missing.
REPLY = {
    "kernel_info_reply": {
        "status": str, "protocol_version": str, "implementation": str, "implementation_version": str, "language_info": dict,
        "banner": str, "help_links": list, "debugger": bool, "supported_features": list,
    },
    "execute_reply": {"status": str, "execution_count": int, "user_expressions?": dict, "payload?": list},
    "complete_reply": {"status": str, "matches": list, "cursor_start": int, "cursor_end": int, "metadata": dict},
    "inspect_reply": {"status": str, "found": bool, "data": dict, "metadata": dict},
    "is_complete_reply": {"status": str, "indent?": str},
    "history_reply": {"status": str, "history": list},
    "comm_info_reply": {"status": str, "comms": dict},
    "shutdown_reply": {"status": str, "restart": bool},
    "interrupt_reply": {"status": str},
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict, "transient": dict},
    "update_display_data": {"data": dict, "metadata": dict, "transient": dict},
    "execute_result": {"data": dict, "metadata": dict, "execution_count": int},
    "execute_input": {"code": str, "execution_count": int},
    "error": {"ename": str, "evalue": str, "traceback": list},
    "status": {"execution_state": str},
    "clear_output": {"wait": bool},
    "comm_close": {"comm_id": str, "data": dict},
    "input_request": {"prompt": str, "password": bool},
    "iopub_welcome": {"subscription": str},
}


def check_message(message):
    for name, kind in HEADER.items():
        assert isinstance(message["header"].get(name), kind), f"header.{name} of {message}"
    assert message["header"]["version"].startswith("5."), message
    content = message["content"]
    kind = message["msg_type"]
    if content.get("status") in ("error", "aborted") and kind != "execute_reply":
        return message
    for name, wanted in REPLY[kind].items():
        if content.get("status") == "aborted":
            break
        found = content.get(name.rstrip("?"))
        assert (found is None and name.endswith("?")) or isinstance(found, wanted), f"{kind}.{name}: {content}"
    if kind in ("display_data", "execute_result", "update_display_data"):
        for mime, data in content["data"].items():
            assert isinstance(data, str) or mime.endswith("json"), f"{mime} of {kind} is {type(data)}"
    return message


class Kernel:
    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name=KERNEL, startup_timeout=TIMEOUT)
        self.client.allow_stdin = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def reply(self, message_id, channel="shell"):
        while True:
            message = getattr(self.client, f"get_{channel}_msg")(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == message_id:
                return check_message(message)

    def outputs(self, message_id):
        """What is broadcast for a request, from busy to idle, without these two."""
        found = []
        is_busy = False
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            parent = message["parent_header"]

            # The manager numbers its own requests like the client does.
            if parent.get("msg_id") != message_id or parent["msg_type"] in ("interrupt_request", "shutdown_request"):
                continue
            check_message(message)
            if message["msg_type"] == "status":
                state = message["content"]["execution_state"]
                assert is_busy == (state == "idle"), f"status {state} out of turn"
                if state == "idle":
                    return found
                is_busy = True
            else:
                assert is_busy, f"{message['msg_type']} before busy"
                found.append(message)

    def run(self, code, **options):
        message_id = self.client.execute(code, **options)
        reply = self.reply(message_id)
        return reply["content"], self.outputs(message_id)

    def ok(self, code, **options):
        reply, outputs = self.run(code, **options)
        assert reply["status"] == "ok", reply
        return reply, outputs

    def value(self, code):
        outputs = self.ok(code)[1]
        results = [o["content"]["data"]["text/plain"] for o in outputs if o["msg_type"] == "execute_result"]
        assert len(results) == 1, outputs
        return results[0]


def texts(outputs, name="stdout"):
    return "".join(o["content"]["text"] for o in outputs if o["msg_type"] == "stream" and o["content"]["name"] == name)


def kinds(outputs):
    return [o["msg_type"] for o in outputs]


def kernel_info():
    with Kernel() as kernel:
        message_id = kernel.client.kernel_info()
        info = kernel.reply(message_id)["content"]
        assert kernel.outputs(message_id) == []
        assert info["implementation"] == "tensorcell" and info["language_info"]["file_extension"] == ".cs", info
        assert kernel.client.is_alive()


def execute():
    with Kernel() as kernel:
        reply, outputs = kernel.ok("1 + 1")
        assert reply["execution_count"] == 1
        assert kinds(outputs) == ["execute_input", "execute_result"], kinds(outputs)
        assert outputs[1]["content"]["data"]["text/plain"] == "2"
        kernel.ok("var answer = 42;")
        assert kernel.value("answer") == "42"
        reply, outputs = kernel.run("answer = 1 / (answer - answer);")
        assert reply["status"] == "error" and reply["ename"] and reply["traceback"], reply
        assert kinds(outputs)[-1] == "error", outputs
        reply, _ = kernel.run("this does not compile")
        assert reply["status"] == "error", reply
        assert kernel.value("answer") == "42"
        reply, outputs = kernel.ok("answer + 1", silent=True)
        assert outputs == [], outputs
        count = reply["execution_count"]
        assert kernel.ok("answer", store_history=False)[0]["execution_count"] == count
        assert kernel.ok("answer")[0]["execution_count"] == count + 1
        reply, _ = kernel.ok("", user_expressions={"good": "answer * 2", "bad": "nothing"})
        assert reply["user_expressions"]["good"]["data"]["text/plain"] == "84", reply
        assert reply["user_expressions"]["bad"]["status"] == "error", reply


def streams():
    """Text comes in order with displays and the other stream, in few messages, and as it happens."""
    with Kernel() as kernel:
        code = """
for (int i = 0; i < 2000; i++) Console.Write(i + " ");
display("between");
Console.Error.Write("error");
Console.Write("after");
"end"
"""
        _, outputs = kernel.ok(code)
        assert kinds(outputs) == ["execute_input"] + ["stream"] * (len(outputs) - 5) + ["display_data", "stream", "stream", "execute_result"], kinds(outputs)
        assert texts(outputs[:-4]) == "".join(f"{i} " for i in range(2000))
        assert len(outputs) < 60, f"{len(outputs)} messages"
        assert texts(outputs, "stderr") == "error" and texts(outputs[-3:]) == "after"
        assert "between" in outputs[-4]["content"]["data"]["text/plain"]

        message_id = kernel.client.execute('Console.Write("early"); System.Threading.Thread.Sleep(1500); Console.Write("late");')
        start = time.time()
        while True:
            message = kernel.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "stream":
                assert message["content"]["text"] == "early"
                break
        while kernel.client.get_iopub_msg(timeout=TIMEOUT)["content"].get("execution_state") != "idle":
            pass
        assert time.time() - start > 0.7, "the early text came late"
        kernel.reply(message_id)
        _, outputs = kernel.ok('Console.Write("\\U0001F600 \\ud83d"); Console.Write("\\ude00 \\ud800");')
        assert texts(outputs).startswith("\U0001F600 \U0001F600 "), outputs


def displays():
    with Kernel() as kernel:
        _, outputs = kernel.ok('var shown = display("first"); display("<b>second</b>");')
        first = [o for o in outputs if o["msg_type"] == "display_data"]
        assert len(first) == 2, outputs
        display_id = first[0]["content"]["transient"]["display_id"]
        _, outputs = kernel.ok('shown.Update("changed");')
        update = [o for o in outputs if o["msg_type"] == "update_display_data"]
        assert len(update) == 1 and update[0]["content"]["transient"]["display_id"] == display_id, outputs
        assert "changed" in update[0]["content"]["data"]["text/plain"]


def complete():
    with Kernel() as kernel:
        kernel.ok("var sentence = \"hello\";")
        code = '"\U0001F600\U0001F600" + sentence.Sub'
        content = kernel.reply(kernel.client.complete(code, len(code)))["content"]
        assert "Substring" in content["matches"], content["matches"][:20]
        assert content["cursor_end"] == len(code) and code[content["cursor_start"]:] in ("Sub", ""), content
        content = kernel.reply(kernel.client.complete("sente"))["content"]
        assert "sentence" in content["matches"], content["matches"][:20]
        content = kernel.reply(kernel.client.complete("#!be"))["content"]
        assert "#!bench" in content["matches"], content["matches"][:20]
        for position in (0, 3, 99, -5):
            kernel.reply(kernel.client.complete("a\n.b", position))


def inspect():
    with Kernel() as kernel:
        kernel.ok("var sentence = \"hello\";")
        content = kernel.reply(kernel.client.inspect("sentence.Substring(1)", 12))["content"]
        assert content["found"] and "Substring" in content["data"]["text/plain"], content
        assert kernel.reply(kernel.client.inspect("   ", 1))["content"]["found"] is False


def is_complete():
    with Kernel() as kernel:
        for code, status in (("1 + 1", "complete"), ("if (true) {", "incomplete"), ("int x = ;", "invalid")):
            content = kernel.reply(kernel.client.is_complete(code))["content"]
            assert content["status"] == status, (code, content)


def history():
    with Kernel() as kernel:
        for code in ("1 + 1", "var a = 2;", "a * 3", "1 + 1"):
            kernel.ok(code)
        kernel.ok("a", silent=True)

        def ask(**options):
            return kernel.reply(kernel.client.history(**options))["content"]["history"]

        assert [entry[2] for entry in ask(hist_access_type="tail", n=2)] == ["a * 3", "1 + 1"]
        assert ask(hist_access_type="range", start=1, stop=3, session=0) == [[1, 1, "1 + 1"], [1, 2, "var a = 2;"]]
        assert ask(hist_access_type="range", start=3, stop=4, session=0, output=True) == [[1, 3, ["a * 3", "6"]]]
        assert [entry[1] for entry in ask(hist_access_type="search", pattern="1*", unique=True)] == [4]
        assert [entry[1] for entry in ask(hist_access_type="search", pattern="* ? *", n=2)] == [3, 4]
        assert ask(hist_access_type="range", start=0, stop=9, session=-1) == []


def interrupt():
    """A runaway loop and a sleeping cell are stopped, and the variables kept."""
    with Kernel() as kernel:
        kernel.ok("var kept = 7; var turns = 0L;")
        slowest = 0
        for code in ("while (true) turns++;", "while (true);", "System.Threading.Thread.Sleep(60_000);", "await Task.Delay(60_000);"):
            message_id = kernel.client.execute('Console.WriteLine("started"); ' + code)
            while kernel.client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
                pass
            time.sleep(0.1)
            start = time.time()
            kernel.manager.interrupt_kernel()
            reply = kernel.reply(message_id)["content"]
            slowest = max(slowest, time.time() - start)
            assert reply["status"] == "error", reply
            assert kernel.value("kept") == "7"
        assert slowest < 10, f"the slowest interrupt took {slowest} s"
        print(f"slowest interrupt {1000 * slowest:.0f} ms")
        for _ in range(50):
            kernel.manager.interrupt_kernel()

        # Requests of the storm that arrive after a cell rightly interrupt that cell; none may outlive its own.
        for _ in range(51):
            reply, _ = kernel.run("kept")
            if reply["status"] == "ok":
                break
            assert reply["ename"] == "Interrupted", reply
        assert kernel.value("kept") == "7"


def stop_on_error():
    """What was queued behind a failing cell is aborted, unless the client wants it otherwise."""
    with Kernel() as kernel:
        kernel.ok("var ran = 0;")
        ids = [kernel.client.execute("System.Threading.Thread.Sleep(300); throw new Exception(\"stop\");")]
        ids += [kernel.client.execute("ran++;") for _ in range(5)]
        assert kernel.reply(ids[0])["content"]["status"] == "error"
        for message_id in ids[1:]:
            assert kernel.reply(message_id)["content"]["status"] == "aborted"
            assert kernel.outputs(message_id) == []
        assert kernel.value("ran") == "0"
        ids = [kernel.client.execute("throw new Exception(\"go on\");", stop_on_error=False)]
        ids += [kernel.client.execute("ran++;") for _ in range(5)]
        for message_id in ids:
            kernel.reply(message_id)
        assert kernel.value("ran") == "5"


def stdin():
    with Kernel() as kernel:
        reply, outputs = kernel.run("Console.ReadLine()")
        assert reply["status"] == "error" or "execute_result" not in kinds(outputs), reply
        message_id = kernel.client.execute('Console.Write("name? "); var name = Console.ReadLine(); "hello " + name', allow_stdin=True)
        request = check_message(kernel.client.get_stdin_msg(timeout=TIMEOUT))
        assert request["msg_type"] == "input_request" and request["parent_header"]["msg_id"] == message_id, request
        kernel.client.input("W\u00f6rld")
        assert kernel.reply(message_id)["content"]["status"] == "ok"
        outputs = kernel.outputs(message_id)
        assert "hello W\u00f6rld" in outputs[-1]["content"]["data"]["text/plain"], outputs
        message_id = kernel.client.execute("Console.ReadLine()", allow_stdin=True)
        kernel.client.get_stdin_msg(timeout=TIMEOUT)
        kernel.manager.interrupt_kernel()
        assert kernel.reply(message_id)["content"]["status"] == "error"
        assert kernel.value("name") == "W\u00f6rld"


def restart():
    with Kernel() as kernel:
        kernel.ok("var gone = 1;")
        process = kernel.manager.provisioner.process
        kernel.manager.restart_kernel()
        assert process.poll() is not None
        kernel.client.wait_for_ready(timeout=TIMEOUT)
        assert kernel.run("gone")[0]["status"] == "error"
        assert kernel.ok("2")[0]["execution_count"] == 2
        message_id = kernel.client.shutdown()
        assert kernel.reply(message_id, "control")["content"] == {"status": "ok", "restart": False}
        kernel.manager.provisioner.process.wait(TIMEOUT)
        assert kernel.manager.provisioner.process.returncode == 0


def sudden_death():
    """After a kernel was killed in a cell, the next one says so in its first cell, and only there."""
    import signal
    with Kernel() as kernel:
        kernel.ok("var x = 1;")
        kernel.client.execute('Console.WriteLine("started");\nSystem.Threading.Thread.Sleep(60_000);')
        while kernel.client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
            pass
        process = kernel.manager.provisioner.process
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=TIMEOUT)
        _, outputs = kernel.ok("1")
        assert 'while it ran [2] Console.WriteLine("started");' in texts(outputs, "stderr"), outputs
        assert texts(kernel.ok("2")[1], "stderr") == ""


def comms():
    with Kernel() as kernel:
        message = kernel.client.session.msg("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        kernel.client.shell_channel.send(message)
        outputs = kernel.outputs(message["header"]["msg_id"])
        assert kinds(outputs) == ["comm_close"] and outputs[0]["content"]["comm_id"] == "c1", outputs
        assert kernel.reply(kernel.client.comm_info())["content"]["comms"] == {}


def foreign_messages():
    """Unknown types, wrong contents, debug requests and forged signatures are survived and answered as the protocol says."""
    with Kernel() as kernel:
        client = kernel.client

        def send(kind, content, channel="shell"):
            message = client.session.msg(kind, content)
            getattr(client, f"{channel}_channel").send(message)
            return message["header"]["msg_id"]

        message_id = send("dance_request", {})
        assert kernel.outputs(message_id) == []
        for kind, content in (
            ("execute_request", {}), ("execute_request", {"code": 7}), ("complete_request", {"code": [], "cursor_pos": "x"}),
            ("history_request", {"hist_access_type": "guess"}), ("inspect_request", {"code": "x", "cursor_pos": 1e99}),
            ("is_complete_request", {"code": None}),
        ):
            message_id = send(kind, content)
            answer = kernel.reply(message_id)["content"]
            assert answer["status"] == "error" and answer["evalue"], (kind, content, answer)
        for kind in ("comm_open", "comm_msg", "comm_close"):
            send(kind, {"comm_id": {}})
        message = client.session.msg("debug_request", {"seq": 3, "type": "request", "command": "initialize"})
        client.control_channel.send(message)
        answer = client.get_control_msg(timeout=TIMEOUT)
        assert answer["msg_type"] == "debug_reply" and answer["content"]["success"] is False, answer
        assert answer["content"]["request_seq"] == 3

        honest = client.session.key
        client.session.key = b"forged"
        for _ in range(5):
            client.execute("throw new Exception();")
        client.session.key = honest
        socket = client.shell_channel.socket
        for frames in ([b""], [b"<IDS|MSG>"], [b"<IDS|MSG>"] + [b"{"] * 5, [os.urandom(50) for _ in range(9)]):
            socket.send_multipart(frames)
        assert kernel.value("6 * 7") == "42"


def at_once():
    """Cells sent to a kernel that still warms up agree with each other, and with those that follow."""
    for _ in range(6):
        with Kernel() as kernel:
            sources = [
                "var next = Kernel.Elementwise((float x) => x + 1); var input = Tensor.From(new float[] { 1, 2 });",
                "var output = next[input] + Tensor.Arange(2);",
                "string.Join(\" \", output.ToArray<float>())",
            ]
            for message_id in [kernel.client.execute(source) for source in sources]:
                reply = kernel.reply(message_id)["content"]
                assert reply["status"] == "ok", reply
            assert kernel.value("(next[input] * 2)[1].Item<float>()") == "6"


def many_cells():
    """200 cells in a row: none lost, memory bounded."""
    with Kernel() as kernel:
        status = f"/proc/{kernel.manager.provisioner.process.pid}/status"

        def resident():
            with open(status) as file:
                return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) // 1024

        kernel.ok("var total = 0;")
        times = []
        for i in range(200):
            start = time.time()
            assert kernel.value(f"total += {i}; total") == str(sum(range(i + 1)))
            times.append(time.time() - start)
            if i == 20:
                early = resident()
        times.sort()
        grown = resident() - early
        print(f"median cell {1000 * times[100]:.1f} ms, memory {early} MiB after 20 cells, {grown} MiB more after 200")
        assert grown < 400, f"{grown} MiB more after 180 cells"


def flood():
    """A cell that writes far more than a client reads at once loses nothing."""
    with Kernel() as kernel:
        _, outputs = kernel.ok('var line = new string(\'x\', 999); for (int i = 0; i < 30_000; i++) Console.WriteLine(line);')
        assert len(texts(outputs)) == 30_000 * 1000


def parent_death():
    """A kernel whose server dies without a word ends by itself."""
    import signal
    import subprocess
    script = (
        "from jupyter_client.manager import start_new_kernel; import time\n"
        f"manager, client = start_new_kernel(kernel_name='{KERNEL}')\n"
        "print(manager.provisioner.process.pid, flush=True); time.sleep(600)")
    server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    pid = int(server.stdout.readline())
    server.send_signal(signal.SIGKILL)
    server.wait()
    deadline = time.time() + 30
    while os.path.exists(f"/proc/{pid}"):
        assert time.time() < deadline, "the kernel outlived its server"
        time.sleep(0.1)


def ipc():
    """Everything over Unix sockets."""
    manager = jupyter_client.KernelManager(kernel_name=KERNEL, transport="ipc")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        message_id = client.execute("1 + 1")
        while True:
            reply = client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message_id:
                break
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def notebook():
    import nbclient
    import nbformat

    sources = ["var x = 20;", "x + 1", 'Console.WriteLine("text");', 'var shown = display("old");', 'shown.Update("new");', "x / (x - x)", "x"]
    document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(document, kernel_name=KERNEL, timeout=TIMEOUT, allow_errors=True).execute()
    nbformat.validate(document)
    outputs = [cell.outputs for cell in document.cells]
    assert outputs[1][0].data["text/plain"] == "21" and outputs[2][0].text == "text\n", outputs
    assert "new" in outputs[3][0].data["text/plain"], outputs[3]
    assert outputs[5][0].output_type == "error" and outputs[6][0].data["text/plain"] == "20"
    try:
        nbclient.NotebookClient(document, kernel_name=KERNEL, timeout=TIMEOUT).execute()
    except nbclient.exceptions.CellExecutionError as error:
        assert "DivideByZero" in str(error), error
    else:
        raise AssertionError("nbclient did not notice the failing cell")


def specification():
    found = jupyter_client.kernelspec.KernelSpecManager().get_kernel_spec(KERNEL)
    assert found.display_name == "C# (TensorCell)" and found.language == "csharp" and found.interrupt_mode == "message", found.to_json()
    assert {"logo-32x32.png", "logo-64x64.png", "logo-svg.svg", "kernel.json"} <= set(os.listdir(found.resource_dir))
    names = jupyter_client.kernelspec.find_kernel_specs()
    assert KERNEL in names and ".net-csharp" in names, names


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    print("done")
