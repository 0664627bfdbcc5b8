using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>How much anybody may have of a TURN server, as the flags of <c>portunus turn</c> say it.</summary>
[Says("How much anybody may have; what a credential carries itself can only be less.")]
sealed record QuotasSection
{
    const int Most = QuotaFlags.Most;

    [Says("Allocations at a time of one credential of a registration or token; beyond it 486."), Between(1, Most)]
    public int UserQuota { get; init; } = 50;

    [Says("Allocations at a time of one of the users, whom many clients may share."), Between(1, Most)]
    public int StaticUserQuota { get; init; } = 1000;

    [Says("Allocations at a time of one IPv4 address or IPv6 /64, whoever's they are; beyond it 486."), Between(1, Most)]
    public int AddressQuota { get; init; } = 4096;

    [Says("Allocations at a time of all workers together; beyond it 508. As many as there are ports when left out."), Between(1, Most)]
    public int? TotalQuota { get; init; }

    [Says("Permissions at a time of one allocation; beyond it 508."), Between(1, Most)]
    public int MaxPermissions { get; init; } = 128;

    [Says("Channels at a time of one allocation; beyond it 508."), Between(1, Most)]
    public int MaxChannels { get; init; } = 128;

    [Says("Kilobits of payload a second of one user or registration, in each direction; no limit when left out."), Between(1, Most)]
    public int? MaxKbps { get; init; }

    [Says("Datagrams a second of one user or registration, in each direction; no limit when left out."), Between(1, Most)]
    public int? MaxPps { get; init; }

    [Says("Answers a second over UDP to an IPv4 address or IPv6 /64 that has proved nothing; ten times as many at once."),
     Between(1, Most)]
    public int UnauthenticatedRate { get; init; } = 5;

    [Says("Bytes a second of such answers to all of them; beyond it no more goes out than comes in."),
     Between(UnauthenticatedLimits.LeastBudget, Most)]
    public int UnauthenticatedBudget { get; init; } = 65536;

    public TurnSettings Apply(TurnSettings rules) => rules with
    {
        UserQuota = UserQuota,
        StaticUserQuota = StaticUserQuota,
        AddressQuota = AddressQuota,
        TotalQuota = TotalQuota ?? int.MaxValue,
        MaxPermissions = MaxPermissions,
        MaxChannels = MaxChannels,
        MaxKbps = MaxKbps,
        MaxPps = MaxPps,
        Unauthenticated = UnauthenticatedLimits.Of(UnauthenticatedRate, UnauthenticatedBudget),
    };
}
