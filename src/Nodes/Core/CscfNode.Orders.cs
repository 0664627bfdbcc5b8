using Portunus.HomeCore;

namespace Portunus.Nodes.Core;

public sealed partial class CscfNode
{
    /// <summary>
    /// Ends all bindings of a public identity and of those registered with it; the edges that watch are told, and end their
    /// part.
    /// </summary>
    /// <param name="impu">A sip or tel URI.</param>
    /// <param name="reason">What the user is to do next.</param>
    /// <returns>How many bindings there were; 0 also when the node has stopped.</returns>
    public Task<int> DeregisterAsync(string impu, DeregistrationReason reason = DeregistrationReason.Deactivated) =>
        OrderAsync(new CscfOrder.Deregister(impu, reason));

    /// <summary>Gives an order to the machine; to how many bindings it was done.</summary>
    public Task<int> OrderAsync(CscfOrder order)
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_thread.TryPost(new CscfInput.Order(order, done))) done.SetResult(0);
        return done.Task;
    }
}
