using System.Globalization;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Simulation;

/// <summary>
/// What an edge asks: a WAF that knows its tokens, and the table of pushed credentials at the TURN server. Answers are late as
/// the world wants it; what is pushed may arrive without its acknowledgement, or not at all.
/// </summary>
sealed class Outside : IPushedCredentials
{
    /// <summary>How long a page shows one token before it fetches the next; and how long each counts.</summary>
    static readonly TimeSpan Turn = TimeSpan.FromMinutes(10), Lifetime = TimeSpan.FromMinutes(25);

    readonly Dictionary<Bytes, PushedCredential> _known = new(Bytes.ByContent);
    readonly Dictionary<Bytes, ulong> _withdrawn = new(Bytes.ByContent);

    /// <summary>Names that the TURN server takes now.</summary>
    public IEnumerable<string> Known => _known.Values.Select(one => one.Username);

    /// <summary>The token that a page shows just now.</summary>
    public static string TokenOf(string name, Instant now) => $"{name}.{now.MonotonicTicks / Turn.Ticks}";

    /// <summary>The WAF's word; whose name says so has his identity from a pool.</summary>
    public static EdgeAnswer Verify(Instant now, string token, string domain)
    {
        var dot = token.LastIndexOf('.');
        if (dot < 0 || !long.TryParse(token[(dot + 1)..], CultureInfo.InvariantCulture, out var number))
            return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        var left = TimeSpan.FromTicks(number * Turn.Ticks) + Lifetime - TimeSpan.FromTicks(now.MonotonicTicks);
        var name = token[..dot];
        return new EdgeAnswer.Verified(new()
        {
            PrivateIdentity = $"{name}@{domain}",
            Identities = [$"sip:{name}@{domain}"],
            Issuer = Scenario.Waf,
            WebServer = Scenario.WebServer,
            Scenario = name.EndsWith("0", StringComparison.Ordinal) ? Epcscf.Scenario.Pool : Epcscf.Scenario.Web,
            Expires = now.UnixSeconds + (long)left.TotalSeconds,
            Id = token,
            Scopes = ["ims.register"],
        });
    }

    public void Push(PushedCredential credential)
    {
        var name = Bytes.Utf8(credential.Username);
        if (_withdrawn.TryGetValue(name, out var later) && later > credential.Sequence) return;
        if (_known.TryGetValue(name, out var known) && known.Sequence > credential.Sequence) return;
        _known[name] = credential;
    }

    public void Withdraw(EdgeEffect.Withdraw withdrawal)
    {
        var name = Bytes.Utf8(withdrawal.Username);
        _withdrawn[name] = withdrawal.Sequence;
        if (_known.TryGetValue(name, out var known) && known.Sequence < withdrawal.Sequence) _known.Remove(name);
    }

    /// <summary>The edge was started again and tells the server to forget what it pushed in its former life.</summary>
    public void Forget() => _known.Clear();

    public bool TryFind(Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, out FoundCredential found)
    {
        found = default;
        if (!_known.TryGetValue(Bytes.Copy(username), out var known) || known.Expires <= now.UnixSeconds) return false;
        var key = algorithm == PasswordAlgorithm.Md5 ? known.KeyMd5 : known.KeySha256;
        found = new(new(key.Span), new(CredentialKind.Pushed, Bytes.Utf8(known.Registration)));
        return true;
    }

    public Bytes? NameOf(ReadOnlySpan<byte> userHash) => null;
}
