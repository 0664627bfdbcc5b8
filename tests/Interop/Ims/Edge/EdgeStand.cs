using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.W2;
using Portunus.Nodes.Web;
using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Io.Up;
using Portunus.Turn;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>Our eP-CSCF, with W2 on loopback, before an IMS core that is not ours.</summary>
sealed class EdgeStand : IAsyncDisposable
{
    static readonly TurnUri Turn = new(Secure: false, "127.0.0.1", 3478, "udp");

    readonly LoopbackPort _http = LoopbackPort.Bind("--http", 0);
    readonly LoopbackPort _https = LoopbackPort.Bind("--https", 0);
    readonly EdgeNode _edge;
    WebNode? _web;

    EdgeStand(ImsCore core, string transport, Func<EdgeSettings, EdgeSettings>? change, ITokenVerifier? tokens)
    {
        var sockets = MwSockets.Bind(
            new()
            {
                Listen = new(ImsCore.EdgeAddress, 0),
                NextHop = new HostPort($"{core.IcscfEndPoint.Address}", (ushort)core.IcscfEndPoint.Port),
                PrefersTcp = transport == "TCP",
                Neighbours = [AddressRange.Single(TransportAddress.From(IPAddress.Loopback, 0))],
            },
            NullLogger.Instance);
        Mw = new(sockets);
        var random = new SystemRandom();
        var key = new byte[32];
        random.Fill(key);
        var settings = new EdgeSettings
        {
            HomeDomain = ImsCore.Domain, Host = $"{sockets.LocalEndPoint}", TokenKey = Bytes.Copy(key), CoreTransport = transport,
        };
        SharedSecret.TryParse("north", out var secret);
        _edge = new(
            change?.Invoke(settings) ?? settings, shards: 2,
            () => new SharedSecretProvisioning(secret!, ImsCore.Domain, [Turn]), Mw, NullLogger.Instance,
            new() { Tokens = tokens });
    }

    /// <summary>What passes between the edge and the core.</summary>
    public MwTap Mw { get; }

    /// <param name="core">Where the edge's requests go.</param>
    /// <param name="transport">UDP or TCP towards it.</param>
    /// <param name="change">Of the edge's settings.</param>
    /// <param name="tokens">Knows whose access tokens they are, if any are taken.</param>
    public static async Task<EdgeStand> StartAsync(
        ImsCore core, string transport, Func<EdgeSettings, EdgeSettings>? change = null, ITokenVerifier? tokens = null)
    {
        var stand = new EdgeStand(core, transport, change, tokens);
        stand._edge.Start();
        stand._web = await WebNode.StartAsync(
            new()
            {
                Http = stand._http, Https = stand._https, Certificate = LoopbackCertificate.Create(),
                PageFolder = Path.Combine(AppContext.BaseDirectory, "no-page"), Realm = ImsCore.Domain,
                W2 = new() { Origins = new HashSet<string>() },
            },
            stand._edge, NullLoggerFactory.Instance);
        return stand;
    }

    /// <summary>A WIC of the subscriber, connected and not registered.</summary>
    public Task<SipClient> ConnectAsync(Subscriber subscriber) =>
        SipClient.ConnectAsync(new($"ws://127.0.0.1:{_http.Port}/w2"), subscriber.Name, subscriber.Domain);

    /// <summary>A WIC of the subscriber, registered with its password.</summary>
    public async Task<SipClient> RegisteredAsync(Subscriber subscriber)
    {
        var wic = await ConnectAsync(subscriber);
        Assert.Equal(200, (await wic.RegisterAsync(subscriber.Password)).Status);
        return wic;
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        if (_web is not null) await _web.DisposeAsync();
        _edge.Dispose();
        Mw.Dispose();
        _http.Dispose();
        _https.Dispose();
    }
}
