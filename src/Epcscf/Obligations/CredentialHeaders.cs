using System.Text;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// The two headers of W2 by their configured names: read and written where they may stand, removed from every message that
/// passes (obligations 53 and 58).
/// </summary>
sealed class CredentialHeaders(EdgeSettings settings)
{
    readonly HeaderName _request = HeaderName.Of(settings.CredentialRequestHeader);
    readonly HeaderName _credential = HeaderName.Of(settings.CredentialHeader);

    /// <summary>
    /// What is asked for: by all lines as one list of types (RFC 3261 §7.3.1) where they are one, else by the first that can be
    /// read; null when nothing was asked.
    /// </summary>
    public TurnCredentialRequest? Asked(SipMessage message)
    {
        var lines = message.Headers.Where(header => header.Name == _request).ToArray();
        if (lines.Length > 1 && TryRead(Encoding.UTF8.GetBytes(string.Join(',', lines.Select(line => line.Text))), out var list))
            return list;
        foreach (var line in lines)
            if (TryRead(line.Value, out var request)) return request;
        return null;
    }

    public void Remove(SipMessage message) =>
        message.RemoveWhere(header => header.Name == _request || header.Name == _credential);

    public void Add(SipMessage message, TurnCredential credential)
    {
        var parameters = credential.Parameters.Select(one => new Parameter(one.Name, one.Value, one.Quoted));
        message.Add(_credential, new TypedValue(credential.Type, new(parameters)));
    }

    static bool TryRead(ReadOnlySpan<byte> value, out TurnCredentialRequest? request)
    {
        request = null;
        return TypedValue.TryParse(value, out var typed) && TurnCredentialRequest.TryRead(
            typed.Types.ToArray(),
            typed.Parameters.Select(one => new NameValue(one.Name, one.Value ?? "", one.Quoted)).ToArray(),
            out request);
    }
}
