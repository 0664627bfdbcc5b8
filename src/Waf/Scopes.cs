namespace Portunus.Waf;

/// <summary>What a token lets its holder do, and how a login page says so.</summary>
public static class Scopes
{
    /// <summary>Registration with the IMS: what an eP-CSCF looks for.</summary>
    public const string Register = "ims.register";

    /// <summary>TURN tokens.</summary>
    public const string Turn = "turn";

    /// <summary>Refresh tokens.</summary>
    public const string Offline = "offline_access";

    internal static string Sentence(string scope) => scope switch
    {
        Register => "Make and take calls in your name",
        Turn => "Send the media of your calls through a relay",
        Offline => "Stay signed in when you have left",
        _ => scope,
    };
}
