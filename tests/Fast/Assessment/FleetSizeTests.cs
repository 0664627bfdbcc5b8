using Portunus.Assessment.Management;

namespace Portunus.Tests.Fast.Assessment;

public sealed class FleetSizeTests
{
    [Fact]
    public void Each_axis_is_walked_to_the_bound_and_no_size_is_tried_twice()
    {
        var sizes = FleetSize.Of(20, hasEdges: true);
        Assert.Equal([1, 2, 5, 10, 20], sizes.Where(size => size is { Turns: 5, Edges: 2 }).Select(size => size.Wafs));
        Assert.Contains(new(5, 20, 2), sizes);
        Assert.Contains(new(5, 5, 20), sizes);
        Assert.Equal(sizes.Count, sizes.Distinct().Count());
        Assert.All(FleetSize.Of(20, hasEdges: false), size => Assert.Equal(2, size.Edges));
    }

    [Fact]
    public void A_bound_below_an_axis_cuts_it_off() =>
        Assert.All(FleetSize.Of(3, hasEdges: true), size => Assert.True(size is { Wafs: <= 3, Turns: <= 3, Edges: <= 3 }));

    [Fact]
    public void A_ring_has_the_old_key_beside_the_new_one_until_it_is_retired()
    {
        var ring = new KeyRing();
        var first = Assert.Single(ring.Keys("pair"));
        ring.RotateKey("pair");
        Assert.Equal([first.Kid], ring.Keys("pair").SkipLast(1).Select(key => key.Kid));
        ring.Retire();
        Assert.NotEqual(first.Kid, Assert.Single(ring.Keys("pair")).Kid);
        Assert.NotEqual(ring.Certificate("edge"), Rotated(ring).Certificate("edge"));

        static KeyRing Rotated(KeyRing ring)
        {
            ring.RotateCertificate("edge");
            return ring;
        }
    }
}
