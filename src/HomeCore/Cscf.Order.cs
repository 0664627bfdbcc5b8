using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

public sealed partial class Cscf
{
    /// <summary>Does what the operator wants; to how many bindings: none when nobody is registered under that name.</summary>
    public int OnOrder(Instant now, CscfOrder order)
    {
        var bindings = _locations.Of(LocationTable.Canonical(order.Identity))?.Bindings.ToArray() ?? [];
        var done = bindings.Count(binding => order switch
        {
            CscfOrder.Deregister deregister => Deregister(now, binding, deregister),
            CscfOrder.Shorten shorten => Shorten(now, binding, now + shorten.Left),
            _ => false,
        });
        Settle(now);
        return done;
    }

    bool Deregister(Instant now, Binding binding, CscfOrder.Deregister order)
    {
        var what = order.Reason switch
        {
            DeregistrationReason.Probation => RegInfoEvent.Probation,
            DeregistrationReason.Rejected => RegInfoEvent.Rejected,
            _ => RegInfoEvent.Deactivated,
        };
        Drop(now, binding, CscfEvent.Ordered, what, order.RetryAfter);
        return true;
    }

    bool Shorten(Instant now, Binding binding, Instant end)
    {
        if (end >= binding.Expires) return false;
        _locations.Keep(binding, end);
        Tell(now, binding, RegInfoEvent.Shortened);
        return true;
    }
}
