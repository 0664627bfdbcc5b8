using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

public sealed partial class Cscf
{
    const string PathTag = "path";
    const string OutboundTag = "outbound";

    /// <summary>A registrar's work (RFC 3261 §10.3), behind an edge that must have done its own.</summary>
    void Register(Instant now, Kept kept)
    {
        var register = kept.Request;
        if (FirstFault(register) is { } fault)
        {
            Answer(now, kept, fault);
            return;
        }

        if (!TryAuthenticate(now, kept, out var subscriber)) return;

        // §10.3 step 4: may this subscriber register this identity?
        if (subscriber.SetOf(register.To!.Uri.AddressOfRecord) is not { } identities)
        {
            Forbid(now, kept, subscriber.Impi);
            return;
        }

        var location = _locations.Of(subscriber.Impi, identities);
        if (register.HasWildcardContact) RemoveAll(now, kept, location);
        else if (TryBind(now, kept, location)) Confirm(now, kept, location);
    }

    /// <summary>What the edge owes a registrar (obligations 11 to 13); null when it is all there.</summary>
    SipMessage? FirstFault(SipMessage register)
    {
        var unknown = register.GetAll(HeaderName.Require).Where(tag => tag is not (PathTag or OutboundTag)).ToArray();
        var status = register switch
        {
            _ when unknown.Length > 0 => 420,
            { RequestUri: not { IsSip: true, User: null } } => 404,
            _ when !register.RequestUri!.Host.Equals(_settings.HomeDomain, StringComparison.OrdinalIgnoreCase) => 404,
            // RFC 3327 §5.3: without it nobody could be reached.
            _ when !register.Has(HeaderName.Path) => 421,
            _ when !register.Has(HeaderName.PVisitedNetworkId) || !register.Has(HeaderName.PChargingVector) => 400,
            { HasWildcardContact: true, Expires: not 0 } => 400,
            _ => 0,
        };
        if (status == 0) return null;
        var response = SipMessage.Response(register, status, toTag: NewTag());
        if (status == 420) response.Add(HeaderName.Unsupported, string.Join(", ", unknown));
        if (status == 421) response.Add(HeaderName.Require, PathTag);
        return response;
    }

    /// <summary>§10.3 step 6.</summary>
    void RemoveAll(Instant now, Kept kept, Location location)
    {
        if (location.Bindings.Any(binding => IsOutOfOrder(binding, kept.Request)))
        {
            Answer(now, kept, 500);
            return;
        }

        foreach (var binding in location.Bindings.ToArray())
            Drop(now, binding, CscfEvent.Deregistered, RegInfoEvent.Unregistered);
        Confirm(now, kept, location);
    }

    /// <summary>§10.3 step 7: all Contacts, or none. False when it answered.</summary>
    bool TryBind(Instant now, Kept kept, Location location)
    {
        var wishes = new List<(NameAddress Contact, Binding? Known, TimeSpan Life)>();
        foreach (var contact in kept.Request.Contacts)
        {
            var known = location.Bindings.Find(binding => binding.IsOf(contact));
            var life = TimeSpan.FromSeconds(contact.Expires ?? kept.Request.Expires ?? _settings.LongestExpiry.TotalSeconds);
            if (life > TimeSpan.Zero && life < _settings.ShortestExpiry) return Brief(now, kept);
            if (known is not null && IsOutOfOrder(known, kept.Request))
            {
                Answer(now, kept, 500);
                return false;
            }

            wishes.Add((contact, known, life < _settings.LongestExpiry ? life : _settings.LongestExpiry));
        }

        var more = wishes.Count(wish => wish.Known is null && wish.Life > TimeSpan.Zero);
        if (wishes.Count > _settings.BindingsPerIdentity) return Full(403);
        if (more > 0 && _locations.Count + more > _settings.Bindings) return Full(503);

        MakeRoom(now, location, more, [.. wishes.Select(wish => wish.Known)]);
        foreach (var (contact, known, life) in wishes) Bind(now, kept.Request, location, contact, known, life);
        return true;

        bool Full(int status)
        {
            Answer(now, kept, status);
            return false;
        }
    }

    /// <summary>
    /// What would be one too many takes the place of what ends first (TS 24.229 §5.4.1.2.2 leaves it to policy): who knows the
    /// password is never kept out by windows of his own that died.
    /// </summary>
    void MakeRoom(Instant now, Location location, int more, HashSet<Binding?> renewed)
    {
        for (var surplus = location.Bindings.Count + more - _settings.BindingsPerIdentity; surplus > 0; surplus--)
        {
            var first = location.Bindings.Where(one => !renewed.Contains(one)).MinBy(one => one.Expires)!;
            // Not to come back at once, or the windows would displace each other in a ring.
            Drop(now, first, CscfEvent.Displaced, RegInfoEvent.Rejected);
        }
    }

    void Bind(Instant now, SipMessage register, Location location, NameAddress contact, Binding? known, TimeSpan life)
    {
        if (life == TimeSpan.Zero)
        {
            if (known is not null) Drop(now, known, CscfEvent.Deregistered, RegInfoEvent.Unregistered);
            return;
        }

        var path = register.GetAll(HeaderName.Path);
        var binding = known ?? _locations.New(location, contact, path);
        (binding.Contact, binding.Path) = (contact, path);
        (binding.CallId, binding.CSeq) = (register.CallId!, register.CSeq!.Value.Number);
        _locations.Keep(binding, now + life);
        Tell(now, binding, known is null ? RegInfoEvent.Registered : RegInfoEvent.Refreshed);
        Report(known is null ? CscfEvent.Registered : CscfEvent.Refreshed, location);
    }

    bool Brief(Instant now, Kept kept)
    {
        var response = Response(kept, 423);
        response.Add(HeaderName.MinExpires, Whole.Seconds(_settings.ShortestExpiry));
        Answer(now, kept, response);
        return false;
    }

    /// <summary>§10.3 step 8: what is bound now, and what the edge and the WIC must know to use it.</summary>
    void Confirm(Instant now, Kept kept, Location location)
    {
        var response = Response(kept, 200);
        foreach (var binding in location.Bindings)
            response.Add(HeaderName.Contact, binding.Contact.With("expires", Whole.Seconds(binding.Expires - now)));
        response.CopyFrom(kept.Request, HeaderName.Path);
        if (location.Bindings.Count > 0)
        {
            // RFC 5626 §6: the flow is kept, and the WIC is told so.
            var keepsFlow = kept.Request.Paths is [var edge, ..] && edge.Uri.Parameters.Has("ob")
                && kept.Request.HasToken(HeaderName.Supported, OutboundTag);
            if (keepsFlow) response.Add(HeaderName.Require, OutboundTag);
            response.Add(HeaderName.ServiceRoute, $"<sip:{OriginatingUser}@{_host};lr>");
            var identities = location.Identities.Select(identity => $"<{identity}>");
            response.Add(HeaderName.PAssociatedUri, string.Join(", ", identities));
        }

        Answer(now, kept, response);
    }

    void Drop(Instant now, Binding binding, CscfEvent why, RegInfoEvent what, TimeSpan? retryAfter = null)
    {
        _locations.Remove(binding);
        Tell(now, binding, what, retryAfter);
        Report(why, binding.Owner);
    }

    /// <summary>§10.3 step 7: a REGISTER that was overtaken by a later one of the same call changes nothing.</summary>
    static bool IsOutOfOrder(Binding binding, SipMessage register) =>
        binding.CallId == register.CallId && register.CSeq!.Value.Number <= binding.CSeq;
}
