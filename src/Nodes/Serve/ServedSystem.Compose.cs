using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Nodes.Admin;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Web;
using Portunus.Sip;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Nodes.Serve;

public sealed partial class ServedSystem
{
    const int SipPort = 5060;

    ImmutableArray<TransportAddress> _dataBases = [];

    async Task ComposeAsync(ServeSettings settings)
    {
        var https = BindAll(settings.Epcscf?.Https, "epcscf.web.https", "https");
        var http = BindAll(settings.Epcscf?.Http, "epcscf.web.http", "http");
        var admin = BindAll(settings.Admin is { } one ? [one.Listen] : [], "admin.listen", "admin");
        var (edgeMw, coreMw) = BindMw(settings);
        // Before the relays, whose peers nothing of this process must be, nor its data bases.
        _dataBases = await DataBases.FindAsync(settings);
        if (settings.Epcscf?.Transfer is { } servers) await StartTransferAsync(servers, settings.Epcscf.Fetch);
        if (settings.Waf is { } waf) await StartWafAsync(waf);
        if (settings.Wwsf is { } site) await StartWwsfAsync(site);
        if (settings.Turn is { } turn) await StartTurnAsync(turn);
        if (settings.Agw is { } agw) await StartAgwAsync(agw);

        var tokens = Verifier(settings.Epcscf?.Tokens);
        if (settings.Epcscf is { } edge) _edge = Own(MakeEdge(edge, edgeMw!, tokens));
        if (settings.Core is { } home) Core = Own(await MakeCoreAsync(home, coreMw!));
        Core?.Start();
        _edge?.Start();

        if (settings.Epcscf is { } web)
        {
            _web = await EdgeWebNode.StartAsync(
                new()
                {
                    Https = https,
                    Http = http,
                    Certificate = Certificate(web.Tls),
                    TrustedProxies = [.. web.TrustedProxies],
                    W2 = new() { Origins = web.Origins },
                    Credentials = web.WebCredentials is { } byHttp
                        ? new()
                        {
                            Realm = web.Edge.HomeDomain, Tokens = tokens!, Origins = byHttp.Origins, TakesGet = byHttp.TakesGet,
                        }
                        : null,
                },
                _edge!,
                _logs);
        }

        if (settings.Admin is { } role)
            _admin = await AdminNode.StartAsync(
                new()
                {
                    Listen = admin, Token = role.Token, Certificate = Certificate(role.Tls), Turn = _turn ?? _agw?.Turn, Edge = _edge,
                    Reloads = Reloads,
                },
                _logs);
    }

    TcpListeners BindAll(IReadOnlyList<IPEndPoint>? addresses, string name, string protocol)
    {
        var bound = Own(TcpListeners.Bind(addresses ?? [], name));
        _listeners.AddRange(bound.EndPoints.Select(endPoint => new Loopback.Listener(protocol, endPoint)));
        return bound;
    }

    /// <summary>Sockets for who has settings for them; a pipe where edge and core have none and share the process.</summary>
    (IMw? Edge, IMw? Core) BindMw(ServeSettings settings)
    {
        var log = _logs.CreateLogger("Portunus.Mw");
        IMw? edge = settings.Epcscf?.Mw is { } ofEdge ? Listen(ofEdge, "mw") : null;
        IMw? core = settings.Core?.Mw is { } ofCore ? Listen(ofCore, "core") : null;
        if (edge is not null || settings.Epcscf is null) return (edge, core);
        if (core is not null || settings.Core is null)
            throw new RefusedException("The edge has no way to a core; write \"core\" with a \"nextHop\" into its section.");
        var (near, far) = MwPipe.Create(log);
        return (Own(near), Own(far));

        MwSockets Listen(MwSettings mw, string name)
        {
            var bound = Own(MwSockets.Bind(mw, log));
            _listeners.Add(new(name, bound.LocalEndPoint));
            return bound;
        }
    }

    /// <summary>What this process listens on is never a peer; what its other TURN server relays may be one.</summary>
    TurnNodeSettings InThisProcess(TurnNodeSettings node)
    {
        var own = _listeners.Select(listener => TransportAddress.From(listener.EndPoint)).SelectMany(TurnListeners.EachAddress);
        return node with
        {
            Rules = node.Rules with { OwnListeners = [.. node.Rules.OwnListeners, .. own, .. _dataBases] },
            LiveRelays = _liveRelays,
        };
    }

    async Task StartAgwAsync(AgwNodeSettings settings)
    {
        _agw = await AgwNode.StartAsync(settings with { Turn = InThisProcess(settings.Turn) }, _logs);
        _listeners.Add(new("control", _agw.Control));
        _listeners.AddRange(_agw.Turn.Listeners.Select(address => new Loopback.Listener("agw", address.ToIPEndPoint())));
    }

    async Task StartTransferAsync(TransferNodeSettings servers, FetchListenerSettings? fetch)
    {
        // Its thread ends after those of the edge, which withdraw until then.
        _transfer = Own(TransferNode.Start(servers, _logs.CreateLogger("Portunus.Credentials")));
        if (fetch is null) return;
        _fetch = await FetchListener.StartAsync(fetch, _transfer, _logs);
        _listeners.Add(new("fetch", _fetch.Address));
    }

    EdgeNode MakeEdge(EpcscfRole role, IMw mw, ITokenVerifier? tokens) => new(
        role.Edge with
        {
            Host = WithPort(role.Edge.Host, mw),
            TokenKey = role.Edge.TokenKey.Length > 0 ? role.Edge.TokenKey : Draw(),
        },
        role.Shards,
        role.Provisioning,
        mw,
        _logs.CreateLogger("Portunus.Epcscf"),
        new() { Push = _transfer, Revocations = _transfer, Tokens = tokens });

    async Task<CscfNode> MakeCoreAsync(CoreRole role, IMw mw)
    {
        var subscribers = Own(SubscriberStore.Open(role.DataFolder));
        foreach (var subscriber in role.Subscribers) await subscribers.SaveAsync(subscriber);
        return new(
            role.Cscf with { Host = WithPort(role.Cscf.Host, mw), NonceKey = Draw() },
            subscribers,
            mw,
            _logs.CreateLogger("Portunus.HomeCore"));
    }

    CertificateFiles? Certificate((string Certificate, string? Key)? files)
    {
        if (files is not var (certificate, key)) return null;
        var made = Own(new CertificateFiles(certificate, key));
        made.Watch(_webLog);
        _certificates.Add(made);
        return made;
    }

    /// <summary>A neighbour finds a host without a port at 5060 (RFC 3261 §19.1.2), so any other port must be said.</summary>
    static string WithPort(string host, IMw mw) =>
        mw is MwSockets { LocalEndPoint.Port: not SipPort and var port }
            && HostPort.TryParse(System.Text.Encoding.UTF8.GetBytes(host), out var read) && read.Port is null
            ? $"{host}:{port}"
            : host;

    Bytes Draw()
    {
        Span<byte> key = stackalloc byte[32];
        _random.Fill(key);
        return Bytes.Copy(key);
    }
}
