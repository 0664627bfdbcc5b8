using System.Globalization;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Assessment.Scale;

/// <summary>Memory that stays for users.</summary>
/// <param name="Users">How many.</param>
/// <param name="Bytes">In all.</param>
/// <param name="Statements">That led to it; at the eP-CSCF credentials that were given.</param>
sealed record Kept(int Users, long Bytes, long Statements)
{
    public double PerUser => Math.Round((double)Bytes / Users, 1);
}

/// <summary>Measures what the tables of eP-CSCF and TURN server take for users, by the memory in use before and after.</summary>
static class ScaleState
{
    /// <summary>Of all simulations here.</summary>
    public static readonly Instant Start = Instant.FromUnixSeconds(1_800_000_000);

    const double Lifetime = 3600;

    /// <summary>Above that of the set with which an edge begins; a transfer would number in one row, too.</summary>
    const ulong FirstSequence = 1000;

    /// <summary>At a TURN server, of users who are registered; with pull, of users who have allocated.</summary>
    /// <exception cref="InvalidOperationException">It did not take what it was told.</exception>
    public static Kept AtTurn(ScaleWay way, int users)
    {
        var joined = new JoinedTransfer(Start);
        var provisioning = way.Provisioning();
        var told = Enumerable.Range(0, users).Select(user => Told(way, provisioning, user)).OfType<PushedCredential>().ToArray();
        var subscribers = way.Way == Study.Way.S0 ? ScaleWay.Subscribers(users) : [];
        List<string> ended = [];
        var bytes = Measure(() =>
        {
            foreach (var credential in told) joined.Table.Put(Start, JoinedTransfer.Edge, JoinedTransfer.Copy(credential), null, ended);
            return subscribers.Length == 0 ? joined : way.Verifier(joined.Table, subscribers);
        });
        if (joined.Table.Count != told.Length)
            throw new InvalidOperationException($"The TURN server knows {joined.Table.Count} of {told.Length} credentials.");
        GC.KeepAlive(told);
        GC.KeepAlive(subscribers);
        return new(users, bytes, told.Length);
    }

    /// <summary>At an eP-CSCF: registrations, and what it has to say to TURN servers.</summary>
    /// <exception cref="InvalidOperationException">Not everybody was registered, or given what was asked for.</exception>
    public static Kept AtEdge(ScaleWay way, int users)
    {
        var joined = way.IsTold ? new JoinedTransfer(Start) { KeepsTable = false } : null;
        var edge = new ScaleEdge(Start, way.Provisioning(), joined);
        var bytes = Measure(() =>
        {
            for (var user = 0; user < users; user++) edge.Register(user, way.Type);
            edge.Settle();
            return edge;
        });
        GC.KeepAlive(joined);
        if (edge.Registered != users || edge.Given != (way.Type is null ? 0 : users))
            throw new InvalidOperationException($"{edge.Registered} of {users} users are registered, {edge.Given} have a credential.");
        return new(users, bytes, edge.Given);
    }

    /// <summary>A wish of a user who is registered by Digest.</summary>
    public static CredentialWish Wish(ScaleWay way, int user, Instant now, double lifetime = Lifetime) => new(
        new([way.Type ?? ""], null, []), user.ToString("x16", CultureInfo.InvariantCulture),
        now + TimeSpan.FromSeconds(lifetime), Scenario.Digest);

    static PushedCredential? Told(ScaleWay way, IProvisioning provisioning, int user) =>
        provisioning.Provide(Start, Wish(way, user, Start)) is Provision.Asked { Question: EdgeQuestion.Tell tell }
            ? tell.Credential with { Sequence = FirstSequence + (ulong)user }
            : null;

    /// <summary>What is in use after it and was not before; never more than was allocated, so that others' memory does not count.</summary>
    static long Measure(Func<object> fill)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var kept = fill();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(kept);
        return Math.Clamp(after - before, 0, allocated);
    }
}
