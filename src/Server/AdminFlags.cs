using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Admin;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Web;

namespace Portunus.Server;

/// <summary>The admin listener of a command that has no configuration: on loopback alone, since it has no certificate.</summary>
sealed class AdminFlags : IDisposable
{
    public static readonly Option<IPEndPoint?> Listen = Flag.One<IPEndPoint?>(
        "--admin", "IP:PORT", "Where health, metrics and sessions are served, on loopback, like 127.0.0.1:9641.", ReadAddress, () => null);

    public static readonly Option<string?> Token = Flag.One<string?>(
        "--admin-token", "@FILE|env:NAME|TOKEN", "The bearer that sessions ask for; without it there are health and metrics only.",
        Flag.Text, () => null);

    readonly TcpListeners _listeners;
    readonly string? _token;

    AdminFlags(TcpListeners listeners, string? token) => (_listeners, _token) = (listeners, token);

    public ImmutableArray<TransportAddress> Addresses => [.. _listeners.EndPoints.Select(TransportAddress.From)];

    /// <summary>Null without the flag.</summary>
    /// <exception cref="WrongUsageException">A token without a listener.</exception>
    /// <exception cref="Nodes.RefusedException">The address or the token cannot be had.</exception>
    public static AdminFlags? Bind(ParseResult line)
    {
        var token = line.GetValue(Token);
        if (line.GetValue(Listen) is { } address)
            return new(
                TcpListeners.Bind([address], "--admin"),
                token is null ? null : SecretText.Read("--admin-token", token, Warnings.Write));
        return token is null ? null : throw new WrongUsageException("--admin-token is for --admin; write that, too.");
    }

    public Task<AdminNode> ServeAsync(TurnNode turn, ILoggerFactory logs) =>
        AdminNode.StartAsync(new() { Listen = _listeners, Token = _token, Turn = turn }, logs);

    public void Dispose() => _listeners.Dispose();

    static IPEndPoint ReadAddress(string text) =>
        TransportAddress.TryParse(text, out var address) && IPAddress.IsLoopback(address.ToIPAddress())
            ? address.ToIPEndPoint()
            : throw new FormatException($"'{text}' is not an address of loopback with a port; write one like 127.0.0.1:9641.");
}
