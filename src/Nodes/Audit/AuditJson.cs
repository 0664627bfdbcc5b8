using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Audit;

/// <summary>One audit event as one line of JSON. Names are those of <c>/v1/sessions</c>; times are RFC 3339 in UTC.</summary>
static class AuditJson
{
    public static void Write(IBufferWriter<byte> line, Instant now, TurnAudit what)
    {
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", Time(now));
            switch (what)
            {
                case TurnAudit.AllocationBegan { Session: var session }:
                    json.WriteString("event", "allocationBegan");
                    Write(json, session);
                    json.WriteString("expires", Time(session.ExpiresAt));
                    break;
                case TurnAudit.AllocationPassed passed:
                    json.WriteString("event", "allocationPassed");
                    json.WriteString("id", passed.Relay.ToHex());
                    Write(json, passed.Subject);
                    break;
                case TurnAudit.AllocationMoved moved:
                    json.WriteString("event", "allocationMoved");
                    json.WriteString("id", moved.Relay.ToHex());
                    json.WriteString("transport", moved.Client.Transport.ToString().ToLowerInvariant());
                    json.WriteString("client", moved.Client.Client.ToString());
                    json.WriteString("server", moved.Client.Server.ToString());
                    break;
                case TurnAudit.AddressEnded address:
                    json.WriteString("event", "addressEnded");
                    json.WriteString("id", address.Relay.ToHex());
                    json.WriteString("relayed", address.Relayed.ToString());
                    json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(address.Reason.ToString()));
                    break;
                case TurnAudit.AllocationEnded ended:
                    json.WriteString("event", "allocationEnded");
                    Write(json, ended.Session);
                    json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(ended.Reason.ToString()));
                    json.WriteNumber("seconds", Math.Round((now - ended.Session.Began).TotalSeconds, 3));
                    Write(json, ended.Traffic);
                    break;
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
    }

    /// <summary>So many events are missing before the next line.</summary>
    public static void WriteLost(IBufferWriter<byte> line, Instant now, long count)
    {
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", Time(now));
            json.WriteString("event", "lost");
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
    }

    static void Write(Utf8JsonWriter json, Session session)
    {
        json.WriteString("id", session.Relay.ToHex());
        Write(json, session.Subject);
        json.WriteString("realm", session.Realm);
        json.WriteString("transport", session.Client.Transport.ToString().ToLowerInvariant());
        json.WriteString("client", session.Client.Client.ToString());
        json.WriteString("server", session.Client.Server.ToString());
        json.WriteString("relayed", session.Relayed.ToString());
        if (session.Second is { } second) json.WriteString("second", second.ToString());
        if (session.IsTcp) json.WriteString("relayedTransport", "tcp");
    }

    /// <summary>A credential's name without its expiry: the id of a registration, or a user that the operator wrote down.</summary>
    static void Write(Utf8JsonWriter json, Subject subject)
    {
        json.WriteString("credential", subject.Kind.ToString());
        json.WriteString("name", subject.Name.ToString());
    }

    static void Write(Utf8JsonWriter json, in Traffic traffic)
    {
        json.WriteNumber("toPeerPackets", traffic.ToPeerPackets);
        json.WriteNumber("toPeerBytes", traffic.ToPeerBytes);
        json.WriteNumber("toClientPackets", traffic.ToClientPackets);
        json.WriteNumber("toClientBytes", traffic.ToClientBytes);
    }

    static string Time(Instant at) => DateTimeOffset.UnixEpoch.AddTicks(at.WallTicks)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
