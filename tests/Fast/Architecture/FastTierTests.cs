using System.Reflection;

namespace Portunus.Tests.Fast.Architecture;

/// <summary>What keeps this tier fast and repeatable.</summary>
public class FastTierTests
{
    static readonly Assembly Here = typeof(FastTierTests).Assembly;

    static readonly string[] ProtocolRooms =
        ["Bedrock", "Stun", "Credentials", "Sip", "Turn", "Epcscf", "HomeCore", "Wic", "Simulation"];

    [Fact]
    public void No_test_of_this_tier_waits()
    {
        var waiting = Here.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any() && method.ReturnType != typeof(void))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");
        Assert.Empty(waiting);
    }

    [Fact]
    public void No_protocol_room_refers_to_sockets_threads_or_logging()
    {
        string[] kept = ["System.Net.Sockets", "System.Threading.Thread", "System.Net.Http", "Microsoft.Extensions", "System.Console"];
        foreach (var room in ProtocolRooms)
        {
            var references = Assembly.Load("Portunus." + room).GetReferencedAssemblies().Select(name => name.Name!);
            // AddressFamily stands in System.Net.Primitives; nothing of Sockets is needed to name an address.
            Assert.DoesNotContain(references, name => kept.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }
}
