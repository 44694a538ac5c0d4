"""The real libzmq as the other end of TensorCell's sockets.

zmq_peer.py client ENDPOINTS_JSON     talks to TensorCell's ROUTER, REP and PUB sockets
zmq_peer.py server DIRECTORY          serves ROUTER, REP, PUB and XPUB for TensorCell's DEALER, REQ and SUB sockets
"""
import json
import os
import sys

import zmq

TIMEOUT = 20_000
PATIENCE = 2_000


def socket(context, kind):
    made = context.socket(kind)
    made.setsockopt(zmq.RCVTIMEO, TIMEOUT)
    made.setsockopt(zmq.SNDTIMEO, TIMEOUT)
    made.setsockopt(zmq.LINGER, TIMEOUT)
    return made


def client(endpoints):
    context = zmq.Context()

    dealer = socket(context, zmq.DEALER)
    dealer.setsockopt(zmq.IDENTITY, b"python")
    dealer.setsockopt(zmq.HEARTBEAT_IVL, 50)
    dealer.setsockopt(zmq.HEARTBEAT_TIMEOUT, PATIENCE)
    disconnections = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    dealer.connect(endpoints["router"])
    messages = [[b""], [b"a"], [b"", b"x" * 255, b"y" * 256], [b"z" * 3_000_000], [bytes([i]) for i in range(100)]]
    for message in messages:
        dealer.send_multipart(message)
    for message in messages:
        assert dealer.recv_multipart() == [b"python"] + message, "router"

    request = socket(context, zmq.REQ)
    request.connect(endpoints["reply"])
    for i in range(200):
        request.send_multipart([b"%d" % i, b""])
        assert request.recv_multipart() == [b"%d" % i, b""], "reply"

    plain = socket(context, zmq.SUB)
    plain.connect(endpoints["publisher"])
    plain.subscribe(b"even")
    assert plain.recv_multipart() == [b"even", b"welcome"], "welcome"
    dealer.send_multipart([b"publish"])
    for i in range(0, 2000, 2):
        assert plain.recv_multipart() == [b"even", b"%d" % i], f"publisher, message {i}"
    plain.unsubscribe(b"even")
    plain.subscribe(b"odd")
    assert plain.recv_multipart() == [b"odd", b"welcome"], "second welcome"
    dealer.send_multipart([b"publish"])
    assert plain.recv_multipart() == [b"odd", b"1"], "after unsubscribing"

    # With nothing else sent, only answered pings keep the connection.
    assert disconnections.poll(PATIENCE + 1000) == 0, "disconnected"
    dealer.disable_monitor()
    context.destroy()


def server(directory):
    context = zmq.Context()
    router = socket(context, zmq.ROUTER)
    reply = socket(context, zmq.REP)
    publisher = socket(context, zmq.XPUB)
    endpoints = {}
    for name, bound in (("router", router), ("reply", reply), ("publisher", publisher)):
        bound.bind("tcp://127.0.0.1:*")
        endpoints[name] = bound.getsockopt(zmq.LAST_ENDPOINT).decode()
    partial = os.path.join(directory, "partial")
    with open(partial, "w") as file:
        json.dump(endpoints, file)
    os.rename(partial, os.path.join(directory, "endpoints.json"))

    for _ in range(5):
        identity, *frames = router.recv_multipart()
        assert identity == b"tensorcell", identity
        router.send_multipart([identity, *frames, b"back"])
    for _ in range(5):
        reply.send_multipart(reply.recv_multipart() + [b"back"])
    assert publisher.recv() == b"\x01topic"
    for i in range(500):
        publisher.send_multipart([b"topic" if i % 2 else b"other", b"%d" % i])
    assert publisher.recv() == b"\x00topic"
    context.destroy()


if __name__ == "__main__":
    if sys.argv[1] == "client":
        client(json.loads(sys.argv[2]))
    else:
        server(sys.argv[2])
    print("done")
