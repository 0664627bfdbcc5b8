using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Serve;

/// <summary>deploy/all-roles.json on free ports in one process, with the user alice, and an echo for what is relayed.</summary>
public sealed class CombinedRoles : IDisposable
{
    public CombinedRoles()
    {
        Process = Roles.Serve("all.json", AllRoles.OnFreePorts(Turn, AllRoles.FreePort()));
        try
        {
            Roles.AddAlice("all.json");
            Echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        }
        catch
        {
            Process.Dispose();
            throw;
        }
    }

    /// <summary>Port of the TURN server.</summary>
    public int Turn { get; } = AllRoles.FreePort();

    public PortunusProcess Process { get; }

    public PortunusProcess Echo { get; }

    internal AllRoles Roles { get; } = new();

    public void Dispose()
    {
        Process.Dispose();
        Echo.Dispose();
        Roles.Dispose();
    }
}
