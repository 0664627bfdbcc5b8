using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

public class StunAllocationTests
{
    [Fact]
    public void Reading_and_judging_a_request_and_writing_its_answer_allocates_nothing()
    {
        var request = Samples.ShortTermRequest;
        var key = new IntegrityKey("VOkJxbRl1RmTxUk/WvJxBt"u8);
        var written = new StunWriter(new byte[100], StunClass.Request, StunMethod.Refresh, TransactionId.Read("0123456789ab"u8));
        written.AddIntegrity(Integrity.Sha256, key);
        var stronger = written.Written.ToArray();
        var head = new byte[548];
        // Written in place, a constant span of more than bytes makes an object when code is not optimised.
        AttributeType[] understood = [AttributeType.Username];
        ushort[] algorithms = [2, 1];
        Assert.Equal(0, Heap.TakenBy(() =>
        {
            StunMessage.TryParse(request, out var message, out _);
            message.ReadUsername(out _);
            message.FindUnknown(understood, []);
            message.Verify(key);
            var writer = StunWriter.Success(head, message);
            writer.AddXorAddress(AttributeType.XorMappedAddress, TransportAddress.IPv4(1, 2));
            writer.AddIntegrity(message.Integrity, key);
            writer.AddFingerprint();

            StunMessage.TryParse(stronger, out message, out _);
            message.Verify(key);
            writer = StunWriter.Error(head, message, ErrorCode.Unauthenticated);
            writer.AddPasswordAlgorithms(algorithms);
            writer.AddIntegrity(Integrity.Sha256, key);
        }));
    }
}
