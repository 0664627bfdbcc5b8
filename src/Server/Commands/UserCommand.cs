using System.Collections.Immutable;
using System.CommandLine;
using Portunus.Nodes;
using Portunus.Server.Configuration;
using Portunus.Sip;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Waf;
using Portunus.Waf.Authorize;

namespace Portunus.Server.Commands;

/// <summary>
/// <c>portunus user</c>: who signs in at the WAF of a configuration. Users come and go while it runs, so they stand in its data
/// base and not in the file; of a password only a hash is kept.
/// </summary>
static class UserCommand
{
    // NIST SP 800-63B §5.1.1.2: what a person chooses has 8 characters at least; the WAF throttles the guesses.
    const int ShortestPassword = 8, LongestPassword = 200;

    static readonly Argument<string> Name = new("NAME") { Description = "What the user signs in as." };

    static readonly Option<string> Config = Flag.One("--config", "FILE", "The configuration with the section waf.", Flag.Text);

    static readonly Option<string> Password = Flag.One(
        "--password", "@FILE|env:NAME|PASSWORD", "Kept as a hash alone; of 8 characters at least.", Flag.Text);

    static readonly Option<string?> PrivateIdentity = Flag.One<string?>(
        "--private-user", "NAME@DOMAIN", "The private identity in the IMS; else NAME at the domain of the file.",
        ReadPrivate, () => null);

    static readonly Option<ImmutableArray<string>> Identities = Flag.Many(
        "--identity", "URI", "A public identity, the default one first; else sip:NAME at the domain. May be repeated.",
        ReadIdentity);

    public static Command Create()
    {
        var add = new Command(
            "add",
            "Add a user to the WAF, or give it another password and other identities, which ends its sign-ins. The WAF may be running.")
        {
            Name, Config, Password, PrivateIdentity, Identities,
        };
        add.SetAction((line, stop) => AddAsync(line, stop));
        var remove = new Command("remove", "Take a user from the WAF; its sign-ins and tokens end.") { Name, Config };
        remove.SetAction((line, stop) => RemoveAsync(line, stop));
        var hash = new Command("hash", "Print the hash of a password, for wwsf.users.") { Password };
        hash.SetAction(line =>
        {
            Console.WriteLine(Hash("", line));
            return CommandLine.Success;
        });
        return new("user", "Users of the WAF.") { add, remove, hash };
    }

    static async Task<int> AddAsync(ParseResult line, CancellationToken stop)
    {
        var (name, file) = (ReadName(line), Read(line));
        var impus = line.GetValue(Identities) is { IsDefaultOrEmpty: false } given ? given : [$"sip:{name}@{file.Domain}"];
        var user = new UserRecord(name, Hash(name, line), line.GetValue(PrivateIdentity) ?? $"{name}@{file.Domain}", impus);
        await UseAsync(file, store => store.SaveUserAsync(user, stop));
        Console.WriteLine($"{name} signs in as {user.Impi}, {string.Join(", ", impus)}.");
        return CommandLine.Success;
    }

    static async Task<int> RemoveAsync(ParseResult line, CancellationToken stop)
    {
        var (name, file) = (ReadName(line), Read(line));
        var isGone = false;
        await UseAsync(file, async store => isGone = await store.DeleteUserAsync(name, stop));
        return isGone
            ? CommandLine.Success
            : throw new RefusedException($"There is no user {name}; names are compared to the letter.");
    }

    static async Task UseAsync(PortunusFile file, Func<AccessStore, Task> work)
    {
        using var store = file.Waf!.ToPlace(file.Data ?? "").Open();
        try
        {
            await work(store);
        }
        catch (StoreException e)
        {
            throw new RefusedException(e.Message, e);
        }
    }

    static PortunusFile Read(ParseResult line)
    {
        var path = line.GetRequiredValue(Config);
        var file = ConfigurationFile.Read(path, Warnings.Write);
        if (file.Root is not { } root) throw new RefusedException($"{path} has mistakes:\n{file.Complaint}");
        return root.Waf is not null
            ? root
            : throw new RefusedException($"{path} has no section \"waf\"; name the WAF's configuration.");
    }

    static string Hash(string name, ParseResult line)
    {
        var password = SecretText.Read("--password", line.GetRequiredValue(Password), Warnings.Write);
        return password.Length is >= ShortestPassword and <= LongestPassword
            ? new Passwords(WafSettings.DefaultPasswordRounds).Hash(name, password)
            : throw new RefusedException($"--password: write {ShortestPassword} to {LongestPassword} characters.");
    }

    static string ReadName(ParseResult line)
    {
        var text = line.GetRequiredValue(Name);
        return text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+')
            ? text
            : throw new WrongUsageException($"'{text}' is not a name; write letters, digits and . _ - + only.");
    }

    static string ReadPrivate(string text) => text.Split('@') is [{ Length: > 0 }, { Length: > 0 }]
        ? text
        : throw new FormatException($"'{text}' is no private identity; write one like alice@ims.example.net.");

    static string ReadIdentity(string text) =>
        (SipUri.TryParse(text, out var uri) && uri.User is not null) || text.StartsWith("tel:+", StringComparison.Ordinal)
            ? text
            : throw new FormatException(
                $"'{text}' is no public identity; write one like sip:alice@ims.example.net or tel:+4912345.");
}
