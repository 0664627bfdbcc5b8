namespace Portunus.Tests.Fast.Stun;

/// <summary>Messages whose bytes are published: RFC 5769 §2, RFC 8489 §B.1, and one made with the token of RFC 7635.</summary>
static class Samples
{
    /// <summary>§2.1: request, short-term.</summary>
    public static byte[] ShortTermRequest => Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b1" +
        "51263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    /// <summary>§2.2: IPv4 response.</summary>
    public static byte[] IPv4Response => Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599" +
        "fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

    /// <summary>§2.3: IPv6 response.</summary>
    public static byte[] IPv6Response => Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5" +
        "bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c");

    /// <summary>§2.4: request, long-term.</summary>
    public static byte[] LongTermRequest => Convert.FromHexString(
        "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3439396b39" +
        "353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a2" +
        "8ca89666");

    /// <summary>RFC 8489 §B.1: request, long-term, USERHASH and SHA-256.</summary>
    public static byte[] Sha256Request => Convert.FromHexString(
        "0001009c2112a44278ad3433c6ad72c029da412e001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704" +
        "001500296f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c394653547679363473410000000014000b6578616d" +
        "706c652e6f726700001c0020e4686c8f0edeb59013e07090010a93efccbccc544c0a45d9f830aa6d6f735a01");

    /// <summary>Allocate with the access token of RFC 7635 appendix A, MESSAGE-INTEGRITY by its raw mac_key.</summary>
    public static byte[] TokenRequest => Convert.FromHexString(
        "000300b82112a442a56250d3f17abe679422de85001900041100000000060010323242496a78553933682f49677745620014000f696d732e" +
        "6578616d706c652e6e657400001500256f624d61744a6f733241414141303132333435363738396162636465663031323334353637000000" +
        "001b0040000c68346a336b326c326e346235617ef134a3d5e44e9a19cc7dc104b0c03d03b2a551d8fdf5cd3b6dca6f10cfb77e5b2ddec84d" +
        "293a5c50499359f0c2e26f76000800144210c2e53afb044392609616ff09192af93019af");
}
