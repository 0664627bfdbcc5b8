using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Nodes.Mw;
using Portunus.Sip;
using Portunus.Turn;

namespace Portunus.Tests.Io.Mw;

/// <summary>Within one process.</summary>
public sealed class MwPipeTests : MwContract
{
    protected override string EdgeHost => "edge.example";

    protected override string Transport => "TCP";

    protected override (IMw, IMw) Create() => MwPipe.Create(NullLogger.Instance);
}

/// <summary>Over sockets of loopback.</summary>
public abstract class MwSocketContract(bool tcp) : MwContract
{
    static readonly AddressRange Loopback = AddressRange.Parse("127.0.0.0/8");

    MwSockets _edge = null!;

    protected override string EdgeHost => _edge.LocalEndPoint.ToString();

    protected override string Transport => "TCP";

    protected override (IMw, IMw) Create()
    {
        var core = MwSockets.Bind(Settings(), NullLogger.Instance);
        var at = new HostPort("127.0.0.1", (ushort)core.LocalEndPoint.Port);
        _edge = MwSockets.Bind(Settings() with { NextHop = at }, NullLogger.Instance);
        return (_edge, core);
    }

    MwSettings Settings() => new() { Listen = new(IPAddress.Loopback, 0), PrefersTcp = tcp, Neighbours = [Loopback] };
}

/// <summary>Above 1300 bytes it is TCP all the same.</summary>
public sealed class MwUdpTests() : MwSocketContract(tcp: false);

/// <summary>By TCP whatever the size.</summary>
public sealed class MwTcpTests() : MwSocketContract(tcp: true);
