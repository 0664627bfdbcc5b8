using CsCheck;

namespace Portunus.Tests.Interop.Ims.Diameter;

public sealed class DiameterMessageTests
{
    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        var written = DiameterMessage.Request(DiameterCommand.UserAuthorization, DiameterMessage.Cx, 7,
            Avp.Of(AvpName.SessionId, "a;1;2"),
            Avp.Of(AvpName.VendorSpecificApplicationId,
                Avp.Of(AvpName.VendorId, AvpName.Tgpp), Avp.Of(AvpName.AuthApplicationId, DiameterMessage.Cx)),
            Avp.Of(AvpName.PublicIdentity, "sip:alice@example.net"));
        var bytes = written.ToBytes();
        Assert.Equal(0, bytes.Length % 4);
        Assert.True(DiameterMessage.TryParse(bytes, out var read));
        Assert.True(read.IsRequest);
        Assert.Equal(
            (DiameterCommand.UserAuthorization, DiameterMessage.Cx, 7u, 7u),
            (read.Command, read.Application, read.HopByHop, read.EndToEnd));
        Assert.Equal("a;1;2", read.Text(AvpName.SessionId));
        Assert.Equal("sip:alice@example.net", read.Text(AvpName.PublicIdentity));
        var application = read.Avps[AvpName.VendorSpecificApplicationId]?.Group;
        Assert.Equal(DiameterMessage.Cx, application?[AvpName.AuthApplicationId]?.Number);
        Assert.Equal(bytes, read.ToBytes());
    }

    [Fact]
    public void An_answer_has_the_numbers_of_its_request_and_is_none()
    {
        var request = DiameterMessage.Request(DiameterCommand.LocationInfo, DiameterMessage.Cx, 9);
        var answer = request.Answer(Avp.Of(AvpName.ResultCode, ResultCode.Success));
        Assert.False(answer.IsRequest);
        Assert.Equal((request.Command, request.HopByHop, request.EndToEnd), (answer.Command, answer.HopByHop, answer.EndToEnd));
    }

    [Theory]
    [InlineData("0200001480000118000000000000000100000001")] // another version
    [InlineData("0100001080000118000000000000000100000001")] // shorter than its header
    [InlineData("0100001880000118000000000000000100000001")] // longer than what is there
    [InlineData("010000188000011800000000000000010000000100000108")] // an attribute cut in its header
    [InlineData("0100001C80000118000000000000000100000001000001084000000F")] // an attribute longer than the message
    [InlineData("0100001C800001180000000000000001000000010000010840000007")] // an attribute shorter than its header
    [InlineData("0100001C800001180000000000000001000000010000010880000008")] // a vendor that is not there
    public void What_is_cut_short_or_out_of_bounds_is_not_read(string hex) =>
        Assert.False(DiameterMessage.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Attributes_without_end_are_not_read()
    {
        var empty = new AvpList([Avp.Of(AvpName.UserName, "")]).ToBytes();
        Assert.True(AvpList.TryRead(Repeat(256), out _));
        Assert.False(AvpList.TryRead(Repeat(257), out _));

        byte[] Repeat(int times) => [.. Enumerable.Repeat(empty, times).SelectMany(bytes => bytes)];
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_what_is_read_can_be_written() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 400], Gen.Byte, Gen.Int[1, 4]).Sample((noise, at, to, cut) =>
        {
            // A message as it comes, with noise in an attribute, one byte changed, and at times its end cut off.
            var bytes = DiameterMessage.Request(DiameterCommand.ServerAssignment, DiameterMessage.Cx, 1,
                Avp.Of(AvpName.PublicIdentity, "sip:alice@example.net"), new(AvpName.SipAuthDataItem, noise),
                Avp.Of(AvpName.DeregistrationReason, Avp.Of(AvpName.ReasonCode, 0))).ToBytes();
            bytes[at % bytes.Length] = to;
            if (!DiameterMessage.TryParse(bytes.AsMemory(0, cut == 1 ? at % bytes.Length : bytes.Length), out var read)) return;
            foreach (var avp in read.Avps.All) _ = (avp.Text, avp.Number, avp.Group?.All.Count);
            Assert.True(DiameterMessage.TryParse(read.ToBytes(), out var again));
            Assert.Equal(read.Avps.All.Select(avp => avp.Name), again.Avps.All.Select(avp => avp.Name));
            Assert.Equal(read.Avps.All.Select(avp => avp.Value.ToArray()), again.Avps.All.Select(avp => avp.Value.ToArray()));
        });
}
