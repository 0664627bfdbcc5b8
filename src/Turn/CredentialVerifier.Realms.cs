using System.Collections.Immutable;
using System.Text;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

// The further realms of a server: what must be so among them, that every request means one of them alone.
public sealed partial class CredentialVerifier
{
    static ImmutableArray<FurtherRealm> MakeFurther(CredentialSources first)
    {
        if (first.Further.Length > CredentialSources.MostFurther)
            throw new ArgumentException($"A server has at most {CredentialSources.MostFurther} further realms.");
        ImmutableArray<FurtherRealm> further = [.. first.Further.Select(MakeFurtherRealm)];
        foreach (var (name, count) in further.Select(realm => realm.Name).Append(Enforced(first.Realm)).CountBy(name => name))
            if (count > 1)
                throw new ArgumentException($"The realm '{name}' is given twice; every realm has its own name.");
        foreach (var (origin, count) in further.SelectMany(realm => realm.Origins).CountBy(origin => origin))
            if (count > 1)
                throw new ArgumentException($"The origin '{origin}' is given twice; it leads to one realm alone.");
        // Of a token only the kid says whose it is, whatever realm its client was challenged with.
        foreach (var (kid, count) in first.Further.Prepend(first).SelectMany(realm => realm.TokenKeys).CountBy(key => key.Key.Kid))
            if (count > 1)
                throw new ArgumentException($"The kid '{kid}' is given twice; every key has its own, in all realms.");
        return further;
    }

    static FurtherRealm MakeFurtherRealm(CredentialSources sources)
    {
        var name = Enforced(sources.Realm);
        if (Encoding.UTF8.GetByteCount(name) > 127) throw Refused("realm", sources.Realm);
        // An edge is asked for names of one realm.
        if (sources.AsksEdges) throw new ArgumentException($"Edges are not asked for names of the realm '{name}'.");
        foreach (var origin in sources.Origins)
            if (Encoding.UTF8.GetByteCount(origin) is 0 or > StunAttribute.MostOrigin)
                throw new ArgumentException($"An origin of the realm '{name}' must have 1 to {StunAttribute.MostOrigin} bytes.");
        if (sources.TotalQuota < 1) throw new ArgumentException($"The quota of the realm '{name}' must be at least 1.");
        return new(name, sources.Origins, new CredentialVerifier(sources, isFurther: true))
        {
            TotalQuota = sources.TotalQuota ?? int.MaxValue,
        };
    }

    static string Enforced(string realm) =>
        OpaqueString.TryEnforce(realm, out var enforced) ? enforced : throw Refused("realm", realm);
}
