using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>A relay that is there.</summary>
/// <param name="Client">Who keeps it.</param>
/// <param name="Address">What peers send to.</param>
public sealed record OpenRelay(RelayClient Client, TransportAddress Address)
{
    /// <summary>Asks for a channel to a peer, as a step.</summary>
    /// <exception cref="RefusedException">It was refused.</exception>
    internal Task BindAsync(TransportAddress peer, Timeline timeline, CancellationToken stop) => timeline.StepAsync(
        "bind", () => Client.BindAsync(peer, stop), bound => $"channel {bound.Channel} to {peer}");
}

/// <summary>
/// Finds TURN servers by their URIs (RFC 5928) or without (RFC 8155), and asks one after the other until one gives a relay.
/// </summary>
public sealed partial class Relays(DnsLookup dns, Timeline timeline) : IAsyncDisposable
{
    // An answer to the last Refresh is a courtesy: without it the relay ends by its lifetime.
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    // Servers that send a client on and on are many to nobody's use.
    const int MostServers = 32;

    // All that the machine speaks.
    static readonly TurnTransport[] Spoken = [TurnTransport.Udp];

    readonly List<OpenRelay> _open = [];

    /// <summary>The address of this machine to ask from; null to leave the choice to the system.</summary>
    public IPAddress? From { get; init; }

    /// <param name="access">Servers, and what they are asked with.</param>
    /// <param name="step">The name of the step in the timeline.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="RefusedException">None was found, or the last of them gave none.</exception>
    public async Task<OpenRelay> OpenAsync(TurnAccess access, string step, CancellationToken stop) => access.Discovery is { } plan
        ? await DiscoverAsync(access, plan, step, stop)
        : await OpenAsync(await ResolveAsync(access.Uris, stop), access, step, stop);

    async Task<OpenRelay> OpenAsync(
        IReadOnlyList<TurnServerAddress> known, TurnAccess access, string step, CancellationToken stop)
    {
        var servers = known.ToList();
        for (var i = 0; ; i++)
            try
            {
                return access.Tokens is { } tokens
                    ? await OpenAsync(servers[i], access, tokens, step, stop)
                    : await timeline.StepAsync(
                        step, () => AllocateAsync(servers[i], access, stop), relay => Gives(servers[i], relay));
            }
            catch (RedirectedException elsewhere)
                when (servers.Count < MostServers && servers.All(tried => tried.Address != elsewhere.Server))
            {
                // One that was tried is not asked again: "it MUST ignore the redirection" (RFC 8489 §10).
                servers.Insert(i + 1, servers[i] with { Address = elsewhere.Server });
            }
            catch (RefusedException) when (i + 1 < servers.Count)
            {
                // The timeline tells; the next may do (RFC 5928 §3).
            }
    }

    /// <summary>A fresh credential: relays that were taken by token go on under the new one; others keep what they have.</summary>
    public void Renew(TurnCredential credential)
    {
        if (credential is OAuthCredential oauth) Renew(oauth.Token);
    }

    void Renew(IssuedToken token)
    {
        lock (_open)
            foreach (var (client, _) in _open) client.Renew(token);
    }

    /// <summary>Gives all relays back.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopKeepingAsync();
        foreach (var (client, address) in _open)
        {
            await timeline.StepAsync(
                "release", () => client.ReleaseAsync(Farewell), agreed => agreed ? $"{address}" : $"{address}: no answer");
            client.Dispose();
        }

        _open.Clear();
    }

    async Task<OpenRelay> AllocateAsync(TurnServerAddress server, TurnAccess access, CancellationToken stop)
    {
        var client = new RelayClient(server.Address, access.Credential, From) { Patience = access.Patience };
        try
        {
            return Keep(client, await client.AllocateAsync(stop));
        }
        catch (Exception e)
        {
            client.Dispose();
            if (client.Alternate is { } other) throw new RedirectedException(other, e);
            throw;
        }
    }

    OpenRelay Keep(RelayClient client, TurnClientEffect.Allocated allocated)
    {
        var relay = new OpenRelay(client, allocated.Relayed);
        lock (_open) _open.Add(relay);
        return relay;
    }

    static string Gives(TurnServerAddress server, OpenRelay relay) => $"{server} gives {relay.Address}";

    async Task<IReadOnlyList<TurnServerAddress>> ResolveAsync(IReadOnlyList<TurnUri> uris, CancellationToken stop)
    {
        // Nothing to ask the DNS for, and no step to tell of.
        if (uris.All(IsLiteral)) return await FindAsync(uris, stop);
        return await timeline.StepAsync(
            "resolve", () => FindAsync(uris, stop), found => $"{string.Join(' ', uris)}: {string.Join(' ', found)}");
    }

    async Task<IReadOnlyList<TurnServerAddress>> FindAsync(IReadOnlyList<TurnUri> uris, CancellationToken stop)
    {
        List<TurnServerAddress> found = [];
        var isSpoken = false;
        foreach (var uri in uris)
        {
            var resolution = new TurnResolution(uri, Spoken, new SystemRandom());
            var step = await TurnFinder.RunAsync(resolution, dns.AskAsync, stop);
            isSpoken |= step is not ResolutionStep.WrongTransport;
            if (step is ResolutionStep.Found(var servers)) found.AddRange(servers.Except(found));
        }

        if (found.Count > 0) return found;
        throw new RefusedException(isSpoken
            ? $"The DNS knows no TURN server for {string.Join(' ', uris)} (RFC 5928)."
            : $"This client speaks to TURN servers over UDP, and {string.Join(' ', uris)} asks for something else.");
    }

    static bool IsLiteral(TurnUri uri) => IPAddress.TryParse(uri.Host.AsSpan().Trim("[]"), out _);
}
