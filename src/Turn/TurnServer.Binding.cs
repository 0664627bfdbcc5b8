using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8489 §6.3.1.1: where the request came from. Nobody is asked who he is, and the answer stays short.</summary>
    Forward OnBinding(scoped in Request request)
    {
        if (IsDiscovery(request, out var place)) return OnDiscovery(request, place);
        if (request.Message.FindUnknown(_understood, _unknown) is > 0 and var count) return ErrorOfUnknown(request, count);
        var writer = Success(request);
        writer.AddXorAddress(AttributeType.XorMappedAddress, request.Path.FiveTuple.Client);
        return Finish(request, ref writer);
    }
}
