using System.CommandLine;
using System.Globalization;
using Portunus.Turn;

namespace Portunus.Server;

/// <summary>The flags of <c>portunus turn</c> about how much anybody may have; <c>quotas</c> of a file has the same.</summary>
static class QuotaFlags
{
    /// <summary>The most that a flag takes: as the schema of the file says.</summary>
    public const int Most = 100_000_000;

    static readonly TurnSettings Ordinary = new() { Realm = "", Relays = [] };

    static readonly Option<int> User = Number(
        "--user-quota", 1, "Allocations at a time of one credential of a registration or token; beyond it 486.", Ordinary.UserQuota);

    static readonly Option<int> StaticUser = Number(
        "--static-user-quota", 1, "Allocations at a time of one --user, whom many clients may share.", Ordinary.StaticUserQuota);

    static readonly Option<int> Address = Number(
        "--address-quota", 1, "Allocations at a time of one IPv4 address or IPv6 /64, whoever's they are; beyond it 486.",
        Ordinary.AddressQuota);

    static readonly Option<int?> Total = Optional(
        "--total-quota", "Allocations at a time of all workers together; beyond it 508. As many as there are ports unless given.");

    static readonly Option<int> Permissions = Number(
        "--max-permissions", 1, "Permissions at a time of one allocation; beyond it 508.", Ordinary.MaxPermissions);

    static readonly Option<int> Channels = Number(
        "--max-channels", 1, "Channels at a time of one allocation; beyond it 508.", Ordinary.MaxChannels);

    static readonly Option<int?> Kbps = Optional(
        "--max-kbps", "Kilobits of payload a second of one user or registration, in each direction; the rest is dropped.");

    static readonly Option<int?> Pps = Optional(
        "--max-pps", "Datagrams a second of one user or registration, in each direction; the rest is dropped.");

    static readonly Option<int> UnauthenticatedRate = Number(
        "--unauthenticated-rate", 1,
        "Answers a second over UDP to an IPv4 address or IPv6 /64 that has proved nothing; ten times as many at once.",
        Ordinary.Unauthenticated.AnswersPerSecond);

    static readonly Option<int> UnauthenticatedBudget = Number(
        "--unauthenticated-budget", UnauthenticatedLimits.LeastBudget,
        "Bytes a second of such answers to all of them; beyond it no more goes out than comes in.",
        Ordinary.Unauthenticated.BytesPerSecond);

    public static IReadOnlyList<Option> All =>
    [
        User, StaticUser, Address, Total, Permissions, Channels, Kbps, Pps, UnauthenticatedRate, UnauthenticatedBudget,
    ];

    /// <summary>The rules with what the line says.</summary>
    public static TurnSettings Apply(ParseResult line, TurnSettings rules) => rules with
    {
        UserQuota = line.GetValue(User),
        StaticUserQuota = line.GetValue(StaticUser),
        AddressQuota = line.GetValue(Address),
        TotalQuota = line.GetValue(Total) ?? int.MaxValue,
        MaxPermissions = line.GetValue(Permissions),
        MaxChannels = line.GetValue(Channels),
        MaxKbps = line.GetValue(Kbps),
        MaxPps = line.GetValue(Pps),
        Unauthenticated = UnauthenticatedLimits.Of(line.GetValue(UnauthenticatedRate), line.GetValue(UnauthenticatedBudget)),
    };

    static Option<int> Number(string name, int least, string says, int fallback) =>
        Flag.One(name, "N", says, text => Read(text, least), () => fallback);

    static Option<int?> Optional(string name, string says) =>
        Flag.One<int?>(name, "N", says, text => Read(text, 1), () => null);

    static int Read(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= Most
            ? number
            : throw new FormatException($"'{text}' is not a number that it can be; write one from {least} to {Most}.");
}
