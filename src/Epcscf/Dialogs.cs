using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// Who is party of a dialog, without a table of dialogs: the token in our Record-Route is sealed over Call-ID and the caller's
/// tag, and is told to nobody but the parties (obligations 30 and 33).
/// </summary>
static class Dialogs
{
    /// <summary>Requests that begin a dialog or a dialog usage: they need our Record-Route (obligation 36).</summary>
    public static bool IsBegunBy(SipMessage request) =>
        request.To?.Tag is null && request.Method is (SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer);

    /// <summary>What the token of a dialog is bound to.</summary>
    /// <param name="request">Of the dialog.</param>
    /// <param name="callerIsFrom">Whether the one who began the dialog sent this request, too.</param>
    public static string Bound(SipMessage request, bool callerIsFrom) =>
        $"{request.CallId}\n{(callerIsFrom ? request.From : request.To)?.Tag}";

    /// <summary>Opens the token of the top Route; false when it has none of ours for this dialog.</summary>
    /// <param name="request">Of a dialog.</param>
    /// <param name="fromWic">Which side sent it.</param>
    /// <param name="key">Of the settings.</param>
    /// <param name="token">Not yet compared with what lives here.</param>
    public static bool TryOpen(SipMessage request, bool fromWic, Bytes key, out FlowToken token)
    {
        var user = request.TopRoute?.Uri.User;
        if (!FlowToken.TryRead(user, out token) || token.Kind is TokenKind.Path) return false;
        // The WIC is the caller in one kind and the called in the other; who sent this decides which tag is the caller's.
        return FlowToken.TryOpen(key, user, Bound(request, callerIsFrom: (token.Kind is TokenKind.Caller) == fromWic), out token);
    }
}
