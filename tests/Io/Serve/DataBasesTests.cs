using Portunus.Bedrock;
using Portunus.Nodes.Serve;
using Portunus.Store.Access;
using Portunus.Turn;

namespace Portunus.Tests.Io.Serve;

/// <summary>The data bases of this process's roles are never peers.</summary>
public sealed class DataBasesTests
{
    [Theory]
    [InlineData("Host=db1.example.net;Username=waf;Password=secret", "db1.example.net:5432")]
    [InlineData("Host=10.0.0.5;Port=6432", "10.0.0.5:6432")]
    [InlineData("Host=a,b:5433, [2001:db8::1]:5434 ,2001:db8::2;Port=5435", "a:5435 b:5433 2001:db8::1:5434 2001:db8::2:5435")]
    [InlineData("Host=/var/run/postgresql", "")]
    [InlineData("Nonsense=1", "")]
    public void Hosts_and_ports_of_a_connection(string connection, string hosts) =>
        Assert.Equal(hosts, string.Join(' ', AccessStore.HostsOf(connection).Select(one => $"{one.Host}:{one.Port}")));

    [Fact]
    public async Task One_elsewhere_is_refused_at_its_port_and_one_here_at_every_address_of_this_machine()
    {
        var found = await DataBases.FindAsync([("10.1.2.3", 5432), ("127.0.0.1", 6379), ("no-such-host.invalid", 1)]);
        Assert.DoesNotContain(found, address => address.Port == 1);
        var settings = new TurnSettings
        {
            Realm = "example.org",
            Relays = [new(TransportAddress.IPv4(0x7F000001, 0))],
            AllowPeers = [AddressRange.Parse("10.0.0.0/8"), AddressRange.Parse("127.0.0.0/8")],
            OwnListeners = found,
        };
        var peers = new PeerPolicy(settings, new(settings));
        foreach (var isTcp in new[] { true, false })
        {
            Assert.False(peers.Allows(At("10.1.2.3:5432"), isTcp: isTcp));
            Assert.True(peers.Allows(At("10.1.2.3:80"), isTcp: isTcp));
            Assert.False(peers.Allows(At("127.0.0.77:6379"), isTcp: isTcp));
            Assert.True(peers.Allows(At("127.0.0.77:80"), isTcp: isTcp));
        }
    }

    static TransportAddress At(string text) => TransportAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
