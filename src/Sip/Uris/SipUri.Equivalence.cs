namespace Portunus.Sip;

public sealed partial class SipUri
{
    /// <summary>
    /// Whether the two are the same by RFC 3261 §19.1.4 (tel: RFC 3966 §4). Not transitive, so not <c>Equals</c>.
    /// </summary>
    public bool IsEquivalentTo(SipUri other)
    {
        if (Scheme != other.Scheme || Opaque != other.Opaque) return false;
        if (User != other.User || Password != other.Password || Authority != other.Authority) return false;
        // tel: every parameter counts, in any order.   sip: those that appear in both must match.
        if (IsTel)
            return Parameters.Count == other.Parameters.Count
                && Parameters.All(p => other.Parameters.Has(p.Name) && SameValue(p, other));
        return Parameters.All(p => Agrees(p, other))
            && other.Parameters.All(p => Agrees(p, this))
            && SameHeaders(Headers, other.Headers);
    }

    static bool Agrees(Parameter parameter, SipUri other) =>
        other.Parameters.Has(parameter.Name) ? SameValue(parameter, other) : !MustBeInBoth(parameter);

    static bool SameValue(Parameter parameter, SipUri other) =>
        string.Equals(parameter.Value, other.Parameters[parameter.Name], StringComparison.OrdinalIgnoreCase);

    /// <summary>Those that change where or as what a request goes: without one, a URI is not that with its default.</summary>
    static bool MustBeInBoth(Parameter p) => p.Is("user") || p.Is("ttl") || p.Is("method") || p.Is("maddr") || p.Is("transport");

    /// <summary>"URI header components are never ignored"; their order does not count.</summary>
    static bool SameHeaders(string? a, string? b) =>
        a == b || (a is not null && b is not null && Sorted(a).SequenceEqual(Sorted(b), StringComparer.OrdinalIgnoreCase));

    static IEnumerable<string> Sorted(string headers) => headers.Split('&').Order(StringComparer.OrdinalIgnoreCase);
}
