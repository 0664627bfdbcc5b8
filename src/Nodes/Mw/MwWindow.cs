namespace Portunus.Nodes.Mw;

/// <summary>Bounds what waits for a machine, in bytes: datagrams beyond are lost, connections are read no further.</summary>
sealed class MwWindow
{
    // A thousand of the longest calls' INVITEs.
    const int Most = 16 * 1024 * 1024;

    readonly Lock _gate = new();
    TaskCompletionSource? _room;
    int _used;

    /// <summary>False when there is no room.</summary>
    public bool TryEnter(int length)
    {
        lock (_gate)
        {
            if (_used + length > Most) return false;
            _used += length;
            return true;
        }
    }

    /// <summary>Waits for room.</summary>
    public async ValueTask EnterAsync(int length, CancellationToken stop)
    {
        while (!TryEnter(length))
        {
            Task room;
            lock (_gate)
            {
                // Who left since may have left room.
                if (_used + length <= Most) continue;
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(stop);
        }
    }

    public void Leave(int length)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _used -= length;
            (waiting, _room) = (_room, null);
        }

        waiting?.SetResult();
    }
}
