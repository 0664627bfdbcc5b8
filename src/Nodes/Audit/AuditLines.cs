using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Audit;

/// <summary>The audit as lines of the log, where there is no file for it.</summary>
sealed class AuditLines(ILogger log) : IAudit
{
    public void Record(Instant now, TurnAudit what)
    {
        switch (what)
        {
            case TurnAudit.AllocationBegan { Session: var session }:
                RelayLog.AllocationBegan(log, session.Relay, session.Client, session.Relayed, session.Subject);
                if (session.Second is { } second) RelayLog.AddressAdded(log, session.Relay, second);
                break;
            case TurnAudit.AllocationMoved moved:
                RelayLog.AllocationMoved(log, moved.Relay, moved.Client);
                break;
            case TurnAudit.AddressEnded address:
                RelayLog.AddressEnded(log, address.Relay, address.Relayed, address.Reason);
                break;
            case TurnAudit.AllocationPassed passed:
                RelayLog.AllocationPassed(log, passed.Relay, passed.Subject);
                break;
            case TurnAudit.AllocationEnded { Traffic: var traffic } ended:
                RelayLog.AllocationEnded(log, ended.Session.Relay, ended.Reason,
                    traffic.ToPeerPackets, traffic.ToPeerBytes, traffic.ToClientPackets, traffic.ToClientBytes);
                break;
        }
    }
}
