using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;

namespace Portunus.Server.Commands;

/// <summary>A subscriber of <c>up</c>: IMPI <c>name@REALM</c>, IMPU <c>sip:name@REALM</c>.</summary>
/// <param name="Name">What is typed into the page.</param>
/// <param name="Password">Goes to the terminal when it was drawn here, and else nowhere.</param>
/// <param name="IsDrawn">Whether nobody chose the password.</param>
sealed partial record DemoSubscriber(string Name, string Password, bool IsDrawn)
{
    /// <summary>Those of the flags, or alice and bob with passwords that nobody can know beforehand.</summary>
    /// <param name="flags">As on the command line.</param>
    /// <exception cref="WrongUsageException">A value is not of the form name:password.</exception>
    /// <exception cref="RefusedException">A file or variable is not there.</exception>
    public static IReadOnlyList<DemoSubscriber> Read(IReadOnlyCollection<string> flags)
    {
        if (flags.Count == 0) return [Draw("alice"), Draw("bob")];
        var warned = false;
        var subscribers = flags.Select(flag => Parse(SecretText.Read("--subscriber", flag, WarnOnce))).ToArray();
        if (subscribers.DistinctBy(subscriber => subscriber.Name, StringComparer.OrdinalIgnoreCase).Count() < subscribers.Length)
            throw new WrongUsageException("--subscriber: a name is given twice.");
        return subscribers;

        void WarnOnce(string sentence)
        {
            if (!warned) Warnings.Write(sentence);
            warned = true;
        }
    }

    /// <summary>MD5 only: JsSIP reads one challenge and knows only MD5.</summary>
    public SubscriberRecord ToRecord(string realm) =>
        SubscriberRecord.WithPassword($"{Name}@{realm}", [$"sip:{Name}@{realm}"], realm, Password, DigestAlgorithms.Md5);

    /// <summary>The same person at the WAF, by the same name and password.</summary>
    public UserRecord ToUser(string realm) =>
        new(Name, new Passwords(Rounds).Hash(Name, Password), $"{Name}@{realm}", [$"sip:{Name}@{realm}"]);

    /// <summary>Without the password.</summary>
    public override string ToString() => Name;

    // Of PBKDF2 with HMAC-SHA-512: OWASP's figure of 2023.
    const int Rounds = 210_000;

    // 10 characters of 5 random bits: enough against guessing over a network, short enough to type.
    static DemoSubscriber Draw(string name) => new(name, new SystemRandom().NextToken(10), true);

    static DemoSubscriber Parse(string text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0 || colon + 1 == text.Length || !Names().IsMatch(text[..colon]))
            throw new WrongUsageException("--subscriber: write name:password, the name of letters, digits and . _ - + only.");
        return new(text[..colon], text[(colon + 1)..], false);
    }

    /// <summary>
    /// Of the user part of a SIP URI what needs no escape, and no form of an address can confuse (RFC 3261 §25.1).
    /// </summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._+-]{1,64}\z")]
    private static partial Regex Names();
}
