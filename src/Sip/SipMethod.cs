namespace Portunus.Sip;

/// <summary>The methods that have a name here; a method is any token and case-sensitive (RFC 3261 §7.1).</summary>
public static class SipMethod
{
    public const string Ack = "ACK";
    public const string Bye = "BYE";
    public const string Cancel = "CANCEL";
    public const string Info = "INFO";
    public const string Invite = "INVITE";
    public const string Message = "MESSAGE";
    public const string Notify = "NOTIFY";
    public const string Options = "OPTIONS";
    public const string Prack = "PRACK";
    public const string Publish = "PUBLISH";
    public const string Refer = "REFER";
    public const string Register = "REGISTER";
    public const string Subscribe = "SUBSCRIBE";
    public const string Update = "UPDATE";

    static readonly string[] Known =
    [
        Ack, Bye, Cancel, Info, Invite, Message, Notify, Options, Prack, Publish, Refer, Register, Subscribe, Update,
    ];

    /// <summary>The method as a string: one of the constants where it is known, so that it costs nothing.</summary>
    internal static string Of(ReadOnlySpan<byte> token)
    {
        foreach (var known in Known)
            if (System.Text.Ascii.Equals(token, known)) return known;
        return System.Text.Encoding.UTF8.GetString(token);
    }
}
