using System.Net.Sockets;

namespace Portunus.Transport;

public sealed unsafe partial class UdpSocket
{
    // Whether the kernel has the calls for batches: some sandboxes refuse calls that they do not know. Learned once.
    static volatile bool _canReceiveBatches = true;
    static volatile bool _canSendBatches = true;

    /// <summary>Takes what waits into the free slots.</summary>
    /// <param name="into">Has a free slot.</param>
    /// <param name="most">How many at most; from 1 to what is free there.</param>
    /// <param name="error">Why none came: <see cref="SocketError.WouldBlock"/> when none waits.</param>
    /// <returns>How many there were.</returns>
    public int Receive(DatagramBatch into, int most, out SocketError error)
    {
        error = IsClosed ? SocketError.OperationAborted : SocketError.Success;
        if (IsClosed) return 0;
        var count = Receive(into.Headers.NextReceived, most);
        if (count < 0) error = Errno.LastError;
        into.Headers.Add(count); // Keeps the memory alive, too, beyond the call.
        return Math.Max(count, 0);
    }

    /// <summary>Hands datagrams to the system, in their order, until it refuses one.</summary>
    /// <param name="batch">In which they lie.</param>
    /// <param name="datagrams">Any number.</param>
    /// <param name="error">Why the one after those that were taken is lost.</param>
    /// <returns>How many it took.</returns>
    public int Send(DatagramBatch batch, ReadOnlySpan<Outgoing> datagrams, out SocketError error)
    {
        error = IsClosed ? SocketError.OperationAborted : SocketError.Success;
        var headers = batch.Headers;
        var sent = 0;
        while (sent < datagrams.Length && !IsClosed)
        {
            var run = datagrams.Slice(sent, Math.Min(datagrams.Length - sent, headers.Capacity));
            if (run[0].DontFragment != _forbidsFragments)
            {
                _forbidsFragments = run[0].DontFragment;
                ForbidFragments(Descriptor, Local.Family, _forbidsFragments);
            }

            // One setting of the socket holds for all of a call.
            var length = 0;
            for (; length < run.Length && run[length].DontFragment == _forbidsFragments; length++) headers.Write(length, run[length]);
            var taken = Send(headers.Sent, length);
            // What ICMP said of another datagram is no reason to lose this one; a link that is too narrow for it is.
            if (taken < 0 && _tellsErrors && Errno.Last != Errno.MessageSize) taken = Send(headers.Sent, length);
            if (taken < 0) error = Errno.LastError;
            if (taken < 0) break;
            // Fewer than all means that the next is refused; the next call says why.
            sent += taken;
        }

        GC.KeepAlive(batch);
        return sent;
    }

    int Receive(Libc.BatchHeader* headers, int most)
    {
        if (_canReceiveBatches)
        {
            var count = Libc.ReceiveMessages(Descriptor, headers, (uint)most, Libc.MsgDontWait, null);
            if (count >= 0 || Errno.Last != Errno.NotImplemented) return count;
            _canReceiveBatches = false;
        }

        var length = Libc.ReceiveMessage(Descriptor, &headers->Message, Libc.MsgDontWait);
        headers->Length = (uint)length;
        return length < 0 ? -1 : 1;
    }

    int Send(Libc.BatchHeader* headers, int count)
    {
        if (_canSendBatches)
        {
            var taken = Libc.SendMessages(Descriptor, headers, (uint)count, Libc.MsgDontWait | Libc.MsgNoSignal);
            if (taken >= 0 || Errno.Last != Errno.NotImplemented) return taken;
            _canSendBatches = false;
        }

        return Libc.SendMessage(Descriptor, &headers->Message, Libc.MsgDontWait | Libc.MsgNoSignal) < 0 ? -1 : 1;
    }
}
