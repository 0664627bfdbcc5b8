using System.Text.Json.Nodes;
using Portunus.Credentials;

namespace Portunus.Server.Import;

sealed partial class CoturnImport
{
    // As coturn's own examples and the guides that copy them have it: everybody knows these.
    static readonly HashSet<string> Published =
        ["north", "logen", "south", "key1", "key2", "password1", "password2", "youhavetoberealistic"];

    static readonly string[] Hashes = ["sha1:", "sha256:", "sha384:", "sha512:"];

    // What cannot be guessed: 16 characters of base64 are 96 bits.
    const int ShortestSecret = 16;

    void Credentials()
    {
        foreach (var line in lines.Where(line => line.Name == "use-auth-secret"))
            if (All("static-auth-secret").Any()) report.Add(Verdict.Same, line, "turn.secrets say it");
            else report.Add(Verdict.Left, line, "the secrets stand in a data base; write them into turn.secrets");
        Secrets();
        Users();
    }

    void Secrets()
    {
        var taken = new JsonArray();
        foreach (var line in All("static-auth-secret"))
        {
            if (Published.Contains(line.Value))
            {
                report.Add(Verdict.Unsafe, line, "this secret is that of the examples, which everybody knows; draw another");
            }
            else if (taken.Count == SharedSecret.MostTried)
            {
                report.Add(Verdict.Left, line, $"at most {SharedSecret.MostTried} secrets are tried");
            }
            else
            {
                var name = $"turn-secret-{taken.Count + 1}";
                // A word before a colon names the hash here; there it is part of the secret, and the hash is SHA-1.
                var text = Hashes.Any(hash => line.Value.StartsWith(hash, StringComparison.Ordinal)) ? $"sha1:{line.Value}" : line.Value;
                taken.Add(secrets.Put(name, text));
                report.Add(Verdict.Taken, line, $"turn.secrets{Short(line.Value)}");
            }
        }

        if (taken.Count > 0) _turn["secrets"] = taken;
    }

    void Users()
    {
        var taken = new JsonArray();
        var known = new HashSet<string>();
        foreach (var line in All("user"))
        {
            var colon = line.Value.IndexOf(':');
            var (name, password) = colon <= 0 ? ("", "") : (line.Value[..colon], line.Value[(colon + 1)..]);
            if (Refusal(name, password, known) is var (verdict, sentence))
            {
                report.Add(verdict, line, sentence);
                continue;
            }

            taken.Add(new JsonObject { ["name"] = name, ["password"] = secrets.Put($"turn-user-{taken.Count + 1}", password) });
            report.Add(Verdict.Taken, line, $"turn.users{Short(password)}");
        }

        if (taken.Count > 0) _turn["users"] = taken;
    }

    static (Verdict Verdict, string Sentence)? Refusal(string name, string password, HashSet<string> known)
    {
        if (password.Length == 0) return (Verdict.Left, "it is no name, colon and password");
        if (password.StartsWith("0x", StringComparison.Ordinal))
            return (Verdict.Left, "it holds a hash, of which no password can be made; write the password into turn.users");
        if (Published.Contains(password)) return (Verdict.Unsafe, "this password is that of the examples, which everybody knows");
        return known.Add(name) ? null : (Verdict.Left, "the user was named before");
    }

    static string Short(string secret) =>
        secret.Length < ShortestSecret ? $"; with fewer than {ShortestSecret} characters it can be guessed: draw a longer one" : "";
}
