using System.Net;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Tokens;
using Portunus.Nodes.Waf;

namespace Portunus.Nodes.Serve;

public sealed partial class ServedSystem
{
    /// <summary>Before all that asks it.</summary>
    async Task StartWafAsync(WafRole role)
    {
        var store = Own(role.Place.Open());
        _waf = await WafNode.StartAsync(
            new()
            {
                Listen = role.Listen,
                CertificateFiles = Certificate(role.Tls),
                CredentialListen = role.MutualTls,
                CredentialAuthorities = role.Authorities,
                Waf = role.Waf,
                Store = store,
            },
            _logs);
        if (role.Revocations is { } servers) _revoker = GrantRevoker.Start(new() { Transfer = servers }, store, _logs);
        _ownWaf = new(role.Waf.Issuer, Reachable(role.Listen, _waf.Port), Reachable(role.MutualTls, _waf.CredentialPort ?? 0));
        _listeners.Add(new("waf", new(role.Listen.Address, _waf.Port)));
        if (role.MutualTls is { } mutual) _listeners.Add(new("waf-mutual", new(mutual.Address, _waf.CredentialPort!.Value)));
    }

    async Task StartWwsfAsync(WwsfRole role)
    {
        var store = Own(role.Place.Open());
        _wwsf = await WwsfNode.StartAsync(
            new()
            {
                Listen = role.Listen,
                CertificateFiles = Certificate(role.Tls),
                Wwsf = role.Wwsf,
                Store = store,
                WafAddress = _ownWaf?.AddressOf(role.Wwsf.Waf),
            },
            _logs);
        _listeners.Add(new("wwsf", new(role.Listen.Address, _wwsf.Port)));
    }

    /// <summary>Tells whose a token is; null where the edge takes none.</summary>
    ITokenVerifier? Verifier(TokenRole? role)
    {
        if (role is null) return null;
        var handler = Own(OutsideHttp.CreateHandler(
            host => role.Authorities.TryGetValue(host, out var some) ? some : [],
            TimeProvider.System,
            name => _ownWaf?.AddressOf(name.Host, name.Port)));
        return Own(new TokenVerifier(role.Issuers, role.Audience, handler));
    }

    static IPEndPoint? Reachable(IPEndPoint? listen, int port) => listen is null ? null : new(
        listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listen.Address,
        port);

    /// <summary>
    /// The WAF of this process as its neighbours here reach it: straight, whatever the names of the system say of its host,
    /// which may be a proxy's or not be known here.
    /// </summary>
    sealed record OwnWaf(Uri Issuer, IPEndPoint? Web, IPEndPoint? Mutual)
    {
        public IPEndPoint? AddressOf(Uri uri) => AddressOf(uri.IdnHost, uri.Port);

        public IPEndPoint? AddressOf(string host, int port) => Has(host) && port == Issuer.Port ? Web : null;

        /// <summary>Of its keys for TURN servers: the host is the issuer's, and the listener another.</summary>
        public IPEndPoint? MutualOf(Uri keys) => Has(keys.IdnHost) && keys.Port != Issuer.Port ? Mutual : null;

        bool Has(string host) => host.Equals(Issuer.IdnHost, StringComparison.OrdinalIgnoreCase);
    }
}
