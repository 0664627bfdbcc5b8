namespace Portunus.Tests.Interop.Coturn;

/// <summary>A way in which <c>turnutils_uclient</c> can be run.</summary>
/// <param name="Name">What the row of a test is called.</param>
/// <param name="Flags">Of the client, with PEER for coturn's peer.</param>
/// <param name="Clients">How many send.</param>
sealed record UclientMode(string Name, string Flags, int Clients = 1)
{
    /// <summary>Whether the server is asked at its IPv6 address.</summary>
    public bool OverIPv6 { get; init; }

    public bool IsMobile => Has("-M");

    /// <summary>Whether it draws channel numbers, a few in the range of RFC 8656.</summary>
    public bool HasChannels => !Has("-s");

    /// <summary>Whether it shows a token, and has no name.</summary>
    public bool HasTokens => Has("-J");

    bool Has(string flag) => Flags.Split(' ').Contains(flag);
}
