// Relays by pion's TURN client and has each datagram echoed by a peer. What it does is printed, a JSON object a line.
//
//	echo udp|tcp|tls|dtls SERVER AUTHORITY.pem USER PASSWORD REALM PEER COUNT
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/turn/v2"
)

const patience = 30 * time.Second

// datagrams is a session of DTLS as a socket that knows one other end; pion's ICE agent does the same.
type datagrams struct{ net.Conn }

func (d datagrams) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := d.Read(p)
	return n, d.RemoteAddr(), err
}

func (d datagrams) WriteTo(p []byte, _ net.Addr) (int, error) { return d.Write(p) }

func main() {
	if len(os.Args) != 9 {
		fail("arguments", fmt.Errorf("eight are needed"))
	}
	transport, server, authority := os.Args[1], os.Args[2], os.Args[3]
	count, err := strconv.Atoi(os.Args[8])
	check("count", err)
	peer, err := net.ResolveUDPAddr("udp", os.Args[7])
	check("peer", err)

	conn := connect(transport, server, authority)
	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: server, TURNServerAddr: server, Conn: conn,
		Username: os.Args[4], Password: os.Args[5], Realm: os.Args[6],
	})
	check("client", err)
	check("listen", client.Listen())

	mapped, err := client.SendBindingRequest()
	check("bind", err)
	say(map[string]interface{}{"step": "bind", "mapped": mapped.String(), "local": conn.LocalAddr().String()})

	relay, err := client.Allocate()
	check("allocate", err)
	say(map[string]interface{}{"step": "allocate", "relayed": relay.LocalAddr().String()})

	echo(relay, peer, count)

	check("release", relay.Close())
	client.Close()
	say(map[string]interface{}{"step": "release"})
	// The deletion is not waited for by pion: a session that closes at once would overtake it.
	time.Sleep(100 * time.Millisecond)
	_ = conn.Close()
}

func connect(transport, server, authority string) net.PacketConn {
	pem, err := os.ReadFile(authority)
	check("authority", err)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		fail("authority", fmt.Errorf("no certificate"))
	}
	host, _, err := net.SplitHostPort(server)
	check("server", err)

	switch transport {
	case "udp":
		conn, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
		check("connect", err)
		return conn
	case "tcp":
		conn, err := net.Dial("tcp", server)
		check("connect", err)
		return turn.NewSTUNConn(conn)
	case "tls":
		conn, err := tls.Dial("tcp", server, &tls.Config{RootCAs: roots, ServerName: "localhost", NextProtos: []string{"stun.turn"}})
		check("connect", err)
		state := conn.ConnectionState()
		say(map[string]interface{}{"step": "secure", "version": fmt.Sprintf("%#x", state.Version), "protocol": state.NegotiatedProtocol})
		return turn.NewSTUNConn(conn)
	case "dtls":
		to, err := net.ResolveUDPAddr("udp", server)
		check("connect", err)
		socket, err := net.DialUDP("udp", nil, to)
		check("connect", err)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		conn, err := dtls.ClientWithContext(ctx, socket, &dtls.Config{
			RootCAs: roots, ServerName: "localhost", ExtendedMasterSecret: dtls.RequireExtendedMasterSecret,
			SupportedProtocols: []string{"stun.turn"},
		})
		check("connect", err)
		// ConnectionState of pion/dtls 2.2.6 is a copy that leaves out the protocol of ALPN (serializedState in state.go).
		say(map[string]interface{}{"step": "secure", "peer": len(conn.ConnectionState().PeerCertificates)})
		return datagrams{conn}
	}
	fail("transport", fmt.Errorf("%s is none", transport))
	return nil
}

// echo sends one datagram after the other, of other lengths and bytes each time, and waits for each to come back as it was.
func echo(relay net.PacketConn, peer net.Addr, count int) {
	received, size := 0, 0
	buffer := make([]byte, 65536)
	for i := 0; i < count; i++ {
		// From 5 bytes: pion's framing of streams waits for 9 bytes of a message, head included (consumeSingleTURNFrame).
		sent := bytes.Repeat([]byte{byte(i)}, 5+i*7%1100)
		_, err := relay.WriteTo(sent, peer)
		check("send", err)
		check("deadline", relay.SetReadDeadline(time.Now().Add(patience)))
		n, from, err := relay.ReadFrom(buffer)
		check("receive", err)
		if from.String() != peer.String() || !bytes.Equal(sent, buffer[:n]) {
			fail("receive", fmt.Errorf("%d bytes of %v in place of %d of %v", n, from, len(sent), peer))
		}
		received++
		size += n
	}
	say(map[string]interface{}{"step": "echo", "sent": count, "received": received, "bytes": size})
}

func say(what map[string]interface{}) {
	check("print", json.NewEncoder(os.Stdout).Encode(what))
}

func check(step string, err error) {
	if err != nil {
		fail(step, err)
	}
}

func fail(step string, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", step, err)
	os.Exit(1)
}
