using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Agent;

/// <summary>
/// A media gateway node (eIMS-AGW): TURN server and control agent in one. Credentials come over the connection by which an eP-CSCF
/// controls media; there is no interface for them alone. No media gateway is behind it.
/// </summary>
public sealed class AgwNode : IAsyncDisposable
{
    readonly AgentListener _agent;

    AgwNode(TurnNode turn, AgentListener agent) => (Turn, _agent) = (turn, agent);

    public TurnNode Turn { get; }

    /// <summary>Where edges connect to, with the port that the system gave.</summary>
    public IPEndPoint Control => _agent.Address;

    /// <summary>Starts the agent, then the TURN server.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">An address or a file cannot be had, or a setting makes no sense.</exception>
    public static async Task<AgwNode> StartAsync(AgwNodeSettings settings, ILoggerFactory logs)
    {
        var rules = settings.Turn.Rules;
        var table = new PushedCredentials(rules.Realm, new SystemRandom());
        TurnNode? turn = null;
        var agent = AgentListener.Start(
            settings.Control, table,
            // Before the TURN server is there nothing runs on anything.
            ended => turn?.EndAsync([.. ended.Select(PushedCredentials.SubjectOf)]) ?? Task.CompletedTask, logs);
        try
        {
            var verifier = new CredentialVerifier(
                (settings.Sources ?? new() { Realm = rules.Realm }) with { Realm = rules.Realm, Pushed = table });
            var control = TurnListeners.EachAddress(TransportAddress.From(agent.Address));
            turn = TurnNode.Start(
                settings.Turn with { Rules = rules with { OwnListeners = [.. rules.OwnListeners, .. control] } }, verifier,
                logs.CreateLogger("Portunus.Turn"));
            return new(turn, agent);
        }
        catch (Exception e)
        {
            await agent.DisposeAsync();
            if (e is ArgumentException) throw new RefusedException(e.Message, e);
            throw;
        }
    }

    /// <summary>Stops both.</summary>
    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        Turn.Dispose();
    }
}
