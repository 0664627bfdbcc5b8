"""Two ICE agents of aioice that have relayed candidates only, and exchange data through them.

    agents.py udp|tcp|tls HOST PORT USER PASSWORD COUNT

What it does is printed, a JSON object a line. By TLS, the authority of the server's certificate is that of SSL_CERT_FILE.
"""
import asyncio
import json
import sys

import aioice

PATIENCE = 60


def say(**what):
    print(json.dumps(what), flush=True)


def agent(controlling, transport, server, user, password):
    # No address family: no candidates of this machine's own, and no pairs with them.
    return aioice.Connection(
        ice_controlling=controlling,
        turn_server=server,
        turn_username=user,
        turn_password=password,
        turn_transport="udp" if transport == "udp" else "tcp",
        turn_ssl=transport == "tls",
        use_ipv4=False,
        use_ipv6=False,
        transport_policy=aioice.TransportPolicy.RELAY,
    )


async def tell(one, other):
    for candidate in one.local_candidates:
        await other.add_remote_candidate(candidate)
    await other.add_remote_candidate(None)
    other.remote_username = one.local_username
    other.remote_password = one.local_password


async def exchange(alice, bob, count):
    """Each datagram is of another length; the next goes when the one before came, as it was sent."""
    received = size = 0
    for i in range(count):
        sender, receiver = (alice, bob) if i % 2 == 0 else (bob, alice)
        sent = bytes([i % 256]) * (1 + i * 7 % 1100)
        await sender.send(sent)
        data = await asyncio.wait_for(receiver.recv(), PATIENCE)
        if data != sent:
            sys.exit(f"receive: {len(data)} bytes in place of {len(sent)}")
        received += 1
        size += len(data)
    say(step="exchange", sent=count, received=received, bytes=size)


async def main():
    transport, host, port, user, password, count = sys.argv[1:]
    agents = [agent(controlling, transport, (host, int(port)), user, password) for controlling in (True, False)]
    try:
        await asyncio.gather(*(one.gather_candidates() for one in agents))
        say(
            step="gather",
            candidates=[{"type": c.type, "address": f"{c.host}:{c.port}"} for one in agents for c in one.local_candidates],
        )
        await tell(agents[0], agents[1])
        await tell(agents[1], agents[0])
        await asyncio.wait_for(asyncio.gather(*(one.connect() for one in agents)), PATIENCE)
        say(step="connect")
        await exchange(*agents, int(count))
    finally:
        await asyncio.gather(*(one.close() for one in agents))
    say(step="release")


asyncio.run(main())
