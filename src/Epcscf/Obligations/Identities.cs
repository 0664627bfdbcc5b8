using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Who a WIC may say it is (obligation 28; RFC 3325 §5, TS 24.229 §5.2.6.3.3).</summary>
static class Identities
{
    /// <summary>RFC 3325 §9.2: one sip or sips and one tel at most.</summary>
    const int MostPreferred = 2;

    /// <summary>The registered set that a 200 to REGISTER tells, default first; without one the address-of-record.</summary>
    public static IReadOnlyList<SipUri> Of(SipMessage response, string addressOfRecord) =>
        response.Addresses(HeaderName.PAssociatedUri) is { Count: > 0 } associated
            ? [.. associated.Select(one => one.Uri)]
            : [SipUri.Parse(addressOfRecord)];

    /// <summary>Whether From is one of the registered identities, or hidden (RFC 3323 §4.1.1.3).</summary>
    public static bool MayBeFrom(SipMessage request, Registration registration) =>
        request.From?.Uri is { } from && (IsAnonymous(from) || registration.Owns(from));

    /// <summary>
    /// Takes the WIC's wish away and asserts an identity of the registered set: the preferred one if it is of the set, else
    /// the default. False when more is preferred than two: 403.
    /// </summary>
    public static bool TryAssert(SipMessage request, Registration registration)
    {
        var preferred = request.Addresses(HeaderName.PPreferredIdentity);
        if (request.GetAll(HeaderName.PPreferredIdentity).Count > MostPreferred) return false;
        request.Remove(HeaderName.PPreferredIdentity);
        Assert(request, preferred.FirstOrDefault(wish => registration.Owns(wish.Uri))?.Uri ?? registration.DefaultIdentity);
        return true;
    }

    /// <summary>In a response of the called WIC: the identity that was called, else the default (obligation 41).</summary>
    public static void AssertCalled(SipMessage response, Registration registration, SipUri? called) =>
        Assert(response, called is not null && registration.Owns(called) ? called : registration.DefaultIdentity);

    static void Assert(SipMessage message, SipUri identity) => message.Set(HeaderName.PAssertedIdentity, $"<{identity}>");

    static bool IsAnonymous(SipUri uri) => uri is { IsSip: true, Host: "anonymous.invalid" };
}
