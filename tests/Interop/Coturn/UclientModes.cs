using System.Collections.Concurrent;
using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>
/// The modes of <c>turnutils_uclient</c> whose run loses nothing, and one run of each over each transport. All runs begin when the first is
/// asked for, a dozen at a time: each client waits by chance for one to six seconds before its first message, so that one after the other
/// they would take seven minutes.
/// </summary>
sealed class UclientModes
{
    public const int Messages = 50;

    const int AtATime = 12;

    readonly ConcurrentDictionary<(string Mode, ClientTransport Transport), Task<UclientRun>> _runs = [];
    readonly SemaphoreSlim _slots = new(AtATime);
    readonly Lock _gate = new();

    public static IReadOnlyList<UclientMode> All { get; } =
    [
        new("Send and Data indications (-s)", "-c -s PEER", 2),
        new("channels", "-c PEER"),
        new("with RTCP beside (no -c): EVEN-PORT and a reserved port", "-s PEER", 2),
        new("client to client (-y)", "-y -c -s", 2),
        new("client to client on channels (-y)", "-y -c", 2),
        new("client to client with RTCP beside (-y, no -c)", "-y -s", 4),
        new("relays of IPv6 (-x)", "-x -y -c -s", 2),
        new("relays of IPv6 for clients of IPv6 (-x)", "-x -y -c -s", 2) { OverIPv6 = true },
        new("relays of IPv4 for clients of IPv6 (-X)", "-X -c -s PEER") { OverIPv6 = true },
        new("more permissions (-G)", "-G -c -s PEER"),
        new("more permissions and channels (-G)", "-G -c PEER"),
        new("more permissions, client to client (-G -y)", "-G -y -c -s", 2),
        new("padded ChannelData (-D)", "-D -c -l 101 PEER"),
        new("DONT-FRAGMENT (-g)", "-g -c -s -l 1100 PEER"),
        new("access tokens (-J)", "-J -c -s PEER"),
        new("access tokens on channels (-J)", "-J -c PEER"),
        new("ORIGIN (-o)", "-o https://example.org -c -s PEER"),
        new("negative tests without channels (-N)", "-N -c -s PEER"),
        new("mobility (-M)", "-M -c -s PEER"),
        new("mobility on channels (-M)", "-M -c PEER"),
    ];

    /// <summary>The run of a mode, when it is over.</summary>
    public Task<UclientRun> Run(TransportFixture fixture, string mode, ClientTransport transport)
    {
        lock (_gate)
            if (_runs.IsEmpty)
                foreach (var each in All)
                    foreach (var over in Enum.GetValues<ClientTransport>())
                        _runs[(each.Name, over)] = Begin(fixture, each, over);
        return _runs[(mode, transport)];
    }

    /// <summary>What makes the client go to a server by a transport. By TLS and DTLS it checks the server's certificate (<c>-E</c>), which
    /// it does only when it has one of its own.</summary>
    public static string[] To(TransportStand server, ClientTransport transport, IPFamily family = IPFamily.IPv4)
    {
        List<string> flags = [];
        if (transport is ClientTransport.Tcp or ClientTransport.Tls) flags.Add("-t");
        if (transport is ClientTransport.Tls or ClientTransport.Dtls)
            flags.AddRange(["-S", "-E", server.AuthorityFile, "-i", server.ClientFiles.Certificate!, "-k", server.ClientFiles.Key!]);
        return [.. flags, .. UclientRun.At(server.At(transport, family))];
    }

    public static string[] Split(string flags, TransportFixture fixture) =>
        [.. flags.Split(' ').SelectMany(word => word == "PEER" ? fixture.ToPeer : [word])];

    async Task<UclientRun> Begin(TransportFixture fixture, UclientMode mode, ClientTransport transport)
    {
        await _slots.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var server = mode.IsMobile ? fixture.Mobile : fixture.Shared;
            string[] name = mode.HasTokens ? [] : ["-u", TransportStand.User, "-w", TransportStand.Password];
            var family = mode.OverIPv6 ? IPFamily.IPv6 : IPFamily.IPv4;
            return await UclientRun.UntilAsync(
                run => (mode.HasChannels && run.DrewReservedChannel)
                    || (mode.IsMobile && (run.FreedItsSessionTwice || run.MetAnOldAllocation)),
                [.. name, .. Split(mode.Flags, fixture), .. UclientRun.Messages(Messages, mode.Clients), .. To(server, transport, family)]);
        }
        finally
        {
            _slots.Release();
        }
    }
}
