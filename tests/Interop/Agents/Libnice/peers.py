"""peers.py IP PORT TYPE USER PASSWORD COUNT SIZE: two agents of libnice that may use relays alone, of TYPE UDP, TCP or TLS.

One sends COUNT messages of SIZE bytes, the other sends each back. Prints one line of JSON: the candidates of both, and what came back.
"""

import ctypes
import json
import sys

import gi

gi.require_version("Nice", "0.1")
from gi.repository import GLib, Nice

IP, PORT, TYPE, USER, PASSWORD, COUNT, SIZE = sys.argv[1:8]
COUNT, SIZE = int(COUNT), int(SIZE)
COMPONENT = 1

# What is received by a callback, and bytes that are no text: GObject introspection leaves both out.
LIBNICE = ctypes.CDLL("libnice.so.10")
RECEIVED = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p)
LIBNICE.nice_agent_attach_recv.argtypes = [
    ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, RECEIVED, ctypes.c_void_p]
LIBNICE.nice_agent_send.argtypes = [
    ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.c_char_p]

loop = GLib.MainLoop()
ends = []
candidates = []
back = 0


class End:
    """An agent with one stream of one component."""

    def __init__(self, controlling, received):
        self.agent = Nice.Agent.new(GLib.MainContext.default(), Nice.Compatibility.RFC5245)
        self.agent.props.controlling_mode = controlling
        self.agent.props.force_relay = True
        self.agent.props.upnp = False
        self.agent.props.ice_tcp = False
        loopback = Nice.Address()
        loopback.init()
        loopback.set_from_string("127.0.0.1")
        self.agent.add_local_address(loopback)
        self.stream = self.agent.add_stream(COMPONENT)
        self.agent.set_stream_name(self.stream, "application")
        self.agent.set_relay_info(self.stream, COMPONENT, IP, int(PORT), USER, PASSWORD, getattr(Nice.RelayType, TYPE))
        self.gathered = self.ready = False
        self.agent.connect("candidate-gathering-done", self.on_gathered)
        self.agent.connect("component-state-changed", self.on_state)
        self.callback = RECEIVED(lambda _agent, _stream, _component, size, data, _user: received(self, ctypes.string_at(data, size)))
        # A GObject's hash is the address of the object itself.
        LIBNICE.nice_agent_attach_recv(hash(self.agent), self.stream, COMPONENT, None, self.callback, None)
        self.agent.gather_candidates(self.stream)

    def send(self, data):
        LIBNICE.nice_agent_send(hash(self.agent), self.stream, COMPONENT, len(data), data)

    def on_gathered(self, _agent, _stream):
        self.gathered = True
        if all(end.gathered for end in ends):
            exchange()

    def on_state(self, _agent, _stream, _component, state):
        self.ready = state == Nice.ComponentState.READY
        if all(end.ready for end in ends):
            GLib.idle_add(send_next)


def exchange():
    described = [end.agent.generate_local_sdp() for end in ends]
    candidates.extend(line for text in described for line in text.splitlines() if line.startswith("a=candidate:"))
    if not candidates:
        leave()
        return
    for end, text in zip(ends, reversed(described)):
        end.agent.parse_remote_sdp(text)


def message(number):
    return bytes([number % 256]) * SIZE


def send_next():
    ends[0].send(message(back))
    return False


def take(end, data):
    global back
    if end is ends[1]:
        end.send(data)
    elif data == message(back):
        back += 1
        if back == COUNT:
            leave()
        else:
            send_next()


def leave():
    """Ends the allocations, as the server is told by a Refresh."""
    left = []

    def gone(agent, result, *_):
        left.append(agent)
        if len(left) == len(ends):
            loop.quit()

    for end in ends:
        end.agent.close_async(gone)


ends.extend([End(True, take), End(False, take)])
loop.run()
print(json.dumps({"candidates": candidates, "back": back}))
