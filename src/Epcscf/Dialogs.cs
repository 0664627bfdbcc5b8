using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// Who is party of a dialog, and along which route, without a table of dialogs: the tokens in our Record-Route are sealed
/// over what makes the dialog, and each side of us gets one that only it can use (obligations 30 and 33).
/// </summary>
static class Dialogs
{
    /// <summary>Requests that begin a dialog: they need our Record-Route (obligation 36).</summary>
    public static bool IsBegunBy(SipMessage request) =>
        request.To?.Tag is null && request.Method is (SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer);

    /// <summary>What the token that the core routes by is bound to.</summary>
    /// <param name="message">Of the dialog.</param>
    /// <param name="callerIsFrom">Whether From is the one who began the dialog.</param>
    public static string ForCore(SipMessage message, bool callerIsFrom) => $"core\n{Name(message, callerIsFrom)}";

    /// <summary>What the token that the WIC routes by is bound to: the rest of its route, too.</summary>
    /// <param name="message">Of the dialog.</param>
    /// <param name="callerIsFrom">Whether From is the one who began the dialog.</param>
    /// <param name="beyond">What stands after us in the WIC's route set.</param>
    public static string ForWic(SipMessage message, bool callerIsFrom, IEnumerable<NameAddress> beyond) =>
        $"wic\n{Name(message, callerIsFrom)}\n{string.Join('\n', beyond.Select(route => route.Uri))}";

    /// <summary>Opens the token of the top Route; false when it has none of ours for this dialog, side and route.</summary>
    /// <param name="request">Of a dialog.</param>
    /// <param name="fromWic">Which side sent it.</param>
    /// <param name="key">Of the settings.</param>
    /// <param name="token">Not yet compared with what lives here.</param>
    public static bool TryOpen(SipMessage request, bool fromWic, Bytes key, out FlowToken token)
    {
        var routes = request.Routes;
        token = default;
        if (routes.Count == 0 || !FlowToken.TryRead(routes[0].Uri.User, out token) || token.Kind is TokenKind.Path) return false;
        // The WIC is the caller in one kind and the called in the other: the sender decides which of From and To is the caller.
        var callerIsFrom = (token.Kind is TokenKind.Caller) == fromWic;
        var bound = fromWic ? ForWic(request, callerIsFrom, routes.Skip(1)) : ForCore(request, callerIsFrom);
        return FlowToken.TryOpen(key, routes[0].Uri.User, bound, out token);
    }

    /// <summary>The dialog and its two parties; neither changes its identity on the way (RFC 3261 §12.2.1.1).</summary>
    static string Name(SipMessage message, bool callerIsFrom)
    {
        var (caller, called) = callerIsFrom ? (message.From, message.To) : (message.To, message.From);
        return $"{message.CallId}\n{caller?.Tag}\n{caller?.Uri.AddressOfRecord}\n{called?.Uri.AddressOfRecord}";
    }
}
