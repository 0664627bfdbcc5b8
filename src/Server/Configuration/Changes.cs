namespace Portunus.Server.Configuration;

/// <summary>What differs between the configuration that a process began with and the one it reads again.</summary>
static class Changes
{
    /// <summary>The settings that wait for the next start, by their paths. Files that are named alike are not compared.</summary>
    /// <param name="began">What the process was started with.</param>
    /// <param name="now">What stands there now, without mistakes.</param>
    public static IReadOnlyList<string> Waiting(ConfigurationFile began, ConfigurationFile now)
    {
        var waiting = new List<string>();
        Find(typeof(PortunusFile), began.Tree as Item.Object, now.Tree as Item.Object, "", waiting);
        // Taken over unless the way has a memory: sealed tokens count their nonces, and what was pushed stands elsewhere.
        if (IsStateless(began.Root) && IsStateless(now.Root))
            waiting.RemoveAll(path => path.StartsWith("epcscf.provisioning", StringComparison.Ordinal));
        return waiting;
    }

    static void Find(Type section, Item.Object? began, Item.Object? now, string path, List<string> waiting)
    {
        foreach (var setting in Setting.Of(section))
        {
            var here = path.Length == 0 ? setting.Name : $"{path}.{setting.Name}";
            var (before, after) = (Of(began, setting.Name), Of(now, setting.Name));
            if (setting.IsLive || setting.Name == "$schema" || Same(before, after)) continue;
            if (setting is { IsSection: true, IsList: false } && before is Item.Object && after is Item.Object)
                Find(setting.Type, (Item.Object)before, (Item.Object)after, here, waiting);
            else waiting.Add(here);
        }
    }

    static bool IsStateless(PortunusFile? file) => file?.Epcscf?.Provisioning is
        { Approach: ProvisioningSection.SharedSecretWay or ProvisioningSection.Baseline };

    static Item? Of(Item.Object? section, string name) => section?.Members.LastOrDefault(member => member.Name == name).Value;

    static bool Same(Item? a, Item? b) => (a, b) switch
    {
        (null, null) => true,
        (Item.Text x, Item.Text y) => x.Value == y.Value,
        (Item.Number x, Item.Number y) => x.Value == y.Value,
        (Item.Truth x, Item.Truth y) => x.Value == y.Value,
        (Item.List x, Item.List y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => Same(pair.First, pair.Second)),
        (Item.Object x, Item.Object y) => x.Members.Count == y.Members.Count
            && x.Members.All(member => Same(member.Value, Of(y, member.Name))),
        _ => false,
    };
}
