using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;

namespace Portunus.Tests.Fast.Credentials;

public class TicketSealTests
{
    readonly SeededRandom _random = new(5);
    readonly NonceKeys _keys;

    public TicketSealTests() => _keys = NonceKeys.Draw(_random);

    [Fact]
    public void A_ticket_opens_to_what_was_sealed_and_no_two_are_alike()
    {
        using var seal = new TicketSeal(_keys, "example.org"u8);
        HashSet<string> made = [];
        Gen.Select(Gen.ULong, Gen.UInt).Sample((allocation, moves) =>
        {
            var ticket = Make(seal, allocation, moves);
            Assert.True(made.Add(Convert.ToHexString(ticket)));
            Assert.True(made.Add(Convert.ToHexString(Make(seal, allocation, moves))));
            // A client that keeps it as a string of C must not lose the rest.
            Assert.DoesNotContain((byte)0, ticket);
            Assert.True(seal.TryOpen(ticket, out var opened, out var number));
            Assert.Equal((allocation, moves), (opened, number));
        }, iter: 500, threads: 1);
    }

    [Fact]
    public void No_bit_of_a_ticket_can_be_altered_and_no_byte_left_out_or_added()
    {
        using var seal = new TicketSeal(_keys, "example.org"u8);
        var ticket = Make(seal, 7, 1);
        for (var bit = 0; bit < ticket.Length * 8; bit++)
        {
            var altered = ticket.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(seal.TryOpen(altered, out _, out _));
        }

        Assert.False(seal.TryOpen(ticket[..^1], out _, out _));
        Assert.False(seal.TryOpen([.. ticket, 0], out _, out _));
        Assert.False(seal.TryOpen([], out _, out _));
    }

    [Fact]
    public void Any_bytes_are_no_ticket()
    {
        using var seal = new TicketSeal(_keys, "example.org"u8);
        Gen.Byte.Array[TicketSeal.Length].Sample(bytes => Assert.False(seal.TryOpen(bytes, out _, out _)), iter: 2000, threads: 1);
    }

    [Fact]
    public void The_key_before_still_opens_and_the_one_before_that_does_not()
    {
        using var seal = new TicketSeal(_keys, "example.org"u8);
        var ticket = Make(seal, 7, 1);
        var next = _keys.Rotate(_random);
        using var after = new TicketSeal(next, "example.org"u8);
        Assert.True(after.TryOpen(ticket, out _, out _));
        using var later = new TicketSeal(next.Rotate(_random), "example.org"u8);
        Assert.False(later.TryOpen(ticket, out _, out _));
    }

    [Fact]
    public void Another_server_or_realm_does_not_open_it()
    {
        using var seal = new TicketSeal(_keys, "example.org"u8);
        using var realm = new TicketSeal(_keys, "example.com"u8);
        using var server = new TicketSeal(NonceKeys.Draw(_random), "example.org"u8);
        Assert.False(realm.TryOpen(Make(seal, 7, 1), out _, out _));
        Assert.False(server.TryOpen(Make(seal, 7, 1), out _, out _));
    }

    [Fact]
    public void A_forged_ticket_costs_no_byte_of_memory()
    {
        using var seal = new TicketSeal(_keys.Rotate(_random), "example.org"u8);
        var forged = new byte[TicketSeal.Length];
        Assert.Equal(0, Heap.TakenBy(() => seal.TryOpen(forged, out _, out _)));
    }

    byte[] Make(TicketSeal seal, ulong allocation, uint moves)
    {
        var ticket = new byte[TicketSeal.Length];
        seal.Seal(ticket, _random, allocation, moves);
        return ticket;
    }
}
