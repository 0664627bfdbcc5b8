using Portunus.Nodes.Redis;

namespace Portunus.Server.Configuration;

// A coturn that is told by its data base: what that cannot carry is said here, and not found out when it matters.
sealed partial class Contradictions
{
    /// <summary>False when a mistake was found beside which others would only confuse.</summary>
    bool OfRedis(ProvisioningSection way)
    {
        var isSound = true;
        for (var i = 0; i < way.TurnServers.Count; i++)
        {
            if (MistakeOf(way, way.TurnServers[i]) is not { } sentence) continue;
            binder.Add($"epcscf.provisioning.turnServers[{i}].redis", sentence);
            isSound = false;
        }

        var told = way.TurnServers.Where(server => server.Redis is not null).ToArray();
        if (told.Length > 0 && way.Limits is not null)
        {
            binder.Add(
                "epcscf.provisioning.limits",
                "coturn knows no limits of a credential, and one is told by \"redis\"; leave them out, or set them there for everybody.");
            isSound = false;
        }

        var places = told.Select(server => (server.Redis!.Address, server.Redis.Database, server.Realm ?? file.TurnRealm)).ToArray();
        if (places.Distinct().Count() < places.Length)
        {
            binder.Add(
                "epcscf.provisioning.turnServers",
                "two have one Redis and one realm; coturns that share their users are one server here: give it the \"uris\" of all.");
            isSound = false;
        }

        return isSound;
    }

    string? MistakeOf(ProvisioningSection way, TurnServerSection server) =>
        server.Redis is null ? null
        : way.Revocations ? "coturn cannot be told whom to deny; leave \"revocations\" out, or this server."
        : way.Approach != ProvisioningSection.Push
            ? "coturn hears of credentials in push alone; write \"approach\": \"push\", or leave it out."
        : server.Credentials is not null ? "it stands in the place of \"credentials\"; leave one of them out."
        : !RedisAccess.CanName(server.Realm ?? file.TurnRealm)
            ? "coturn cannot ask Redis for a realm with a space or a percent sign; give it another \"realm\"."
        : null;
}
