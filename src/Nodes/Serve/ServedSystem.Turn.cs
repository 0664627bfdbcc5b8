using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Waf;
using Portunus.Turn;

namespace Portunus.Nodes.Serve;

public sealed partial class ServedSystem
{
    readonly Lock _turnGate = new();
    TurnRole? _turnRole;
    ImmutableArray<WafKey> _fetchedKeys = [];
    TurnKeyFetcher? _fetcher;

    async Task StartTurnAsync(TurnRole role)
    {
        _turnRole = role;
        if (role.Credentials is { } credentials)
        {
            _tables = [Table(role.Sources.Realm, false), .. role.Sources.Further.Select(realm => Table(realm.Realm, true))];
            // Before the relays, whose peers it must not be; until they run there is nothing to end.
            _credentials = await CredentialListener.StartAsync(credentials, _tables, _logs, role.Revocations ? RevokeAsync : null);
            _listeners.Add(new("credentials", _credentials.Address));
        }

        if (role.Finder is { } edges && _tables is [var first, ..])
            _finder = Own(CredentialFinder.Start(edges, first.Pushed, first.End, _logs.CreateLogger("Portunus.Credentials")));
        _turn = Own(TurnNode.Start(
            InThisProcess(role.Node), Verifier(role), _logs.CreateLogger("Portunus.Turn"), _finder));
        _listeners.AddRange(_turn.Listeners.Select(address => new Loopback.Listener("turn", address.ToIPEndPoint())));
        if (role.TokenKeys is { } keys) await FetchKeysAsync(keys);
    }

    CredentialTable Table(string realm, bool isFurther)
    {
        var pushed = new PushedCredentials(realm, new SystemRandom(), isFurther: isFurther);
        return new(pushed, ended => _turn?.EndAsync([.. ended.Select(pushed.ChargedFor)]) ?? Task.CompletedTask);
    }

    /// <summary>Without relays yet nothing is denied, and who told it says it again.</summary>
    Task<bool> RevokeAsync(ImmutableArray<Subject> subjects, TimeSpan deniedFor) =>
        _turn?.RevokeAsync(subjects, deniedFor) ?? Task.FromResult(false);

    /// <summary>The server serves others already; a WAF that does not answer is asked again and again.</summary>
    async Task FetchKeysAsync(TokenKeysRole role)
    {
        _fetcher = await TurnKeyFetcher.StartAsync(
            new()
            {
                ServerName = role.ServerName,
                Certificate = Own(role.Load()),
                Sources = [.. role.Wafs.Select(waf => new TurnKeySource(waf.Keys, waf.Authorities, _ownWaf?.MutualOf(waf.Keys)))],
            },
            keys => _ = UseAsync(null, keys),
            _logs);
    }

    /// <summary>Lets the workers know whom they know now: by what the operator wrote, and by what WAFs gave.</summary>
    /// <param name="role">As it is read again; null for as it is.</param>
    /// <param name="keys">Fetched; null for those that are there.</param>
    Task UseAsync(TurnRole? role, ImmutableArray<WafKey>? keys)
    {
        // One at a time, so that the last that is built is the last that is used.
        lock (_turnGate)
        {
            _turnRole = role ?? _turnRole;
            _fetchedKeys = keys ?? _fetchedKeys;
            return _turn!.UseAsync(Verifier(_turnRole!));
        }
    }

    CredentialVerifier Verifier(TurnRole role)
    {
        var sources = role.Sources;
        var wafs = (role.TokenKeys?.Wafs ?? []).DistinctBy(waf => waf.Keys).ToDictionary(waf => waf.Keys);
        // By hand goes before: a WAF's own kid would be another key by chance alone. A WAF that left the file is believed no more.
        var fetched = _fetchedKeys.Where(key =>
            wafs.ContainsKey(key.Source)
            && sources.Further.Prepend(sources).SelectMany(realm => realm.TokenKeys).All(known => known.Key.Kid != key.Key.Kid));
        return new(sources with
        {
            Pushed = PushedFor(sources.Realm),
            // A realm that came later than the listener has no table there until the next start.
            Further = [.. sources.Further.Select(realm => realm with { Pushed = PushedFor(realm.Realm) })],
            AsksEdges = _finder is not null,
            TokenKeys = [.. sources.TokenKeys, .. fetched.Select(key => new TokenKeySource(key.Key, wafs[key.Source].Limits))],
        });
    }

    PushedCredentials? PushedFor(string realm) => _tables.FirstOrDefault(table => table.Realm == realm)?.Pushed;
}
