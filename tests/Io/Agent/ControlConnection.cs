using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using Portunus.Nodes.Tls;

namespace Portunus.Tests.Io.Agent;

/// <summary>A control connection of a client that knows ng, and nothing of our own.</summary>
sealed class ControlConnection(TcpClient tcp, SslStream stream) : IDisposable
{
    readonly StreamReader _reader = new(stream);
    readonly StreamWriter _writer = new(stream) { AutoFlush = true, NewLine = "\n" };
    int _last;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ControlConnection> OpenAsync(IPEndPoint agent, TlsFiles files)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(agent, Stop);
        using var identity = TlsIdentity.Load(files);
        var stream = new SslStream(tcp.GetStream());
        var options = identity.ForClient();
        options.TargetHost = "localhost";
        await stream.AuthenticateAsClientAsync(options, Stop);
        return new(tcp, stream);
    }

    public Task SendAsync(string line) => _writer.WriteLineAsync(line.AsMemory(), Stop);

    /// <summary>The next line; null when the agent has closed.</summary>
    public async Task<string?> ReceiveAsync()
    {
        try
        {
            return await _reader.ReadLineAsync(Stop);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>One request, and the answer with its cookie.</summary>
    public async Task<JsonElement> AskAsync(string json)
    {
        var cookie = $"c{++_last}";
        await SendAsync($"{cookie} {json}");
        var line = await ReceiveAsync();
        Assert.StartsWith(cookie + " ", line, StringComparison.Ordinal);
        return JsonDocument.Parse(line![(cookie.Length + 1)..]).RootElement;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
        stream.Dispose();
        tcp.Dispose();
    }
}
