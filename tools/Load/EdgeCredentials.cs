using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Transfer;
using Portunus.Wic;

namespace Portunus.Load;

/// <summary>Credentials of Approach 2, each under a name of its own, and the edge that tells them.</summary>
sealed class EdgeCredentials(TransferNode edge, string realm)
{
    const string Password = "a password of chance";

    readonly ConcurrentQueue<string> _kept = [];
    ulong _last = (ulong)SystemClock.Now.WallTicks;
    int _names;

    /// <summary>The next of those that the edge keeps; null when there is none.</summary>
    public TurnClientSettings? NextKept() => _kept.TryDequeue(out var name) ? ClientOf(name) : null;

    public static TurnClientSettings ClientOf(string name) => new() { Username = name, Password = Password, Rfc5389Only = true };

    /// <summary>A credential under a new name, good for ten minutes.</summary>
    public PushedCredential Draw()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"load{Interlocked.Increment(ref _names):x8}");
        return new(
            realm, name, KeyOf(PasswordAlgorithm.Md5), KeyOf(PasswordAlgorithm.Sha256),
            SystemClock.Now.UnixSeconds + 600, name, Interlocked.Increment(ref _last), CredentialLimits.None);

        LongTermKey KeyOf(PasswordAlgorithm algorithm) => LongTermKey.Derive(
            algorithm, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(realm), Encoding.UTF8.GetBytes(Password));
    }

    /// <summary>Has the edge keep so many for a server that asks; what was kept before and not drawn is left.</summary>
    public async Task KeepAsync(int count)
    {
        _kept.Clear();
        for (var i = 0; i < count; i++)
        {
            var credential = Draw();
            if (!await edge.KeepAsync(credential, CancellationToken.None))
                throw new InvalidOperationException("The edge has no room for a credential.");
            _kept.Enqueue(credential.Username);
        }
    }

    /// <summary>Pushes until all these servers know it: at first an edge has to find them.</summary>
    public async Task PushSurelyAsync(PushedCredential credential, params string[] servers)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            if ((await edge.PushAsync(credential, servers, CancellationToken.None)).Count == servers.Length) return;
            await Task.Delay(500);
        }

        throw new InvalidOperationException($"{string.Join(", ", servers)} did not take a credential.");
    }
}
