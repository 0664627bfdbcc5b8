using Portunus.Credentials;

namespace Portunus.Server;

/// <summary>Keys of access tokens as they stand in secret flags: <c>kid:alg:base64</c>.</summary>
static class TokenKeyText
{
    /// <param name="flag">The flag, for the sentences.</param>
    /// <param name="value">As given on the command line: <c>@file</c>, <c>env:NAME</c>, or the key.</param>
    /// <exception cref="WrongUsageException">No key; the message shows nothing of it.</exception>
    /// <exception cref="Nodes.RefusedException">No such file or variable.</exception>
    public static TokenKey Read(string flag, string value)
    {
        try
        {
            var key = TokenKey.Parse(SecretText.Read(flag, value, Warnings.Write));
            if (key.WasCut)
                Warnings.Write($"{flag} {key.Kid}: the key is longer than {key.Algorithm.Name()} takes; its first "
                    + $"{key.Algorithm.KeyLength()} bytes count.");
            return key;
        }
        catch (FormatException wrong)
        {
            throw new WrongUsageException($"{flag}: {wrong.Message}");
        }
    }
}
