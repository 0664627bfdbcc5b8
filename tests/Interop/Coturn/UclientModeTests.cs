using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Debian's <c>turnutils_uclient</c> in each of its modes over each transport; docs/interop.md has the outcome.</summary>
public sealed class UclientModeTests(TransportFixture fixture)
{
    static readonly UclientModes Modes = new();

    public static TheoryData<string, ClientTransport> Rows()
    {
        var rows = new TheoryData<string, ClientTransport>();
        foreach (var mode in UclientModes.All)
            foreach (var transport in Enum.GetValues<ClientTransport>())
                rows.Add(mode.Name, transport);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Nothing_is_lost(string mode, ClientTransport transport)
    {
        var run = await Modes.Run(fixture, mode, transport);
        var known = UclientModes.All.Single(each => each.Name == mode);
        run.AssertNoLoss(UclientModes.Messages * known.Clients);
        if (known.IsMobile) Assert.Matches($"Allocation \\S+ moved: client {transport} ", fixture.Mobile.Log);
        if (known.HasTokens) Assert.Matches($"began: client {transport} .* by Token ", fixture.Shared.Log);
    }
}
