using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

sealed partial class Contradictions
{
    /// <summary>False when a mistake was found beside which others would only confuse.</summary>
    bool OfRealms(TurnSection turn)
    {
        var before = binder.Mistakes.Count;
        var names = new Dictionary<string, string> { [Enforced(file.TurnRealm)] = file.Realm is null ? "domain" : "realm" };
        var origins = new Dictionary<string, string>();
        if (turn.Realms.Count > CredentialSources.MostFurther)
            binder.Add("turn.realms", $"there are more than {CredentialSources.MostFurther}; run the others on another server.");
        for (var i = 0; i < turn.Realms.Count; i++)
        {
            var (realm, path) = (turn.Realms[i], $"turn.realms[{i}]");
            if (!names.TryAdd(Enforced(realm.Name), path))
                binder.Add($"{path}.name", $"{names[Enforced(realm.Name)]} has it already; every realm has its own name.");
            for (var j = 0; j < realm.Origins.Count; j++)
                if (!origins.TryAdd(realm.Origins[j], path))
                    binder.Add($"{path}.origins[{j}]", $"{origins[realm.Origins[j]]} has it already; an origin leads to one realm alone.");
            OfRealm(turn, realm, path);
        }

        return binder.Mistakes.Count == before;
    }

    void OfRealm(TurnSection turn, RealmSection realm, string path)
    {
        if (realm is { Secrets.Count: 0, Users.Count: 0, OauthKeys.Count: 0 } && !IsPushed(turn, realm.Name))
            binder.Add(
                path,
                "nobody could use this realm; give \"secrets\", \"users\" or \"oauthKeys\", or name it at an edge of \"credentials\".");
        if (realm is { Origins.Count: 0, OauthKeys.Count: 0 })
            binder.Add(path, "no client is ever challenged with it; write \"origins\": [\"https://app.example.org\"].");
        if (realm.Limits.CountBy(limits => limits.Name).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1, Key: var name })
        {
            binder.Add($"{path}.limits", $"the name {name} is given twice.");
            return;
        }

        try
        {
            _ = new CredentialVerifier(realm.ToSources());
        }
        catch (ArgumentException e)
        {
            binder.Add(realm.Secrets.Count > SharedSecret.MostTried ? $"{path}.secrets" : $"{path}.{SettingOf(e.Message)}", e.Message);
        }
    }

    static bool IsPushed(TurnSection turn, string realm) =>
        turn.Credentials?.Edges.Any(edge => edge.Realms.Contains(realm)) == true;

    static string Enforced(string realm) => OpaqueString.TryEnforce(realm, out var enforced) ? enforced : realm;
}
