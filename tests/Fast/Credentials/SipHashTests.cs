using Portunus.Credentials;

namespace Portunus.Tests.Fast.Credentials;

public class SipHashTests
{
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(7, "a1f1ebbed8dbc153c0b84aa61ff08239")]
    [InlineData(8, "3b62a9ba6258f5610f83e264f31497b4")]
    [InlineData(15, "5493e99933b0a8117e08ec0f97cfc3d9")]
    [InlineData(32, "7c3956ca5eeafc3e363e9d556546eb68")]
    [InlineData(63, "5150d1772f50834a503e069a973fbd7c")]
    public void Hashes_are_those_of_the_reference(int length, string expected)
    {
        var bytes = Enumerable.Range(0, 64).Select(i => (byte)i).ToArray();
        var hash = new byte[16];
        new SipHash(bytes.AsSpan(0, 16)).Compute(bytes.AsSpan(0, length), hash);
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }
}
