namespace Portunus.Sip;

public sealed partial class MessageCheck
{
    /// <summary>RFC 3261 §20.22: Max-Forwards is 0 to 255.</summary>
    const uint LargestMaxForwards = 255;

    /// <summary>What a request is owed; null when it may be processed.</summary>
    public Refusal? Request(SipMessage request)
    {
        if (request.Version != "SIP/2.0") return new(505, request.Version);
        if (request.Length > MaxBytes) return new(513, "too large");
        if (WrongWithLine(request) is { } line) return new(400, line);
        if (WrongWithAny(request) is { } any) return new(400, any);
        if (WrongWithRequest(request) is { } wrong) return new(400, wrong);

        // §16.3 step 2, §8.2.2.1
        if (!Schemes.Contains(request.RequestUri!.Scheme)) return new(416, request.RequestUri.Scheme);

        // §16.3 step 3: a proxy forwards nothing that has no hop left; for a user agent it does not matter.
        if (IsProxy && request.MaxForwards == 0) return new(483, "Max-Forwards is 0");

        // §8.2.2.3: ignored in a CANCEL and in an ACK.
        if (request.Method is SipMethod.Cancel or SipMethod.Ack) return null;
        var unknown = request.GetAll(IsProxy ? HeaderName.ProxyRequire : HeaderName.Require)
            .Where(tag => !Extensions.Contains(tag, StringComparer.OrdinalIgnoreCase)).ToArray();
        return unknown.Length > 0 ? new(420, string.Join(", ", unknown), unknown) : null;
    }

    static string? WrongWithLine(SipMessage request) => request switch
    {
        { Flaw: { } flaw } => flaw,
        { RequestUri: null } => "Request-URI malformed",
        // §19.1.1, table 1: neither has a meaning there, and a proxy must not make headers of it.
        { RequestUri.Headers: not null } => "headers in the Request-URI",
        _ when request.RequestUri.Parameters.Has("method") => "a method in the Request-URI",
        _ => null,
    };

    static string? WrongWithRequest(SipMessage request)
    {
        // RFC 3261 §8.1.1.7; what has no cookie is of RFC 2543, whose matching is not done here.
        if (!request.TopVia!.HasMagicCookie) return "Via without a branch of RFC 3261";
        if (request.TopVia.Protocol != "SIP/2.0") return "Via of another protocol";
        if (request.From!.Tag is null) return "From without a tag";
        if (request.CSeq!.Value.Method != request.Method) return "CSeq of another method";
        if (request.Count(HeaderName.MaxForwards) > 1) return "Max-Forwards more than once";
        if (request.Has(HeaderName.MaxForwards) && request.MaxForwards is not <= LargestMaxForwards)
            return "Max-Forwards is not 0 to 255";
        if (request.HasWildcardContact) return request.Method == SipMethod.Register ? null : "Contact is *";
        foreach (var name in AddressHeaders)
            if (!request.TryReadAll<NameAddress>(name, NameAddress.TryParse, out _)) return $"{name} malformed";
        return null;
    }

    /// <summary>Addresses that a request is routed, answered or remembered by.</summary>
    static readonly HeaderName[] AddressHeaders = [HeaderName.Contact, HeaderName.Route, HeaderName.RecordRoute, HeaderName.Path];
}
