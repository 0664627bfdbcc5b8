namespace Portunus.Transport.Tls;

/// <summary>Where a session is in its life.</summary>
public enum TlsState : byte
{
    Handshaking,

    /// <summary>Plain bytes pass.</summary>
    Open,

    /// <summary>Nothing passes any more; what still waits to go out (an alert) should be sent.</summary>
    Closed,
}

/// <summary>Why a session is <see cref="TlsState.Closed"/>.</summary>
public enum TlsEnd : byte
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>The peer said close_notify.</summary>
    ByPeer,

    /// <summary>By <see cref="SecureSession.Close"/>.</summary>
    Here,

    /// <summary>The handshake came to nothing: no common protocol or cipher, an alert, or bytes that are no handshake.</summary>
    Refused,

    /// <summary>The handshake took longer than it may, or DTLS repeated itself too often.</summary>
    TooSlow,

    /// <summary>What came after the handshake was forged or broken, or an alert.</summary>
    Broken,

    /// <summary>A bound was met: bytes of a handshake, or bytes that wait for a peer that does not read.</summary>
    TooMuch,
}
