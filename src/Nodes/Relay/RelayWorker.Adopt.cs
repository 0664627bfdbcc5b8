using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

// What the sockets of the settings become: one thing to wait at for each, though two listeners may have one (tcp and tls, udp and dtls).
sealed partial class RelayWorker
{
    /// <summary>What the worker waits at, by the numbers of the listeners; where two share a socket, one thing at both.</summary>
    Watched[] Adopt((TurnListener Listener, Socket Socket)[] listeners)
    {
        var adopted = new Watched[listeners.Length];
        var doors = new List<StreamDoor>();
        for (var number = 0; number < listeners.Length; number++)
        {
            var (listener, socket) = listeners[number];
            if (listener.IsStream)
            {
                adopted[number] = DoorOf(doors, listener, socket, number);
                continue;
            }

            var first = Array.FindIndex(listeners, one => one.Socket == socket);
            adopted[number] = first < number ? adopted[first] : NewSocket(listeners, socket);
        }

        return adopted;
    }

    /// <summary>Listeners that share a socket share its door.</summary>
    StreamDoor DoorOf(List<StreamDoor> doors, TurnListener listener, Socket socket, int number)
    {
        var door = doors.Find(one => one.Has(socket));
        if (door is null) doors.Add(door = new(socket, listener.Address, _certificate));
        door.Serve(listener.Transport, number);
        return door;
    }

    WorkerSocket NewSocket((TurnListener Listener, Socket Socket)[] listeners, Socket socket)
    {
        var plain = NumberOf(ClientTransport.Udp);
        var secure = NumberOf(ClientTransport.Dtls);
        return new(_path.Adopt(socket))
        {
            Listener = plain ?? secure,
            Dtls = secure is { } number ? new(number, plain is not null, _certificate!, new SystemRandom()) : null,
        };

        int? NumberOf(ClientTransport transport) =>
            Array.FindIndex(listeners, one => one.Socket == socket && one.Listener.Transport == transport) is >= 0 and var number
                ? number
                : null;
    }
}
