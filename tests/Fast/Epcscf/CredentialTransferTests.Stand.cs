using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>What the tests say to the machine, and what they take from it.</summary>
public sealed partial class CredentialTransferTests
{
    static TransferSettings Settings => new() { Servers = ["turn1", "turn2"] };

    /// <summary>Each push asks for a second more than the one before, unless a test asks again for the same.</summary>
    bool _asksAgain;

    int _renewals;

    CredentialTransfer New(TransferSettings? settings = null)
    {
        _transfer = new(settings ?? Settings);
        _effects.Clear();
        Pass(0);
        return _transfer;
    }

    /// <summary>Servers answer polls and have been told the empty set.</summary>
    void Found(string? only = null, Func<TransferSettings, TransferSettings>? settings = null)
    {
        if (settings is not null) New(settings(Settings));
        FindAll(only);
        AnswerAll<TransferEffect.Sync>(new TransferAnswer.Synchronised(100, []));
        _isBegun = true;
    }

    void FindAll(string? only = null)
    {
        foreach (var poll in Taken<TransferEffect.GetEpoch>().Where(p => only is null || p.Server == only))
            Answer(poll.Id, new TransferAnswer.IsAt(_isBegun ? 100ul : poll.Server[^1]));
    }

    AskId Push(string username, params string[] servers)
    {
        Assert.True(TryPush(username, out var push, servers));
        return push;
    }

    bool TryPush(string username, out AskId push, params string[] servers) => TryPush(username, 0, out push, servers);

    bool TryPush(string username, ulong sequence, out AskId push, params string[] servers)
    {
        var credential = new PushedCredential(Realm, username,
            LongTermKey.From(PasswordAlgorithm.Md5, new byte[16]), LongTermKey.From(PasswordAlgorithm.Sha256, new byte[32]),
            Begin + 3600 + (_asksAgain ? 0 : _renewals++), $"reg-{username}", sequence, CredentialLimits.None);
        return _transfer.TryPush(
            _now, credential, servers.Length > 0 ? servers : ["turn1", "turn2"], _now + TimeSpan.FromMilliseconds(500), out push);
    }

    void Answer(AskId id, TransferAnswer answer) => _transfer.OnAnswer(_now, id, answer);

    void AnswerAll<T>(TransferAnswer answer) where T : TransferEffect
    {
        foreach (var effect in Taken<T>())
            Answer(effect switch
            {
                TransferEffect.Put put => put.Id,
                TransferEffect.Sync sync => sync.Id,
                TransferEffect.Delete delete => delete.Id,
                _ => throw new InvalidOperationException(),
            }, answer);
    }

    /// <summary>Time passes; what falls due on the way is done when it is due.</summary>
    void Pass(int milliseconds)
    {
        var end = _now + TimeSpan.FromMilliseconds(milliseconds);
        while (_transfer.NextDeadline is { } due && due <= end)
        {
            if (due > _now) _now = due;
            _transfer.OnDeadline(_now);
        }

        _now = end;
    }

    /// <summary>The effects of one kind since they were last taken.</summary>
    T[] Taken<T>() where T : TransferEffect
    {
        while (_transfer.TryTake(out var effect)) _effects.Add(effect);
        var taken = _effects.OfType<T>().ToArray();
        _effects.RemoveAll(effect => effect is T);
        return taken;
    }

    T[] Peek<T>() where T : TransferEffect
    {
        while (_transfer.TryTake(out var effect)) _effects.Add(effect);
        return [.. _effects.OfType<T>()];
    }

    IEnumerable<string> Acknowledged() =>
        Taken<TransferEffect.Acknowledged>().Select(a => $"{a.Push}: {string.Join(' ', a.Servers)}");
}
