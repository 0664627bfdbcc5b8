namespace Portunus.Fuzz.Targets;

/// <summary>What happens in a step of <see cref="DtlsTarget"/>.</summary>
enum DtlsStep : byte
{
    /// <summary>The bytes come to the server, from the client's address.</summary>
    Raw,

    /// <summary>The client's next datagram arrives; each three of the bytes say where (two bytes) and what is changed (xor).</summary>
    ToServer,

    /// <summary>The server's next datagram arrives, changed in the same way.</summary>
    ToClient,

    /// <summary>The next datagram is lost: the server's if bit 0 is set, else the client's.</summary>
    Lose,

    /// <summary>The next datagram is there twice; bit 0 as before.</summary>
    Repeat,

    /// <summary>The next two datagrams change places; bit 0 as before.</summary>
    Swap,

    /// <summary>The client's next two datagrams are one.</summary>
    Join,

    /// <summary>The client's next datagram, a message of the handshake in the clear, is cut in fragments of so many bytes.</summary>
    Fragment,

    /// <summary>All datagrams arrive until none is left.</summary>
    Exchange,

    /// <summary>The client sends the bytes as a message.</summary>
    ClientWrites,

    /// <summary>The server does.</summary>
    ServerWrites,

    /// <summary>The server's deadline so many seconds later.</summary>
    Deadline,

    /// <summary>A record is forged: bits 0-2 its type from 20 on, bit 3 the epoch, bits 4-7 its number; the bytes are its body.</summary>
    Record,

    /// <summary>The client has forgotten all and begins again, from the same address.</summary>
    Anew,

    /// <summary>The client says close_notify.</summary>
    Close,

    /// <summary>The client begins another handshake within the session.</summary>
    Renegotiate,
}
