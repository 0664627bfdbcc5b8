using System.Collections.Immutable;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// What a client's steps cost on streams as it was counted over sockets, as exchanges that follow each other: a TCP handshake is one
/// round trip, each of TLS one, each question one.
/// </summary>
sealed class MeasuredSteps
{
    const string ConnectStep = "connect", TurnTokenStep = "turn-token";

    /// <summary>Of a handshake's bytes those of the opener: a ClientHello beside a ServerHello with its certificates.</summary>
    const double OpenersShare = 0.25;

    public MeasuredSteps(ImmutableArray<StepCount> steps)
    {
        var byStep = steps.GroupBy(step => step.Step).ToArray();
        SignIn = [.. byStep.TakeWhile(step => step.Key != ConnectStep).SelectMany(Exchanges)];
        TurnToken = [.. byStep.Where(step => step.Key == TurnTokenStep).SelectMany(Exchanges)];
        Connect =
        [
            .. steps.Where(step => step is { Step: ConnectStep, Link: LinkName.W2 })
                // The TCP handshake is that of the world's own stream.
                .SelectMany(step => Exchanges(step with { Connections = step.Connections - 1 }, null))
                .Select(exchange => (LinkName.W2, exchange)),
        ];
    }

    /// <summary>All before the WebSocket, by the link of the client on which each is.</summary>
    public ImmutableArray<(string Link, Exchange Exchange)> SignIn { get; }

    /// <summary>TLS, and the upgrade to a WebSocket, after the TCP handshake.</summary>
    public ImmutableArray<(string Link, Exchange Exchange)> Connect { get; }

    /// <summary>A token of the WAF for the TURN server.</summary>
    public ImmutableArray<(string Link, Exchange Exchange)> TurnToken { get; }

    static IEnumerable<(string Link, Exchange Exchange)> Exchanges(IEnumerable<StepCount> step)
    {
        var links = step.ToArray();
        var site = links.FirstOrDefault(count => count.Link == LinkName.Site);
        foreach (var count in links.Where(count => count.Link is LinkName.W1 or LinkName.Waf))
            foreach (var exchange in Exchanges(count, count.Link == LinkName.W1 ? site : null))
                yield return (count.Link, exchange);
    }

    /// <param name="count">Of the client's link.</param>
    /// <param name="behind">What the other side asked of a third before it gave its last answer; null for nothing.</param>
    static IEnumerable<Exchange> Exchanges(StepCount count, StepCount? behind)
    {
        for (var i = 0; i < count.Connections; i++) yield return Exchange.Bare;
        for (var i = 0; i < count.TlsRoundTrips; i++)
            yield return new(
                (int)(count.HandshakeBytes * OpenersShare / count.TlsRoundTrips),
                (int)(count.HandshakeBytes * (1 - OpenersShare) / count.TlsRoundTrips));
        for (var i = 0; i < count.RoundTrips; i++)
        {
            var exchange = new Exchange((int)(count.BytesUp / count.RoundTrips), (int)(count.BytesDown / count.RoundTrips));
            if (behind is not null && i == count.RoundTrips - 1)
            {
                var rounds = behind.Connections + behind.TlsRoundTrips + behind.RoundTrips;
                exchange = exchange with
                {
                    Behind = (int)rounds,
                    BehindUp = (int)(behind.BytesUp / Math.Max(1, rounds)),
                    BehindDown = (int)((behind.BytesDown + behind.HandshakeBytes) / Math.Max(1, rounds)),
                };
            }

            yield return exchange;
        }
    }
}
