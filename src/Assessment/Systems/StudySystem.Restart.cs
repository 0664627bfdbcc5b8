using System.Net;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Systems;

// One of the entities ends and begins anew, as by a crash of its process: what it had in memory is lost.
public sealed partial class StudySystem
{
    // By UDP a client or a neighbour goes on sending to where it sent before: the same address serves again.
    IPEndPoint _turnAt = Free;
    IPEndPoint _edgeAt = Free;
    IPEndPoint _coreAt = Free;

    /// <summary>Ends an entity and starts it again; in between there is nobody. What is on its disk stays.</summary>
    /// <param name="entity">Of <see cref="Entity"/>: TURN, eP-CSCF, S-CSCF or WAF.</param>
    /// <exception cref="ArgumentException">Another one.</exception>
    public async Task RestartAsync(string entity)
    {
        switch (entity)
        {
            case Entity.Turn:
                await EndAsync(_turn);
                await StartTurnAsync();
                break;
            case Entity.Edge:
                await EndAsync(_edge);
                await StartEdgeAsync();
                break;
            case Entity.Core:
                await EndAsync(_core);
                await StartCoreAsync();
                break;
            case Entity.Waf:
                await EndAsync(_waf);
                await StartWafAsync();
                break;
            default:
                throw new ArgumentException($"{entity} is none that starts again.", nameof(entity));
        }
    }

    async Task EndAsync(IAsyncDisposable node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
    }
}
