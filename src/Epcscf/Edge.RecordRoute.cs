using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>Into a request to the core: the token by which the core comes back to the calling WIC.</summary>
    void RecordCaller(SipMessage request, Registration caller) => request.Insert(
        HeaderName.RecordRoute, DialogUri(TokenKind.Caller, caller, Dialogs.ForCore(request, callerIsFrom: true)));

    /// <summary>Into a request to the called WIC: the token by which it comes back to us, bound to the route beyond.</summary>
    void RecordCalled(SipMessage request, Registration called) => request.Insert(
        HeaderName.RecordRoute,
        DialogUri(TokenKind.Callee, called, Dialogs.ForWic(request, callerIsFrom: true, request.RecordRoutes)));

    /// <summary>
    /// In a response to the calling WIC: its own token in place of the core's, now that the route beyond is known (RFC 3261
    /// §16.7 step 8). One value a line, since JsSIP turns the order of lines around, not of values.
    /// </summary>
    void RewriteForCaller(SipMessage response, Errand.ToCore errand)
    {
        var routes = response.RecordRoutes;
        var ours = errand.Sent.Address(HeaderName.RecordRoute)?.Uri;
        var at = routes.Count - 1;
        while (at >= 0 && !routes[at].Uri.Equals(ours)) at--;
        response.Remove(HeaderName.RecordRoute);
        for (var i = 0; i < routes.Count; i++)
            response.Add(HeaderName.RecordRoute, i == at ? ForCaller() : routes[i].ToHeaderText());

        string ForCaller() => DialogUri(
            TokenKind.Caller, errand.Caller, Dialogs.ForWic(response, callerIsFrom: true, routes.Take(at).Reverse()));
    }

    /// <summary>
    /// In a response of the called WIC: the route as it was sent to it, whatever it made of that, with the core's token in
    /// place of the WIC's (obligation 40).
    /// </summary>
    void RestoreFromCalled(SipMessage response, Errand.ToWic errand)
    {
        response.Remove(HeaderName.RecordRoute);
        response.CopyFrom(errand.Sent, HeaderName.RecordRoute);
        if (!Dialogs.IsBegunBy(errand.Sent)) return;
        response.ReplaceFirst(
            HeaderName.RecordRoute, DialogUri(TokenKind.Callee, errand.Called, Dialogs.ForCore(errand.Sent, callerIsFrom: true)));
    }

    string DialogUri(TokenKind kind, Registration party, string bound) => OwnUri(Seal(kind, party.Number, bound));

    /// <summary>A URI of ours as it stands in Path and Record-Route.</summary>
    string OwnUri(string token, bool outbound = false)
    {
        return $"<sip:{token}@{_host}{CoreTransportParameter};lr{(outbound ? ";ob" : "")}>";
    }

    string CoreTransportParameter =>
        _settings.CoreTransport == "UDP" ? "" : $";transport={_settings.CoreTransport.ToLowerInvariant()}";
}
