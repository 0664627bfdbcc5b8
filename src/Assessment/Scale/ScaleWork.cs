using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Wic;

namespace Portunus.Assessment.Scale;

/// <summary>
/// What an Allocate costs a TURN server by each solution: 401, Allocate, Refresh to zero. The solutions take turns, so that what the
/// machine does beside weighs on all.
/// </summary>
sealed class ScaleWork
{
    /// <summary>The first exchanges compile.</summary>
    const int WarmUp = 3000, Exchanges = 500;

    readonly ScaleWay _way;
    readonly LoneTurn _turn;
    readonly TurnClientSettings[] _proofs;
    readonly List<double> _medians = [];
    int _next;

    ScaleWork(ScaleWay way, int users)
    {
        _way = way;
        var joined = new JoinedTransfer(Now);
        var provisioning = way.Provisioning();
        _proofs = [.. Enumerable.Range(0, users).Select(user => ProofOf(way, provisioning, joined, user))];
        _turn = new(way.Verifier(joined.Table, ScaleWay.Subscribers(users)), JoinedTransfer.Realm)
        {
            Edges = username => joined.Ask(Now, username),
        };
        foreach (var proof in _proofs) Allocate(proof);
        AsksOfFirst = (double)_turn.Asked / users;
    }

    public ScaleWay Way => _way;

    /// <summary>Of one exchange, in the server's machine.</summary>
    public double Microseconds => Math.Round(_medians.Order().ElementAt(_medians.Count / 2), 1);

    /// <summary>Questions to an eP-CSCF at the first Allocate of a user.</summary>
    public double AsksOfFirst { get; }

    /// <summary>The same at each later one.</summary>
    public double AsksOfLater => (_turn.Asked - (AsksOfFirst * _proofs.Length)) / Math.Max(1, _next);

    public string Said =>
        $"401, Allocate and Refresh to zero in the server's machine, without sockets: the median of {_medians.Count} rounds of {Exchanges} "
        + $"exchanges each, in turns with the other solutions, of {_proofs.Length} users who had allocated before; time on one thread, "
        + "of which a busy machine hardly moves the median";

    static Instant Now => ScaleState.Start;

    /// <param name="ways">In turns.</param>
    /// <param name="users">Each with a credential of its own.</param>
    /// <param name="rounds">Of which the median counts.</param>
    /// <param name="stop">Ends it between two rounds.</param>
    /// <exception cref="InvalidOperationException">A credential of a solution was refused.</exception>
    public static IReadOnlyList<ScaleWork> Of(
        IEnumerable<ScaleWay> ways, int users, int rounds, CancellationToken stop)
    {
        ScaleWork[] all = [.. ways.Select(way => new ScaleWork(way, users))];
        foreach (var one in all) one.Run(WarmUp);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in all)
            {
                stop.ThrowIfCancellationRequested();
                one._medians.Add(one.Run(Exchanges));
            }
        }

        return all;
    }

    /// <summary>The median of so many exchanges, in microseconds.</summary>
    double Run(int exchanges)
    {
        var times = new double[exchanges];
        for (var i = 0; i < exchanges; i++) times[i] = Allocate(_proofs[_next++ % _proofs.Length]).TotalMicroseconds;
        Array.Sort(times);
        return times[exchanges / 2];
    }

    TimeSpan Allocate(TurnClientSettings proof) => _turn.TryAllocate(Now, proof, out var spent)
        ? spent
        : throw new InvalidOperationException($"The TURN server of {_way.Way} refused {proof}.");

    static TurnClientSettings ProofOf(ScaleWay way, IProvisioning provisioning, JoinedTransfer joined, int user)
    {
        if (way.Way == Study.Way.S0)
            return new() { Username = $"wic{user}@{JoinedTransfer.Realm}", Password = $"password {user}" };
        if (way.Way.Solution == "OAuth")
        {
            using var issuer = new TokenIssuer(ScaleWay.Key, ScaleWay.ServerName, new SeededRandom((ulong)user));
            return new() { Token = issuer.Issue(Now, issuer.DrawId(), 1800) };
        }

        var wish = ScaleState.Wish(way, user, Now);
        var said = provisioning.Provide(Now, wish);
        if (said is Provision.Asked { Question: EdgeQuestion.Tell question })
            said = provisioning.Provide(Now, wish with { Heard = (question, joined.Answer(Now, question)) });
        return said is Provision.Given { Credential: var credential }
            ? LoneTurn.ProofOf(credential)
            : throw new InvalidOperationException($"{way.Way} gave no credential.");
    }
}
