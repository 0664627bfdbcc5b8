using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Asks the neighbours of this machine by Multicast DNS, each question once or twice (RFC 6762 §5.1), and keeps what comes along with
/// an answer for the next. It hears answers to its own questions only.
/// </summary>
/// <param name="plan">Where, and how long.</param>
/// <param name="links">On which links.</param>
sealed class MulticastLookup(DiscoveryPlan plan, IReadOnlyList<MulticastLink> links)
{
    // RFC 6762 §17: no message is longer.
    const int LongestMessage = 9000;

    // Who has more neighbours that relay than this has no use for them all; a flood has no use for us.
    const int MostAnswers = 32;
    const int MostRecords = 256;

    readonly Dictionary<DnsQuestion, List<DnsRecord>> _heard = [];
    readonly SystemRandom _random = new();
    int _records;

    /// <summary>The records; none where nobody knows of any. What is not of <c>local</c> is not asked: neighbours do not answer for the
    /// DNS.</summary>
    public async Task<IReadOnlyList<DnsRecord>> AskAsync(DnsQuestion question, CancellationToken stop)
    {
        question = question with { Name = question.Name.ToLowerInvariant() };
        if (!question.Name.EndsWith($".{DiscoveryWay.Local}", StringComparison.Ordinal)) return [];
        for (var i = 0; i < plan.Tries && !HasHeard(question); i++)
            await Task.WhenAll(links.Select(link => AskAsync(link, question, stop)));
        lock (_heard) return _heard.TryGetValue(question, out var records) ? [.. records] : [];
    }

    async Task AskAsync(MulticastLink link, DnsQuestion question, CancellationToken stop)
    {
        var id = (ushort)_random.NextUInt64();
        if (MulticastMessage.Ask(id, question) is not { } query) return;
        using var window = CancellationTokenSource.CreateLinkedTokenSource(stop);
        window.CancelAfter(plan.Window);
        try
        {
            using var socket = link.Open();
            await socket.SendToAsync(query, plan.Group, window.Token);
            var buffer = new byte[LongestMessage];
            for (var answers = 0; answers < MostAnswers;)
            {
                var came = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), window.Token);
                var from = (IPEndPoint)came.RemoteEndPoint;
                // RFC 6762 §6: an answer from another port is "silently ignored".
                if (from.Port != plan.Group.Port || !link.Has(from.Address)) continue;
                if (MulticastMessage.Read(buffer.AsSpan(0, came.ReceivedBytes), id, question) is not { } records) continue;
                Keep(link, records);
                answers++;
                // Of a service there may be many; of the rest one answer is all.
                if (question.Type != DnsType.Ptr) return;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The window is over.
        }
        catch (SocketException)
        {
            // A link that has gone has no neighbours.
        }
    }

    /// <summary>An address of one family says that there is none of the other, or it would have come along (RFC 6762 §6.2).</summary>
    bool HasHeard(DnsQuestion question)
    {
        lock (_heard)
            return _heard.ContainsKey(question)
                || question.Type is DnsType.A or DnsType.Aaaa
                && (_heard.ContainsKey(question with { Type = DnsType.A }) || _heard.ContainsKey(question with { Type = DnsType.Aaaa }));
    }

    void Keep(MulticastLink link, IReadOnlyList<(DnsQuestion About, DnsRecord Record)> records)
    {
        lock (_heard)
            foreach (var (about, record) in records)
            {
                // A neighbour has no word on what listens on this machine.
                if (record is DnsRecord.Address(var ip) && IPAddress.IsLoopback(ip) && !IPAddress.IsLoopback(link.Address)) continue;
                if (_records == MostRecords) return;
                if (!_heard.TryGetValue(about, out var known)) _heard.Add(about, known = []);
                if (known.Contains(record)) continue;
                known.Add(record);
                _records++;
            }
    }
}
